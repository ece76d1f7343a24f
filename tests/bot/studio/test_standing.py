"""What may happen to a script's versions, and what never can."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.studio.events import (
    Approved,
    Event,
    Figure,
    Metric,
    Rejected,
    Released,
    RolledBack,
    Stopped,
    Stored,
    Submitted,
    same_person,
)
from bot.studio.standing import NotAllowed, Standing, State, step

pytestmark = pytest.mark.unit

BEGIN = datetime(2026, 11, 24, 10, tzinfo=UTC)
A, B, C = "aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc"
FIGURE = Figure(metric=Metric.NO_MATCH, candidate=9, candidate_calls=50, live=1, live_calls=50, low=0.01, high=0.3)


def standing_of(events: Iterable[Event]) -> Standing:
    return reduce(step, events, Standing())


def submitted(version: str, by: str = "anna") -> list[Event]:
    return [Stored(at=BEGIN, version=version, by=by, manifest="0"), Submitted(at=BEGIN, version=version, by=by)]


def approved(version: str, against: str | None = None, by: str = "bo") -> Event:
    return Approved(at=BEGIN, version=version, by=by, diff="d", against=against)


def released(version: str, share: int, minutes: int = 0) -> Event:
    return Released(at=BEGIN + timedelta(minutes=minutes), version=version, by="cy", share=share)


def rolled_back(version: str, to: str | None) -> Event:
    return RolledBack(at=BEGIN, version=version, by="cy", to=to)


LIVE = [*submitted(A), approved(A), released(A, 100)]
ON_TRIAL = [*LIVE, *submitted(B), approved(B, A), released(B, 5, 1)]


def states(standing: Standing) -> dict[str, State]:
    return {name: version.state for name, version in standing.versions.items()}


def refused(events: list[Event], event: Event) -> str:
    with pytest.raises(NotAllowed) as error:
        step(standing_of(events), event)
    return str(error.value)


def test_a_version_goes_from_draft_to_live() -> None:
    seen = []
    standing = Standing()
    for event in LIVE:
        standing = step(standing, event)
        seen.append(standing.versions[A].state)
    assert seen == [State.DRAFT, State.IN_REVIEW, State.APPROVED, State.LIVE]
    assert (standing.live, standing.share_of(A)) == (A, 100)
    assert standing.released
    assert not standing_of(LIVE[:-1]).released


def test_a_candidate_gets_its_share_and_then_all() -> None:
    trial = standing_of(ON_TRIAL)
    assert (trial.share_of(A), trial.share_of(B), trial.since) == (95, 5, BEGIN + timedelta(minutes=1))
    more = step(trial, released(B, 25, 2))
    assert (more.share_of(A), more.share_of(B), more.since) == (75, 25, trial.since)
    assert step(more, released(B, 5, 3)).share_of(B) == 5
    whole = step(more, released(B, 100))
    assert (whole.live, whole.candidate, states(whole)) == (B, None, {A: State.RETIRED, B: State.LIVE})


def test_a_candidate_that_is_stopped_or_taken_back_gives_its_calls_to_the_live_version() -> None:
    stopped = Stopped(at=BEGIN, version=B, by="guard", figures=(FIGURE,))
    for event in (stopped, rolled_back(B, A)):
        after = step(standing_of(ON_TRIAL), event)
        assert (after.share_of(A), after.share_of(B), after.candidate, after.since) == (100, 0, None, None)
        assert states(after) == {A: State.LIVE, B: State.RETIRED}


def test_rollbacks_lead_back_through_all_that_was_live_and_then_to_nothing() -> None:
    standing = standing_of([*ON_TRIAL, released(B, 100)])
    standing = step(standing, rolled_back(B, A))
    assert (standing.live, states(standing)) == (A, {A: State.LIVE, B: State.RETIRED})
    standing = step(standing, rolled_back(A, None))
    assert (standing.live, states(standing)) == (None, {A: State.RETIRED, B: State.RETIRED})
    assert standing.released
    with pytest.raises(NotAllowed, match="no version is live"):
        step(standing, rolled_back(A, None))


def test_nobody_approves_what_they_wrote() -> None:
    assert "somebody else must approve it" in refused(submitted(A), approved(A, by=" ANNA "))
    twice = [*submitted(A), Rejected(at=BEGIN, version=A, by="cy", why="x"), Submitted(at=BEGIN, version=A, by="bo")]
    assert "bo is an author" in refused(twice, approved(A, by="bo"))
    assert step(standing_of(twice), approved(A, by="cy")).versions[A].state is State.APPROVED


def test_an_approval_holds_for_the_difference_that_was_seen() -> None:
    assert "is live now: look at the differences again" in refused([*LIVE, *submitted(B)], approved(B, None))
    outdated = [*submitted(A), approved(A), *submitted(B), approved(B), released(A, 100)]
    assert f"approved while nothing was live, but {A} is now" in refused(outdated, released(B, 5))
    again = [*outdated, approved(B, A)]
    assert step(standing_of(again), released(B, 5)).candidate == B


def test_what_is_published_again_has_to_be_approved_again() -> None:
    events = [*ON_TRIAL, released(B, 100), Submitted(at=BEGIN, version=A, by="anna")]
    standing = standing_of(events)
    assert (standing.versions[A].state, standing.versions[A].approval) == (State.IN_REVIEW, None)
    assert standing.before is None  # and a rollback does not lead to it
    assert "is in review" in refused(events, released(A, 5))


@pytest.mark.parametrize(
    ("events", "event", "told"),
    [
        (LIVE, released(A, 50), "is live already"),
        (submitted(A), released(A, 5), "only what is approved can be released"),
        ([], released(A, 5), "there is no version"),
        ([*ON_TRIAL, *submitted(C), approved(C, A)], released(C, 5), "is on trial with 5 % of the calls"),
        (LIVE, Stopped(at=BEGIN, version=A, by="guard", figures=(FIGURE,)), "on trial no more"),
        (ON_TRIAL, rolled_back(A, None), "a rollback now leads from bbbbbbbbbbbb to aaaaaaaaaaaa"),
        (LIVE, Rejected(at=BEGIN, version=A, by="bo", why="x"), "only what is in review can be rejected"),
        (LIVE, Submitted(at=BEGIN, version=A, by="bo"), "only what is draft or retired can be submitted"),
        (submitted(A), Stored(at=BEGIN, version=A, by="bo", manifest="1"), "is there already"),
    ],
)
def test_what_may_not_happen_is_told(events: list[Event], event: Event, told: str) -> None:
    assert told in refused(events, event)


VERSIONS = st.sampled_from([A, B])
OR_NONE = st.one_of(st.none(), VERSIONS)
PEOPLE = st.sampled_from(["anna", "Anna", "bo"])
AT = st.integers(0, 1000).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
EVENTS = st.one_of(
    st.builds(Stored, at=AT, version=VERSIONS, by=PEOPLE, manifest=st.just("0")),
    st.builds(Submitted, at=AT, version=VERSIONS, by=PEOPLE),
    st.builds(Approved, at=AT, version=VERSIONS, by=PEOPLE, diff=st.just("d"), against=OR_NONE),
    st.builds(Rejected, at=AT, version=VERSIONS, by=PEOPLE, why=st.just("x")),
    st.builds(Released, at=AT, version=VERSIONS, by=PEOPLE, share=st.sampled_from([1, 5, 50, 99, 100])),
    st.builds(Stopped, at=AT, version=VERSIONS, by=PEOPLE, figures=st.just((FIGURE,))),
    st.builds(RolledBack, at=AT, version=VERSIONS, by=PEOPLE, to=OR_NONE),
)


def fitting(event: Event, standing: Standing) -> Event:
    """The same as somebody would do it who knows how things stand."""
    if isinstance(event, Approved):
        return event.model_copy(update={"against": standing.live})
    if isinstance(event, RolledBack) and standing.candidate is not None:
        return event.model_copy(update={"version": standing.candidate, "to": standing.live})
    if isinstance(event, RolledBack) and standing.live is not None:
        return event.model_copy(update={"version": standing.live, "to": standing.before})
    return event


@settings(max_examples=60)
@given(st.lists(st.tuples(EVENTS, st.booleans()), min_size=60, max_size=120))
def test_no_order_of_events_lets_a_customer_hear_what_nobody_else_approved(events: list[tuple[Event, bool]]) -> None:
    standing, authors = Standing(), dict[str, set[str]]()
    for blind, knowing in events:
        event = fitting(blind, standing) if knowing else blind
        try:
            standing = step(standing, event)
        except NotAllowed:
            continue
        if isinstance(event, Stored | Submitted):
            authors.setdefault(event.version, set()).add(event.by.casefold())
        gets_calls = {one for one in standing.versions if standing.share_of(one)}
        assert gets_calls == {one for one in (standing.live, standing.candidate) if one is not None}
        assert gets_calls == {one for one, version in standing.versions.items() if version.state is State.LIVE}
        assert sum(standing.share_of(one) for one in gets_calls) == (100 if standing.live else standing.share)
        for name in {*gets_calls, *standing.former}:
            approval = standing.versions[name].approval
            assert approval is not None
            assert approval.by.casefold() not in authors[name]


@given(st.text(min_size=1).filter(lambda name: name.split()))
def test_a_name_is_the_same_however_it_is_spaced_and_written(name: str) -> None:
    assert same_person(name, f"  {name}\t")
    assert same_person(name.casefold(), name)
