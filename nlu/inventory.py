"""The closed vocabularies of meaning: intents, sentiments, entity types.

The names are fixed; scripts use a subset. Meanings that are easy to confuse: `cannot_pay` states
inability; `hardship` gives a reason of distress; `request_extension` asks for time or instalments;
`dispute` denies the debt or the amount; `deny` is a bare no; `wrong_person` is a wrong number or person;
`third_party` knows the person, who is not here; `suspect_fraud` asks whether this is a scam;
`other_banking` is a bank matter this call cannot do; `backchannel` is mhm, 嗯.
"""

from __future__ import annotations

from enum import StrEnum


class Intent(StrEnum):
    AFFIRM = "affirm"
    DENY = "deny"
    PROMISE_TO_PAY = "promise_to_pay"
    ALREADY_PAID = "already_paid"
    CANNOT_PAY = "cannot_pay"
    HARDSHIP = "hardship"
    REQUEST_EXTENSION = "request_extension"
    DISPUTE = "dispute"
    ASK_AMOUNT = "ask_amount"
    ASK_DUE_DATE = "ask_due_date"
    ASK_HOW_TO_PAY = "ask_how_to_pay"
    ASK_PURPOSE = "ask_purpose"
    ASK_IDENTITY = "ask_identity"
    ASK_IS_ROBOT = "ask_is_robot"
    SUSPECT_FRAUD = "suspect_fraud"
    WRONG_PERSON = "wrong_person"
    THIRD_PARTY = "third_party"
    BUSY_CALL_LATER = "busy_call_later"
    DO_NOT_CALL = "do_not_call"
    ASK_HUMAN = "ask_human"
    REPEAT = "repeat"
    HOLD_ON = "hold_on"
    CORRECT = "correct"
    DONT_KNOW = "dont_know"
    GIVE_RATING = "give_rating"
    GIVE_FEEDBACK = "give_feedback"
    DECLINE_SURVEY = "decline_survey"
    REQUEST_MESSAGE = "request_message"
    COMPLAIN = "complain"
    ABUSE = "abuse"
    THANKS = "thanks"
    GREET = "greet"
    GOODBYE = "goodbye"
    OTHER_BANKING = "other_banking"
    OUT_OF_SCOPE = "out_of_scope"
    BACKCHANNEL = "backchannel"


class Sentiment(StrEnum):
    """The feeling of one turn."""

    ANGRY = "angry"
    ANXIOUS = "anxious"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class EntityType(StrEnum):
    DATE = "date"  # value YYYY-MM-DD
    TIME = "time"  # HH:MM
    AMOUNT = "amount"  # a number, in the currency the entity names
    NUMBER = "number"
    DIGITS = "digits"  # a string of digits, leading zeros kept
    RATING = "rating"  # a number
    NAME = "name"
    PHONE = "phone"
    DURATION = "duration"  # ISO 8601, P14D
