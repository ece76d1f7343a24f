"""A trained model in use: `load(folder)` checks it, `understand` answers for one utterance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu import features, manifest, prior
from nlu.corpus import Row
from nlu.entities.reading import Reading, read
from nlu.evaluation import Evaluation, assess
from nlu.inventory import Intent, Sentiment
from nlu.manifest import LanguageModel, Manifest, ModelError
from nlu.policy.decision import Action, Decision, decide
from nlu.sentence_vectors import OtherVectors
from nlu.session import OnnxSession, Scores
from nlu.understanding import Context, Understanding

MAX_CHARACTERS = 1000
"""About a minute of talk. Longer text is no single utterance: it is `out_of_scope` and no entity is looked for."""

MIN_KNOWN = 1 / 2
"""With no more than this share of words that training has seen, the text is another language or noise."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The intents, likeliest first, and what to do; not `known` is text of which training has seen too little."""

    ranking: tuple[tuple[Intent, float], ...]
    decision: Decision
    known: bool = True


class OnnxUnderstander:
    """The served model: one ONNX session a language, ready for calls from several threads."""

    def __init__(self, described: Manifest, sessions: Mapping[str, OnnxSession]) -> None:
        self._manifest = described
        self._sessions = dict(sessions)

    @property
    def version(self) -> str:
        return self._manifest.version

    @property
    def manifest(self) -> Manifest:
        return self._manifest

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(sorted(self._sessions))

    def understand(self, text: str, context: Context) -> Understanding:
        """Any text is answered; only a language without a model raises (`UnsupportedLanguage`)."""
        return self.understand_all([text], [context])[0]

    def understand_all(self, texts: Sequence[str], contexts: Sequence[Context]) -> list[Understanding]:
        """The same for many calls at once: one run of the graph for each language among them."""
        results: dict[int, Understanding] = {}
        tags = [self._language(context) for context in contexts]
        for language in dict.fromkeys(tags):
            described, session = self._manifest.languages[language], self._sessions[language]
            places = [index for index, tag in enumerate(tags) if tag == language]
            usable = [texts[i] if len(texts[i]) <= MAX_CHARACTERS else "" for i in places]
            scores = session.scores(usable)
            for row, index in enumerate(places):
                context = contexts[index]
                reading = read(usable[row], context)
                judged = _judge(described, scores, row, context)
                feeling, certainty = max(
                    zip(described.sentiments, scores.sentiment[row].tolist(), strict=True), key=lambda item: item[1]
                )
                if not judged.known:
                    feeling, certainty = Sentiment.NEUTRAL, 1.0 / len(described.sentiments)
                results[index] = self._understanding(judged, feeling, certainty, reading)
        return [results[index] for index in range(len(texts))]

    def evaluate(self, rows: Sequence[Row], language: str) -> tuple[Evaluation, Evaluation]:
        """Intent and sentiment on labelled rows, without any context. Raises `ValueError` without such rows."""
        described = self._manifest.languages[language]
        scores = self._sessions[language].scores([row.text for row in rows])
        return assess(described.intents, described.sentiments, scores, rows)

    def scores(self, texts: Sequence[str], language: str) -> Scores:
        """What the graph says, before any context."""
        return self._sessions[language].scores(texts)

    def judge(self, scores: Scores, language: str, contexts: Sequence[Context]) -> list[Judgement]:
        """Rankings and decisions from scores, one context a row: the same texts under another question cost nothing."""
        described = self._manifest.languages[language]
        return [_judge(described, scores, row, context) for row, context in enumerate(contexts)]

    def _language(self, context: Context) -> str:
        language = features.primary(context.language)
        if language not in self._sessions:
            raise features.UnsupportedLanguage(
                f"model {self.version} has no language {context.language!r}; it has {', '.join(self.languages)}"
            )
        return language

    def _understanding(
        self,
        judged: Judgement,
        sentiment: Sentiment,
        certainty: float,
        reading: Reading,
    ) -> Understanding:
        return Understanding(
            intent=judged.ranking[0][0],
            probability=judged.ranking[0][1],
            ranking=judged.ranking,
            sentiment=sentiment,
            sentiment_probability=certainty,
            entities=reading.entities,
            model=self.version,
            answer=reading.answer,
            decision=judged.decision,
        )


def _judge(described: LanguageModel, scores: Scores, row: int, context: Context) -> Judgement:
    if scores.known[row] <= MIN_KNOWN:
        # Every intent as likely as the next, `out_of_scope` named first.
        share = 1.0 / len(described.intents)
        others = (intent for intent in described.intents if intent is not Intent.OUT_OF_SCOPE)
        unknown = tuple((intent, share) for intent in (Intent.OUT_OF_SCOPE, *others))
        return Judgement(unknown, Decision(Action.ASK_AGAIN, *unknown[0]), known=False)
    ranking = tuple(prior.weigh(described.intents, scores.intent[row].tolist(), context))
    return Judgement(ranking, decide(ranking, described.policy))


def load(folder: Path) -> OnnxUnderstander:
    """Load a model folder. Raises `ModelError` where a file is missing, changed, broken or of other labels."""
    described = manifest.read(folder)
    if not described.languages:
        raise ModelError(f"{folder / manifest.FILE_NAME}: names no language; train again with `voicebot nlu train`")
    return OnnxUnderstander(described, {tag: _session(folder, tag, part) for tag, part in described.languages.items()})


def _session(folder: Path, language: str, part: LanguageModel) -> OnnxSession:
    path = folder / part.file
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); train again with `voicebot nlu train`") from None
    if manifest.sha256(content) != part.sha256:
        raise ModelError(f"{path}: is not the file {manifest.FILE_NAME} describes (sha256 differs); train it again")
    try:
        session = OnnxSession(content, language)
        widths = session.width("intent"), session.width("sentiment")
    except OtherVectors as error:
        raise ModelError(f"{path}: {error}") from None
    except Exception as error:  # ONNX Runtime raises several unrelated classes for a file that is no model
        raise ModelError(f"{path}: ONNX Runtime cannot load it ({type(error).__name__}); train it again") from error
    if widths != (len(part.intents), len(part.sentiments)):
        raise ModelError(f"{path}: has {widths} outputs, {manifest.FILE_NAME} names other labels; train it again")
    return session
