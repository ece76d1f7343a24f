"""The model card: one page on what a model is, what it learnt from, how good it is, and what it is not for."""

from __future__ import annotations

from nlu.manifest import LanguageModel, Manifest

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
        f"* Kind: word and character n-grams, linear classifiers, temperature scaling; seed {manifest.seed}.",
        f"* Data: SHA-256 `{manifest.data_sha256}`. Code: SHA-256 `{manifest.code_sha256}`.",
        f"* Libraries: {', '.join(f'{name} {version}' for name, version in manifest.libraries.items())}.",
    ]
    for language, part in manifest.languages.items():
        lines += ["", f"## {language}", "", *_language(part)]
    return "\n".join(lines) + "\n"


def _language(part: LanguageModel) -> list[str]:
    policy = part.policy
    scores = [
        f"| {name} | {s.rows} | {s.accuracy:.3f} | {s.macro_f1:.3f} | {s.majority:.3f} | {s.ece:.3f} |"
        for name, s in (("intent", part.intent_score), ("sentiment", part.sentiment_score))
    ]
    return [
        f"{len(part.intents)} intents, {len(part.sentiments)} sentiments. On the rows kept aside:",
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
