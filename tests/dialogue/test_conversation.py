"""A conversation outlives its worker: moved, replayed, compared. Workers here are scripted, time is counted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any, cast

import pytest

from dialogue.client import DialogueClient, DialogueError, DialogueUnavailable
from dialogue.conversation import TRIES, Conversation, Home
from dialogue.protocol import ProblemCode, Replied, Reply, Say, Source, Start, Started, Turn

pytestmark = pytest.mark.unit

START = Start(conversation="c", script="errand", language="en", day=date(2030, 5, 1))


def reply(prompt: str) -> Reply:
    return Reply(steps=(Say(prompt=prompt),))


class FakeWorker:
    """Answers a turn with its intent as the prompt; `fails` raises for the turns it is told to."""

    def __init__(self, name: str, opening: str = "hello") -> None:
        self.name = name
        self.alive = True
        self.opening = opening
        self.heard: list[str] = []
        self.fails: dict[str, list[BaseException]] = {}
        self.held: set[str] = set()
        self.changes: dict[str, str] = {}

    @property
    def client(self) -> DialogueClient:
        return cast(DialogueClient, self)

    def took_in(self, conversation: str) -> None:
        self.held.add(conversation)

    def let_go(self, conversation: str) -> None:
        self.held.discard(conversation)

    def _fail(self, what: str) -> None:
        if self.fails.get(what):
            raise self.fails[what].pop(0)

    async def start(self, start: Start) -> Started:
        self._fail("start")
        self.heard.append(f"start {start.version}")
        return Started(conversation="c", script="errand", version="v1", reply=reply(self.opening))

    async def turn(self, conversation: str, turn: Turn) -> Replied:
        self.heard.append(f"{turn.turn} {turn.intent}")
        self._fail(turn.intent)
        return Replied(turn=turn.turn, reply=reply(self.changes.get(turn.intent, turn.intent)))

    async def end(self, conversation: str) -> None:
        self.heard.append("end")


class FakeHomes:
    """Gives the first living worker that failed least; time passes only while none is there."""

    def __init__(self, *workers: FakeWorker) -> None:
        self.workers = workers
        self.now = 0.0
        self.restart_at: float = float("inf")
        self.restarted: FakeWorker | None = None

    def clock(self) -> float:
        return self.now

    async def find(self, wait: float, failed: Sequence[Home]) -> Home:
        living = [worker for worker in self.workers if worker.alive and failed.count(worker) < TRIES]
        if living:
            return min(living, key=failed.count)
        if self.restarted is not None and self.restart_at <= self.now + wait:
            self.now = max(self.now, self.restart_at)
            return self.restarted
        self.now += wait
        raise DialogueUnavailable("none")


def gone(times: int = 1) -> list[BaseException]:
    return [DialogueUnavailable("gone") for _ in range(times)]


def make(*workers: FakeWorker, wait: float = 10.0) -> tuple[Conversation, FakeHomes]:
    homes = FakeHomes(*workers)
    return Conversation(homes, START, wait, homes.clock), homes


def prompts(answer: Reply) -> list[Any]:
    return [step.prompt for step in answer.steps if isinstance(step, Say)]


async def test_turns_are_numbered_and_stay_with_one_worker() -> None:
    one, two = FakeWorker("one"), FakeWorker("two")
    conversation, _ = make(one, two)
    assert prompts((await conversation.start()).reply) == ["hello"]
    await conversation.turn("affirm")
    assert prompts(await conversation.turn("deny", Source.SPEECH, "angry")) == ["deny"]
    assert one.heard == ["start None", "1 affirm", "2 deny"]
    assert two.heard == []


async def test_a_conversation_moves_when_its_worker_dies_and_is_replayed_in_the_same_version() -> None:
    one, two = FakeWorker("one"), FakeWorker("two")
    conversation, _ = make(one, two)
    await conversation.start()
    await conversation.turn("affirm")
    one.fails["deny"] = gone()
    assert prompts(await conversation.turn("deny")) == ["deny"]
    assert two.heard == ["end", "start v1", "1 affirm", "2 deny"]
    assert (one.held, two.held) == (set(), {"c"})


async def test_a_worker_known_to_be_dead_is_not_asked() -> None:
    one, two = FakeWorker("one"), FakeWorker("two")
    conversation, _ = make(one, two)
    await conversation.start()
    one.alive = False
    await conversation.turn("affirm")
    assert one.heard == ["start None"]


async def test_the_only_worker_is_waited_for_until_it_is_back() -> None:
    one, back = FakeWorker("one"), FakeWorker("back")
    conversation, homes = make(one)
    await conversation.start()
    one.fails["affirm"] = gone(TRIES)
    homes.restarted, homes.restart_at = back, 6.0
    assert prompts(await conversation.turn("affirm", wait=8.0)) == ["affirm"]
    assert (homes.now, one.fails["affirm"]) == (6.0, [])


async def test_an_answer_that_is_late_once_does_not_ban_the_only_worker() -> None:
    one = FakeWorker("one")
    conversation, homes = make(one)
    await conversation.start()
    one.fails["affirm"] = [DialogueUnavailable("not in time")]
    assert prompts(await conversation.turn("affirm")) == ["affirm"]
    assert one.heard == ["start None", "1 affirm", "end", "start v1", "1 affirm"]
    assert homes.now == 0.0


async def test_the_only_worker_may_forget_a_conversation() -> None:
    one = FakeWorker("one")
    conversation, homes = make(one)
    await conversation.start()
    one.fails["affirm"] = [DialogueError(ProblemCode.UNKNOWN_CONVERSATION, "forgotten")]
    assert prompts(await conversation.turn("affirm")) == ["affirm"]
    assert homes.now == 0.0


async def test_waiting_ends_at_the_callers_limit_and_the_same_turn_may_be_tried_again() -> None:
    one, back = FakeWorker("one"), FakeWorker("back")
    conversation, homes = make(one)
    await conversation.start()
    one.alive = False
    homes.restarted, homes.restart_at = back, 6.0
    with pytest.raises(DialogueUnavailable):
        await conversation.turn("affirm", wait=2.0)
    assert homes.now == 2.0
    assert prompts(await conversation.turn("deny", wait=5.0)) == ["deny"]
    assert back.heard == ["end", "start v1", "1 deny"]


async def test_a_second_death_during_the_replay_is_survived_too() -> None:
    one, two, three = FakeWorker("one"), FakeWorker("two"), FakeWorker("three")
    conversation, _ = make(one, two, three)
    await conversation.start()
    await conversation.turn("affirm")
    one.fails["deny"], two.fails["affirm"] = gone(), gone()
    assert prompts(await conversation.turn("deny")) == ["deny"]
    assert three.heard == ["end", "start v1", "1 affirm", "2 deny"]


@pytest.mark.parametrize("difference", ["opening", "turn"])
async def test_a_replay_that_goes_another_way_is_an_error(difference: str) -> None:
    one, two = FakeWorker("one"), FakeWorker("two")
    if difference == "opening":
        two.opening = "good day"
    else:
        two.changes["affirm"] = "something_else"
    conversation, _ = make(one, two)
    await conversation.start()
    await conversation.turn("affirm")
    one.alive = False
    with pytest.raises(DialogueError) as caught:
        await conversation.turn("deny")
    assert caught.value.code is ProblemCode.INTERNAL


async def test_a_conversation_that_the_worker_forgot_is_made_anew() -> None:
    one, two = FakeWorker("one"), FakeWorker("two")
    conversation, _ = make(one, two)
    await conversation.start()
    one.fails["affirm"] = [DialogueError(ProblemCode.UNKNOWN_CONVERSATION, "forgotten")]
    assert prompts(await conversation.turn("affirm")) == ["affirm"]


async def test_a_problem_leaves_the_turn_open() -> None:
    one = FakeWorker("one")
    conversation, _ = make(one)
    await conversation.start()
    one.fails["greet"] = [DialogueError(ProblemCode.NO_REPLY, "no rule")]
    with pytest.raises(DialogueError):
        await conversation.turn("greet")
    await conversation.turn("no_match", Source.EVENT)
    assert one.heard == ["start None", "1 greet", "1 no_match"]


async def test_after_a_cancelled_turn_the_next_one_begins_from_what_is_known() -> None:
    one = FakeWorker("one")
    conversation, _ = make(one)
    await conversation.start()
    one.fails["affirm"] = [asyncio.CancelledError()]
    with pytest.raises(asyncio.CancelledError):
        await conversation.turn("affirm")
    await conversation.turn("deny")
    assert one.heard == ["start None", "1 affirm", "end", "start v1", "1 deny"]


async def test_the_end_is_told_to_a_living_worker_only() -> None:
    one, two = FakeWorker("one"), FakeWorker("two")
    first, _ = make(one)
    await first.start()
    await first.end()
    await first.end()
    assert one.heard == ["start None", "end"]
    second, _ = make(two)
    await second.start()
    two.alive = False
    await second.end()
    assert two.heard == ["start None"]
