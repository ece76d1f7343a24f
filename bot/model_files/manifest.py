"""What a fetchable model is: one TOML file a model."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator


class ModelFilesError(Exception):
    """Something about a model is not as it must be; the message says what and what to do."""


class Kind(StrEnum):
    ASR = "asr"
    TTS = "tts"
    NLU_ENCODER = "nlu-encoder"
    END_OF_TURN = "end-of-turn"


class Unpack(StrEnum):
    ZIP = "zip"  # its one top folder becomes the model's folder


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RemoteFile(_Table):
    """One file to fetch. Without `sha256` it is not pinned: nobody has vouched for what the address serves."""

    url: Annotated[str, Field(pattern=r"^https?://")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    size: Annotated[int, Field(gt=0)] | None = None  # bytes
    unpack: Unpack | None = None

    @property
    def name(self) -> str:
        return PurePosixPath(self.url.split("?")[0]).name


class Manifest(_Table):
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    kind: Kind
    engine: str
    languages: tuple[str, ...]
    licence: str
    about: str
    holds: tuple[str, ...]  # paths the engine needs; a folder without them is not this model
    files: Annotated[tuple[RemoteFile, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _archive_alone(self) -> Self:
        if any(file.unpack for file in self.files) and len(self.files) > 1:
            raise ValueError("a model with an archive has no other files")
        return self

    @property
    def archive(self) -> RemoteFile | None:
        return self.files[0] if self.files[0].unpack else None

    @property
    def pinned(self) -> bool:
        return all(file.sha256 for file in self.files)

    @property
    def size(self) -> int | None:
        """Bytes to download, where known."""
        sizes = [file.size for file in self.files]
        return sum(size for size in sizes if size) if all(sizes) else None


def read_manifest(path: Path) -> Manifest:
    try:
        manifest = Manifest.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModelFilesError(f"{path}: not valid TOML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ModelFilesError(f"{path}: {f'`{key}`: ' if key else ''}{first['msg']}") from None
    if manifest.name != path.stem:
        raise ModelFilesError(f"{path}: `name` is {manifest.name}, and must be the file's name, {path.stem}")
    return manifest


def read_manifests(folder: Path) -> dict[str, Manifest]:
    """Every manifest of a folder, by name. Raises ModelFilesError."""
    return {path.stem: read_manifest(path) for path in sorted(folder.glob("*.toml"))}
