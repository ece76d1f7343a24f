"""Estimates how a telephone line moves the features of each phone: `speech/asr/lexicon/telephone_means.npy`.

    python -m benchmarks.adaptation FOLDER_OF_RECORDINGS [--write]

What is estimated is one vector for each phone and feature stream of the wheel's model, to be added to the means of all
its Gaussians: maximum a posteriori with a prior of `PRIOR_FRAMES`, in two rounds. The phones are found in the wide-band
recording, where the model hears well, and counted in the same frames of what the line leaves of it. The front end is
computed here as PocketSphinx does, for it shows its features to nobody.

The recordings are those of people that `recordings.sentences` lists: 25 of CMU's AN4 (BSD-2 style: any use), seven of
Google Cloud's samples and one of Vosk's (Apache-2.0), five of LibriVox as PocketSphinx's tests have them (public
domain), one of Azure's samples (MIT), less those with a word the wheel's dictionary lacks. None is a single digit or a
command. So of what `benchmarks.recognition` measures, "digits" and the other speech in English were learned from; the
commands, the single digits and the strings joined from these were not, but the strings chose `ROUNDS`.
"""

from __future__ import annotations

import argparse
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks import recordings
from benchmarks.recordings import LEAD_MS, Recording
from speech import wav
from speech.asr.levelling import gain
from speech.asr.sphinx_model import PRIOR_FRAMES as LINE_FRAMES
from speech.asr.sphinx_model import AcousticModel, Decoder, WhiteNoise
from speech.asr.telephone_means import SHIFTS, parameters
from speech.audio import Frame
from speech.resampling import resample

Numbers = npt.NDArray[np.float64]

PRIOR_FRAMES = 60
"""How many frames of a phone weigh as much as not moving it."""

ROUNDS = 2
"""Four digits of people right after two, three and four: 10, 8 and 10 of 24, of synthetic voices 12, 11 and 11."""

LONGEST_MS = 6000
WIDE_NOISE_RMS = 2.0
"""Under the wide-band recording, in 16-bit sample units: less than for the line, only against digital silence."""

LEAST_VARIANCE = 1e-4
"""As PocketSphinx's varfloor."""

# The wheel's feat.params, and the front end's defaults where it says nothing.
RATE = 16000
FILTERS, LOWEST_HZ, HIGHEST_HZ = 25, 130.0, 6800.0
CEPSTRA, LIFTER = 13, 22
WINDOW, STEP, TRANSFORM = 410, 160, 512
PREEMPHASIS = 0.97


@dataclass(frozen=True, slots=True)
class Phone:
    """Which of the model's phones it is, and its frames."""

    number: int
    first: int
    frames: int


@dataclass(frozen=True, slots=True)
class Aligned:
    """The features of an utterance over the line, (frames, streams, 13), and its phones."""

    features: Numbers
    phones: tuple[Phone, ...]


def shifts(utterances: Sequence[Aligned], means: Numbers, variances: Numbers) -> Numbers:
    """(phones, streams, 13) to add to `means`, which like `variances` is (phones, streams, Gaussians, 13)."""
    precision = 1 / np.maximum(variances, LEAST_VARIANCE)
    moved = means
    for _ in range(ROUNDS):
        pull, weight = _evidence(utterances, moved, precision)
        moved = moved + (pull / (weight + PRIOR_FRAMES * np.median(precision, axis=2)))[:, :, None, :]
    return np.asarray((moved - means)[:, :, 0, :])


def _evidence(utterances: Sequence[Aligned], means: Numbers, precision: Numbers) -> tuple[Numbers, Numbers]:
    """How far the frames lie from the Gaussians they probably belong to, and how much they weigh, both over the
    variance: (phones, streams, 13) each."""
    pull, weight = np.zeros((2, *means.shape[:2], means.shape[3]))
    for utterance in utterances:
        for phone in utterance.phones:
            frames = utterance.features[phone.first : phone.first + phone.frames]
            for stream in range(means.shape[1]):
                at, x = (phone.number, stream), frames[:, stream]
                share = _shares(x, means[at], precision[at])
                expected = share @ precision[at]
                pull[at] += (expected * x - share @ (means[at] * precision[at])).sum(axis=0)
                weight[at] += expected.sum(axis=0)
    return pull, weight


def _shares(x: Numbers, means: Numbers, precision: Numbers) -> Numbers:
    """The probability of each Gaussian, all of one weight, for each frame: (frames, Gaussians)."""
    offset = (means**2 * precision - np.log(precision)).sum(axis=1)
    log = -0.5 * (x**2 @ precision.T - 2 * x @ (means * precision).T + offset)
    share = np.exp(log - log.max(axis=1, keepdims=True))
    return np.asarray(share / share.sum(axis=1, keepdims=True))


def cepstra(samples: npt.NDArray[np.int16]) -> Numbers:
    """16 kHz samples to (frames, 13) as the wheel's front end has them, without noise removal or a mean taken out."""
    x = samples.astype(float)
    x = np.concatenate((x[:1], x[1:] - PREEMPHASIS * x[:-1]))
    windows = np.lib.stride_tricks.sliding_window_view(x, WINDOW)[::STEP] * np.hamming(WINDOW)
    power = np.abs(np.fft.rfft(windows, TRANSFORM)) ** 2
    n, k = np.arange(FILTERS), np.arange(CEPSTRA)[:, None]
    cosines = np.sqrt(np.where(k == 0, 1, 2) / FILTERS) * np.cos(k * (n + 0.5) * np.pi / FILTERS)
    lift = np.array([1 + LIFTER / 2 * np.sin(i * np.pi / LIFTER) for i in range(CEPSTRA)])
    return np.asarray(np.log(power @ _filters().T + LEAST_VARIANCE) @ cosines.T * lift)


def _filters() -> Numbers:
    """Triangles of one area, evenly spaced in mel, their edges on frequencies of the transform."""
    lowest, highest = (2595 * np.log10(1 + hertz / 700) for hertz in (LOWEST_HZ, HIGHEST_HZ))
    mel = np.linspace(lowest, highest, FILTERS + 2)
    between = RATE / TRANSFORM
    edges = np.floor(700 * (10 ** (mel / 2595) - 1) / between + 0.5) * between
    hertz = np.arange(TRANSFORM // 2 + 1) * between
    left, peak, right = (edges[first : first + FILTERS, None] for first in range(3))
    rise, fall = (hertz - left) / (peak - left), (right - hertz) / (right - peak)
    return np.asarray(np.clip(np.minimum(rise, fall), 0, None) * 2 / (right - left))


def centred(features: Numbers, usual: Numbers) -> Numbers:
    """Cepstra less their mean, drawn towards the usual one as the recogniser does when it listens again."""
    return np.asarray(features - (features.sum(axis=0) + LINE_FRAMES * usual) / (len(features) + LINE_FRAMES))


def streams(features: Numbers) -> Numbers:
    """Cepstra, their deltas, and the deltas of those: (frames, 3, 13)."""
    padded = np.pad(features, ((3, 3), (0, 0)), mode="edge")

    def at(offset: int) -> Numbers:
        return padded[3 + offset : 3 + offset + len(features)]

    return np.stack((features, at(2) - at(-2), (at(3) - at(-1)) - (at(1) - at(-3))), axis=1)


def both_sides_of_the_line(recording: Recording, model: AcousticModel) -> tuple[Numbers, Numbers]:
    """The same frames of cepstra as spoken and as they arrive, equally loud."""
    whole = resample(wav.read(recording.path), RATE)
    spoken = Frame.of(whole.samples()[: whole.format.samples_for_ms(LONGEST_MS)], RATE)
    line = recordings.over_the_telephone(spoken)
    louder = gain(line)
    arrived = resample(Frame.of(_limited(np.rint(line.samples() * louder)), line.format.rate), RATE)
    wide = np.pad(spoken.samples() * louder, spoken.format.samples_for_ms(LEAD_MS))
    wide = wide + np.random.default_rng(3).normal(0, WIDE_NOISE_RMS, len(wide))
    narrow = np.frombuffer(WhiteNoise(model.levelled_noise).under(arrived), "<i2")
    before, after = cepstra(_limited(wide)), cepstra(narrow)
    frames = min(len(before), len(after))
    return before[:frames], after[:frames]


def _limited(samples: Numbers) -> npt.NDArray[np.int16]:
    return np.clip(samples, -32768, 32767).astype(np.int16)


def phones_of(decoder: Decoder, text: str, features: Numbers, names: Sequence[str]) -> tuple[Phone, ...]:
    """The phones of the words, or none if the dictionary lacks one of them or they are not to be found."""
    try:
        decoder.set_align_text(text)
        _listen(decoder, features)
        decoder.set_alignment()
        _listen(decoder, features)
        words = decoder.get_alignment()
    except (RuntimeError, ValueError):
        return ()
    return tuple(Phone(names.index(phone.name), phone.start, phone.duration) for word in words for phone in word)


def _listen(decoder: Decoder, features: Numbers) -> None:
    decoder.set_cmn(",".join("0" * CEPSTRA))
    decoder.start_utt()
    decoder.process_cep(features.astype(np.float32).tobytes(), False, False)
    decoder.end_utt()


def phone_names(model: AcousticModel) -> tuple[str, ...]:
    """In the order of the model's means. In mdef they follow a magic word, a description and ten numbers."""
    raw = (model.folder / "mdef").read_bytes()
    (described,) = struct.unpack_from("<i", raw, 8)
    (count,) = struct.unpack_from("<i", raw, 12 + described)
    return tuple(name.decode() for name in raw[12 + described + 40 :].split(b"\0", count)[:count])


def estimate(folder: Path) -> tuple[Numbers, int]:
    """The shifts from the recordings in `folder`, and from how many."""
    model = AcousticModel.of_the_wheel()
    said = recordings.sentences(folder)
    pairs = [both_sides_of_the_line(recording, model) for recording in said]
    usual = np.mean([before.mean(axis=0) for before, _ in pairs], axis=0)
    on_the_line = np.array([float(value) for value in model.cepstral_mean.split(",")])
    decoder, names = model.alignment_decoder(), phone_names(model)
    utterances = [
        Aligned(streams(centred(after, on_the_line)), phones)
        for recording, (before, after) in zip(said, pairs, strict=True)
        if (phones := phones_of(decoder, recording.text, centred(before, usual), names))
    ]
    means, variances = (parameters((model.folder / part).read_bytes()) for part in ("means", "variances"))
    return shifts(utterances, means.astype(float), variances.astype(float)), len(utterances)


def main() -> None:
    parser = argparse.ArgumentParser(description="Estimates the shifts that fit the wheel's model to a telephone line.")
    parser.add_argument("recordings", type=Path, help="the folder that holds speech-en/an4 and speech-en/misc")
    parser.add_argument("--write", action="store_true", help=f"replace {SHIFTS.name}; without it, compare with it")
    arguments = parser.parse_args()
    if not (arguments.recordings / "speech-en").is_dir():
        parser.error(f"{arguments.recordings} has no folder speech-en; give the folder that holds it")
    found, count = estimate(arguments.recordings)
    print(f"{count} recordings; at most {np.abs(found).max():.2f}")
    if arguments.write:
        np.save(SHIFTS, found.astype(np.float32))
    else:
        print(f"at most {np.abs(found - np.load(SHIFTS)).max():.1e} from {SHIFTS.name}")


if __name__ == "__main__":
    main()
