"""The folder of a model that does not come with the package."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from speech.asr.port import ModelMissing


def require_files(folder: Path, files: Sequence[str], engine: str) -> None:
    """Raise `ModelMissing`, with the command that fetches the model, unless the folder holds the files."""
    lacking = [file for file in files if not (folder / file).exists()]
    if lacking:
        state = f"lacks {', '.join(lacking)}" if folder.is_dir() else "does not exist"
        raise ModelMissing(
            f"the {engine} model folder {folder} {state}; fetch it with `voicebot models fetch {folder.name}` "
            "(names: `voicebot models list`)"
        )
