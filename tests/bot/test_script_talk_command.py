"""`voicebot script talk`: recordings as the customer's side of a call in sound."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from speech import wav
from speech.audio import Frame
from speech.engines import load_synthesiser
from tests.bot.designers_desk import script_command, set_up

pytestmark = pytest.mark.integration

SCRIPT = "satisfaction_survey"


def speak(path: Path, text: str) -> str:
    """A recording at the synthesiser's own rate, which is no telephone's."""
    synthesiser = load_synthesiser("espeak-ng", {})
    voice = next(voice for voice in synthesiser.voices() if voice.language == "en")
    frames = list(synthesiser.synthesise(text, voice))
    wav.write(path, Frame(frames[0].format, b"".join(frame.data for frame in frames)))
    return str(path)


@pytest.mark.requires("rasa")
def test_each_recording_is_a_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(tmp_path, monkeypatch)
    yes, no = speak(tmp_path / "yes.wav", "yes"), speak(tmp_path / "no.wav", "no")
    result = script_command("talk", SCRIPT, "--file", no, "--file", yes)
    assert result.exit_code == 0, result.output
    assert "customer  no  (deny" in result.output
    assert "outcome   survey_declined" in result.output
    assert "customer  yes" not in result.output  # the call was over by then


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--file", "nowhere.wav"], "nowhere.wav No such file or directory"),
        (["--file", "notes.wav"], "notes.wav is not a PCM WAV file"),
        (["--file", "notes.wav", "--lang", "fr"], "speaks en, zh"),
    ],
)
def test_a_recording_that_cannot_be_used_is_told_before_the_call(
    words: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes.wav").write_text("not sound")
    result = script_command("talk", SCRIPT, *words)
    assert result.exit_code == 1
    assert told in result.stderr


@pytest.mark.parametrize("words", [[], ["--microphone", "--file", "yes.wav"]])
def test_who_speaks_must_be_said(words: list[str]) -> None:
    result = script_command("talk", SCRIPT, *words)
    assert result.exit_code == 1
    assert "one of the two" in result.stderr


def test_a_microphone_needs_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    result = script_command("talk", SCRIPT, "--microphone")
    assert result.exit_code == 1
    assert "pip install 'voicebot[microphone]'" in result.stderr
