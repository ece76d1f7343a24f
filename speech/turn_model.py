"""Whether a turn *sounds* finished: the optional model that listens to melody and pace, not to words.

Smart Turn v3.2 (BSD-2) hears the last eight seconds of a turn. It is used where it was fetched, and for free answers
alone, for what was measured:

* It takes 46 to 70 ms of CPU a call on a quick core and 95 to 130 ms on a busy one (of which 4 to 10 ms for the
  features), for each pause of each customer; the rules of `speech.end_of_turn` take none. It must run off the event
  loop.
* On telephone-band recordings it found 10 of 19 finished English turns and took 13 of 38 cut ones for finished; in
  Mandarin 7 of 8 and 12 of 16. Its publisher's benchmark is wide band. So it is a hint about free answers at most,
  never the judge of a yes or of a number.

Where the bot knows which answer it waits for, the words decide sooner and better.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from numpy.typing import NDArray

from speech.audio import TELEPHONE, WIDEBAND, Frame
from speech.resampling import resample

MODEL_NAME = "smart-turn-v3.2"
"""Of its manifest, and of the folder it is fetched into."""
MODEL_FILE = "smart-turn-v3.2-cpu.onnx"
SECONDS = 8
SHAPE = (80, 100 * SECONDS)
"""What the model hears: 80 mel bands, one column each 10 ms."""


UNFINISHED_BELOW = 0.5
"""As its publisher has it. A free answer that sounds less finished gets the patience of one that trails off."""


class TurnModelMissing(Exception):
    """The model is not there or is another one; the message says where and how to get it."""


class EndOfTurnModel(Protocol):
    """A loaded model, shared by all calls. Thread-safe; a call blocks and uses CPU."""

    def probability(self, turn: Frame) -> float:
        """How likely the speaker has finished, 0..1, by the sound of the turn so far up to a pause.

        16 kHz L16 of any length; raises `FormatMismatch` for another format (telephone audio is resampled first).
        """
        ...


class SmartTurnModel:
    """Smart Turn v3 on ONNX Runtime. `path` is the model file, or the folder it was fetched into."""

    def __init__(self, path: Path) -> None:
        path = path / MODEL_FILE if path.is_dir() else path
        if not path.is_file():
            raise TurnModelMissing(
                f"no end-of-turn model at {path}; fetch it with `voicebot models fetch smart-turn-v3.2`"
            )
        self._session = _session(path)
        self._input = _only_input(self._session, path)
        # Imported here because it takes seconds, and few have the model.
        from faster_whisper.feature_extractor import FeatureExtractor  # type: ignore[import-untyped]

        self._features = FeatureExtractor(feature_size=SHAPE[0], chunk_length=SECONDS)

    def probability(self, turn: Frame) -> float:
        WIDEBAND.require(turn.format, "SmartTurnModel.probability")
        heard = _standardised(_last_seconds(turn))
        features = np.asarray(self._features(heard, padding=0), dtype=np.float32)
        (result, *_) = self._session.run(None, {self._input: features[np.newaxis]})
        return float(np.asarray(result).reshape(-1)[0])


def installed(fetched: Path) -> EndOfTurnModel | None:
    """The model, where it lies in the folder of fetched models. Raises `TurnModelMissing` for one that is broken."""
    folder = fetched / MODEL_NAME
    return SmartTurnModel(folder) if (folder / MODEL_FILE).is_file() else None


class TurnSound:
    """The sound of a turn so far (8 kHz), as much as the model hears of it."""

    def __init__(self) -> None:
        self._heard = bytearray()

    def accept(self, frame: Frame) -> None:
        TELEPHONE.require(frame.format, "TurnSound.accept")
        self._heard += frame.data
        del self._heard[: -TELEPHONE.bytes_for(SECONDS * TELEPHONE.rate)]

    def taken(self) -> Frame:
        """What was heard by now; more may come while it is judged."""
        return Frame(TELEPHONE, bytes(self._heard))


def sounds_unfinished(model: EndOfTurnModel, turn: Frame) -> bool:
    """Whether somebody who stopped here would go on. Blocks and uses CPU as the model does."""
    return model.probability(resample(turn, WIDEBAND.rate)) < UNFINISHED_BELOW


def _session(path: Path) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # calls run side by side, not one on all cores
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors share no base class
        raise TurnModelMissing(f"cannot load the end-of-turn model from {path}: {error}") from error


def _only_input(session: Any, path: Path) -> str:
    inputs = [(one.name, tuple(one.shape[1:])) for one in session.get_inputs()]
    if len(inputs) != 1 or inputs[0][1] != SHAPE:
        raise TurnModelMissing(
            f"{path} is no Smart Turn v3 model: it takes {inputs}, not one input of {SHAPE[0]} mel bands by {SHAPE[1]} "
            "columns; fetch it with `voicebot models fetch smart-turn-v3.2`"
        )
    return str(inputs[0][0])


def _last_seconds(turn: Frame) -> NDArray[np.float32]:
    """The end of the turn, shape [128000] in -1..1; silence before a shorter one, as in the model's training."""
    length = SECONDS * WIDEBAND.rate
    samples = turn.samples()[-length:].astype(np.float32) / 32768
    return np.pad(samples, (length - len(samples), 0))


def _standardised(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean zero and variance one, so that loud and soft callers sound alike to the model."""
    return np.asarray((samples - samples.mean()) / np.sqrt(samples.var() + 1e-7), dtype=np.float32)
