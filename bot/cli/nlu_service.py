"""`voicebot nlu promote | rollback | shadow`: which model serves, and what has to be true before it does."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.errors import fail, friendly
from bot.cli.nlu_options import Data, Models, data_folder, models_folder
from bot.preparation import check_scripts
from bot.progress import step
from bot.promotion import scripts, tapes
from bot.settings import Settings, load_settings
from bot.studio.in_service import folders_in_service
from nlu import corpus, pointers
from nlu.comparison import promotion
from nlu.comparison.comparing import Comparison, calibration_error, compare
from nlu.comparison.measuring import measure
from nlu.corpus import Split, of_split
from nlu.manifest import ModelError
from nlu.model import OnnxUnderstander, load
from nlu.policy.costs import costs

TAPES = 50

console = Console()


def promote(
    version: Annotated[str, typer.Argument(help="The version to put into service.")],
    data: Data = None,
    models: Models = None,
    tape_folder: Annotated[
        Path | None, typer.Option("--tapes", help="Recorded calls to hold again; by default those of voicebot.toml.")
    ] = None,
    last: Annotated[int, typer.Option(min=0, help="How many of the newest tapes; 0 for none.")] = TAPES,
    acknowledge: Annotated[
        list[str] | None, typer.Option("--acknowledge", help="A tape that may end otherwise.")
    ] = None,
) -> None:
    """Put a model into service, if nothing speaks against it. Running calls keep the one they began with."""
    with friendly():
        settings = load_settings()
        folder, root = data_folder(data), models_folder(models)
        pointers.require(root, version)
        candidate = load(root / version)
        if pointers.pointed(root, pointers.LIVE) == version:
            console.print(f"model {version} is live already")
            return
        live = _live(root)
        reasons = [*_of_rows(settings, folder, candidate, live)]
        if not reasons:
            reasons += _of_tapes(settings, root, candidate, live, tape_folder, last, acknowledge or [])
        if reasons:
            for reason in reasons:
                console.print(f"- {reason}", highlight=False, soft_wrap=True, markup=False)
            fail(f"model {version} is not promoted, for the reason{'s' if len(reasons) > 1 else ''} above")
        pointers.set_live(root, version, f"acknowledged: {', '.join(acknowledge)}" if acknowledge else "")
        console.print(f"model {version} is live for calls that begin from now on", highlight=False)


def rollback(models: Models = None) -> None:
    """Put the model that was live before this one back into service."""
    with friendly():
        root = models_folder(models)
        left, now = pointers.roll_back(root)
        console.print(f"model {now} is live again, {left} is not; running calls keep theirs", highlight=False)


def shadow(
    version: Annotated[
        str | None, typer.Argument(help="The version that is to listen; none shows what is set.")
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="No model listens any more.")] = False,
    models: Models = None,
) -> None:
    """Let a model listen to every call without being obeyed; tapes note what it would have understood."""
    with friendly():
        root = models_folder(models)
        if version is not None:
            pointers.require(root, version)
            load(root / version)
        if version is not None or off:
            pointers.set_shadow(root, version)
        console.print(f"shadow: {pointers.pointed(root, pointers.SHADOW) or 'none'}", highlight=False)


def _live(root: Path) -> OnnxUnderstander | None:
    """None where none serves, or only one that cannot: that must not keep a sound one out."""
    version = pointers.pointed(root, pointers.LIVE)
    if version is None:
        return None
    try:
        return load(root / version)
    except ModelError as error:
        console.print(f"the live model cannot be compared with: {error}", style="yellow", soft_wrap=True, markup=False)
        return None


def _of_rows(
    settings: Settings, folder: Path, candidate: OnnxUnderstander, live: OnnxUnderstander | None
) -> Iterator[str]:
    """What labels and the rows kept aside say, in every language of the scripts and of the model."""
    spoken_from = folders_in_service(settings.folders)
    spoken = scripts.languages(spoken_from)
    yield from promotion.of_labels(candidate.manifest, scripts.needed_intents(spoken_from), spoken)
    kept = {
        language: of_split(corpus.read(folder / f"{language}.jsonl"), Split.TEST) for language in candidate.languages
    }
    yield from promotion.of_data({language: Counter(row.intent for row in rows) for language, rows in kept.items()})
    for language, rows in kept.items():
        if not rows:
            yield f"{language}: {folder / language}.jsonl has no row in the test split to judge by"
            continue
        measured = measure(candidate, rows, language)
        if live is None or language not in live.languages:
            ece = calibration_error(measured)
            yield from promotion.of_calibration(promotion.Alone(language, ece), costs())
            continue
        found = compare(measure(live, rows, language), measured)
        _print(found)
        yield from promotion.of_comparison(found, costs())


def _print(found: Comparison) -> None:
    pair = found.accuracy
    console.print(
        f"{found.language}: accuracy {pair.a:.3f} live, {pair.b:.3f} candidate (McNemar exact p = {pair.p:.3g}, "
        f"{pair.rows} rows); ECE {found.ece[0]:.3f}, {found.ece[1]:.3f}",
        highlight=False,
        soft_wrap=True,
    )


def _of_tapes(
    settings: Settings,
    root: Path,
    candidate: OnnxUnderstander,
    live: OnnxUnderstander | None,
    folder: Path | None,
    last: int,
    acknowledged: list[str],
) -> Iterator[str]:
    paths = tapes.newest(folder or settings.folders.tapes, last) if last else []
    if not paths:
        console.print("no tape to hold again")
        return
    if root.resolve() != models_folder(None).resolve():
        yield f"{len(paths)} tapes cannot be held again: calls find their models in {models_folder(None)}; --last 0"
        return
    check_scripts(settings, [], console)
    with step("holding recorded calls again", total=len(paths), console=console) as bar:
        found = asyncio.run(
            tapes.verdict(settings, paths, candidate.version, live.version if live else None, bar.reach)
        )
    console.print(f"{found.same} of {len(paths)} tapes end as they did, {len(found.skipped)} cannot be held again")
    for name, why in found.skipped:
        console.print(f"  {name}: {why}", style="dim", highlight=False, soft_wrap=True, markup=False)
    yield from promotion.of_tapes(found.changed, acknowledged)
