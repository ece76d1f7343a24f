"""The grammar book: what customers say, as named rules, and the grammar of one dialogue state made of them.

book = GrammarBook.load([BOOK["en"], script / "grammar.en.jsgf"])
jsgf = book.compose(("affirm", "deny", *GLOBAL_MOVES))
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from speech.asr import jsgf
from speech.asr.jsgf import Alternatives, Reference, Rule, Word
from speech.asr.port import BadGrammar

BOOK: Mapping[str, Path] = {path.stem: path for path in (Path(__file__).parent / "grammars").glob("*.jsgf")}
"""The grammar files that ship, by language."""

GLOBAL_MOVES = (
    "ask_human",
    "repeat",
    "do_not_call",
    "wrong_person",
    "third_party",
    "busy_call_later",
    "ask_identity",
    "ask_is_robot",
    "ask_purpose",
    "suspect_fraud",
    "hold_on",
    "dont_know",
    "abuse",
    "goodbye",
    "complain",
)
"""What a customer may say in every state, whatever was asked."""

NOT_A_PERSON = ("answering_machine", "call_screening", "network_announcement")
"""What is heard where no person has picked up: to be listened for until one has spoken, and not after."""

EXPECTED_SHARE = 0.8
"""How much of the probability goes to the answers a state expects, the rest to the global moves beside them."""

SELDOM: Mapping[str, float] = {"abuse": 0.1}
"""Rules that are weighed less than those beside them: to hear them where they were not said costs most."""

ANSWER_RULES: Mapping[str, tuple[str, ...]] = {
    "yes_no": ("affirm", "deny"),
    "number": ("number",),
    "rating": ("rating",),
    "date": ("date", "promise_to_pay", "cannot_pay", "request_extension"),
    "amount": ("amount",),
}
"""The rules of the answers a question may expect; `choice` names its own, `free` has no grammar."""

OPENING = "opening"
OPENING_SHARE = 0.05
"""How often an answer is taken to begin with a word that means little: um, well, hello."""

DIGIT_BY_DIGIT = 0.94
"""How often the next digit of a number of known length is said alone and not as part of a pair."""

LEAD_SHARE = 0.06
"""How often words such as "it's" come before the digits."""

_NUMBER = "number"
_DIGIT = "digit"
_STRING = "digits_"
_HEARD = "heard"


class GrammarBook:
    """Named rules of one language, merged from several files."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = dict(rules)
        jsgf.check(self._rules.values())
        self._compose = lru_cache(maxsize=512)(self._composed)

    @classmethod
    def load(cls, paths: Sequence[Path]) -> GrammarBook:
        """Read the files in order; a rule that is there already gains the later file's alternatives."""
        merged: dict[str, Rule] = {}
        for path in paths:
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise BadGrammar(f"{path}: the grammar file cannot be read ({error})") from error
            for rule in jsgf.parse(text, str(path)):
                merged[rule.name] = _joined(merged[rule.name], rule) if rule.name in merged else rule
        return cls(merged)

    @property
    def rules(self) -> Mapping[str, Rule]:
        return self._rules

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._rules))

    def compose(self, rules: Sequence[str], *, length: int | None = None) -> str:
        """JSGF text with one public rule: any of `rules`. Those that are global moves are less expected.

        `length` fixes how many digits `number` has. Raises `BadGrammar` for an unknown rule.
        """
        return self._compose(tuple(rules), length)

    def meanings(self, text: str, rules: Sequence[str]) -> tuple[str, ...]:
        """Which of `rules` the words of `text` are an instance of, an opening word aside."""
        words = text.split()
        starts = {0} | self._ends(Reference(OPENING), words, 0)
        return tuple(
            name for name in rules if any(len(words) in self._ends(Reference(name), words, at) for at in starts)
        )

    def _composed(self, rules: tuple[str, ...], length: int | None) -> str:
        known = dict(self._rules)
        if length is not None:
            known |= {rule.name: rule for rule in _digits(length)}
        for name in rules:
            if name not in known:
                raise BadGrammar(f"no grammar rule {name!r}; the rules are {', '.join(sorted(self._rules))}")
        if not rules:
            raise BadGrammar("a grammar needs at least one rule")
        asked = _weighed(tuple(dict.fromkeys(rules)))
        if OPENING in known:
            nothing = (1 - OPENING_SHARE, Reference(jsgf.NULL))
            asked = jsgf.Sequence((Alternatives((nothing, (OPENING_SHARE, Reference(OPENING)))), asked))
        heard = Rule(_HEARD, asked, public=True)
        return jsgf.render([heard, *_needed(heard, known)], "state")

    def _ends(self, expansion: jsgf.Expansion, words: Sequence[str], at: int) -> set[int]:
        """Where a match of `expansion` that begins at `at` may end."""
        match expansion:
            case Word(text):
                return {at + 1} if at < len(words) and words[at] == text else set()
            case Reference(rule=name):
                if name == jsgf.NULL:
                    return {at}
                rule = self._rules.get(name)
                return self._ends(rule.expansion, words, at) if rule else set()
            case jsgf.Sequence(parts):
                ends = {at}
                for part in parts:
                    ends = {end for start in ends for end in self._ends(part, words, start)}
                return ends
            case Alternatives(branches):
                return {end for _, branch in branches for end in self._ends(branch, words, at)}
            case jsgf.Repeat(part, minimum, many):
                once = self._ends(part, words, at)
                reached, new = set(once), set(once)
                while many and new:
                    new = {end for start in new for end in self._ends(part, words, start)} - reached
                    reached |= new
                return reached if minimum else reached | {at}
        raise AssertionError(expansion)


def _joined(first: Rule, second: Rule) -> Rule:
    return Rule(first.name, Alternatives((*_branches(first), *_branches(second))), first.public, second.where)


def _branches(rule: Rule) -> tuple[tuple[float, jsgf.Expansion], ...]:
    return rule.expansion.branches if isinstance(rule.expansion, Alternatives) else ((1.0, rule.expansion),)


def _weighed(names: Sequence[str]) -> jsgf.Expansion:
    expected = [name for name in names if name not in GLOBAL_MOVES]
    always = [name for name in names if name in GLOBAL_MOVES]
    if not expected or not always:
        return _any(names)
    return Alternatives(((EXPECTED_SHARE, _any(expected)), (1 - EXPECTED_SHARE, _any(always))))


def _any(names: Sequence[str]) -> jsgf.Expansion:
    return (
        Alternatives(tuple((SELDOM.get(name, 1.0), Reference(name)) for name in names))
        if len(names) > 1
        else Reference(names[0])
    )


def _needed(start: Rule, rules: Mapping[str, Rule]) -> Iterator[Rule]:
    """The rules that `start` refers to, directly or not, each once."""
    seen: set[str] = set()
    waiting = [reference.rule for reference in jsgf.references(start.expansion)]
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        yield rules[name]
        waiting += [reference.rule for reference in jsgf.references(rules[name].expansion)]


def digits_alone(rules: Sequence[Rule]) -> str | None:
    """JSGF for nothing but the digits, one by one, of the number of known length that a composed grammar asks for;
    None if it asks for none."""
    known = {rule.name: rule for rule in rules}
    lengths = [int(name.removeprefix(_STRING)) for name in known if name.startswith(_STRING)]
    if not lengths or _DIGIT not in known:
        return None
    heard = Rule(_HEARD, jsgf.Sequence((Reference(_DIGIT),) * max(lengths)), public=True)
    return jsgf.render([heard, *_needed(heard, known)], "digits")


def _digits(length: int) -> Iterator[Rule]:
    """`number` as exactly `length` digits: digit by digit, or now and then in pairs (forty two, double five)."""
    if length < 1:
        raise BadGrammar(f"a number has at least one digit, not {length}")
    lead = Alternatives(((1 - LEAD_SHARE, Reference(jsgf.NULL)), (LEAD_SHARE, Reference("number_lead"))))
    yield Rule(_NUMBER, jsgf.Sequence((lead, Reference(f"{_STRING}{length}"))))
    for count in range(length, 0, -1):
        single: jsgf.Expansion = Reference(_DIGIT)
        pair: jsgf.Expansion = Reference("two_digits")
        if count == 1:
            yield Rule(f"{_STRING}1", single)
            continue
        single = jsgf.Sequence((single, Reference(f"{_STRING}{count - 1}")))
        if count > 2:
            pair = jsgf.Sequence((pair, Reference(f"{_STRING}{count - 2}")))
        yield Rule(f"{_STRING}{count}", Alternatives(((DIGIT_BY_DIGIT, single), (1 - DIGIT_BY_DIGIT, pair))))
