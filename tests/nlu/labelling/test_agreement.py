"""Agreement beyond chance, and the intents people take for each other."""

from __future__ import annotations

import pytest

from nlu.labelling.agreement import agreements
from tests.nlu.labelling.turns import item

pytestmark = pytest.mark.unit


def test_kappa_by_hand() -> None:
    """Cohen's own arithmetic: 35 of 50 the same; by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5."""
    said = [("affirm", "affirm")] * 20 + [("deny", "deny")] * 15 + [("affirm", "deny")] * 5 + [("deny", "affirm")] * 10
    (found,) = agreements([item(str(n), anna=a, ben=b) for n, (a, b) in enumerate(said)])
    assert (found.rows, found.same, found.kappa) == (50, 0.7, pytest.approx(0.4))
    assert found.pairs == (("affirm", "deny", 15),)


def test_only_what_both_labelled_counts_and_every_two_people_are_compared() -> None:
    rows = [item("a", anna="deny", ben="deny", cem="dispute"), item("b", anna="deny", ben=None), item("c", cem="deny")]
    found = {(one.a, one.b): one for one in agreements(rows)}
    assert {pair: one.rows for pair, one in found.items()} == {
        ("anna", "ben"): 1,
        ("anna", "cem"): 1,
        ("ben", "cem"): 1,
    }
    assert found["anna", "ben"].kappa is None
    assert found["ben", "cem"].kappa == 0
    assert list(agreements([item("a", anna="deny"), item("b", ben="deny")])) == []
