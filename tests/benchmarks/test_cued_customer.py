"""The customer who is told what to say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.talk.cued_customer import CuedCustomer
from speech import wav
from speech.audio import TELEPHONE, Frame, silence
from telephony_bridge.simulated.sound import TICK_SAMPLES

pytestmark = pytest.mark.unit

SILENCE = silence(TELEPHONE, 20, 0)
LOUD = Frame.of(np.full(TICK_SAMPLES, 10_000, dtype=np.int16), TELEPHONE.rate)


def test_silent_until_told() -> None:
    said = CuedCustomer().hear_and_speak(LOUD)
    assert not said.audio.samples().any()
    assert not said.hang_up


def test_plays_a_sound_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    wav.write(path, Frame.of(np.full(200, 7000, dtype=np.int16), TELEPHONE.rate))
    customer = CuedCustomer()
    customer.take({"play": str(path)})
    heard = [customer.hear_and_speak(SILENCE).audio.samples() for _ in range(3)]
    assert [int((samples == 7000).sum()) for samples in heard] == [160, 40, 0]


def test_an_echo_is_softer_and_later_and_ends() -> None:
    customer = CuedCustomer()
    customer.take({"echo": {"level_db": -20, "delay_ms": 120}})
    peaks = [int(customer.hear_and_speak(frame).audio.samples().max()) for frame in (LOUD, *[SILENCE] * 7)]
    assert peaks == [0, 0, 0, 0, 0, 0, 1000, 0]
    customer.hear_and_speak(LOUD)
    customer.take({"echo": None})
    assert not any(customer.hear_and_speak(SILENCE).audio.samples().any() for _ in range(10))


def test_a_key_is_pressed_once() -> None:
    customer = CuedCustomer()
    customer.take({"press": "5"})
    assert [customer.hear_and_speak(SILENCE).digits for _ in range(2)] == ["5", ""]


def test_hangs_up() -> None:
    customer = CuedCustomer()
    customer.take({"hang_up": True})
    assert customer.hear_and_speak(SILENCE).hang_up
