"""`voicebot script diff`: what changed between two scripts, for whoever has to approve it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot.cli.errors import fail, friendly
from bot.settings import load_settings
from dialogue.differences.changes import Change, Difference, Sort, compare
from dialogue.differences.facts import WORDS, facts_of
from dialogue.differences.wording import Piece, by_lines, by_words
from dialogue.worker.project import SHARED, load, script_names

SAME, DIFFERENT, IMPOSSIBLE = 0, 1, 2
SIGNS = {Sort.ADDED: ("+", "green"), Sort.REMOVED: ("-", "red"), Sort.CHANGED: ("~", "yellow")}
OLD, NEW = "red", "green"

console = Console()


def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="A script's name, or a folder with a script.yml.")],
    after: Annotated[str, typer.Argument(metavar="B", help="The one to compare with it.")],
    json_path: Annotated[Path | None, typer.Option("--json", help="Write the differences as data, too.")] = None,
) -> None:
    """Show what customers would hear and meet otherwise in B than in A.

    Exit code 0 when nothing differs, 1 when something does, 2 when the two cannot be compared.
    """
    with friendly(IMPOSSIBLE):
        scripts = load_settings().folders.scripts
        folders = [_folder(scripts, one) for one in (before, after)]
        shared = [(folder.parent / SHARED).is_dir() for folder in folders]
        old, new = (load(folder.parent, folder.name) for folder in folders)
        found = compare(*(facts_of(one, with_shared=all(shared)) for one in (old, new)))
        if json_path is not None:
            text = json.dumps([one.as_json() for one in found], ensure_ascii=False, indent=1)
            json_path.write_text(text + "\n", encoding="utf-8")
    versions = f"{old.name} {old.version} \N{RIGHTWARDS ARROW} {new.name} {new.version}"
    console.print(versions, style="dim", highlight=False, soft_wrap=True)
    show_differences(found)
    if any(shared) and not all(shared):
        console.print(
            f"\nThe shared part is not compared: beside {folders[shared.index(False)]} there is none.", style="dim"
        )
    raise typer.Exit(DIFFERENT if found else SAME)


def _folder(scripts: Path, given: str) -> Path:
    """A folder as given, or the script of that name."""
    found = [folder for folder in (Path(given), scripts / given) if (folder / "script.yml").is_file()]
    if not found:
        known = ", ".join(script_names(scripts)) or "none"
        fail(f"{given}: neither a folder with a script.yml nor a script in {scripts}; there are: {known}", IMPOSSIBLE)
    return found[0].resolve()


def show_differences(found: Sequence[Difference]) -> None:
    """By part, and how many there are."""
    counts = []
    for part, grouped in groupby(found, lambda one: one.subject.part):
        differences = list(grouped)
        counts.append(f"{len(differences)} in {part}")
        console.print(f"\n{part}", style="bold")
        for one in differences:
            _show_one(one)
    console.print(f"\ndifferences: {', '.join(counts)}" if counts else "no difference", highlight=False)


def _show_one(one: Difference) -> None:
    sign, style = SIGNS[one.sort]
    head = Text(f"  {sign} {one.subject.name}", style).append("  legal" if one.legal else "", "bold red")
    console.print(head.append(f"  {one.place}", "dim"), soft_wrap=True)
    for change in one.changes:
        for line in _lines(change, one.sort):
            console.print(Text("      ").append_text(line), soft_wrap=True)


def _lines(change: Change, sort: Sort) -> Iterator[Text]:
    """Sentences word by word, rules line by line, anything else as it was and is."""
    before, after = change.before, change.after
    label = f"{change.what}: " if change.what else ""
    if "\n" in (before or "") + (after or ""):
        for piece in by_lines(before or "", after or ""):
            yield from _changed_lines(piece)
    elif sort is not Sort.CHANGED:
        yield Text(label).append(before or after or "")
    elif before is not None and after is not None and not change.what.endswith(WORDS):
        yield Text(label).append(before, OLD).append(" \N{RIGHTWARDS ARROW} ").append(after, NEW)
    else:
        line = Text(label)
        for piece in by_words(before or "", after or ""):
            if piece.old == piece.new:
                line.append(piece.new)
            else:
                line.append(f"[-{piece.old}-]" if piece.old else "", OLD)
                line.append(f"{{+{piece.new}+}}" if piece.new else "", NEW)
        yield line


def _changed_lines(piece: Piece) -> Iterator[Text]:
    if piece.old == piece.new:
        yield from (Text(f"  {line}") for line in piece.new.splitlines())
        return
    yield from (Text(f"- {line}", OLD) for line in piece.old.splitlines())
    yield from (Text(f"+ {line}", NEW) for line in piece.new.splitlines())
