"""`voicebot nlu data`: check labelled utterances, count them, bring them in from other formats and out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.errors import fail, friendly
from bot.cli.nlu_options import data_folder
from nlu import corpus
from nlu.data import check as checking
from nlu.data import exchange, records
from nlu.data.check import Finding
from nlu.data.stats import Counts, Stats
from nlu.data.stats import stats as count
from nlu.features import TOKENISERS

app = typer.Typer(no_args_is_help=True, help="Check, count, import and export labelled utterances.")
console = Console()

WIDE = 1000  # where the output goes to a file or a pipe, a place stays in one piece
SHOWN = 20  # of one rule's findings; all are in the JSON

Paths = Annotated[
    list[Path] | None,
    typer.Argument(help="Files (JSONL, CSV, Rasa YAML) or folders of JSONL; by default those of voicebot.toml."),
]
Language = Annotated[str | None, typer.Option("--lang", help="The language, where the file does not say it.")]
AsJson = Annotated[Path | None, typer.Option("--json", help="Write the result as data, too.")]


@app.command()
def check(paths: Paths = None, lang: Language = None, json_path: AsJson = None) -> None:
    """Look for leaks, near-duplicates, contradictions, personal data and more; exit with 1 where there are any."""
    with friendly():
        files = _files(paths)
        findings = checking.check(files, _known(lang))
        if json_path is not None:
            report = [{**asdict(finding), "mend": finding.mend} for finding in findings]
            _write(json_path, {"files": [str(path) for path in files], "findings": report})
    _print_findings(findings, files)
    raise typer.Exit(1 if findings else 0)


@app.command()
def stats(paths: Paths = None, lang: Language = None, json_path: AsJson = None) -> None:
    """Count rows, templates, splits and feelings for each intent."""
    with friendly():
        rows = [row for path in _files(paths) for row in _rows(path, _known(lang))]
        languages = sorted({row.language for row in rows})
        found = [count([row for row in rows if row.language == language], language) for language in languages]
        if json_path is not None:
            _write(json_path, {one.language: asdict(one) for one in found})
    for one in found:
        _print_stats(one)


@app.command("import")
def import_rows(
    source: Annotated[Path, typer.Argument(help="CSV with a header, Rasa's nlu.yml, or JSONL.")],
    out: Annotated[Path, typer.Option("--out", help="The JSONL file to write; it must not be there yet.")],
    lang: Language = None,
) -> None:
    """Turn a file of another format into rows like ours, with templates and splits, and look them over.

    Whether they are enough is asked of all the data together, by `check`.
    """
    with friendly():
        if out.suffix != ".jsonl":
            fail(f"{out}: rows are imported as JSONL; give a name that ends in .jsonl")
        rows = _rows(source, _known(lang))
        write_new(out, exchange.export(rows, out))
        console.print(f"{len(rows)} rows in {out}", soft_wrap=True, markup=False)
        findings = [finding for finding in checking.check([out]) if finding.rule not in checking.OF_A_WHOLE]
    _print_findings(findings, [out])


@app.command()
def export(
    out: Annotated[
        Path, typer.Argument(help="The file to write, .yml (Rasa), .csv or .jsonl; it must not be there yet.")
    ],
    paths: Annotated[list[Path] | None, typer.Option("--data", help="Files or folders; by default ours.")] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="Only rows of this language.")] = None,
) -> None:
    """Write rows as Rasa YAML, CSV or JSONL; importing the file gives the same rows."""
    with friendly():
        wanted = _known(lang)
        rows = [row for path in _files(paths) for row in _rows(path, None) if wanted in (None, row.language)]
        if not rows:
            fail(f"no row in language {lang}; leave --lang away")
        write_new(out, exchange.export(rows, out))
    console.print(f"{len(rows)} rows in {out}", soft_wrap=True, markup=False)


def _files(paths: Sequence[Path] | None) -> list[Path]:
    files: list[Path] = []
    for path in paths or [data_folder(None)]:
        files += [path / f"{tag}.jsonl" for tag in corpus.languages(path)] if path.is_dir() else [path]
    return [_short(path) for path in files]


def _short(path: Path) -> Path:
    """As seen from here, where that is shorter: places are read by people."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _known(lang: str | None) -> str | None:
    if lang is not None and lang not in TOKENISERS:
        fail(f"--lang {lang}: there is a model for {', '.join(sorted(TOKENISERS))}")
    return lang


def _rows(path: Path, lang: str | None) -> list[corpus.Row]:
    return [placed.row for placed in exchange.complete_all(records.read_all(path), lang)]


def _write(path: Path, report: object) -> None:
    path.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def write_new(path: Path, content: str) -> None:
    """Labels are work: a file that is there is never written over."""
    try:
        with path.open("x", encoding="utf-8", newline="") as out:
            out.write(content)
    except FileExistsError:
        fail(f"{path}: is there already; give another name")


def _print_findings(findings: Sequence[Finding], files: Sequence[Path]) -> None:
    if not findings:
        console.print(f"nothing found in {', '.join(map(str, files))}", soft_wrap=True, markup=False)
        return
    table = Table("rule", "place", "why", "how to mend", box=None, pad_edge=False)
    seen: Counter[str] = Counter()
    for finding in findings:
        seen[finding.rule] += 1
        if seen[finding.rule] <= SHOWN:
            table.add_row(finding.rule, finding.place, finding.why, finding.mend)
    (console if console.is_terminal else Console(width=WIDE)).print(table, markup=False)
    _print_rules(findings)


def _print_rules(findings: Sequence[Finding]) -> None:
    for rule, number in Counter(finding.rule for finding in findings).items():
        console.print(f"{number:>5}  {rule}" + (f", {SHOWN} shown" if number > SHOWN else ""), highlight=False)


def _print_stats(one: Stats) -> None:
    console.print(f"\n[bold]{one.language}[/]  {one.total.rows} rows, {one.total.templates} templates", highlight=False)
    unit = "characters" if one.language == "zh" else "words"
    sources = ", ".join(f"{name} {number}" for name, number in one.sources.items())
    console.print(
        f"half have at most {one.length:g} {unit}; {one.vocabulary} different ones; from {sources}", highlight=False
    )
    table = Table("intent", "rows", "templates", "train", "valid", "test", "feelings", box=None, pad_edge=False)
    for name, counts in {**one.intents, "all": one.total}.items():
        table.add_row(name, *_cells(counts))
    console.print(table)


def _cells(counts: Counts) -> list[str]:
    splits = [str(counts.splits.get(split, 0)) for split in corpus.Split]
    feelings = ", ".join(f"{name} {number}" for name, number in counts.sentiments.items())
    return [str(counts.rows), str(counts.templates), *splits, feelings]
