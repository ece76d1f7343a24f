"""Options that the commands of `voicebot nlu` share, and the folders they mean by default."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.settings import load_settings

Data = Annotated[Path | None, typer.Option("--data", help="Labelled utterances; by default those of voicebot.toml.")]
Models = Annotated[Path | None, typer.Option("--models", help="Where trained models lie; by default models/nlu.")]


def data_folder(data: Path | None) -> Path:
    return data or load_settings().folders.training_data


def models_folder(models: Path | None) -> Path:
    return models or load_settings().folders.models / "nlu"
