"""The errors of the protocol, as the worker raises them. Messages name slots and scripts, never a value."""

from __future__ import annotations

from enum import Enum


class Code(str, Enum):
    """`ProblemCode` of the protocol."""

    BAD_REQUEST = "bad_request"
    UNKNOWN_SCRIPT = "unknown_script"
    UNKNOWN_LANGUAGE = "unknown_language"
    UNKNOWN_CONVERSATION = "unknown_conversation"
    CONVERSATION_EXISTS = "conversation_exists"
    UNKNOWN_INTENT = "unknown_intent"
    UNKNOWN_SLOT = "unknown_slot"
    MISSING_SLOT = "missing_slot"
    WRONG_TURN = "wrong_turn"
    ACTION_FAILED = "action_failed"
    NO_REPLY = "no_reply"
    INTERNAL = "internal"


STATUS = {
    Code.BAD_REQUEST: 400,
    Code.UNKNOWN_SCRIPT: 404,
    Code.UNKNOWN_LANGUAGE: 422,
    Code.UNKNOWN_CONVERSATION: 404,
    Code.CONVERSATION_EXISTS: 409,
    Code.UNKNOWN_INTENT: 422,
    Code.UNKNOWN_SLOT: 422,
    Code.MISSING_SLOT: 422,
    Code.WRONG_TURN: 409,
    Code.ACTION_FAILED: 500,
    Code.NO_REPLY: 500,
    Code.INTERNAL: 500,
}


class DialogueProblem(Exception):
    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
