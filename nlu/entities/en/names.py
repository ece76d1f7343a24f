"""English names: after "my name is" anywhere, and bare where a name was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entities.candidate import Candidate
from nlu.entities.en.coded import Coded
from nlu.inventory import EntityType
from nlu.understanding import Entity

_TITLE = r"(?:mister|mr|mrs|miss|ms|doctor|dr|professor|sir)"
_NAME_WORD = r"(?!_)[^\W\d#@~=_]+(?:'[^\W\d]+)?"
# Words that begin or interrupt no name, whatever stands in front.
_OTHER_WORDS = frozenset({
    "a", "about", "ah", "all", "already", "also", "am", "an", "and", "are", "as", "at", "available", "back", "bad",
    "been", "being", "bit", "but", "busy", "by", "bye", "call", "called", "calling", "can", "can't", "cannot",
    "correct", "could", "did", "do", "does", "doing", "don't", "driving", "else", "fine", "for", "from", "give",
    "go", "going", "good", "got", "had", "has", "have", "he", "he'd", "he's", "hello", "help", "her", "here",
    "hey", "hi", "him", "his", "how", "i", "i'd", "i'll", "i'm", "i've", "if", "in", "into", "is", "isn't", "it",
    "it's", "just", "know", "last", "later", "let", "like", "listening", "made", "make", "may", "maybe", "me",
    "mean", "might", "mine", "money", "more", "morning", "mum", "my", "name", "name's", "never", "new", "next",
    "no", "nobody", "none", "not", "now", "of", "off", "oh", "ok", "okay", "on", "one", "or", "our", "out", "over",
    "owe", "paid", "pay", "paying", "please", "probably", "really", "right", "same", "say", "she", "she's",
    "should", "so", "some", "somebody", "someone", "soon", "sorry", "speak", "speaking", "still", "supposed",
    "sure", "talk", "talking", "tell", "thank", "thanks", "that", "that's", "the", "their", "them", "then",
    "there", "they", "they're", "think", "this", "time", "to", "today", "tomorrow", "too", "trying", "unable",
    "very", "wait", "want", "was", "wasn't", "we", "we're", "well", "were", "what", "what's", "when", "where",
    "which", "who", "who's", "why", "wife", "husband", "will", "with", "won't", "work", "working", "would",
    "wrong", "yeah", "yep", "yes", "yesterday", "you", "you're", "your", "yours", "yup", "monday", "tuesday",
    "wednesday", "thursday", "friday", "saturday", "sunday", "home", "person", "number", "bank", "robot",
    "recording", "machine", "customer", "afraid", "broke", "interested", "unemployed", "sick", "ill",
})  # fmt: skip
_LEAD = (
    r"(?:(?:my|the|his|her|first|full|last|whole)(?: full| first| last)? name is"
    r"|(?:my|the|his|her)(?: full| first)? name's|name is|i'm called|i am called"
    r"|they call me|people call me|it's spelled)"
)
_ASKED_LEAD = (
    r"(?:i'm|i am|it's|it is|this is|that's|that is|that would be|call me|just call me|you're speaking to|"
    r"you are speaking to|you're speaking with|speaking to|speaking with|you're talking to|you've got|name|yes|yeah|no|"
    r"sorry|actually|hi|hello|i mean|i said|not|here is|here's|ask for|put down|under)"
)
_NAME = rf"(?P<n>(?:{_TITLE} )?{_NAME_WORD}(?: {_NAME_WORD}){{0,3}})"
_STATED = re.compile(rf"(?<= ){_LEAD} {_NAME}(?= )")
_TITLED = re.compile(rf"(?<= )(?P<n>{_TITLE} {_NAME_WORD})(?= )")
_SPEAKING = re.compile(rf"(?<= )this is (?P<n>{_NAME_WORD}(?: {_NAME_WORD}){{0,2}}) (?:speaking|here)(?= )")
_ASKED = re.compile(rf"(?<= )(?=(?:{_ASKED_LEAD}|{_LEAD}) {_NAME} )")
_BARE = re.compile(rf"^ {_NAME}(?= )")
_MOST = 3
_CLOSERS = frozenset({"yes", "yeah", "speaking", "here", "please", "thanks", "thank", "you", "is", "my", "name", "not"})
_LETTERS = re.compile(r"(?: (?:[a-z]|double [a-z]))+ $")


def names(coded: Coded, *, expected: bool) -> Iterator[Candidate]:
    patterns = (_STATED, _ASKED, _BARE, _TITLED) if expected else (_STATED, _SPEAKING, _TITLED)
    for pattern in patterns:
        for match in pattern.finditer(coded.line):
            start, end = coded.words(match, "n")
            found = _name(coded, start, end)
            if found is not None and (pattern not in (_ASKED, _BARE) or _alone(coded, found, pattern is _BARE)):
                yield found if not expected else Candidate(found.entity, found.start, found.end, 2)
    if expected:
        yield from _spelled_out(coded)


def _name(coded: Coded, start: int, end: int) -> Candidate | None:
    """As many words from `start` as can be a name; None if there is none."""
    words = [piece.code for piece in coded.pieces[start:end]]
    titled = re.fullmatch(_TITLE, words[0]) is not None
    length = next((n for n, word in enumerate(words) if word in _OTHER_WORDS or len(word) == 1), len(words))
    if length <= titled or length - titled > _MOST:
        return None
    end = start + length
    return Candidate(Entity(EntityType.NAME, coded.raw(start, end), coded.text(start, end)), start, end)


def _alone(coded: Coded, found: Candidate, bare: bool) -> bool:
    """Whether little else is said: "hold on, this sounds like a scam" does not begin with the name Hold."""
    rest = [piece.code for piece in coded.pieces[found.end :]]
    spelled = all(len(word) == 1 for word in rest)
    return spelled or all(word in _CLOSERS for word in rest) or (not bare and len(rest) <= _MOST)


def _spelled_out(coded: Coded) -> Iterator[Candidate]:
    """ "smith s m i t h" is smith, "s m y t h e" smythe, and "jon j o n" what the letters say."""
    match = _LETTERS.search(coded.line)
    if match is None:
        return
    letters = re.sub(r"double (.)", r"\1\1", match.group()).split()
    name = "".join(letters)
    start, end = coded.words(match)
    before = coded.pieces[start - 1].code if start else ""
    if len(name) < 2 or (before == "with" and len(letters) == 2):  # "with a c"
        return
    if before and before[0] == name[0] and before not in _OTHER_WORDS:
        start -= 1
        name = coded.pieces[start].raw if before == name else name
    yield Candidate(Entity(EntityType.NAME, name, coded.text(start, end)), start, end, 3)
