"""Which fields of a contact tell about an account, so that only its owner may hear them."""

from __future__ import annotations

from dialogue.script import FieldType, Purpose, Script

_ALWAYS = frozenset({FieldType.MONEY, FieldType.DIGITS})
_OF_PAYMENTS = frozenset({Purpose.REMINDER, Purpose.COLLECTION, Purpose.RISK_VERIFICATION})
"""Calls about a payment, where a date tells, too."""


def account_fields(script: Script) -> frozenset[str]:
    """Their names."""
    telling = _ALWAYS | ({FieldType.DATE} if script.purpose in _OF_PAYMENTS else frozenset())
    return frozenset(name for name, field in script.contact.items() if field.type in telling)
