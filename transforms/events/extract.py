"""Reads the events of one article: docs/events.md tells the way from sentence to record."""

from __future__ import annotations

from transforms.events import data, plover
from transforms.events.analysis import ArticleAnalysis
from transforms.events.candidates import Candidate, find_candidates
from transforms.events.deduplicate import count_mentions, merge_casualties
from transforms.normalise import text_hash
from transforms.records import Article, Event, Mention


def extract_events(article: Article) -> list[Event]:
    """The events that an article tells, in the order of the text; each act once, with all its mentions.

    An article in a language without a grammar has none.
    """
    if not data.supported(article.language):
        return []
    analysis = ArticleAnalysis(article)
    written = [c for c in find_candidates(analysis) if not c.reason]
    events: list[Event] = []
    for group in _acts(written):
        events.append(_event(analysis, group))
    return events


def _acts(candidates: list[Candidate]) -> list[list[Candidate]]:
    """Groups the candidates that tell one act."""
    groups: list[list[Candidate]] = []
    for candidate in candidates:
        home = next((g for g in groups if _same_act(g, candidate)), None)
        if home is None:
            groups.append([candidate])
        else:
            home.append(candidate)
    return groups


def _same_act(group: list[Candidate], candidate: Candidate) -> bool:
    first = group[0]
    return (
        (first.event_type, first.mode) == (candidate.event_type, candidate.mode)
        and (first.status in ("hypothetical", "negated")) == (candidate.status in ("hypothetical", "negated"))
        and all(_compatible(_names(g.roles.actors), _names(candidate.roles.actors)) for g in group)
        and all(_compatible(_names(g.roles.recipients), _names(candidate.roles.recipients)) for g in group)
    )


def _names(side: list) -> set[str]:
    return {n.party.country or n.party.code or n.party.text for n in side}


def _compatible(one: set[str], other: set[str]) -> bool:
    return not one or not other or bool(one & other)


def _event(analysis: ArticleAnalysis, group: list[Candidate]) -> Event:
    article = analysis.article
    best = max(group, key=lambda c: (bool(c.roles.actors) + bool(c.roles.recipients), c.probability, -c.index))
    mentions = [_mention(analysis, c) for c in group]
    first = group[0]
    return Event(
        event_id=text_hash(f"{article.article_id} {first.event_type} {first.mode} {first.index} {first.hit.start} {first.hit.end}", 12),
        event_type=first.event_type,  # type: ignore[arg-type]
        mode=first.mode,
        quad=plover.quad(first.event_type),
        score=plover.score(first.event_type, first.mode),
        contexts=(),
        status=best.status,  # type: ignore[arg-type]
        actors=tuple(n.party for n in best.roles.actors),
        recipients=tuple(n.party for n in best.roles.recipients),
        event_date=article.published_at[:10] if article.published_at else None,
        date_start=None,
        date_end=None,
        date_type="publication",
        date_text=None,
        place=None,
        casualties=merge_casualties([]),
        amounts=(),
        attribution=(),
        confidence=round(max(c.probability for c in group), 3),
        **count_mentions(mentions),
    )


def _mention(analysis: ArticleAnalysis, candidate: Candidate) -> Mention:
    article, sentence = analysis.article, analysis.sentences[candidate.index]
    first, last = sentence.tokens[candidate.hit.start], sentence.tokens[candidate.hit.end - 1]
    offset = None if sentence.in_title else sentence.sentence.start
    return Mention(
        article_id=article.article_id,
        url=article.url,
        publisher=article.publisher,
        published_at=article.published_at,
        sentence=sentence.sentence.text,
        sentence_start=offset,
        sentence_end=None if offset is None else sentence.sentence.end,
        trigger=sentence.words(candidate.hit.start, candidate.hit.end),
        trigger_start=None if offset is None else offset + first.start,
        trigger_end=None if offset is None else offset + last.end,
    )
