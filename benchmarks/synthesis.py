"""How fast prompts are spoken: both languages, fresh and from the cache."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from bot.call.latency import percentiles
from bot.settings import load_settings
from speech.engines import load_synthesiser
from speech.tts.port import Voice
from speech.tts.prompt_cache import PromptCache

SENTENCES = {
    "en": [f"Your payment of {amount} hundred dollars is due on Friday." for amount in ("two", "three", "four")] * 10,
    "zh": [f"您有一笔{amount}百元的还款，到期日是星期五。" for amount in "二三四"] * 10,
}


def run() -> dict[str, Any]:
    """Thirty renderings a language, each with an empty cache, then each again from it."""
    speech = load_settings().speech
    synthesiser = load_synthesiser(speech.synthesiser, speech.synthesiser_options)
    found: dict[str, Any] = {"engine": f"{synthesiser.name} {synthesiser.version}"}
    for language, sentences in SENTENCES.items():
        voice = next(voice for voice in synthesiser.voices() if voice.language == language)
        fresh, cached, spoken_ms = [], [], 0.0
        for sentence in sentences:
            with tempfile.TemporaryDirectory() as folder:
                cache = PromptCache(Path(folder), synthesiser)
                fresh.append(_render_ms(cache, sentence, voice))
                cached.append(_render_ms(cache, sentence, voice))
                spoken_ms += cache.duration_ms(cache.render(sentence, voice))
        found[language] = {
            "fresh_ms": percentiles(fresh),
            "cached_ms": percentiles(cached),
            "real_time_factor": round(sum(fresh) / spoken_ms, 4),
        }
    return found


def _render_ms(cache: PromptCache, sentence: str, voice: Voice) -> float:
    began = time.perf_counter()
    cache.render(sentence, voice)
    return (time.perf_counter() - began) * 1000
