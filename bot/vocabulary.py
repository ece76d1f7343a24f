"""The closed vocabularies through which the parts of the product meet."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How a call ended, for the business. Scripts set one; the call itself sets those in the last group."""

    PROMISED = "promised"
    ALREADY_PAID = "already_paid"
    CANNOT_PAY = "cannot_pay"
    DISPUTED = "disputed"
    REMINDED = "reminded"  # heard the reminder, committed to nothing

    SURVEY_COMPLETED = "survey_completed"
    SURVEY_PARTIAL = "survey_partial"
    SURVEY_DECLINED = "survey_declined"

    TRANSACTION_CONFIRMED = "transaction_confirmed"
    TRANSACTION_DENIED = "transaction_denied"  # somebody else's payment: the card is to be blocked
    TRANSACTION_UNCLEAR = "transaction_unclear"  # heard of the payment, said neither yes nor no

    INVITATION_ACCEPTED = "invitation_accepted"
    INVITATION_DECLINED = "invitation_declined"
    DETAILS_REQUESTED = "details_requested"  # a message with the details is to be sent
    INVITED = "invited"  # heard the invitation, committed to nothing

    CARD_ACTIVE = "card_active"  # a new card arrived and is in use
    CARD_NOT_RECEIVED = "card_not_received"
    ACTIVATION_PENDING = "activation_pending"  # the card arrived, and is not known to be active

    HANDED_OVER = "handed_over"
    CALL_LATER = "call_later"
    CALL_BACK = "call_back"  # no colleague was free; wants one to call
    NO_COLLEAGUE = "no_colleague"  # asked for a human, none was free, agreed on no call back
    WRONG_PERSON = "wrong_person"
    THIRD_PARTY = "third_party"
    DO_NOT_CALL = "do_not_call"
    NOT_VERIFIED = "not_verified"
    NO_RESPONSE = "no_response"  # answered, then silent or not understood to the end
    ABUSIVE = "abusive"

    NOT_REACHED = "not_reached"  # the dial failed; the line status says how
    ANSWERED_BY_MACHINE = "answered_by_machine"  # a machine, a fax, an announcement; nothing was left
    MESSAGE_LEFT = "message_left"  # on an answering machine
    HUNG_UP = "hung_up"  # the customer left before the script had an outcome
    TECHNICAL_FAILURE = "technical_failure"
    UNCERTAIN = "uncertain"


class Answerer(StrEnum):
    """Who or what picked up."""

    HUMAN = "human"
    MACHINE = "machine"  # an answering machine or voice mail
    SCREENER = "screener"  # an assistant that asks who is calling, and why
    FAX = "fax"
    RINGING = "ringing"  # the line still rings, or is busy, behind the answer
    ANNOUNCEMENT = "announcement"  # the network says why nobody can be reached
    UNCERTAIN = "uncertain"


class Failure(StrEnum):
    """What broke during a call."""

    DIALOGUE = "dialogue"
    UNDERSTANDING = "understanding"
    RECOGNITION = "recognition"
    SYNTHESIS = "synthesis"
    MEDIA = "media"
    CONTROL = "control"
    TAPE = "tape"
    PLAYOUT = "playout"
    UNKNOWN = "unknown"
