"""Bad examples: what is changed in a good script, which rule that breaks, and on which line that is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dialogue.lint.reading import read_script
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem

ERRAND = "errand"
LEAVE = ("action: action_deactivate_loop", "active_loop: null")
BYE = ("action: utter_goodbye", "action: utter_hang_up")
REMINDED = ("action: utter_outcome_reminded", *BYE)
DECLINES = (
    "      - slot_was_set: [{will_come: false}]\n      - action: utter_outcome_reminded\n"
    "      - action: utter_goodbye\n      - action: utter_hang_up\n"
)
"""The end of the rule `does not come`."""

GREETING = "    - text: Thank you. We look forward to seeing you. Goodbye.\n"


@dataclass(frozen=True)
class Bad:
    """`edits`: file, old, new; without an old text, the new one goes to the end of the file. `at`: how the line found
    begins.
    """

    rule: Rule
    at: str
    edits: Sequence[tuple[str, str, str]]
    script: str = ERRAND

    def __str__(self) -> str:
        return f"{self.rule.value}: {self.at.strip()}"

    def judge(self, scripts: Path) -> None:
        """The rule finds its bad example, on that line, and nothing else is found."""
        for file, old, new in self.edits:
            edit(scripts, file, old, new)
        found = findings(scripts, self.script)
        told = "\n".join(map(str, found))
        assert {one.rule for one in found} == {self.rule}, told
        lines = [Path(one.file).read_text(encoding="utf-8").splitlines()[(one.line or 1) - 1] for one in found]
        assert any(line.startswith(self.at) for line in lines), told


def findings(scripts: Path, name: str = ERRAND) -> Sequence[Problem]:
    return read_script(scripts, name).findings


def line_of(path: Path, text: str) -> int:
    content = path.read_text(encoding="utf-8")
    return content[: content.index(text)].count("\n") + 1


def edit(scripts: Path, file: str, old: str, new: str) -> Path:
    path = scripts / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")
    return path


def rule(title: str, *steps: str, condition: str = "", wait: bool = True) -> str:
    """A rule in YAML, to stand at the end of a rules.yml."""
    lines = [f"  - rule: {title}"]
    lines += [f"    condition: [{condition}]"] if condition else []
    lines += ["    steps:", *(f"      - {step}" for step in steps)]
    lines += [] if wait else ["    wait_for_user_input: false"]
    return "\n".join(lines) + "\n"


def more_rules(*args: str, **kwargs: str) -> list[tuple[str, str, str]]:
    """One rule more in the small script."""
    return [("errand/rules.yml", "", rule(*args, **kwargs))]
