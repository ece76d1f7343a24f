"""What the words so far are worth, said while the bot listens or while it still speaks. Pure.

Two questions with one answer each: whether more words are to be expected (`Words`, which sets how long the end of
the turn is waited for), and whether they mean the bot (`Bearing`, which lets a barge-in stand or lets the bot go on).
Both depend on the state of the call as much as on the words: "okay" answers a yes/no question and is a nod
during an explanation.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from bot.call.interpretation import OVERRIDING, STEER_FROM, STEERING, acted_upon, volunteered
from dialogue.prompts import Expectation
from dialogue.protocol import Answer
from nlu import features
from nlu.inventory import EntityType, Intent
from nlu.trailing import trails_off
from nlu.trailing_values import may_grow
from nlu.understanding import Entity, Understanding
from speech.end_of_turn import Words

ACKNOWLEDGING = frozenset({Intent.AFFIRM, Intent.THANKS, Intent.GREET})
"""Besides `Intent.BACKCHANNEL`: what people say to show that they listen, where it answers nothing. A "hello?" into the
first words of the bot is how one picks up the phone."""

VOCALISATIONS = {
    "en": frozenset({"mhm", "mm", "mmhm", "hmm", "hm", "uh", "huh", "um", "er", "erm", "ah", "oh", "aha", "ha"}),
    "zh": frozenset("嗯哦噢喔呃额唔哎诶欸哼"),
}
"""Sounds rather than words: a nod or a hesitation, whatever the model of meaning makes of them. It takes "uh huh" for a
request to repeat at probability 0.96."""

ASKING_AGAIN = frozenset({"huh"})
"""A vocalisation that is a question when it stands alone."""

SHORT_OF_A_COMMENT = {"en": 1, "zh": 2}
"""So many words (Mandarin: characters) over a question that takes any words are not taken for its answer yet."""

ECHO_SHARE = 0.8
"""The share of the heard words, in runs of two and more, that must stand in what is played: recognition of an echo
loses a word here and there. Up to four words, that is all of them."""

ECHO_FROM = {"en": 2, "zh": 4}
"""Fewer words (Mandarin: characters) are too few to tell an echo from an answer that uses the question's words."""


class Bearing(StrEnum):
    """What the words have to do with the bot."""

    NOTHING = "nothing"  # no words, or none the recogniser stands by
    ECHO = "echo"  # our own prompt coming back from the customer's side
    BACKCHANNEL = "backchannel"  # "mhm", "okay": a nod, not an answer
    ASIDE = "aside"  # said to somebody else, or of no concern to the call or the question
    MEANT = "meant"  # answers or asks


@dataclass(frozen=True, slots=True)
class Weight:
    """`free`: the open question takes a free answer, of which words never tell that it is whole."""

    words: Words
    bearing: Bearing
    free: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    """The words and the moment they were said at."""

    text: str
    understanding: Understanding
    expectation: Expectation
    language: str
    sounding: tuple[str, ...]
    interrupting: bool
    asked: bool

    @property
    def intent(self) -> Intent:
        return self.understanding.intent

    @property
    def likely(self) -> bool:
        """The dialogue would be told this intent, not `no_match`."""
        return acted_upon(self.understanding)

    @property
    def yes_or_no(self) -> bool:
        """A yes or no where the open question takes one."""
        takes = self.expectation.answer in {Answer.YES_NO, Answer.FREE} or self.intent.value in self.expectation.choices
        return self.asked and self.likely and takes and self.intent in {Intent.AFFIRM, Intent.DENY}


def weigh(
    text: str,
    accepted: bool,
    understanding: Understanding,
    expectation: Expectation,
    language: str,
    sounding: tuple[str, ...] = (),
    asked: bool = True,
    interrupting: bool | None = None,
) -> Weight:
    """Weigh the words of a turn so far, partial or final.

    `accepted`: the recogniser stands by them. `understanding` is what they mean where `expectation` is open. `sounding`
    holds the texts that may come back as an echo; `interrupting` says that the words came over the bot's own (by
    default: where there is something to echo). `asked`: the open question has begun to sound; before that no words can
    answer it, and only what concerns the call itself is meant.

    What is not `MEANT` lets the bot go on speaking. While it listens, a `BACKCHANNEL` or an `ASIDE` may still deserve a
    reply; that is for the dialogue.
    """
    free = asked and expectation.answer is Answer.FREE
    if not accepted or not features.normalise(text):
        return Weight(Words.NONE, Bearing.NOTHING, free)
    said = _Said(
        text,
        understanding,
        expectation,
        language,
        sounding,
        bool(sounding) if interrupting is None else interrupting,
        asked,
    )
    if _is_echo(said):
        return Weight(Words.NONE, Bearing.ECHO)
    if _is_vocalisation(said):
        return Weight(_unfinished(said), Bearing.BACKCHANNEL, free)
    return Weight(Words.COMPLETE if _is_complete(said) else _unfinished(said), _bearing(said), free)


def _unfinished(said: _Said) -> Words:
    return Words.TRAILING if trails_off(said.text, said.language) else Words.INCOMPLETE


def _is_complete(said: _Said) -> bool:
    """Nothing could follow that changes the answer, or what else the customer wants is sure.

    A free answer is never known to be complete.
    """
    answer = said.expectation.answer
    if answer is Answer.FREE or trails_off(said.text, said.language):
        return False
    sure = said.understanding.probability >= STEER_FROM
    if said.intent in STEERING or not said.asked:
        return said.intent in STEERING and sure
    if answer is Answer.YES_NO and said.yes_or_no:
        return True
    if answer is Answer.CHOICE and said.intent.value in said.expectation.choices:
        return said.likely
    if said.intent in OVERRIDING:  # "I paid on Friday" is no date to come
        return sure and answer is not None
    return _is_whole(said.understanding.answer, said)


def _is_whole(value: Entity | None, said: _Said) -> bool:
    """A number has all its digits, which nobody can tell where the question does not say how many they are."""
    if value is None:
        return False
    if said.expectation.answer is Answer.NUMBER:
        return value.type is EntityType.DIGITS and len(str(value.value)) == said.expectation.length
    return not may_grow(value, said.language)


def _bearing(said: _Said) -> Bearing:
    if said.intent in STEERING and said.likely and not _may_be_a_hum(said):
        return Bearing.MEANT
    if said.asked and (said.yes_or_no or said.understanding.answer is not None):
        return Bearing.MEANT
    speaking = said.interrupting or not said.asked
    if said.intent is Intent.BACKCHANNEL or (speaking and said.intent in ACKNOWLEDGING):
        return Bearing.BACKCHANNEL
    if not said.asked:
        return Bearing.MEANT if volunteered(said.understanding, said.expectation) else Bearing.ASIDE
    if said.expectation.answer is Answer.FREE:
        doubtful = said.intent is Intent.OUT_OF_SCOPE or _may_be_a_hum(said)
        return Bearing.ASIDE if said.interrupting and doubtful else Bearing.MEANT
    if not said.likely:  # while the bot listens, words it does not understand are for it to ask again about
        return Bearing.ASIDE if said.interrupting else Bearing.MEANT
    return Bearing.ASIDE if said.intent is Intent.OUT_OF_SCOPE else Bearing.MEANT


def _is_vocalisation(said: _Said) -> bool:
    units = _units(said.text, said.language)
    sounds = VOCALISATIONS.get(features.primary(said.language), frozenset())
    return all(unit in sounds for unit in units) and not (len(units) == 1 and units[0] in ASKING_AGAIN)


def _may_be_a_hum(said: _Said) -> bool:
    """One word over a question that takes any words: free recognition hears "who" in a hum, and stands by it."""
    short = len(_units(said.text, said.language)) <= SHORT_OF_A_COMMENT.get(features.primary(said.language), 1)
    over_it = said.interrupting and said.expectation.answer is Answer.FREE
    return short and over_it and said.intent not in {Intent.ASK_HUMAN, Intent.DO_NOT_CALL, Intent.REPEAT}


def _is_echo(said: _Said) -> bool:
    """Whether the words stand, in order, in what is being played. A bare yes or no that answers never counts."""
    sounds = VOCALISATIONS.get(features.primary(said.language), frozenset())
    heard = [unit for unit in _units(said.text, said.language) if unit not in sounds]
    least = ECHO_FROM.get(features.primary(said.language), 2)
    played = _units(" ".join(said.sounding), said.language)
    if len(heard) < least or (said.yes_or_no and len(heard) == least):
        return False
    blocks = SequenceMatcher(None, played, heard, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size > 1) >= ECHO_SHARE * len(heard)


def _units(text: str, language: str) -> list[str]:
    """Words; in Mandarin, which writes no spaces, characters."""
    words = features.normalise(text).split()
    return list("".join(words)) if features.primary(language) == "zh" else words
