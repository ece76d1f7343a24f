"""The record beside a fetched model: the checksum of every file, and of what was downloaded, `sha256sum -c` can read.

# 30f2...  https://.../vosk-model-small-en-us-0.15.zip     what was downloaded, from where
9c1a...  vosk-model-small-en-us-0.15/am/final.mdl          what lies in the model's folder
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.model_files.download import sha256
from bot.model_files.manifest import Manifest, ModelFilesError


@dataclass(frozen=True, slots=True)
class Record:
    downloads: dict[str, str]  # URL -> sha256
    files: dict[str, str]  # path relative to the folder of fetched models -> sha256


def record_path(fetched: Path, name: str) -> Path:
    return fetched / f"{name}.sha256"


def write_record(fetched: Path, name: str, downloads: dict[str, str]) -> None:
    lines = [f"# {checksum}  {url}" for url, checksum in downloads.items()]
    for path in sorted((fetched / name).rglob("*")):
        if path.is_file():
            lines.append(f"{sha256(path)}  {path.relative_to(fetched).as_posix()}")
    record_path(fetched, name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_record(fetched: Path, name: str) -> Record | None:
    path = record_path(fetched, name)
    if not path.exists():
        return None
    downloads: dict[str, str] = {}
    files: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        checksum, separator, subject = line.removeprefix("# ").partition("  ")
        if not separator or len(checksum) != 64:
            raise ModelFilesError(f"{path}, line {number}: not a checksum and a path; remove the file and fetch again")
        (downloads if line.startswith("#") else files)[subject] = checksum
    return Record(downloads, files)


def pinned_by_record(manifest: Manifest, record: Record | None) -> Manifest:
    """The manifest with the checksums of an earlier, trusted download where it has none of its own."""
    if record is None:
        return manifest
    files = tuple(
        file.model_copy(update={"sha256": file.sha256 or record.downloads.get(file.url)}) for file in manifest.files
    )
    return manifest.model_copy(update={"files": files})
