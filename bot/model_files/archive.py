"""Unpacks a downloaded archive, refusing what could write outside its folder."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path, PurePosixPath

from bot.model_files.manifest import ModelFilesError

UNPACKED_LIMIT = 8 << 30  # bytes; the largest speech models unpack to about 3 GB


def unpack_zip(archive: Path, folder: Path) -> None:
    """Unpack into `folder`; an archive that holds one top folder is unpacked without it. Raises ModelFilesError."""
    try:
        with zipfile.ZipFile(archive) as content:
            members = content.infolist()
            for member in members:
                _refuse_unsafe(member, archive)
            if sum(member.file_size for member in members) > UNPACKED_LIMIT:
                raise ModelFilesError(
                    f"{archive.name} would unpack to more than {UNPACKED_LIMIT >> 30} GB; not unpacked"
                )
            content.extractall(folder)
    except zipfile.BadZipFile as error:
        raise ModelFilesError(f"{archive.name} is not a zip archive, or is damaged: {error}") from None
    _lift_single_folder(folder)


def _refuse_unsafe(member: zipfile.ZipInfo, archive: Path) -> None:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    outside = path.is_absolute() or ".." in path.parts or ":" in path.parts[0]
    if outside or stat.S_ISLNK(member.external_attr >> 16):
        raise ModelFilesError(
            f"{archive.name} holds {member.filename!r}, which points outside its folder; nothing was unpacked"
        )


def _lift_single_folder(folder: Path) -> None:
    entries = list(folder.iterdir())
    if len(entries) != 1 or not entries[0].is_dir():
        return
    # Renamed first: the top folder may hold an entry of its own name.
    top = entries[0].rename(folder / ".top")
    for entry in top.iterdir():
        entry.rename(folder / entry.name)
    top.rmdir()
