"""The prompt catalogue: every sentence a script may say, in every language, with how it behaves.

    catalogue = PromptCatalogue.load(scripts / "repayment_reminder", scripts / "shared")
    prompt = catalogue.render(Say(prompt="utter_amount_due", slots={...}), "en")
    prompt.text    # words only: "Your payment of one thousand two hundred and fifty dollars is due on ..."

A prompt of the script takes the place of a shared one of the same name. `metadata` stands at the first variation
in the primary language and holds for all variations and languages:

    expects        the answer a question waits for: one of `dialogue.protocol.Answer`
    choices        the intents that answer it
    length         how many digits
    patience_ms    how long the bot waits for the customer to begin to answer, where that differs from the usual
    interruptible  false: plays to its end whatever the customer says (default true)
    legal          true: the law or the bank wants it said; never shortened or skipped (default false)
    sensitive      true: the digits of the answer are masked on tape and recording (default false)

Mistakes are a `ScriptError` that names file, line and prompt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from dialogue.protocol import Answer, Say, SlotValue
from dialogue.script import PROMPT_FOR, Script, load_script
from dialogue.spoken import Format, UnspeakableError, spoken
from dialogue.wording import PLACEHOLDER, slot_problems, text_problems
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem, ScriptError, Source, plain, read


class PromptError(Exception):
    """A prompt cannot be said: unknown name, language or variation, or a slot without a speakable value."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the bot waits for after a prompt. `answer` is None for one that asks nothing; `choices` are intents.

    `sensitive`: the answer is a secret, which no tape, log or recording may keep.
    """

    answer: Answer | None = None
    choices: tuple[str, ...] = ()
    length: int | None = None
    patience_ms: int | None = None
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """A sentence ready to be spoken: `text` holds words and punctuation only."""

    name: str
    variation: int
    text: str
    expectation: Expectation
    legal: bool
    interruptible: bool


@dataclass(frozen=True, slots=True)
class Template:
    """One variation of a prompt as written; `slots` are the values it needs and how each is spoken."""

    name: str
    language: str
    variation: int
    text: str
    slots: tuple[tuple[str, Format], ...]
    expectation: Expectation
    legal: bool
    interruptible: bool
    file: str

    def render(self, values: Mapping[str, SlotValue]) -> Prompt:
        words: dict[tuple[str, Format], str] = {}
        for slot, form in self.slots:
            if values.get(slot) is None:
                raise PromptError(f"{self.name} ({self.file}) needs a value for the slot {slot}")
            try:
                words[slot, form] = spoken(values[slot], form, self.language)
            except UnspeakableError as error:
                raise PromptError(f"{self.name} ({self.file}): slot {slot}: {error}") from error
        text = PLACEHOLDER.sub(lambda match: words[match[1], Format(match[2] or Format.TEXT)], self.text)
        return Prompt(self.name, self.variation, text, self.expectation, self.legal, self.interruptible)

    def sentences(self) -> tuple[Template, ...]:
        """The same, sentence by sentence, each with the slots that it needs."""
        return tuple(
            replace(self, text=text, slots=_slots(text)) for text in re.split(r"(?<=[.?!。？！])\s*", self.text) if text
        )


def _slots(text: str) -> tuple[tuple[str, Format], ...]:
    return tuple((match[1], Format(match[2] or Format.TEXT)) for match in PLACEHOLDER.finditer(text))


class _Metadata(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    expects: Answer | None = None
    choices: tuple[str, ...] = ()
    length: int | None = Field(default=None, ge=1)
    patience_ms: int | None = Field(default=None, ge=1000)
    interruptible: bool = True
    legal: bool = False
    sensitive: bool = False

    @property
    def expectation(self) -> Expectation:
        return Expectation(self.expects, self.choices, self.length, self.patience_ms, self.sensitive)


@dataclass(frozen=True, slots=True)
class _Written:
    """A prompt's list of variations, and where it stands."""

    variations: Any
    source: Source
    block: CommentedMap

    def problem(self, name: str, message: str, rule: Rule = Rule.STRUCTURE) -> Problem:
        return self.source.problem(f"{name}: {message}", self.block, name, rule)


class PromptCatalogue:
    def __init__(self, templates: Mapping[str, Mapping[str, tuple[Template, ...]]]) -> None:
        """Templates by language and name; use `load`."""
        self._templates = templates

    @classmethod
    def load(cls, script_folder: Path, shared_folder: Path) -> PromptCatalogue:
        script = load_script(script_folder)
        problems: list[Problem] = []
        written = {
            language: _written([shared_folder, script_folder], language, problems) for language in script.languages
        }
        primary = script.languages[0]
        problems += _unpaired(written, primary)
        problems += _untreated(script, script_folder, written[primary])
        metadata = {name: _metadata(name, prompt, problems) for name, prompt in written[primary].items()}
        templates = {
            language: {
                name: tuple(_templates(name, language, prompt, metadata.get(name, _Metadata()), script, problems))
                for name, prompt in prompts.items()
            }
            for language, prompts in written.items()
        }
        for language in script.languages[1:]:
            problems += _metadata_elsewhere(written[language])
        if problems:
            raise ScriptError(problems)
        return cls(templates)

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._templates)

    def prompts(self) -> tuple[Template, ...]:
        """Every variation of every prompt in every language."""
        return tuple(
            template for named in self._templates.values() for variations in named.values() for template in variations
        )

    def render(self, say: Say, language: str) -> Prompt:
        """The words of one step. Raises `PromptError`."""
        if language not in self._templates:
            raise PromptError(f"the script does not speak {language!r}; it speaks {', '.join(self._templates)}")
        variations = self._templates[language].get(say.prompt)
        if variations is None:
            raise PromptError(f"there is no prompt {say.prompt}")
        if not 0 <= say.variation < len(variations):
            raise PromptError(f"{say.prompt} has no variation {say.variation} in {language!r}")
        return variations[say.variation].render(say.slots)

    def ready(self, language: str, slots: Mapping[str, SlotValue]) -> tuple[Prompt, ...]:
        """All prompts whose words are known with these slot values, as before a call: to render ahead of it."""
        found = []
        for template in self.prompts():
            if template.language == language and all(slots.get(slot) is not None for slot, _ in template.slots):
                found.append(template.render(slots))
        return tuple(found)


def _written(folders: list[Path], language: str, problems: list[Problem]) -> dict[str, _Written]:
    prompts: dict[str, _Written] = {}
    for folder in folders:
        path = folder / f"responses.{language}.yml"
        if not path.is_file():
            problems.append(
                Problem(str(path), None, "is missing: script.yml names the language", Rule.LANGUAGE_MISSING)
            )
            continue
        source = read(path)
        block = source.data.get("responses")
        if not isinstance(block, CommentedMap):
            problems.append(source.problem("needs `responses:` with the prompts by name", source.data))
            continue
        prompts |= {str(name): _Written(value, source, block) for name, value in block.items()}
    return prompts


def _unpaired(written: Mapping[str, Mapping[str, _Written]], primary: str) -> Iterator[Problem]:
    for language, prompts in written.items():
        for name, prompt in written[primary].items():
            if name not in prompts:
                yield prompt.problem(name, f"has no text in responses.{language}.yml", Rule.LANGUAGE_MISSING)
        for name, prompt in prompts.items():
            if name not in written[primary]:
                yield prompt.problem(
                    name, f"has no text in responses.{primary}.yml, the primary language", Rule.LANGUAGE_MISSING
                )


def _untreated(script: Script, folder: Path, prompts: Mapping[str, _Written]) -> Iterator[Problem]:
    """What is to be said to a machine must be there to say; `_unpaired` sees to the other languages."""
    source = read(folder / "script.yml")
    for answerer, treatment in script.answered_by.items():
        needed = PROMPT_FOR.get(treatment)
        if needed is not None and needed not in prompts:
            message = f"`answered_by`: {answerer}: {treatment} needs the prompt {needed} in every language"
            yield source.problem(message, source.data, "answered_by")


def _metadata(name: str, prompt: _Written, problems: list[Problem]) -> _Metadata:
    first, *others = prompt.variations if isinstance(prompt.variations, CommentedSeq) and prompt.variations else [None]
    if any(isinstance(other, CommentedMap) and "metadata" in other for other in others):
        problems.append(prompt.problem(name, "`metadata` stands at the first variation and holds for all"))
    given = plain(first.get("metadata") or {}) if isinstance(first, CommentedMap) else {}
    try:
        metadata = _Metadata.model_validate(given)
    except ValidationError as error:
        for detail in error.errors():
            where = ".".join(map(str, detail["loc"]))
            problems.append(prompt.problem(name, f"metadata {where}: {detail['msg']}"))
        return _Metadata()
    if metadata.length is not None and metadata.expects is not Answer.NUMBER:
        problems.append(prompt.problem(name, "`length` goes with `expects: number`"))
    if metadata.sensitive and metadata.expects is not Answer.NUMBER:
        problems.append(prompt.problem(name, "`sensitive` goes with `expects: number`: only digits can be masked"))
    if metadata.expects is Answer.CHOICE and not metadata.choices:
        problems.append(prompt.problem(name, "`expects: choice` needs `choices`"))
    return metadata


def _metadata_elsewhere(prompts: Mapping[str, _Written]) -> Iterator[Problem]:
    for name, prompt in prompts.items():
        if any(
            isinstance(variation, CommentedMap) and "metadata" in variation for variation in prompt.variations or []
        ):
            yield prompt.problem(name, "`metadata` belongs into the primary language; it holds for all")


def _templates(
    name: str, language: str, prompt: _Written, metadata: _Metadata, script: Script, problems: list[Problem]
) -> Iterator[Template]:
    if not isinstance(prompt.variations, CommentedSeq) or not prompt.variations:
        problems.append(prompt.problem(name, "must be a list of `- text: ...`", Rule.TEXT_MISSING))
        return
    for index, variation in enumerate(prompt.variations):
        text = variation.get("text") if isinstance(variation, CommentedMap) else None
        if not isinstance(text, str) or not text.strip():
            problems.append(prompt.problem(name, f"variation {index + 1} has no `text`", Rule.TEXT_MISSING))
            continue
        text = text.strip()
        unspeakable, unfit = list(text_problems(text)), list(slot_problems(text, script.contact))
        problems += [prompt.problem(name, message, Rule.NOT_WORDS) for message in unspeakable]
        problems += [prompt.problem(name, message) for message in unfit]
        if not unspeakable and not unfit:
            yield Template(
                name=name,
                language=language,
                variation=index,
                text=text,
                slots=_slots(text),
                expectation=metadata.expectation,
                legal=metadata.legal,
                interruptible=metadata.interruptible,
                file=str(prompt.source.path),
            )
