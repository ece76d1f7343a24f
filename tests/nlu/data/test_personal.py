"""Personal data in text, written and spoken. All numbers here are invented; check digits are made to fit."""

from __future__ import annotations

import pytest

from nlu.data.personal import kinds

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to anna.lee+bank@example.co.uk please", "an e-mail address"),
        ("it's john at example dot com", "an e-mail address"),
        ("my number is 07700 900123", "a phone or account number"),
        ("+86 138 0013 8000", "a phone or account number"),
        ("call (020) 7946-0018", "a phone or account number"),
        ("打我电话13800138000", "a phone or account number"),
        ("oh seven seven double oh nine triple one two three", "a phone or account number"),
        ("我手机是幺三八零零幺三八零零零", "a phone or account number"),
        ("4111 1111 1111 1111", "a card number"),
        ("four one one one one one one one one one one one one one one one", "a card number"),
        ("卡号6212345678901232", "a card number"),
        ("身份证11010519491231002X", "an ID number"),
        ("my social is 078-05-1120", "an ID number"),
        ("it's QQ 12 34 56 C", "an ID number"),
        ("GB82 WEST 1234 5698 7654 32", "an account number (IBAN)"),
    ],
)
def test_personal_data_are_named_by_kind(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "i paid 1500 on 2026-07-15",
        "12.07.2026 at 10:30",
        "no it's eight one three three not seven seven one nine",
        "one two three four five six seven",
        "一二三四五六七",
        "两千零五十块三十号还",
        "i was at home and paid",
        "between nine and five",
    ],
)
def test_dates_sums_and_counting_are_not_personal(text: str) -> None:
    assert kinds(text) == ()
