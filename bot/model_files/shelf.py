"""The shelf of fetched models: putting one there, from the network or from a folder, and checking what is there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from bot.model_files.archive import unpack_zip
from bot.model_files.checksums import Record, pinned_by_record, read_record, write_record
from bot.model_files.download import Report, check, download, sha256
from bot.model_files.manifest import Manifest, ModelFilesError


class State(StrEnum):
    ABSENT = "absent"
    INCOMPLETE = "incomplete"  # the folder is there, but not all the engine needs
    PRESENT = "present"


def state(manifest: Manifest, fetched: Path) -> State:
    """A quick look, without reading the files; `problems` reads them."""
    folder = fetched / manifest.name
    if not folder.is_dir():
        return State.ABSENT
    return State.PRESENT if not _lacking(manifest, folder) else State.INCOMPLETE


def problems(manifest: Manifest, fetched: Path) -> list[str]:
    """What is wrong with a fetched model; empty where every file is as it was recorded."""
    folder = fetched / manifest.name
    if not folder.is_dir():
        return ["not fetched"]
    found = [f"{path} is missing" for path in _lacking(manifest, folder)]
    record = read_record(fetched, manifest.name)
    if record is None:
        return [*found, "there is no record of its checksums; fetch it again"]
    for path, checksum in record.files.items():
        if not (fetched / path).is_file():
            found.append(f"{path} is missing")
        elif sha256(fetched / path) != checksum:
            found.append(f"{path} has changed since it was fetched")
    found += [
        f"{file.url} was fetched with another checksum than the manifest's"
        for file in manifest.files
        if file.sha256 and file.url in record.downloads and record.downloads[file.url] != file.sha256
    ]
    return list(dict.fromkeys(found))


def fetch(manifest: Manifest, fetched: Path, report: Report, *, trust: bool = False) -> Path:
    """Fetch the model over the network; the answer is its folder.

    A file without a checksum is taken only with `trust`, and its checksum recorded: the next fetch must match it.
    Raises ModelFilesError.
    """
    manifest = _vouched_for(manifest, read_record(fetched, manifest.name), trust)
    arriving = fetched / ".arriving" / manifest.name
    downloads: dict[str, str] = {}
    behind = 0
    for file in manifest.files:
        target = arriving / file.name
        if file.sha256 and _arrived(target, file.sha256):
            downloads[file.url] = file.sha256
        else:
            downloads[file.url] = download(file, target, _behind(behind, manifest, report))
        behind += target.stat().st_size
    with _new_folder(manifest, fetched) as folder:
        for file in manifest.files:
            _place(arriving / file.name, folder, unpack=file.unpack is not None, move=True)
    write_record(fetched, manifest.name, downloads)
    shutil.rmtree(arriving)
    return fetched / manifest.name


def take(manifest: Manifest, source: Path, fetched: Path, *, trust: bool = False) -> Path:
    """Copy the model from `source`: its archive, a folder with its files, or the unpacked model.

    Raises ModelFilesError. An unpacked model cannot be checked against its archive's checksum, so it too needs `trust`.
    """
    if not source.exists():
        raise ModelFilesError(f"{source}: there is no such file or folder")
    record = read_record(fetched, manifest.name)
    paths = [source] if source.is_file() else [source / file.name for file in manifest.files]
    if all(path.is_file() for path in paths) and len(paths) == len(manifest.files):
        manifest = _vouched_for(manifest, record, trust)
        checksums = {file.url: check(path, file, str(path)) for file, path in zip(manifest.files, paths, strict=True)}
        with _new_folder(manifest, fetched) as folder:
            for file, path in zip(manifest.files, paths, strict=True):
                _place(path, folder, unpack=file.unpack is not None, move=False)
    elif source.is_dir() and manifest.archive and not _lacking(manifest, source):
        if not trust:
            raise ModelFilesError(
                f"{source} is an unpacked {manifest.name}, whose checksum is not known; give "
                f"{manifest.archive.name} instead, or add --trust-first-download if you trust the folder"
            )
        checksums = {}
        with _new_folder(manifest, fetched) as folder:
            shutil.copytree(source, folder, dirs_exist_ok=True)
    else:
        wanted = ", ".join(file.name for file in manifest.files)
        raise ModelFilesError(f"{source} does not hold {manifest.name}; wanted: {wanted}")
    write_record(fetched, manifest.name, checksums)
    return fetched / manifest.name


def _behind(bytes_before: int, manifest: Manifest, report: Report) -> Report:
    """Reports one file's progress as progress of the whole model."""

    def progress(done: int, total: int | None) -> None:
        alone = len(manifest.files) == 1
        report(bytes_before + done, manifest.size or (total if alone else None))

    return progress


def _vouched_for(manifest: Manifest, record: Record | None, trust: bool) -> Manifest:
    manifest = pinned_by_record(manifest, record)
    if not manifest.pinned and not trust:
        raise ModelFilesError(
            f"{manifest.name} is unpinned: its manifest has no checksum to hold the download against. "
            "With --trust-first-download it is fetched all the same, and its checksum recorded"
        )
    return manifest


def _arrived(target: Path, checksum: str) -> bool:
    """Whole from an earlier try that failed at a later file."""
    return target.is_file() and sha256(target) == checksum


def _lacking(manifest: Manifest, folder: Path) -> list[str]:
    return [path for path in manifest.holds if not (folder / path).is_file()]


def _place(path: Path, folder: Path, *, unpack: bool, move: bool) -> None:
    if unpack:
        unpack_zip(path, folder)
    elif move:
        path.replace(folder / path.name)
    else:
        shutil.copyfile(path, folder / path.name)


@contextmanager
def _new_folder(manifest: Manifest, fetched: Path) -> Iterator[Path]:
    """Filled inside the block, then put in the model's place at once: nobody sees it half there."""
    filling = fetched / ".arriving" / f"{manifest.name}.new"
    shutil.rmtree(filling, ignore_errors=True)
    filling.mkdir(parents=True)
    try:
        yield filling
        lacking = _lacking(manifest, filling)
        if lacking:
            raise ModelFilesError(f"what came is not {manifest.name}: it lacks {', '.join(lacking)}")
        shutil.rmtree(fetched / manifest.name, ignore_errors=True)
        filling.rename(fetched / manifest.name)
    finally:
        shutil.rmtree(filling, ignore_errors=True)
