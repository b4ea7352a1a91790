"""Candidates: every predicate of an article with its roles, its standing and the features that decide on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.events import decide
from transforms.events.analysis import ArticleAnalysis, SentenceAnalysis
from transforms.events.lexicon import Hit
from transforms.events.roles import RoleFinder, Roles
from transforms.events.roles_svo import SvoRoleFinder
from transforms.events.standing_svo import standing

# Announced acts of these types are promises; an announced step back is a concession (coding manual, rule 2).
_PROMISED = {
    "CONSULT": "AGREE",
    "SUPPORT": "AGREE",
    "COOPERATE": "AGREE",
    "AID": "AGREE",
    "RETREAT": "CONCEDE",
    "CONCEDE": "CONCEDE",
    "AGREE": "AGREE",
}
# Types that are events without any party named.
_IMPERSONAL = frozenset({"HAZARD", "ASSAULT", "PROTEST", "COERCE", "MOBILIZE"})
_HYPOTHETICAL = frozenset({"subjunctive", "ability", "wish", "obligation"})
_POINTED_AT = frozenset({"HAZARD", "ASSAULT", "PROTEST"})


@dataclass(slots=True)
class Candidate:
    """A predicate that may tell an event. `reason` says why it is none, "" if it is written."""

    index: int
    hit: Hit
    event_type: str
    mode: str | None
    status: str
    roles: Roles
    features: list[str] = field(default_factory=list)
    probability: float = 0.0
    reason: str = ""


def find_candidates(article: ArticleAnalysis) -> list[Candidate]:
    """All candidates of an article in the order of the text, with their probability; overlapping ones are told apart by it."""
    weights = decide.model(article.article.language)
    svo = bool(article.sentences) and article.sentences[0].grammar.order == "svo"
    finder = SvoRoleFinder(article) if svo else RoleFinder(article)
    found: list[Candidate] = []
    seen: dict[str, int] = {}
    told: tuple[str, str | None] | None = None  # type and mode of the violence or disaster told last
    for index, sentence in enumerate(article.sentences):
        here = [_candidate(index, sentence, hit, finder, told) for hit in sentence.hits]
        for candidate in here:
            if not candidate.reason:
                _add_features(candidate, article, here, seen)
                candidate.probability = decide.probability(candidate.features, weights)
        _drop_overlapping(here)
        for candidate in here:
            if not candidate.reason:
                seen[candidate.event_type] = seen.get(candidate.event_type, 0) + 1
                seen[candidate.hit.frame.name] = seen.get(candidate.hit.frame.name, 0) + 1
        for candidate in here:
            if not candidate.reason and candidate.probability < weights["threshold"]:
                candidate.reason = f"probability {candidate.probability:.2f} below {weights['threshold']:.2f}"
            elif not candidate.reason and candidate.event_type in _POINTED_AT and candidate.hit.frame.event_type != "SAME":
                told = (candidate.event_type, candidate.mode)
        found.extend(here)
    return found


def _candidate(
    index: int, sentence: SentenceAnalysis, hit: Hit, finder: RoleFinder | SvoRoleFinder, told: tuple[str, str | None] | None
) -> Candidate:
    frame = hit.frame
    event_type, mode = frame.event_type, frame.mode
    reason = _lexical_veto(sentence, hit, finder.article)
    if event_type == "SAME":
        event_type, mode = told or ("HAZARD", mode)
        reason = reason or ("" if mode or told else "points to nothing told before")
    if reason:
        return Candidate(index, hit, event_type, mode, "occurred", Roles(), reason=reason)
    if sentence.grammar.order == "svo":
        event_type, mode, status, governor, reason = standing(sentence, hit, event_type, mode)
    else:
        governor = _governor(sentence, hit)
        status = _status(sentence, hit, governor)
    if status == "planned" and event_type in _PROMISED:
        event_type, status = _PROMISED[event_type], "occurred"
        mode = mode if event_type == frame.event_type else None
    candidate = Candidate(index, hit, event_type, mode, status, finder.fill(index, hit), reason=reason)
    if (frame.needs == "partner" and not candidate.roles.partners) or (frame.needs == "recipient" and not candidate.roles.recipients):
        candidate.reason = f"no {frame.needs} is named"
    if event_type not in _IMPERSONAL and not candidate.roles.actors and not candidate.roles.recipients:
        candidate.reason = "no party is named"
    candidate.features.append(f"governor={governor}")
    return candidate


def _lexical_veto(sentence: SentenceAnalysis, hit: Hit, article: ArticleAnalysis) -> str:
    frame = hit.frame
    if sentence.quiet and article.quiet:
        return "sport, fiction, prices or the like"
    for word in frame.unless:
        if sentence.contains(word):
            return f"another meaning: {word}"
    if frame.requires and not any(sentence.contains(word) for word in frame.requires):
        return "none of the words that its meaning needs"
    if frame.topics and not any(s.contains(word) for word in frame.topics for s in (sentence, *article.lead)):
        return "the article is about something else"
    if frame.forms and not (hit.group and hit.group.form in frame.forms):
        return "not in the form that its meaning needs"
    if frame.after == "infinitive":
        before = sentence.grammar.forms.get(sentence.tokens[hit.start - 1].key) if hit.start else None
        if not before or before[0].form != "infinitive":
            return "not after an infinitive"
    return ""


def _governor(sentence: SentenceAnalysis, hit: Hit) -> str:
    """The class of the noun that takes the act as its content, for an infinitive or a noun: "हमला करने का आरोप"."""
    if hit.group and not hit.reversed and hit.group.form != "infinitive":
        return ""
    governors = sentence.grammar.governors
    for i in range(hit.end, min(hit.end + 4, len(sentence.tokens))):
        word = sentence.tokens[i].key
        if word in governors:
            return governors[word][0][1]
        if word not in sentence.grammar.cases and i > hit.end + 1:
            break
    return "none"


def _status(sentence: SentenceAnalysis, hit: Hit, governor: str) -> str:
    group = hit.group
    form = group.form if group and not hit.reversed else ""
    clause = sentence.clauses[sentence.clause_at(hit.start)]
    words = {t.key for t in sentence.tokens[clause.start : clause.end]}
    if group and group.negated:
        return "negated"
    if form in _HYPOTHETICAL or words & sentence.grammar.words["conditional"] or governor == "possibility":
        return "hypothetical"
    if form == "future" or (form == "infinitive" and governor == "plan"):
        return "planned"
    return "ongoing" if form == "progressive" else "occurred"


def _add_features(candidate: Candidate, article: ArticleAnalysis, here: list[Candidate], seen: dict[str, int]) -> None:
    sentence = article.sentences[candidate.index]
    hit, roles, grammar = candidate.hit, candidate.roles, sentence.grammar
    group = hit.group
    kind = "noun" if not group else "verb" if not hit.noun else "reversed" if hit.reversed else "both"
    form = group.form if group else "noun"
    words = grammar.words
    clause = sentence.clauses[sentence.clause_at(hit.start)]
    after = sentence.tokens[hit.end].key if hit.end < len(sentence.tokens) else ""
    add = candidate.features.append
    add(f"type={candidate.event_type}")
    add(f"mode={candidate.event_type}/{candidate.mode}")
    add(f"frame={hit.frame.name}/{hit.frame.event_type}")
    add(f"kind={kind}")
    if hit.frame.topics:
        add("topic_here" if any(sentence.contains(word) for word in hit.frame.topics) else "topic_in_lead")
    if hit.frame.event_type == "SAME":
        add("same" + (":first" if not seen.get(candidate.event_type) else ""))
    add(f"form={form}")
    add(f"kind,form,type={kind},{form},{candidate.event_type}")
    add(f"status={candidate.status}")
    add(f"actor={roles.actor_mark}")
    if roles.partners:
        add("partners")
    add(f"actor_kind={roles.actors[0].kind if roles.actors else 'none'}")
    add(f"recipient={roles.recipient_mark}")
    add(f"recipient_kind={roles.recipients[0].kind if roles.recipients else 'none'}")
    add(f"parties={min(2, len(roles.actors))},{min(1, len(roles.recipients))}")
    if kind == "noun":
        mark = grammar.cases.get(after)
        add(f"after={mark[-1][1] if mark else 'word' if after[:1].isalnum() else 'end'}")
        before = sentence.tokens[hit.start - 1].key if hit.start else ""
        if before in words["demonstratives"]:
            add("demonstrative")
    if group and group.passive:
        add("passive")
    if clause.opener:
        add(
            "opener="
            + ("that" if clause.opener in words["complementizer"] else "relative" if clause.opener in words["relative"] else "other")
        )
    if sentence.quiet:
        add("quiet:sentence")
    if article.quiet:
        add("quiet:text")
    for name in ("speculation", "questions", "conditional", "background"):
        if sentence.keys & words[name]:
            add(f"sentence:{name}")
    quotes = sum(sentence.sentence.text[: sentence.tokens[hit.start].start].count(q) for q in "\"“”‘’'")
    if quotes % 2:
        add("quoted")
    add(
        "position="
        + (
            "title"
            if sentence.in_title
            else "lead"
            if sentence.position < 2
            else "early"
            if sentence.position < len(article.sentences) / 3
            else "late"
        )
    )
    add(f"length={min(5, len(sentence.tokens) // 10)}")
    others = [c for c in here if c is not candidate and not c.reason]
    add(f"others={min(4, len(others))}")
    if any(c.event_type == candidate.event_type and (c.hit.start, c.hit.end) != (hit.start, hit.end) for c in others):
        add("same_type_here")
    add(f"seen_type={min(3, seen.get(candidate.event_type, 0))}")
    add(f"seen_frame={min(2, seen.get(hit.frame.name, 0))}")


def _drop_overlapping(here: list[Candidate]) -> None:
    """Of candidates whose words overlap the likeliest stays."""
    kept: list[Candidate] = []
    for candidate in sorted((c for c in here if not c.reason), key=lambda c: (-c.probability, c.hit.start - c.hit.end, c.hit.start)):
        rival = next((k for k in kept if k.hit.start < candidate.hit.end and candidate.hit.start < k.hit.end), None)
        if rival:
            candidate.reason = f"part of: {rival.hit.frame.name}"
        else:
            kept.append(candidate)
