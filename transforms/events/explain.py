"""What the coder saw in each sentence, for people who write the language data."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.events import decide
from transforms.events.analysis import ArticleAnalysis, SentenceAnalysis
from transforms.events.candidates import Candidate, find_candidates
from transforms.events.location import Locator
from transforms.events.named import Named
from transforms.records import Article

_SHOWN_WEIGHTS = 6


@dataclass(frozen=True, slots=True)
class FrameExplanation:
    """A predicate that was considered; `weights` are the features that weighed most."""

    trigger: str
    label: str
    actors: str
    recipients: str
    place: str
    verdict: str
    weights: list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class SentenceExplanation:
    """One sentence, layer by layer, each layer as readable strings."""

    text: str
    tokens: list[str]
    parties: list[str]
    clauses: list[str]
    verbs: list[str]
    places: list[str]
    frames: list[FrameExplanation]


def explain_article(article: Article) -> list[SentenceExplanation]:
    """How the coder read each sentence of `article`, the title first; the language must have a grammar."""
    analysis = ArticleAnalysis(article)
    candidates = find_candidates(analysis)
    locator = Locator(analysis)
    weights = decide.model(article.language)
    return [
        _explain(sentence, index, [c for c in candidates if c.index == index], locator, weights)
        for index, sentence in enumerate(analysis.sentences)
    ]


def explain_text(text: str, language: str, published_at: str | None = None) -> list[SentenceExplanation]:
    """As `explain_article`, for a bare text."""
    article = Article(
        "text", "text", "text", None, None, None, (), published_at, None, None, None, language, 1.0, None, text, (), (), ()
    )  # fmt: skip
    return explain_article(article)


def _explain(
    sentence: SentenceAnalysis, index: int, candidates: list[Candidate], locator: Locator, weights: dict[str, float]
) -> SentenceExplanation:
    return SentenceExplanation(
        text=sentence.sentence.text,
        tokens=[t.text for t in sentence.tokens],
        parties=[
            f"{p.party.text} = {p.party.name} {p.party.country or p.party.code} {p.party.sector} ({p.kind})" for p in sentence.parties
        ],
        clauses=[
            " ".join(f"[{sentence.words(p.start, p.end)}]{p.case}" for p in sentence.phrases(clause) if p.start < p.end)
            for clause in sentence.clauses
        ],
        verbs=[
            f"{sentence.words(g.start, g.end)} = {g.lemma}, {g.form}{', passive' * g.passive}{', negated' * g.negated}"
            for g in sentence.groups
        ],
        places=[
            *(f"{sentence.words(m.start, m.end)} = {' / '.join(filter(None, m.fact[:4]))}" for m in locator.mentions(index)),
            *(f"[{sentence.words(site.start, site.end)}]{site.mark}" for site in locator.sites(index)),
        ],
        frames=[_explain_frame(sentence, c, locator, weights) for c in candidates],
    )


def _explain_frame(sentence: SentenceAnalysis, candidate: Candidate, locator: Locator, weights: dict[str, float]) -> FrameExplanation:
    place = None if candidate.reason else locator.place_of([candidate])
    chosen = sorted(((f, weights.get(f, 0.0)) for f in candidate.features), key=lambda x: -abs(x[1]))[:_SHOWN_WEIGHTS]
    written = f"written, probability {candidate.probability:.2f}" if not candidate.reason else f"not written: {candidate.reason}"
    return FrameExplanation(
        trigger=sentence.words(candidate.hit.start, candidate.hit.end),
        label=f"{candidate.event_type} {candidate.mode or ''} {candidate.status} ({candidate.hit.frame.name})",
        actors=_named(candidate.roles.actors, candidate.roles.actor_mark),
        recipients=_named(candidate.roles.recipients, candidate.roles.recipient_mark),
        place=place.text if place else "",
        verdict=written,
        weights=chosen if candidate.features else [],
    )


def _named(parties: list[Named], mark: str) -> str:
    return ", ".join(f"{p.party.text} ({p.party.country or p.party.code})" for p in parties) + (f" by {mark}" if parties else "")
