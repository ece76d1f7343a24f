"""How a call begins, before anybody has answered: its turn-taking, and what of its contact the tape may hold."""

from __future__ import annotations

from collections.abc import Mapping

from bot.call.core.state import AnsweringPolicy, CallState, FailurePolicy, SafePrompts
from bot.call.equipment import Equipment, LoadedScript, NotReady
from bot.call.masking import Masker
from bot.settings import Settings
from bot.vocabulary import Answerer
from dialogue.prompts import Prompt
from dialogue.protocol import Say, SlotValue
from dialogue.script import Script, Treatment


def require_possible(equipment: Equipment, script: Script, language: str) -> None:
    """What would fail in the middle of the call is refused before the dial. Raises `NotReady`."""
    if language not in script.languages:
        raise NotReady(f"the script {script.name} speaks {', '.join(script.languages)}, not `{language}`")
    require_queues(equipment.settings, script)
    equipment.require_language(language)


def require_queues(settings: Settings, script: Script) -> None:
    """Raises `NotReady` where the switch has no place for a colleague whom the script promises."""
    homeless = sorted(set(script.queues) - set(settings.queues))
    if homeless:
        raise NotReady(
            f"the script {script.name} hands over to {', '.join(homeless)}: say in [queues] of voicebot.toml where "
            'on the switch that is, as in `collections = "9300 XML default"`'
        )


def masked_contact(loaded: LoadedScript, slots: Mapping[str, SlotValue]) -> tuple[Masker, dict[str, SlotValue]]:
    """The masker of a call, and its contact as the tape may hold it."""
    fields = loaded.script.contact
    secret = {name: str(slots[name]) for name in fields if fields[name].sensitive and name in slots}
    asks = any(template.expectation.sensitive for template in loaded.catalogue.prompts())
    masker = Masker(secret.values(), asks=asks)
    return masker, {**slots, **{name: masker.token(value) for name, value in secret.items()}}


def first_state(
    loaded: LoadedScript, language: str, slots: Mapping[str, SlotValue], *, incoming: bool = False
) -> CallState:
    """How turn-taking begins: what can be said without the mind, and what to do with machines and failures.

    Whoever calls us (`incoming`) is talked to, whatever they sound like.
    """

    def prompt(name: str) -> Prompt:
        return loaded.catalogue.render(Say(prompt=name, slots=dict(slots)), language)

    answered_by = {} if incoming else loaded.script.answered_by
    treatments = {Answerer(who.value): treatment for who, treatment in answered_by.items()}
    answering = AnsweringPolicy(
        treatments,
        prompt("utter_message_for_machine") if Treatment.LEAVE_MESSAGE in treatments.values() else None,
        prompt("utter_who_is_calling") if Treatment.SAY_WHO in treatments.values() else None,
    )
    safe = SafePrompts(one_moment=prompt("utter_one_moment"), apology=prompt("utter_technical_apology"))
    wanted = loaded.script.on_failure
    on_failure = FailurePolicy(
        wanted.queue,
        prompt("utter_technical_hand_over") if wanted.queue is not None else None,
        prompt("utter_keys_only") if wanted.keypad else None,
    )
    return CallState(safe, language, answering, on_failure)
