"""The typed grammars: a table of phrases per language, corrections, what must not be read, and no text that raises."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu import features
from nlu.entities.reading import GRAMMARS, read
from nlu.inventory import EntityType
from nlu.understanding import Context, Entity
from tests.nlu.phrases import ENGLISH, MANDARIN, WEDNESDAY, Value

pytestmark = pytest.mark.unit


def context(language: str, expects: str | None = None) -> Context:
    kind, _, length = (expects or "").partition(" ")
    return Context(language, WEDNESDAY, kind or None, length=int(length) if length else None)


def entities(text: str, language: str, expects: str | None = None) -> list[tuple[str, Value]]:
    return [(str(e.type), e.value) for e in read(text, context(language, expects)).entities]


@pytest.mark.parametrize(("expects", "text", "value"), ENGLISH)
def test_english_phrases_answer_the_question(expects: str, text: str, value: Value) -> None:
    answer = read(text, context("en", expects)).answer
    assert answer is not None
    assert answer.value == value


@pytest.mark.parametrize(("expects", "text", "value"), MANDARIN)
def test_mandarin_phrases_answer_the_question(expects: str, text: str, value: Value) -> None:
    answer = read(text, context("zh", expects)).answer
    assert answer is not None
    assert answer.value == value


@pytest.mark.parametrize(
    ("language", "text", "kind", "value"),
    [
        ("en", "call me at five thirty", "time", "17:30"),
        ("en", "at ten in the morning", "time", "10:00"),
        ("en", "half past two", "time", "14:30"),
        ("en", "at noon", "time", "12:00"),
        ("en", "give me two weeks", "duration", "P14D"),
        ("en", "half an hour", "duration", "PT30M"),
        ("en", "my number is oh seven seven oh oh nine double oh one two three", "phone", "07700900123"),
        ("en", "my name is john smith", "name", "john smith"),
        ("en", "i paid it on friday", "date", "2026-07-10"),
        ("en", "i transferred the money yesterday", "date", "2026-07-14"),
        ("en", "i paid two weeks ago", "date", "2026-07-01"),
        ("en", "it will be paid by friday", "date", "2026-07-17"),
        ("en", "i get paid friday so i'll pay then", "date", "2026-07-17"),
        ("zh", "下午三点打给我", "time", "15:00"),
        ("zh", "七点半", "time", "19:30"),
        ("zh", "上午十点二十", "time", "10:20"),
        ("zh", "下个星期二五点打给我", "time", "17:00"),
        ("zh", "明天晚上七点半打给我", "time", "19:30"),
        ("zh", "我问一下周六行吗", "date", "2026-07-18"),
        ("zh", "宽限半个月行吗", "duration", "P15D"),
        ("zh", "我两个月没发工资了", "duration", "P2M"),
        ("zh", "打幺三八零零一三八零零零", "phone", "13800138000"),
        ("zh", "我叫王芳", "name", "王芳"),
        ("zh", "我周五已经还了", "date", "2026-07-10"),
        ("zh", "上周三就还了", "date", "2026-07-08"),
        ("zh", "周五我把钱转过去", "date", "2026-07-17"),
    ],
)
def test_other_kinds_are_found_without_being_asked_for(language: str, text: str, kind: str, value: Value) -> None:
    assert (kind, value) in entities(text, language)


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "it's double five seven", "557"),
        ("en", "oh oh seven nine", "0079"),
        ("zh", "尾号是零零七九", "0079"),
        ("zh", "幺三八", "138"),
    ],
)
def test_what_no_count_sounds_like_is_digits_where_a_number_is_asked_for(language: str, text: str, value: str) -> None:
    assert entities(text, language, "number") == [("digits", value)]


def test_an_amount_names_its_currency() -> None:
    english, mandarin = read("eighty pounds", context("en")), read("五百块", context("zh"))
    assert english.entities == (Entity(EntityType.AMOUNT, 80, "eighty pounds", "GBP"),)
    assert mandarin.entities == (Entity(EntityType.AMOUNT, 500, "五百块", "CNY"),)


@pytest.mark.parametrize(
    ("language", "expects", "text"),
    [
        ("en", "rating", "i told you two times"),
        ("en", "rating", "three or four"),
        ("en", "rating", "oh i don't know"),
        ("en", "date", "hold on a second"),
        ("en", "date", "this is the third time you call"),
        ("en", "date", "next week maybe"),
        ("en", "date", "friday or monday"),
        ("en", "date", "february thirtieth"),
        ("en", "amount", "in two weeks"),
        ("en", "number 4", "four two one"),
        ("en", "yes_no", "four two one seven"),
        ("zh", "rating", "我说了两遍了"),
        ("zh", "rating", "三分或四分"),
        ("zh", "date", "过几天"),
        ("zh", "date", "二月三十号"),
        ("zh", "date", "周五或者周六"),
        ("zh", "number 4", "四二一"),
    ],
)
def test_what_is_vague_or_something_else_is_no_answer(language: str, expects: str, text: str) -> None:
    assert read(text, context(language, expects)).answer is None


def test_days_are_counted_from_the_day_the_words_were_said() -> None:
    sunday = Context("en", date(2026, 7, 19), "date")
    leap_day = Context("zh", date(2028, 2, 29), "date")
    assert read("next wednesday", sunday).answer == Entity(EntityType.DATE, "2026-07-22", "next wednesday")
    assert read("sunday", sunday).answer == Entity(EntityType.DATE, "2026-07-26", "sunday")
    assert read("月底", leap_day).answer == Entity(EntityType.DATE, "2028-02-29", "月底")


def test_a_language_without_a_grammar_has_no_entities() -> None:
    assert read("demain", context("fr", "date")).entities == ()


WORDS = [
    *re.findall(
        r"\S+", "one two five oh double hundred thousand million point and a half the first twentieth second of"
    ),
    *re.findall(
        r"\S+", "next last friday may month week years in ago from end to past quarter am dollars cents no not"
    ),
    *re.findall(
        r"\S+", "$ 99999999999 12:75 2026-13-45 31st ² ① 一 二 十 百 千 万 零 两 半 幺 点 个 号 日 月 年 周 下 上"
    ),
    *re.findall(
        r"\S+", "christmas easter before after week the day last um uh plus s m i t h my name is dozen k and half"
    ),
    *re.findall(r"\S+", "农历 正月 初 除夕 中秋 第 最后 差 一刻 到 或 年前 再过 姓 王 叫 加 x 洞 分之 元月 多 末 旬"),
    *re.findall(r"\S+", "天 后 前 块 毛 元 分 星期 小时 过 这 本 底 ¥ 1.5万 99999 不是"),
]


@settings(max_examples=400)
@given(
    text=st.one_of(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join), st.text(max_size=60)),
    language=st.sampled_from(sorted(GRAMMARS)),
    expects=st.sampled_from([None, "yes_no", *(kind.value for kind in EntityType)]),
    length=st.sampled_from([None, 0, 4]),
    day=st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31)),
)
def test_no_text_and_no_day_raises(
    text: str, language: str, expects: str | None, length: int | None, day: date
) -> None:
    reading = read(text, Context(language, day, expects, length=length))
    for entity in reading.entities:
        if entity.type is EntityType.DATE:
            date.fromisoformat(str(entity.value))
    assert reading.answer is None or reading.answer in reading.entities


def test_every_language_with_a_model_has_a_grammar() -> None:
    assert GRAMMARS.keys() == features.TOKENISERS.keys()
