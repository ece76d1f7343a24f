"""The names of all rules that a script is checked against. What they are for: `dialogue/lint/catalogue.py`."""

from __future__ import annotations

from enum import Enum


class Rule(str, Enum):
    """The first ones are found by reading, `TRAINING` by Rasa, the rest by looking at what a call would meet."""

    YAML = "yaml"
    STRUCTURE = "structure"
    UNKNOWN_NAME = "unknown-name"
    UNKNOWN_QUEUE = "unknown-queue"
    TEXT_MISSING = "text-missing"
    LANGUAGE_MISSING = "language-missing"
    NOT_WORDS = "not-words"
    SECRET_SPOKEN = "secret-spoken"
    TRAINING = "training"
    NO_HUMAN = "no-human"
    NO_SILENCE = "no-silence"
    NO_NO_MATCH = "no-no-match"
    NO_REPEAT = "no-repeat"
    NO_DO_NOT_CALL = "no-do-not-call"
    NO_WRONG_PERSON = "no-wrong-person"
    NO_CALL_LATER = "no-call-later"
    NO_DISCLOSURE = "no-disclosure"
    ACCOUNT_DATA = "account-data"
    ENDLESS_LOOP = "endless-loop"
    DEAD_END = "dead-end"
    UNREACHABLE = "unreachable"
    NO_EXPECTS = "no-expects"
    LONG_SENTENCE = "long-sentence"
    LEGAL_INTERRUPTIBLE = "legal-interruptible"
    SLOT_NEVER_FILLED = "slot-never-filled"
    CONTACT_UNUSED = "contact-unused"
    OUTCOME_NEVER_SET = "outcome-never-set"
