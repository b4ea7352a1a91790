"""Reads the events of one article: docs/events.md tells the way from sentence to record."""

from __future__ import annotations

from collections.abc import Callable

from transforms import language_data
from transforms.events import plover
from transforms.events.analysis import ArticleAnalysis, SentenceAnalysis
from transforms.events.candidates import Candidate, find_candidates
from transforms.events.circumstances import amounts_of, attribution_of, carried_date, casualties_of, date_of
from transforms.events.contexts import contexts_of
from transforms.events.dates import DateMention
from transforms.events.deduplicate import count_mentions
from transforms.events.eras import Eras
from transforms.events.features import POINTS_BACK
from transforms.events.location import Locator
from transforms.events.named import Named
from transforms.events.roles import BY_NEARNESS, OWN_DOER
from transforms.normalise import text_hash
from transforms.records import Article, Event, Mention, Party


def extract_events(article: Article) -> list[Event]:
    """The events that an article tells, in the order of the text; each act once, with all its mentions.

    An article in a language without a grammar has none.
    """
    if not language_data.toml(article.language, "grammar.toml"):
        return []
    analysis = ArticleAnalysis(article)
    written = [c for c in find_candidates(analysis) if not c.reason]
    locator, eras = Locator(analysis), Eras(analysis)
    dates = {id(c): date_of(analysis, c) for c in written}
    groups = _acts(written, lambda one, other: eras.apart(one, other) or locator.apart(one, other))
    return [_event(analysis, group, dates, locator) for group in groups]


def _acts(candidates: list[Candidate], apart: Callable[[Candidate, Candidate], bool]) -> list[list[Candidate]]:
    """Groups the candidates that tell one act; `apart` says whether time or place of two contradict each other."""
    groups: list[list[Candidate]] = []
    for candidate in candidates:
        home = next((g for g in reversed(groups) if _same_act(g, candidate) and not any(apart(c, candidate) for c in g)), None)
        if home is None:
            groups.append([candidate])
        else:
            home.append(candidate)
    return groups


def _same_act(group: list[Candidate], candidate: Candidate) -> bool:
    """Whether a candidate tells the act of a group: the same kind of act between parties that do not contradict each other.

    The farther two tellings are from each other, the more of their parties must be the same. A telling that names no doer of its own points
    back to the act that the same predicate told, and so does a noun without a verb. A mode that one telling leaves open, as "attack" does
    beside "gunfire", parts them only where they stand apart.
    """
    first = group[0]
    if first.event_type != candidate.event_type or _real(first) != _real(candidate):
        return False
    beside = group[-1].index == candidate.index
    if POINTS_BACK in candidate.features:
        return True
    violence = candidate.event_type == "ASSAULT" and all(_agree(c, candidate, _state) for c in group)
    if first.mode != candidate.mode:
        return (beside or violence) and None in (first.mode, candidate.mode)
    again = any(c.hit.frame is candidate.hit.frame for c in group)
    own = candidate.roles.actor_mark in OWN_DOER
    if candidate.event_type == "AID" and own and not (again or beside):  # troops and weapons are sent by different acts
        return False
    if beside or violence or first.event_type == "HAZARD" or all(_agree(c, candidate, _name) for c in group):
        return True
    if candidate.hit.group is None and all(_agree(c, candidate, _state) for c in group):
        return True
    if not again:
        return False
    near = candidate.index - group[-1].index <= 1
    return not own or all(_agree(c, candidate, _state if near else _office) for c in group)


def _real(candidate: Candidate) -> bool:
    return candidate.status not in ("hypothetical", "negated")


def _name(party: Party) -> str:
    return party.name or party.text


def _state(party: Party) -> str:
    return party.country or party.code or party.text


def _office(party: Party) -> str:
    return f"{_state(party)} {party.sector}"


def _agree(one: Candidate, other: Candidate, identity: Callable[[Party], str]) -> bool:
    """Whether two candidates have the same parties, as far as both name them. A recipient found by nearness alone does not part acts."""
    sides = [(one.roles.actors, other.roles.actors)]
    if not {one.roles.recipient_mark, other.roles.recipient_mark} & BY_NEARNESS:
        sides.append((one.roles.recipients, other.roles.recipients))
    return all(not a or not b or {identity(n.party) for n in a} == {identity(n.party) for n in b} for a, b in sides)


def _event(analysis: ArticleAnalysis, group: list[Candidate], dates: dict[int, DateMention | None], locator: Locator) -> Event:
    article = analysis.article
    best = max(group, key=lambda c: (_told_sides(c), c.probability, -c.index))
    mentions = [_mention(analysis, c) for c in group]
    first = group[0]
    mode = next((c.mode for c in group if c.mode), None)
    actors, recipients = _sides(group, best)
    parties = [*actors, *recipients]
    when = _date(analysis, group, dates)
    return Event(
        event_id=text_hash(f"{article.article_id} {first.event_type} {mode} {first.index} {first.hit.start} {first.hit.end}", 12),
        event_type=first.event_type,  # type: ignore[arg-type]
        mode=mode,
        quad=plover.quad(first.event_type),
        score=plover.score(first.event_type, mode),
        contexts=contexts_of(first.event_type, mode, [n.party for n in parties], [analysis.sentences[c.index] for c in group]),
        status=best.status,  # type: ignore[arg-type]
        actors=tuple(n.party for n in actors),
        recipients=tuple(n.party for n in recipients),
        event_date=when.date,
        date_start=when.date_start,
        date_end=when.date_end,
        date_type=when.date_type,
        date_text=when.text or None,
        place=locator.place_of(group),
        casualties=casualties_of(analysis, group),
        amounts=amounts_of(analysis, group),
        attribution=attribution_of(analysis, group),
        confidence=round(max(c.probability for c in group), 3),
        **count_mentions(mentions),
    )


def _told_sides(candidate: Candidate) -> tuple[int, int]:
    """How many of its sides a telling fills, and how many of these by a mark of its own."""
    roles = candidate.roles
    marked = (roles.actor_mark in OWN_DOER, bool(roles.recipients) and roles.recipient_mark not in BY_NEARNESS)
    return bool(roles.actors) + bool(roles.recipients), sum(marked)


def _sides(group: list[Candidate], best: Candidate) -> tuple[list[Named], list[Named]]:
    """The actors and recipients of an act: those of its best telling, a side that it leaves open or only implies from the likeliest other one."""
    actors, recipients = best.roles.actors, best.roles.recipients
    others = sorted((c for c in group if c is not best), key=lambda c: -c.probability)
    if not actors or best.roles.actor_mark == "implied":
        known = {_name(n.party) for n in recipients}
        told = (c.roles.actors for c in others if c.roles.actor_mark != "implied" and c.roles.actors)
        actors = next((side for side in told if known.isdisjoint(_name(n.party) for n in side)), actors)
    if not recipients or best.roles.recipient_mark in BY_NEARNESS:
        known = {_name(n.party) for n in actors}
        told = (c.roles.recipients for c in others if c.roles.recipient_mark not in BY_NEARNESS and c.roles.recipients)
        recipients = next((side for side in told if known.isdisjoint(_name(n.party) for n in side)), recipients)
    return actors, recipients


def _date(analysis: ArticleAnalysis, group: list[Candidate], dates: dict[int, DateMention | None]) -> DateMention:
    """The date of an act: the best that one of its tellings gives, else the day of publication, marked as such."""
    unresolved = None
    for candidate in group:
        found = dates[id(candidate)]
        if found and found.date_start:
            return found
        unresolved = unresolved or found
    if unresolved:
        return unresolved
    carried = next((told for c in group if (told := carried_date(analysis, c))), None)
    if carried:
        return carried
    published = analysis.reference  # that of the page, or the day that the text itself counts from
    return DateMention(0, 0, published[:10] if published else None, None, None, "publication" if published else "unresolved", "")


def _mention(analysis: ArticleAnalysis, candidate: Candidate) -> Mention:
    article, sentence = analysis.article, analysis.sentences[candidate.index]
    start, end = _trigger(sentence, candidate)
    offset = None if sentence.in_title else sentence.sentence.start
    return Mention(
        article_id=article.article_id,
        url=article.url,
        publisher=article.publisher,
        published_at=article.published_at,
        sentence=sentence.sentence.text,
        sentence_start=offset,
        sentence_end=None if offset is None else sentence.sentence.end,
        trigger=sentence.words(start, end),
        trigger_start=None if offset is None else offset + sentence.tokens[start].start,
        trigger_end=None if offset is None else offset + sentence.tokens[end - 1].end,
    )


def _trigger(sentence: SentenceAnalysis, candidate: Candidate) -> tuple[int, int]:
    """The tokens of the trigger: the predicate, with words before it where its own stand earlier in the sentence as well.

    So a reader without use for offsets finds the right place by the words alone: "the quake … after the second quake".
    """
    start, end = candidate.hit.start, candidate.hit.end
    text, tokens = sentence.sentence.text, sentence.tokens
    while start and (not tokens[start].key[:1].isalnum() or text.find(sentence.words(start, end)) < tokens[start].start):
        start -= 1
    return start, end
