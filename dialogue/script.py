"""script.yml: what a script is for, what it must know of a customer, and how its calls may end.

    script = load_script(Path("dialogue/scripts/repayment_reminder"))
    slots = script.validate_contact({"customer_name": "Anna Lee", "amount": "1250 USD", ...})

Mistakes in the file are a `ScriptError` with file and line for each; a contact that does not fit is one
`ContactError` that names every field and the form it must have, and no value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from dialogue.misread import problems_in
from dialogue.protocol import SlotValue
from dialogue.spoken import LANGUAGES, Format, UnspeakableError, parse_date, parse_money, parse_phone, spoken
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem, ScriptError, plain, read

__all__ = [
    "ContactError",
    "ContactField",
    "FieldType",
    "OnFailure",
    "Purpose",
    "Script",
    "ScriptError",
    "Treatment",
    "Voice",
    "WhoAnswered",
    "load_script",
]


class Purpose(StrEnum):
    """Why the bank calls. Calling hours and limits depend on it."""

    REMINDER = "reminder"
    SURVEY = "survey"
    COLLECTION = "collection"
    MARKETING = "marketing"
    RISK_VERIFICATION = "risk_verification"
    CARE = "care"


class WhoAnswered(StrEnum):
    """Who may pick up instead of a person; to a person a script always talks."""

    MACHINE = "machine"  # an answering machine or voice mail
    SCREENER = "screener"  # an assistant that asks who is calling, and why
    FAX = "fax"
    RINGING = "ringing"
    ANNOUNCEMENT = "announcement"
    UNCERTAIN = "uncertain"


class Treatment(StrEnum):
    """What the call does once it knows who answered."""

    HANG_UP = "hang_up"
    LEAVE_MESSAGE = "leave_message"  # after the beep, `utter_message_for_machine`
    SAY_WHO = "say_who"  # `utter_who_is_calling`, then wait for the person
    GO_ON = "go_on"  # as with a person


PROMPT_FOR = {
    Treatment.LEAVE_MESSAGE: "utter_message_for_machine",
    Treatment.SAY_WHO: "utter_who_is_calling",
}
"""The prompt that a treatment says."""

_USUAL_TREATMENT = {
    WhoAnswered.MACHINE: Treatment.HANG_UP,
    WhoAnswered.SCREENER: Treatment.SAY_WHO,
    WhoAnswered.FAX: Treatment.HANG_UP,
    WhoAnswered.RINGING: Treatment.HANG_UP,
    WhoAnswered.ANNOUNCEMENT: Treatment.HANG_UP,
    WhoAnswered.UNCERTAIN: Treatment.GO_ON,  # hanging up on a person is the worse mistake
}
_ONLY_FOR = {Treatment.LEAVE_MESSAGE: WhoAnswered.MACHINE, Treatment.SAY_WHO: WhoAnswered.SCREENER}


class FieldType(StrEnum):
    """The form of a contact field: NAME and TEXT are spoken as written."""

    NAME = "name"
    TEXT = "text"
    DATE = "date"  # 2026-11-27
    TIME = "time"  # 15:30
    MONEY = "money"  # 1250.00 USD
    DIGITS = "digits"  # a string, leading zeros kept
    PHONE = "phone"


_FORMS = {
    FieldType.NAME: "a name",
    FieldType.TEXT: "text",
    FieldType.DATE: "a date as YYYY-MM-DD",
    FieldType.TIME: "a time as HH:MM",
    FieldType.MONEY: "an amount and a currency code, as in 1250.00 USD",
    FieldType.DIGITS: "a string of digits",
    FieldType.PHONE: "a telephone number",
}
_SPOKEN_AS = {FieldType.DIGITS: Format.DIGITS, FieldType.TIME: Format.TIME}


class ContactError(ValueError):
    """The contact does not fit the script. `problems` has one sentence a field."""

    def __init__(self, script: str, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"the contact does not fit the script {script}: {'; '.join(self.problems)}")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ContactField(_Part):
    """`example` is one value for all languages or one a language; `length` the number of digits.

    A `sensitive` field is compared with and never spoken.
    """

    type: FieldType
    example: str | dict[str, str]
    required: bool = True
    length: int | None = Field(default=None, ge=1)
    sensitive: bool = False

    @model_validator(mode="after")
    def _example_fits(self) -> Self:
        if self.length is not None and self.type is not FieldType.DIGITS:
            raise ValueError("only digits have a length")
        for example in [self.example] if isinstance(self.example, str) else self.example.values():
            try:
                self.value_of(example)
            except ValueError:
                raise ValueError(f"the example is not {self.form}") from None
        return self

    @property
    def form(self) -> str:
        """What a value must look like, for people."""
        return f"a string of {self.length} digits" if self.length else _FORMS[self.type]

    def example_in(self, language: str) -> str:
        return self.example if isinstance(self.example, str) else self.example[language]

    def value_of(self, text: str) -> str:
        """The value in its one written form; ValueError for one that has not this type."""
        text = text.strip()
        if self.type is FieldType.DATE:
            return parse_date(text).isoformat()
        if self.type is FieldType.MONEY:
            amount, currency = parse_money(text)
            return f"{amount:.2f} {currency}"
        if self.type is FieldType.PHONE:
            parse_phone(text)
            return text
        spoken(text, _SPOKEN_AS.get(self.type, Format.TEXT), "en")
        if self.length is not None and len(text) != self.length:
            raise ValueError("wrong number of digits")
        return text


class Voice(_Part):
    """Who speaks a language: an engine's name for a voice (none: the engine's own choice) and the rate, 1.0 normal."""

    name: str | None = None
    rate: float = Field(default=1.0, ge=0.5, le=2.0)


class Limits(_Part):
    """`call_seconds`: when a conversation is ended, whatever its state."""

    call_seconds: int = Field(ge=30, le=3600)


class OnFailure(_Part):
    """What is tried before goodbye when the dialogue, the understanding or the recogniser breaks in mid-call.

    `keypad`: ask for keys where only the recogniser broke and the open question can be answered with them (on by
    default). `queue`: then hand over to this queue (none by default).
    """

    keypad: bool = True
    queue: str | None = None


class Script(_Part):
    """`languages`: the first is the primary one. `checks` are the worker's business and only carried along.

    `answered_by` has a treatment for every member of `WhoAnswered`, the usual one where the file names none.
    """

    name: str
    title: str
    purpose: Purpose
    languages: tuple[str, ...] = Field(min_length=1)
    contact: dict[str, ContactField]
    queues: dict[str, str]
    outcomes: dict[str, str] = Field(min_length=1)
    limits: Limits
    voices: dict[str, Voice]
    answered_by: dict[WhoAnswered, Treatment] = Field(default={}, validate_default=True)
    on_failure: OnFailure = OnFailure()
    checks: dict[str, Any] = {}

    @field_validator("answered_by")
    @classmethod
    def _everyone_is_treated(cls, given: dict[WhoAnswered, Treatment]) -> dict[WhoAnswered, Treatment]:
        for answerer, treatment in given.items():
            if _ONLY_FOR.get(treatment, answerer) is not answerer:
                raise ValueError(f"{treatment} is for {_ONLY_FOR[treatment]} alone, not for {answerer}")
        return {**_USUAL_TREATMENT, **given}

    @model_validator(mode="after")
    def _failures_go_to_a_queue(self) -> Self:
        queue = self.on_failure.queue
        if queue is not None and queue not in self.queues:
            known = {"queue": queue, "queues": ", ".join(self.queues)}
            message = "`on_failure`: there is no queue {queue} in `queues`, only {queues}"
            raise PydanticCustomError(Rule.UNKNOWN_QUEUE.value, message, known)
        return self

    @model_validator(mode="after")
    def _languages_fit(self) -> Self:
        for language in self.languages:
            if language not in LANGUAGES:
                raise ValueError(
                    f"`languages`: dates and amounts cannot be spoken in {language!r}, only in {LANGUAGES}"
                )
            if language not in self.voices:
                raise ValueError(f"`voices` has none for the language {language!r}")
            for name, field in self.contact.items():
                if isinstance(field.example, dict) and language not in field.example:
                    raise ValueError(f"`contact`: {name} has no example for the language {language!r}")
        return self

    def validate_contact(self, variables: Mapping[str, str]) -> dict[str, SlotValue]:
        """The contact's fields as slots, typed and in one written form. Raises `ContactError`."""
        problems = [f"unknown field {name}" for name in variables if name not in self.contact]
        slots: dict[str, SlotValue] = {}
        for name, field in self.contact.items():
            text = variables.get(name, "")
            if not text.strip():
                problems += [f"{name} is missing ({field.form})"] if field.required else []
                continue
            try:
                slots[name] = field.value_of(text)
            except (ValueError, UnspeakableError):
                problems.append(f"{name} must be {field.form}")
        if problems:
            raise ContactError(self.name, problems)
        return slots

    def example_contact(self, language: str) -> dict[str, str]:
        """The examples as a contact, for trying a script."""
        return {name: field.example_in(language) for name, field in self.contact.items()}


def load_script(folder: Path) -> Script:
    """Read `folder/script.yml`. Raises `ScriptError`."""
    path = folder / "script.yml"
    if not path.is_file():
        raise ScriptError([Problem(str(path), None, "is missing: a script is a folder with a script.yml")])
    source = read(path)
    try:
        script = Script.model_validate(plain(source.data))
    except ValidationError as error:
        parts = (Script, ContactField, Voice, Limits, OnFailure)
        raise ScriptError(problems_in(source, error, parts, _rule_of)) from None
    if script.name != folder.name:
        problem = source.problem(f"`name` must be the folder's name, {folder.name}", source.data, "name")
        raise ScriptError([problem])
    return script


def _rule_of(kind: str) -> Rule:
    return Rule.UNKNOWN_QUEUE if kind == Rule.UNKNOWN_QUEUE.value else Rule.STRUCTURE
