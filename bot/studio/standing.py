"""How a script's versions stand, and what may happen to them next: pure, `step(standing, event) -> standing`.

    draft ─ submitted ► in review ─ approved ► approved ─ released ► live ─ (another one at 100 %) ► retired
              ▲             │ rejected                                │ stopped, rolled back ► retired
              └── draft ◄───┘                              retired ─ rolled back to ► live
                                                           retired ─ submitted ► in review, to be approved anew

At most two versions are live: the one that gets all other calls, and a candidate that gets a share of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.studio.events import (
    Approved,
    Event,
    Rejected,
    Released,
    RolledBack,
    Stopped,
    Stored,
    Submitted,
    same_person,
)


class State(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in review"
    APPROVED = "approved"
    LIVE = "live"
    RETIRED = "retired"


class NotAllowed(Exception):
    """It may not happen now; the message says why, and what would help."""


@dataclass(frozen=True, slots=True)
class Version:
    """`authors`: whoever stored or submitted it. `approval` holds until it is submitted anew."""

    name: str
    manifest: str
    state: State
    authors: tuple[str, ...]
    changed: datetime
    approval: Approved | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """`live` gets all calls that the `candidate` does not get; `share` is the candidate's, in percent.

    `since`: when the candidate got its first call's worth. `former`: versions that were live, the latest last.
    `released`: one was released at some time, so that from then on nobody hears the working folder.
    """

    versions: Mapping[str, Version] = field(default_factory=dict)
    live: str | None = None
    candidate: str | None = None
    share: int = 0
    since: datetime | None = None
    former: tuple[str, ...] = ()
    released: bool = False

    def share_of(self, version: str) -> int:
        """How many percent of the calls it gets."""
        if version == self.candidate:
            return self.share
        return 100 - self.share if version == self.live else 0

    def latest(self, *states: State) -> Version | None:
        """The version that came into one of these states last."""
        found = [version for version in self.versions.values() if version.state in states]
        return max(found, key=lambda version: version.changed, default=None)

    @property
    def before(self) -> str | None:
        """What a rollback of the live version leads to."""
        return self.former[-1] if self.former else None


def step(standing: Standing, event: Event) -> Standing:
    """The standing after the event. Raises `NotAllowed`."""
    match event:
        case Stored():
            return _stored(standing, event)
        case Submitted():
            return _submitted(standing, event)
        case Approved():
            return _approved(standing, event)
        case Rejected():
            version = _in(standing, event, {State.IN_REVIEW}, "rejected")
            return _with(standing, replace(version, state=State.DRAFT, changed=event.at))
        case Released():
            return _released(standing, event)
        case Stopped():
            if event.version != standing.candidate:
                raise NotAllowed(f"version {event.version} is on trial no more")
            return _without_candidate(standing, event)
        case RolledBack():
            return _rolled_back(standing, event)


def _stored(standing: Standing, event: Stored) -> Standing:
    if event.version in standing.versions:
        raise NotAllowed(f"version {event.version} is there already")
    return _with(standing, Version(event.version, event.manifest, State.DRAFT, (event.by,), event.at))


def _submitted(standing: Standing, event: Submitted) -> Standing:
    version = _in(standing, event, {State.DRAFT, State.RETIRED}, "submitted")
    authors = (*version.authors, *(() if any(same_person(event.by, one) for one in version.authors) else (event.by,)))
    former = tuple(name for name in standing.former if name != version.name)
    waiting = replace(version, state=State.IN_REVIEW, authors=authors, approval=None, changed=event.at)
    return replace(_with(standing, waiting), former=former)


def _approved(standing: Standing, event: Approved) -> Standing:
    version = _in(standing, event, {State.IN_REVIEW, State.APPROVED}, "approved")
    if any(same_person(event.by, author) for author in version.authors):
        raise NotAllowed(
            f"{event.by} is an author of version {version.name}: somebody else must approve it (`--by` their name)"
        )
    if event.against != standing.live:
        raise NotAllowed(
            f"what was seen was compared with {event.against or 'nothing'}, but {standing.live or 'nothing'} is live "
            "now: look at the differences again (`voicebot script review`)"
        )
    return _with(standing, replace(version, state=State.APPROVED, approval=event, changed=event.at))


def _released(standing: Standing, event: Released) -> Standing:
    if event.version == standing.live:
        raise NotAllowed(
            f"version {event.version} is live already, for {standing.share_of(event.version)} % of the calls"
        )
    if standing.candidate not in {None, event.version}:
        raise NotAllowed(
            f"version {standing.candidate} is on trial with {standing.share} % of the calls: give it all of them "
            "(`voicebot script release --share 100`) or take it back (`voicebot script rollback`) before another one"
        )
    version = standing.versions.get(event.version)
    if event.version != standing.candidate:
        version = _in(standing, event, {State.APPROVED}, "released")
        assert version.approval is not None
        if version.approval.against != standing.live:
            raise NotAllowed(
                f"version {version.name} was approved while {version.approval.against or 'nothing'} was live, but "
                f"{standing.live or 'nothing'} is now: let somebody see what changes from there "
                "(`voicebot script review`, then `approve`)"
            )
    assert version is not None
    after = _with(standing, replace(version, state=State.LIVE, changed=event.at))
    after = replace(after, released=True)
    if event.share < 100:
        return replace(after, candidate=version.name, share=event.share, since=standing.since or event.at)
    if standing.live is not None:
        left = replace(standing.versions[standing.live], state=State.RETIRED, changed=event.at)
        after = replace(_with(after, left), former=(*standing.former, left.name))
    return replace(after, live=version.name, candidate=None, share=0, since=None)


def _rolled_back(standing: Standing, event: RolledBack) -> Standing:
    if standing.live is None and standing.candidate is None:
        raise NotAllowed("no version is live, so there is nothing to take back")
    leaving = standing.candidate or standing.live
    to = standing.live if standing.candidate is not None else standing.before
    if (event.version, event.to) != (leaving, to):
        raise NotAllowed(
            f"a rollback now leads from {leaving} to {to or 'nothing'}, not from {event.version} to "
            f"{event.to or 'nothing'}: try it again"
        )
    if standing.candidate is not None:
        return _without_candidate(standing, event)
    after = _with(standing, replace(standing.versions[event.version], state=State.RETIRED, changed=event.at))
    if to is not None:
        after = _with(after, replace(standing.versions[to], state=State.LIVE, changed=event.at))
    return replace(after, live=to, former=standing.former[:-1])


def _without_candidate(standing: Standing, event: Stopped | RolledBack) -> Standing:
    left = replace(standing.versions[event.version], state=State.RETIRED, changed=event.at)
    return replace(_with(standing, left), candidate=None, share=0, since=None)


def _in(standing: Standing, event: Event, states: set[State], done: str) -> Version:
    version = standing.versions.get(event.version)
    if version is None:
        known = ", ".join(standing.versions) or "none; `voicebot script publish` makes one"
        raise NotAllowed(f"there is no version {event.version}; there are: {known}")
    if version.state not in states:
        wanted = " or ".join(sorted(states))
        raise NotAllowed(f"version {version.name} is {version.state}: only what is {wanted} can be {done}")
    return version


def _with(standing: Standing, version: Version) -> Standing:
    return replace(standing, versions={**standing.versions, version.name: version})
