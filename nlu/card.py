"""The model card: one page on what a model is, what it learnt from, how good it is, and what it is not for."""

from __future__ import annotations

from nlu.manifest import Encoder, LanguageModel, Manifest

FILE_NAME = "model_card.md"

_USE = """\
Understands one turn of a customer on the telephone: intent, sentiment and entities, for the scripts of this bank robot.
It was measured on utterances written for it, not on recorded calls; on real speech expect less, and measure there.
Not for judging a person, nor for text other than short spoken turns. What it decides about money, identity and the wish
not to be called is read back or acted upon by the script, never by the model alone."""


def card(manifest: Manifest) -> str:
    """Markdown; the same manifest gives the same page."""
    lines = [
        f"# Model of meaning {manifest.version}",
        "",
        _USE,
        "",
        f"* Seed {manifest.seed}; temperature scaling on rows it did not learn from.",
        f"* Data: SHA-256 `{manifest.data_sha256}`. Code: SHA-256 `{manifest.code_sha256}`.",
        f"* Libraries: {', '.join(f'{name} {version}' for name, version in manifest.libraries.items())}.",
    ]
    for language, part in manifest.languages.items():
        lines += ["", f"## {language}", "", *_language(part)]
    return "\n".join(lines) + "\n"


def kind(part: LanguageModel) -> str:
    """What sort of model it is and, of an encoder, how its training went and what eight-bit weights cost."""
    if part.encoder is None:
        return "N-grams, two logistic regressions; for intents a small network over sentence vectors, too."
    told = part.encoder
    lost = ", ".join(
        f"{name} accuracy {now.accuracy - told.before_int8[name].accuracy:+.4f}, "
        f"macro-F1 {now.macro_f1 - told.before_int8[name].macro_f1:+.4f}"
        for name, now in (("intent", part.intent_score), ("sentiment", part.sentiment_score))
    )
    return f"{course(told)} Eight-bit weights beside float ones: {lost}."


def course(encoder: Encoder) -> str:
    """One sentence on an encoder's training."""
    source = f", files {encoder.source_sha256[:12]}" if encoder.source_sha256 else ""
    scores = ", ".join(f"{score:.3f}" for score in encoder.validation)
    return (
        f"Transformer ({encoder.base}{source}); validation macro-F1 by epoch {scores}, "
        f"of which epoch {encoder.best_epoch} was kept."
    )


def _language(part: LanguageModel) -> list[str]:
    policy = part.policy
    scores = [
        f"| {name} | {s.rows} | {s.accuracy:.3f} | {s.macro_f1:.3f} | {s.majority:.3f} | {s.ece:.3f} |"
        for name, s in (("intent", part.intent_score), ("sentiment", part.sentiment_score))
    ]
    return [
        f"{len(part.intents)} intents, {len(part.sentiments)} sentiments. {kind(part)}",
        "",
        "On the rows kept aside:",
        "",
        "| task | rows | accuracy | macro-F1 | majority baseline | ECE |",
        "|---|---|---|---|---|---|",
        *scores,
        "",
        "Recall of safety intents: "
        + ", ".join(f"{intent} {value:.2f}" for intent, value in part.recall.items())
        + ".",
        "",
        f"Policy: act from {policy.act:.2f}, hand over from {policy.hand_over:.2f}, confirm from {policy.confirm:.2f}, "
        f"out-of-scope gate {policy.gate:.2f}; safety intents asked back from "
        + (", ".join(f"{intent} {value:.2f}" for intent, value in policy.safety.items()) or "(none)")
        + ".",
    ]
