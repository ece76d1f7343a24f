"""Which turns a designer should hear, and the sound of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.call.keyring import NO_KEYS, Keyring
from bot.call.measuring import measure
from bot.call.recording import SEALED_SUFFIX
from bot.call.sealed_file import Seal, SealedWriter
from bot.call.tape import read_tape
from bot.insight.calls import Recorded
from bot.insight.clips import AFTER_MS, BEFORE_MS, cut_clips
from bot.insight.worst_turns import Reason, worst_turns
from speech import wav
from tests.bot.call.made_calls import DISCLOSURE, PAY, WHO, MadeCall
from tests.bot.insight.many_calls import recorded
from tests.needs import ROOT

pytestmark = pytest.mark.unit


def of(call: MadeCall) -> Recorded:
    return Recorded(Path(f"{call.call}.jsonl"), measure(call.header, call.rows))


def test_the_worst_turn_of_each_call_worst_first() -> None:
    found = worst_turns(recorded("v1", 5, 1, 1, 1))
    assert [(one.turn.text, one.reasons) for one in found] == [
        ("what about the fees", (Reason.NO_MATCH, Reason.ANGRY, Reason.HUNG_UP)),
        ("a person please", (Reason.HUMAN,)),
    ]
    assert found[0].why == "not understood, angry, hung up after it"
    assert found[0].recorded.tape.name == "v1-006.jsonl"


def test_what_fails_again_at_the_same_question_is_worse() -> None:
    call = MadeCall().opens(DISCLOSURE, WHO).says("hm", "no_match", WHO).says("hm hm", "no_match", WHO)
    (worst,) = worst_turns([of(call.says("yes", "affirm", PAY).says("no idea", "no_match", PAY))])
    assert (worst.turn.text, worst.reasons) == ("hm hm", (Reason.NO_MATCH, Reason.AGAIN))


def test_ten_at_most_and_the_latest_among_equals() -> None:
    found = worst_turns(recorded("v1", 0, 0, 0, 12))
    assert [one.recorded.tape.stem for one in found] == [f"v1-{number:03}" for number in range(11, 1, -1)]


def test_a_machine_is_not_listened_to() -> None:
    call = MadeCall().opens(DISCLOSURE, WHO).is_("machine").says("after the beep", "no_match", WHO)
    assert worst_turns([of(call.ends("answered_by_machine"))]) == []


def test_a_turn_is_cut_with_what_was_before_and_after(tmp_path: Path) -> None:
    for suffix in (".jsonl", ".wav"):
        shutil.copy(ROOT / "tests" / "tapes" / f"asks_for_a_human{suffix}", tmp_path)
    tape = tmp_path / "asks_for_a_human.jsonl"
    (worst,) = worst_turns([Recorded(tape, measure(*read_tape(tape)))])
    (clip,) = cut_clips([worst], tmp_path / "clips", NO_KEYS).files
    assert clip is not None
    customer, bot = wav.read_stereo(clip)
    turn_ms = worst.turn.ended_ms - worst.turn.began_ms
    assert customer.duration_ms == pytest.approx(BEFORE_MS + turn_ms + AFTER_MS, abs=1)
    said = customer.samples()[int(8 * BEFORE_MS) : int(8 * (BEFORE_MS + turn_ms))]
    question = bot.samples()[: int(8 * BEFORE_MS)]
    assert abs(said).max() > 3000
    assert abs(question).max() > 3000


@pytest.mark.parametrize("content", [None, b"", b"RIFF"])
def test_a_call_without_a_recording_has_no_clip(tmp_path: Path, content: bytes | None) -> None:
    shutil.copy(ROOT / "tests" / "tapes" / "asks_for_a_human.jsonl", tmp_path)
    tape = tmp_path / "asks_for_a_human.jsonl"
    if content is not None:
        tape.with_suffix(".wav").write_bytes(content)
    found = cut_clips(worst_turns([Recorded(tape, measure(*read_tape(tape)))]), tmp_path / "clips", NO_KEYS)
    assert found.files == (None,)
    assert [str(tape.with_suffix(".wav")) in told for told in found.left_out] == [True] * (content is not None)


def test_a_sealed_recording_is_cut_by_who_has_its_key(tmp_path: Path) -> None:
    kept = ROOT / "tests" / "tapes"
    shutil.copy(kept / "asks_for_a_human.jsonl", tmp_path)
    tape = tmp_path / "asks_for_a_human.jsonl"
    keys, sealed = Keyring({"old": b"o" * 32}, "old"), tape.with_suffix(SEALED_SUFFIX)
    with sealed.open("wb") as file:
        writer = SealedWriter(file, Seal.new(keys, "old", sealed))
        writer.write((kept / "asks_for_a_human.wav").read_bytes())
        writer.close()
    turns = worst_turns([Recorded(tape, measure(*read_tape(tape)))])
    without = cut_clips(turns, tmp_path / "none", NO_KEYS)
    assert without.files == (None,)
    assert "sealed with the key `old`, which is not here (known: none). Name its file" in without.left_out[0]
    (clip,) = cut_clips(turns, tmp_path / "clips", keys).files
    assert clip is not None
    assert abs(wav.read_stereo(clip)[0].samples()).max() > 3000
    assert clip.stat().st_mode & 0o077 == 0
