"""The files of phrases: what ships can be used in every language, and a mistake is named with its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.call.answerer.phrases import PhrasesError, phrases_of, read_phrases
from telephony_bridge.line_status import LineStatus

pytestmark = pytest.mark.unit

WHOLE = """
person_whole: [hello]
person: [who is this]
machine: {certain: [after the tone], hint: [leave a message]}
screener: {certain: [state your name], hint: [your name]}
announcement: {busy: [is busy]}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "phrases.en.yml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_ships_can_be_used(language: str) -> None:
    assert not phrases_of(language).find("").person
    assert phrases_of(language) is phrases_of(language)


def test_words_are_found_whole_and_without_punctuation(tmp_path: Path) -> None:
    phrases = read_phrases(written(tmp_path, WHOLE), "en")
    assert phrases.find("Hello!").person
    assert not phrases.find("hello there").person
    assert phrases.find("Speak, after the TONE.").machine
    assert not phrases.find("after the tones").machine
    assert phrases.find("leave a message").machine_hints == 1
    assert phrases.find("it is busy").announcement is LineStatus.BUSY


def test_mandarin_is_found_whatever_its_spaces() -> None:
    assert phrases_of("zh").find("请 在 滴 声 后 留 言 。").machine
    assert phrases_of("zh").find("您拨打的电话，已关机。").announcement is LineStatus.UNREACHABLE


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (("after the tone", '"(after"'), "machine.certain.0: .*not a regular expression"),
        (("after the tone", '"(tone)?"'), "machine.certain.0: .*matches when nothing was said"),
        (("busy:", "engaged:"), "announcement.engaged"),
        (("person: [who is this]", ""), "person: Field required"),
        (("person: [who is this]", "person: []"), "person: .*at least 1"),
        (("screener:", "screeners:"), "screeners: Extra"),
        (("person: [who is this]", "person: [who"), "cannot be read"),
    ],
)
def test_a_mistake_names_the_file_and_the_place(tmp_path: Path, mistake: tuple[str, str], message: str) -> None:
    path = written(tmp_path, WHOLE.replace(*mistake))
    with pytest.raises(PhrasesError, match=re.escape(str(path)) + ".*" + message):
        read_phrases(path, "en")


def test_a_language_without_phrases_is_told_with_the_file_to_write() -> None:
    with pytest.raises(PhrasesError, match=r"phrases\.fr\.yml: there is no such file; write it"):
        phrases_of("fr")
