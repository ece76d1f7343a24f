"""Asking the mind, and what it is asked about."""

from __future__ import annotations

from bot.call.core import barge_in, silence
from bot.call.core.commands import (
    Absence,
    Command,
    Consider,
    ConsiderAbsence,
    ConsiderHandOverFailure,
    ConsiderKeys,
    Discard,
    Timer,
)
from bot.call.core.events import Utterance
from bot.call.core.state import Move, Phase
from telephony_bridge.line_status import HandOverFailure


def consider(move: Move, utterance: Utterance, *, premature: bool = False) -> None:
    _ask(move, Consider(_next_turn(move), utterance, move.state.expectation, premature))


def consider_keys(move: Move, keys: str) -> None:
    expectation = move.state.expectation
    move.set(keys="")
    barge_in.drop(move)
    move.do(Discard())
    _ask(move, ConsiderKeys(_next_turn(move), keys, expectation))


def consider_absence(move: Move, absence: Absence) -> None:
    _ask(move, ConsiderAbsence(_next_turn(move), absence))


def consider_hand_over_failure(move: Move, reason: HandOverFailure) -> None:
    _ask(move, ConsiderHandOverFailure(_next_turn(move), reason))


def _next_turn(move: Move) -> int:
    move.set(turn=move.state.turn + 1)
    return move.state.turn


def _ask(move: Move, command: Command) -> None:
    move.disarm(Timer.NO_INPUT, Timer.END_OF_TURN, Timer.KEY_PAUSE, Timer.TURN_LIMIT, Timer.TALK_OVER)
    move.do(command)
    move.set(awaiting=True)
    if not move.state.queue and move.state.phase is not Phase.OUT_OF_REACH:
        move.set(phase=Phase.THINKING)
    if not move.running(Timer.SLOW):
        silence.watch(move)
    move.arm(Timer.DECISION_LIMIT, move.timing.decision_limit_ms)
