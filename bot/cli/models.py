"""`voicebot models`: what can be fetched, fetching it, checking it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.model_files.manifest import Manifest, ModelFilesError, read_manifests
from bot.model_files.shelf import State, fetch, problems, state, take
from bot.progress import step
from bot.settings import SettingsError, load_settings

app = typer.Typer(no_args_is_help=True, help="Fetch and check the models of optional speech engines.")
console = Console()

Folder = Annotated[
    Path | None, typer.Option("--models", help="The folder of manifests; by default the one in voicebot.toml.")
]


@app.command("list")
def list_models(models: Folder = None) -> None:
    """List the models that can be fetched, and which are there."""
    folder, manifests = _manifests(models)
    longest = max(map(len, manifests), default=0)
    for manifest in manifests.values():
        size = f"{manifest.size / 1e6:.0f} MB" if manifest.size else "size unknown"
        here = state(manifest, folder / "fetched")
        shown = str(here) if here is not State.ABSENT or manifest.pinned else "absent, unpinned"
        head = Text.assemble((manifest.name.ljust(longest), "bold"), f"  {shown}, {size}")
        console.print(head, soft_wrap=True)  # names are typed again: they stay in one piece
        about = f"{manifest.about} ({manifest.engine}; {', '.join(manifest.languages)}; licence: {manifest.licence})"
        console.print(Padding(Text(about, "dim"), (0, 0, 0, 2)))


@app.command("fetch")
def fetch_models(
    names: Annotated[list[str], typer.Argument(help="Names from `voicebot models list`.")],
    source: Annotated[
        Path | None, typer.Option("--from", help="Copy from this folder or archive; no network is used.")
    ] = None,
    trust: Annotated[
        bool,
        typer.Option(
            "--trust-first-download",
            help="Take a model without a known checksum, and hold later downloads to this one.",
        ),
    ] = False,
    models: Folder = None,
) -> None:
    """Fetch models; an interrupted download goes on where it stopped."""
    folder, manifests = _manifests(models)
    for manifest in _chosen(manifests, names):
        try:
            if not problems(manifest, folder / "fetched"):
                console.print(f"{manifest.name}: already there", markup=False)
                continue
            if source is not None:
                place = take(manifest, source, folder / "fetched", trust=trust)
            else:
                with step(manifest.name, manifest.size, in_bytes=True) as shown:
                    place = fetch(manifest, folder / "fetched", shown.reach, trust=trust)
        except ModelFilesError as problem:
            _fail(str(problem))
        console.print(f"{manifest.name}: in {place}", soft_wrap=True, markup=False)


@app.command()
def verify(
    names: Annotated[list[str] | None, typer.Argument(help="By default every model that is there.")] = None,
    models: Folder = None,
) -> None:
    """Compare every file of the fetched models with the checksums recorded when they came."""
    folder, manifests = _manifests(models)
    present = [name for name, one in manifests.items() if state(one, folder / "fetched") is not State.ABSENT]
    damaged = False
    for manifest in _chosen(manifests, names or present):
        try:
            found = problems(manifest, folder / "fetched")
        except ModelFilesError as problem:
            found = [str(problem)]
        damaged = damaged or bool(found)
        console.print(f"{manifest.name}: {'; '.join(found) or 'as it was fetched'}", soft_wrap=True, markup=False)
    if damaged:
        raise typer.Exit(1)


def _manifests(models: Path | None) -> tuple[Path, dict[str, Manifest]]:
    try:
        folder = models or load_settings().folders.models
        return folder, read_manifests(folder)
    except (SettingsError, ModelFilesError) as problem:
        _fail(str(problem))


def _chosen(manifests: dict[str, Manifest], names: list[str]) -> list[Manifest]:
    for name in names:
        if name not in manifests:
            _fail(f"there is no model {name}; there are: {', '.join(manifests) or 'none'}")
    return [manifests[name] for name in names]


def _fail(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(1)
