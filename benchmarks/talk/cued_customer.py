"""A customer on a simulated line who says what they are told to, and may echo what they hear."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from speech.audio import TELEPHONE, Frame, Samples
from telephony_bridge.simulated.customer import Said
from telephony_bridge.simulated.sound import TICK_SAMPLES, load_sound


class CuedCustomer:
    """Implements `telephony_bridge.simulated.customer.Customer`; silent until told otherwise.

    Hears nothing but what it echoes. Messages: `{"play": path of a WAV file}`, begins with the next tick;
    `{"echo": {"level_db": -25, "delay_ms": 180}}` returns what is heard so much softer and later, `{"echo": None}`
    ends it; `{"press": "5"}`; `{"hang_up": true}`.
    """

    blocking = False

    def __init__(self) -> None:
        self._saying: Samples = np.zeros(0, dtype=np.int16)
        self._echo_gain = 0.0
        self._echo: deque[Samples] = deque()
        self._pressing = ""
        self._hangs_up = False

    def take(self, message: Mapping[str, Any]) -> None:
        if "play" in message:
            self._saying = load_sound(Path(message["play"]))
        if "echo" in message:
            self._begin_echo(message["echo"])
        self._pressing += message.get("press", "")
        self._hangs_up = self._hangs_up or bool(message.get("hang_up"))

    def _begin_echo(self, echo: Mapping[str, float] | None) -> None:
        self._echo.clear()
        self._echo_gain = 0.0
        if echo is not None:
            self._echo_gain = 10 ** (echo["level_db"] / 20)
            ticks = round(TELEPHONE.samples_for_ms(echo["delay_ms"]) / TICK_SAMPLES)
            self._echo.extend(np.zeros(TICK_SAMPLES, dtype=np.int16) for _ in range(ticks))

    def hear_and_speak(self, heard: Frame) -> Said:
        part, self._saying = self._saying[:TICK_SAMPLES], self._saying[TICK_SAMPLES:]
        out = np.zeros(TICK_SAMPLES, dtype=np.int32)
        out[: part.size] = part
        if self._echo_gain:
            self._echo.append(heard.samples())
            out += (self._echo.popleft() * self._echo_gain).astype(np.int32)
        audio = Frame.of(np.clip(out, -32768, 32767).astype(np.int16), TELEPHONE.rate, heard.position)
        digits, self._pressing = self._pressing, ""
        return Said(audio, digits, self._hangs_up)
