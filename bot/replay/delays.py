"""What the outside world took in a recorded call: the switch, the recogniser, the mind, the queues. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from bot.rehearsal.leg import HandOverEnd, SteadyPace
from telephony_bridge.leg import HandedOver, HandOverFailed
from telephony_bridge.line_status import HandOverFailure

Row = Mapping[str, Any]
PromptKey = tuple[str, int, bool]
"""A prompt's name and variation, and whether it was said on from where it had been stopped."""

CONSIDERING = frozenset({"consider", "consider_keys", "consider_absence", "consider_hand_over_failure"})
_MADE = SteadyPace()


@dataclass(frozen=True, slots=True)
class Played:
    """One playout; times in milliseconds. `start_ms` counts from the command, or from the end of the playout before
    it where that came later. `from_sample`: where in its audio it began. None for what never came."""

    key: PromptKey
    from_sample: int
    start_ms: float | None
    length_ms: float | None


@dataclass(frozen=True, slots=True)
class Delays:
    """Each in the order of the tape. `settled`: from a voice's end to the words that were final then; None where no
    such words came. `hand_overs`: what became of each, None where nothing was told."""

    playouts: tuple[Played, ...]
    stops: tuple[float | None, ...]
    heard: tuple[float, ...]
    settled: tuple[float | None, ...]
    decided: tuple[float, ...]
    hand_overs: tuple[tuple[float, HandOverEnd] | None, ...]

    @property
    def usual_start(self) -> float:
        return usual((played.start_ms for played in self.playouts if played.start_ms), _MADE.start_ms)

    @property
    def usual_stop(self) -> float:
        return usual(self.stops, _MADE.stop_ms)


def usual(values: Iterable[float | None], otherwise: float = 0.0) -> float:
    """The median of what is known."""
    known = [value for value in values if value is not None]
    return median(known) if known else otherwise


def delays_of(rows: Sequence[Row]) -> Delays:
    return Delays(
        _playouts(rows),
        tuple(_until(rows, at, _stopped, "stop_speaking") for at in _places(rows, {"stop_speaking"})),
        tuple(ms for at in _places(rows, {"finalise"}) if (ms := _until(rows, at, _is("heard"))) is not None),
        tuple(_until(rows, at, _settled, "voice_stopped", "heard") for at in _places(rows, {"voice_stopped"})),
        _decided(rows),
        tuple(_handed_over(rows, at) for at in _places(rows, {"transfer_leg"})),
    )


def _places(rows: Sequence[Row], kinds: set[str]) -> list[int]:
    return [index for index, row in enumerate(rows) if row["kind"] in kinds]


def _is(kind: str) -> Any:
    return lambda row: row["kind"] == kind


def _stopped(row: Row) -> bool:
    return bool(row["kind"] == "playout_ended" and not row["completed"])


def _settled(row: Row) -> bool:
    return bool(row["kind"] == "partial" and row["settled"])


def _until(rows: Sequence[Row], at: int, fits: Any, *ends: str) -> float | None:
    """Milliseconds from row `at` to the next one that fits, unless one of these kinds comes first."""
    for row in rows[at + 1 :]:
        if fits(row):
            return float(row["t"]) - float(rows[at]["t"])
        if row["kind"] in ends:
            return None
    return None


def _playouts(rows: Sequence[Row]) -> tuple[Played, ...]:
    started = {row["playout_id"]: float(row["t"]) for row in rows if row["kind"] == "playout_started"}
    ended = {row["playout_id"]: row for row in rows if row["kind"] == "playout_ended"}
    found = []
    line_free = 0.0
    for row in rows:
        if row["kind"] == "speak":
            began, end = started.get(row["playout_id"]), ended.get(row["playout_id"])
            whole = began is not None and end is not None and end["completed"]
            found.append(
                Played(
                    (row["prompt"]["name"], row["prompt"]["variation"], row["start"] > 0),
                    row["start"],
                    max(0.0, began - max(float(row["t"]), line_free)) if began is not None else None,
                    float(end["t"]) - began if whole and end is not None and began is not None else None,
                )
            )
            line_free = max(line_free, float(end["t"]) if end is not None else 0.0)
    return tuple(found)


def _decided(rows: Sequence[Row]) -> tuple[float, ...]:
    """For each turn that the dialogue was told of."""
    asked = {row["turn"]: float(row["t"]) for row in rows if row["kind"] in CONSIDERING}
    answered = {row["turn"]: float(row["t"]) for row in rows if row["kind"] == "decided"}
    told = [row["turn"] for row in rows if row["kind"] == "told"]
    return tuple(answered[turn] - asked[turn] for turn in told if turn in asked and turn in answered)


def _handed_over(rows: Sequence[Row], at: int) -> tuple[float, HandOverEnd] | None:
    for row in rows[at + 1 :]:
        after = float(row["t"]) - float(rows[at]["t"])
        match row["kind"]:
            case "handed_over":
                return after, HandedOver()
            case "hand_over_failed":
                return after, HandOverFailed(HandOverFailure(row["reason"]))
            case "transfer_leg" | "timer_fired" if row.get("timer", "hand_over") == "hand_over":
                return None
    return None
