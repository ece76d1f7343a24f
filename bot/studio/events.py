"""What can happen to a script's versions: the lines of its ledger."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter


class Metric(StrEnum):
    """What the guard watches: in how many calls with a person each happened."""

    EARLY_HANG_UP = "early_hang_up"  # in the first 10 s
    HUMAN_ASKED = "human_asked"
    NO_MATCH = "no_match"  # at least one turn that was not understood
    NEGATIVE_SENTIMENT = "negative_sentiment"  # at least one turn that was angry or anxious


def _named(text: str) -> str:
    if not (text := " ".join(text.split())):
        raise ValueError("a name has letters")
    return text


Person = Annotated[str, AfterValidator(_named)]


class Happened(BaseModel):
    """`at` in UTC; `by` is who did it, as they named themselves."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: AwareDatetime
    version: str
    by: Person


class Stored(Happened):
    """A version was made of the working folder. `manifest` is the SHA-256 of the file that lists its content."""

    event: Literal["stored"] = "stored"
    manifest: str


class Submitted(Happened):
    """Its author wants it approved."""

    event: Literal["submitted"] = "submitted"


class Approved(Happened):
    """`diff` is the hash of the differences that were seen, `against` the version that was live then."""

    event: Literal["approved"] = "approved"
    diff: str
    against: str | None


class Rejected(Happened):
    event: Literal["rejected"] = "rejected"
    why: str


class Released(Happened):
    """From now on it gets `share` percent of the calls; 100 makes it the live version."""

    event: Literal["released"] = "released"
    share: Annotated[int, Field(ge=1, le=100)]


class Figure(BaseModel):
    """One metric: how often, in how many calls, and the interval of the candidate's share less the other's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    metric: Metric
    candidate: int
    candidate_calls: int
    live: int
    live_calls: int
    low: float
    high: float

    @property
    def worse(self) -> bool:
        return self.low > 0


class Stopped(Happened):
    """The guard took a candidate's calls away from it."""

    event: Literal["stopped"] = "stopped"
    figures: tuple[Figure, ...]


class RolledBack(Happened):
    """`version` gets no more calls; what it had goes to `to`, None where nothing was live before."""

    event: Literal["rolled_back"] = "rolled_back"
    to: str | None
    why: str = ""


Event = Stored | Submitted | Approved | Rejected | Released | Stopped | RolledBack

EVENT: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="event")])


def same_person(one: str, other: str) -> bool:
    return _named(one).casefold() == _named(other).casefold()
