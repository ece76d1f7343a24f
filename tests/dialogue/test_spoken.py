"""Slot values become words: the usual ones, the odd ones, and never a digit."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.protocol import SlotValue
from dialogue.spoken import LANGUAGES, Format, UnspeakableError, spoken

pytestmark = pytest.mark.unit

ENGLISH = [
    ("2026-11-27", "date", "Friday, the twenty-seventh of November"),
    ("2027-01-01", "date", "Friday, the first of January"),
    ("1250.00 USD", "money", "one thousand two hundred and fifty dollars"),
    ("1.01 USD", "money", "one dollar and one cent"),
    ("0.50 GBP", "money", "fifty pence"),
    ("0 USD", "money", "zero dollars"),
    ("3500.05 CNY", "money", "three thousand five hundred yuan and five fen"),
    ("1250.5 HKD", "money", "one thousand two hundred and fifty point five Hong Kong dollars"),
    ("4217", "digits", "four two one seven"),
    ("0011", "digits", "zero zero one one"),
    ("400 820 1234", "phone", "four zero zero, eight two zero, one two three four"),
    ("+86 13812345678", "phone", "plus eight six, one three eight, one two three four, five six seven eight"),
    ("15:30", "time", "three thirty in the afternoon"),
    ("12:05", "time", "twelve oh five in the afternoon"),
    ("00:15", "time", "twelve fifteen in the morning"),
    ("09:00", "time", "nine o'clock in the morning"),
    (12.5, "number", "twelve point five"),
    (4.0, "number", "four"),
    (-3, "number", "minus three"),
    ("Anna Lee", "text", "Anna Lee"),
    ("Lee & Sons, branch 12", "text", "Lee and Sons, branch one two"),
]

MANDARIN = [
    ("2026-11-27", "date", "十一月二十七日，星期五"),
    ("2026-12-02", "date", "十二月二日，星期三"),
    ("3500 CNY", "money", "三千五百元"),
    ("2 CNY", "money", "两元"),
    ("22000 CNY", "money", "两万两千元"),
    ("120000 CNY", "money", "十二万元"),
    ("2.20 CNY", "money", "两元两角"),
    ("0.05 CNY", "money", "五分"),
    ("3500.05 CNY", "money", "三千五百元零五分"),
    ("3500.55 CNY", "money", "三千五百元五角五分"),
    ("1250.00 USD", "money", "一千二百五十美元"),
    ("4217", "digits", "四二一七"),
    ("400 820 1234", "phone", "四零零，八二零，幺二三四"),
    ("13812345678", "phone", "幺三八，幺二三四，五六七八"),
    ("95588", "phone", "九五五八八"),
    ("15:30", "time", "下午三点半"),
    ("14:12", "time", "下午两点十二分"),
    ("12:05", "time", "中午十二点零五分"),
    ("00:15", "time", "凌晨零点十五分"),
    (200, "number", "两百"),
    (12.5, "number", "十二点五"),
    (-3, "number", "负三"),
    ("李安娜", "text", "李安娜"),
    ("第3分行", "text", "第三分行"),
]


@pytest.mark.parametrize(("value", "form", "words"), ENGLISH)
def test_english(value: SlotValue, form: str, words: str) -> None:
    assert spoken(value, Format(form), "en") == words


@pytest.mark.parametrize(("value", "form", "words"), MANDARIN)
def test_mandarin(value: SlotValue, form: str, words: str) -> None:
    assert spoken(value, Format(form), "zh") == words


def test_a_regional_tag_speaks_its_language() -> None:
    assert spoken("4217", Format.DIGITS, "zh-CN") == "四二一七"


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("27.11.2026", "date"),
        ("2026-02-30", "date"),
        ("20261127", "date"),
        ("1317.00", "money"),
        ("1250 dollars", "money"),
        ("-5 USD", "money"),
        ("5 QQQ", "money"),
        ("42a7", "digits"),
        ("四二一七", "digits"),
        ("call me", "phone"),
        ("25:00", "time"),
        ("many", "number"),
        ("nan", "number"),
        ("***", "text"),
        ("", "text"),
        (None, "text"),
        (True, "number"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_value_that_does_not_fit_is_refused_without_being_shown(value: SlotValue, form: str, language: str) -> None:
    with pytest.raises(UnspeakableError) as refused:
        spoken(value, Format(form), language)
    shown = str(refused.value)
    assert shown.startswith("expected ")
    if value:
        assert str(value) not in shown


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(UnspeakableError, match="'fr'"):
        spoken("4217", Format.DIGITS, "fr")


VALUES = st.one_of(
    st.tuples(st.just(Format.DATE), st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(date.isoformat)),
    st.tuples(st.just(Format.TIME), st.times().map(lambda moment: time.strftime(moment, "%H:%M"))),
    st.tuples(
        st.just(Format.MONEY),
        st.tuples(
            st.decimals(Decimal(0), Decimal(10**9), places=2),
            st.sampled_from(["USD", "EUR", "GBP", "CNY", "HKD", "JPY", "CHF"]),
        ).map(lambda pair: f"{pair[0]} {pair[1]}"),
    ),
    st.tuples(st.just(Format.DIGITS), st.text("0123456789", min_size=1, max_size=20)),
    st.tuples(st.just(Format.PHONE), st.text("0123456789", min_size=3, max_size=15)),
    st.tuples(st.just(Format.NUMBER), st.integers(-(10**9), 10**9)),
    st.tuples(st.just(Format.TEXT), st.text(min_size=1, max_size=30).map(lambda text: f"a{text}")),
)


@given(VALUES, st.sampled_from(LANGUAGES))
def test_no_digit_or_symbol_ever_reaches_the_voice(formed: tuple[Format, SlotValue], language: str) -> None:
    form, value = formed
    words = spoken(value, form, language)
    assert words.strip() == words
    assert re.search(r"[0-9$€£¥%&@#*/\\<>|=+~^_{}\[\]]", words) is None
