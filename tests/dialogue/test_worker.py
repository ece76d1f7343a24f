"""A real worker in its own Python, asked over HTTP: conversations, every error code, nothing printed."""

from __future__ import annotations

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from dialogue.building import build_scripts
from dialogue.client import DialogueClient, DialogueError
from dialogue.protocol import (
    HangUp,
    ProblemCode,
    Reply,
    Say,
    SetOutcome,
    SlotValue,
    Source,
    Start,
    Started,
    Transfer,
    Turn,
    WireEntity,
)
from tests.dialogue.conftest import SCRIPTS, RunningWorker
from tests.needs import DIALOGUE_PYTHON
from tests.patience import PATIENCE_S

pytestmark = [pytest.mark.integration, pytest.mark.requires("rasa")]

CONTACT: dict[str, SlotValue] = {
    "customer_name": "Zaphod",
    "due_date": "2030-05-10",
    "amount": 120.5,
    "last4": "0815",
}


@pytest.fixture
async def client(worker: RunningWorker) -> AsyncIterator[DialogueClient]:
    async with DialogueClient(worker.address, timeout=PATIENCE_S) as client:
        yield client


class Talk:
    """A conversation with turns counted."""

    def __init__(self, client: DialogueClient, script: str = "errand", language: str = "en") -> None:
        self.client = client
        self.id = str(uuid.uuid4())
        self.turns = 0
        self.request = Start(
            conversation=self.id,
            script=script,
            language=language,
            day=date(2030, 5, 1),
            slots=CONTACT if script == "errand" else {},
        )

    async def start(self, **changes: Any) -> Started:
        return await self.client.start(self.request.model_copy(update=changes))

    def next(self, intent: str, **entities: str | int) -> Turn:
        found = tuple(WireEntity(type=kind, value=value) for kind, value in entities.items())
        return Turn(turn=self.turns + 1, source=Source.SPEECH, intent=intent, entities=found)

    async def say(self, intent: str, **entities: str | int) -> Reply:
        replied = await self.client.turn(self.id, self.next(intent, **entities))
        self.turns += 1
        return replied.reply


def said(reply: Reply) -> list[tuple[str, int]]:
    return [(step.prompt, step.variation) for step in reply.steps if isinstance(step, Say)]


async def refused(waiting: Any) -> ProblemCode:
    with pytest.raises(DialogueError) as caught:
        await waiting
    return caught.value.code


async def test_a_whole_conversation(client: DialogueClient) -> None:
    talk = Talk(client)
    started = await talk.start()
    assert started.reply.steps[0] == Say(prompt="utter_greeting", slots={"customer_name": "Zaphod"})
    assert started.reply.state == "utter_ask_last4_given"
    verified = await talk.say("inform", digits="0815")
    # The values that the texts of any language use: the due date is spoken in Mandarin alone.
    assert verified.steps[0] == Say(prompt="utter_due", slots={"amount": 120.5, "due_date": "2030-05-10"})
    assert verified.slots["identity_verified"] is True
    refused_day = await talk.say("inform", date="2030-09-01")
    assert said(refused_day) == [("utter_not_that_day", 0), ("utter_ask_promise_date", 0)]
    end = await talk.say("promise_to_pay", date="2030-05-03")
    assert end.steps == (
        SetOutcome(outcome="promised"),
        Say(prompt="utter_noted", slots={"promise_date": "2030-05-03"}),
        Say(prompt="utter_goodbye"),
        HangUp(),
    )
    assert end.state is None
    assert end.slots["promise_date"] == "2030-05-03"


async def test_a_check_that_fails_takes_the_other_way(client: DialogueClient) -> None:
    talk = Talk(client)
    await talk.start()
    reply = await talk.say("inform", digits="9999")
    assert reply.steps[0] == SetOutcome(outcome="not_verified")


async def test_a_global_move_leaves_a_form_for_good(client: DialogueClient) -> None:
    talk = Talk(client, "rating")
    await talk.start()
    reply = await talk.say("ask_human")
    assert reply.steps[1:] == (SetOutcome(outcome="handed_over"), Transfer(queue="collections"))
    assert said(reply) == [("utter_connecting", 0)]


async def test_a_repeated_prompt_is_its_next_variation_in_the_language_of_the_call(client: DialogueClient) -> None:
    english, mandarin = Talk(client), Talk(client, language="zh")
    for talk, expected in ((english, [1, 0, 1]), (mandarin, [0, 0, 0])):
        assert said((await talk.start()).reply) == [("utter_greeting", 0), ("utter_ask_last4_given", 0)]
        variations = [dict(said(await talk.say("repeat")))["utter_ask_last4_given"] for _ in range(3)]
        assert variations == expected


async def test_repeat_says_everything_said_last_and_no_question_twice(client: DialogueClient) -> None:
    talk = Talk(client)
    await talk.start()
    await talk.say("inform", digits="0815")
    assert said(await talk.say("repeat")) == [("utter_due", 0), ("utter_ask_promise_date", 0)]


async def test_silence_ends_the_call_only_when_it_lasts(client: DialogueClient) -> None:
    talk = Talk(client)
    await talk.start()
    assert said(await talk.say("silence")) == [("utter_are_you_there", 0), ("utter_ask_last4_given", 1)]
    await talk.say("repeat")
    assert said(await talk.say("silence"))[0][0] == "utter_are_you_there"
    assert (await talk.say("silence")).steps[-1] == HangUp()


async def test_of_several_entities_of_a_type_the_last_counts(client: DialogueClient) -> None:
    talk = Talk(client)
    await talk.start()
    entities = (WireEntity(type="digits", value="1111"), WireEntity(type="digits", value="0815"))
    turn = talk.next("inform").model_copy(update={"entities": entities})
    reply = (await client.turn(talk.id, turn)).reply
    assert reply.slots["last4_given"] == "0815"


async def test_a_scripts_slots_can_take_the_words_and_the_feeling_of_any_turn(client: DialogueClient) -> None:
    talk = Talk(client)
    await talk.start()
    turn = talk.next("repeat", text="pardon").model_copy(update={"sentiment": "angry"})
    reply = (await client.turn(talk.id, turn)).reply
    assert (reply.slots["last_words"], reply.slots["feeling"]) == ("pardon", "angry")


async def test_the_same_request_again_gets_the_same_answer(client: DialogueClient) -> None:
    talk = Talk(client)
    assert await talk.start() == await talk.start()
    turn = talk.next("repeat")
    assert await client.turn(talk.id, turn) == await client.turn(talk.id, turn)


async def test_a_conversation_is_gone_after_its_end(client: DialogueClient) -> None:
    talk = Talk(client)
    held = (await client.health()).conversations
    await talk.start()
    assert (await client.health()).conversations == held + 1
    await client.end(talk.id)
    await client.end(talk.id)
    assert (await client.health()).conversations == held
    assert await refused(talk.say("repeat")) is ProblemCode.UNKNOWN_CONVERSATION


async def test_conversations_at_the_same_time_do_not_mix(client: DialogueClient) -> None:
    talks = [Talk(client, language=language) for language in ("en", "zh") * 4]
    await asyncio.gather(*(talk.start() for talk in talks))
    replies = await asyncio.gather(
        *(talk.say("inform", digits="0815" if number % 2 else "1") for number, talk in enumerate(talks))
    )
    assert [reply.slots["identity_verified"] for reply in replies] == [False, True] * 4


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"script": "nothing"}, ProblemCode.UNKNOWN_SCRIPT),
        ({"script": "../errand"}, ProblemCode.UNKNOWN_SCRIPT),
        ({"version": "000000000000"}, ProblemCode.UNKNOWN_SCRIPT),
        ({"language": "fr"}, ProblemCode.UNKNOWN_LANGUAGE),
        ({"slots": {**CONTACT, "shoe_size": 43}}, ProblemCode.UNKNOWN_SLOT),
        ({"slots": {**CONTACT, "amount": None}}, ProblemCode.MISSING_SLOT),
        ({"slots": {"customer_name": "Zaphod"}}, ProblemCode.MISSING_SLOT),
        ({"slots": {**CONTACT, "due_date": "Friday"}}, ProblemCode.BAD_REQUEST),
        ({"slots": {**CONTACT, "last4": 815}}, ProblemCode.BAD_REQUEST),
    ],
)
async def test_a_start_that_cannot_be(client: DialogueClient, changes: dict[str, Any], code: ProblemCode) -> None:
    held = (await client.health()).conversations
    assert await refused(Talk(client).start(**changes)) is code
    assert (await client.health()).conversations == held


async def test_a_name_in_use_cannot_start_again(client: DialogueClient) -> None:
    talk = Talk(client)
    await talk.start()
    assert await refused(talk.start(language="zh")) is ProblemCode.CONVERSATION_EXISTS
    await talk.say("repeat")
    assert await refused(talk.start()) is ProblemCode.CONVERSATION_EXISTS


@pytest.mark.parametrize(
    ("intent", "code"),
    [
        ("buy_shoes", ProblemCode.UNKNOWN_INTENT),
        ("start", ProblemCode.UNKNOWN_INTENT),  # the worker's own
        ("restart", ProblemCode.UNKNOWN_INTENT),  # Rasa's own
        ("greet", ProblemCode.NO_REPLY),  # declared, but no rule
        ("thanks", ProblemCode.NO_REPLY),  # a rule that says nothing
        ("goodbye", ProblemCode.ACTION_FAILED),  # a check of a date on a name
    ],
)
async def test_a_turn_that_fails_leaves_the_conversation_as_it_was(
    client: DialogueClient, intent: str, code: ProblemCode
) -> None:
    talk = Talk(client)
    await talk.start()
    assert await refused(talk.say(intent, text="private")) is code
    reply = await talk.say("silence")
    assert said(reply) == [("utter_are_you_there", 0), ("utter_ask_last4_given", 1)]
    assert "last_words" not in reply.slots


async def test_a_turn_out_of_order_is_refused(client: DialogueClient) -> None:
    talk = Talk(client)
    await talk.start()
    await talk.say("repeat")
    late, early = talk.next("deny").model_copy(update={"turn": 1}), talk.next("deny").model_copy(update={"turn": 3})
    assert await refused(client.turn(talk.id, late)) is ProblemCode.WRONG_TURN
    assert await refused(client.turn(talk.id, early)) is ProblemCode.WRONG_TURN


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/v1/conversations", b"{}", 400),
        ("POST", "/v1/conversations", b"\x00" * 100_000, 413),
        ("POST", "/v1/conversations/none/turns", b'{"turn": 1}', 400),
        ("GET", "/v1/conversations", b"", 405),
        ("GET", "/v2/health", b"", 404),
    ],
)
async def test_a_request_outside_the_protocol_is_a_bad_request(
    worker: RunningWorker, method: str, path: str, body: bytes, status: int
) -> None:
    async with httpx.AsyncClient(base_url=f"http://{worker.address.removeprefix('tcp:')}", timeout=PATIENCE_S) as http:
        response = await http.request(method, path, content=body)
    assert response.status_code == status
    assert response.json()["code"] == ProblemCode.BAD_REQUEST


async def test_versions_live_side_by_side_and_a_conversation_keeps_its_own(
    client: DialogueClient, fixture_models: Path, tmp_path: Path
) -> None:
    before = Talk(client, "rating")
    first = (await before.start()).version
    scripts = Path(shutil.copytree(SCRIPTS, tmp_path / "scripts"))
    rules = scripts / "rating" / "rules.yml"
    rules.write_text(rules.read_text().replace("  - action: utter_goodbye\n", ""))
    second = build_scripts(DIALOGUE_PYTHON, scripts, fixture_models, lambda progress: None, ["rating"])["rating"]
    after, pinned = Talk(client, "rating"), Talk(client, "rating")
    assert (await after.start()).version == second
    assert (await pinned.start(version=first)).version == first
    assert {one.version for one in (await client.health()).scripts if one.script == "rating"} == {first, second}
    assert said(await after.say("inform", rating=4)) == []
    assert said(await pinned.say("inform", rating=4)) == [("utter_goodbye", 0)]
    assert said(await before.say("inform", rating=4)) == [("utter_goodbye", 0)]
    build_scripts(DIALOGUE_PYTHON, SCRIPTS, fixture_models, lambda progress: None, ["rating"])  # `current` as it was


async def test_a_damaged_model_is_an_internal_problem_and_harms_no_other_script(
    client: DialogueClient, fixture_models: Path
) -> None:
    folder = shutil.copytree(fixture_models / "rating", fixture_models / "broken")
    try:
        for model in folder.glob("*.tar.gz"):
            model.write_bytes(b"not an archive")
        assert await refused(Talk(client, "broken").start(slots={})) is ProblemCode.INTERNAL
        await Talk(client).start()
    finally:
        shutil.rmtree(folder)


async def test_nothing_of_a_customer_is_printed(client: DialogueClient, worker: RunningWorker) -> None:
    talk = Talk(client)
    await talk.start()
    await talk.say("inform", digits="0815")
    await refused(talk.say("goodbye"))
    await talk.say("inform", date="2030-05-03")
    assert worker.printed.count("\n") == 1  # the line that says it is ready
    assert "Zaphod" not in worker.printed


async def test_a_reply_names_the_rules_that_ran_to_their_end(client: DialogueClient) -> None:
    talk = Talk(client)
    assert (await talk.start()).reply.rules == ("opening",)
    assert (await talk.say("inform", digits="0815")).rules == ("identity right",)  # and not the one for wrong digits
    assert (await talk.say("inform", date="2030-05-03")).rules == ("day given",)


async def test_a_reply_names_the_stories_that_ran_to_their_end(
    client: DialogueClient, fixture_models: Path, tmp_path: Path
) -> None:
    scripts = Path(shutil.copytree(SCRIPTS, tmp_path / "scripts"))
    folder = scripts / "rating"
    rules = "rules:\n- rule: opening\n  steps:\n  - intent: start\n  - action: utter_ask_rating\n"
    (folder / "rules.yml").write_text(rules)
    thanks = "  - intent: thanks\n  - action: utter_goodbye\n  - action: utter_hang_up\n"
    (folder / "stories.yml").write_text(
        f"stories:\n- story: at once\n  steps:\n{thanks}"
        f"- story: later\n  steps:\n  - intent: greet\n  - action: utter_connecting\n{thanks}"
    )
    version = build_scripts(DIALOGUE_PYTHON, scripts, fixture_models, lambda progress: None, ["rating"])["rating"]
    build_scripts(DIALOGUE_PYTHON, SCRIPTS, fixture_models, lambda progress: None, ["rating"])  # `current` as it was
    at_once, later = Talk(client, "rating"), Talk(client, "rating")
    assert (await at_once.start(version=version)).reply.rules == ("opening",)
    assert (await at_once.say("thanks")).stories == ("at once",)
    assert (await later.start(version=version)).reply.stories == ()
    assert (await later.say("greet")).stories == ()
    assert (await later.say("thanks")).stories == ("later",)
