"""Candidates: every predicate of an article with its roles, its standing and the features that decide on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.events import decide
from transforms.events.analysis import ArticleAnalysis, SentenceAnalysis
from transforms.events.features import UNASSERTED, features_of
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
        if not here:
            continue
        for candidate in here:
            if not candidate.reason:
                candidate.features += features_of(candidate, article, here, seen)
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
    if event_type == "THREATEN" and (status == "planned" or (hit.group and hit.group.form == "future")):
        status = "occurred"  # the threat is uttered, under whatever condition
    if status == "planned" and event_type in _PROMISED:
        event_type, status = _PROMISED[event_type], "occurred"
        mode = mode if event_type == frame.event_type else None
    candidate = Candidate(index, hit, event_type, mode, status, finder.fill(index, hit), reason=reason)
    if event_type == "AGREE" and frame.event_type == "CONSULT":
        candidate.roles.promise()
    if (frame.needs == "partner" and not candidate.roles.partners) or (frame.needs == "recipient" and not candidate.roles.recipients):
        candidate.reason = f"no {frame.needs} is named"
    if event_type == "CONSULT" and any(actor.kind == "media" or actor.party.sector == "JRN" for actor in candidate.roles.actors):
        candidate.reason = "an interview"
    if event_type not in _IMPERSONAL and not candidate.roles.actors and not candidate.roles.recipients:
        candidate.reason = "no party is named"
    candidate.features += [f"governor={governor}", f"governor,type={governor},{event_type}"]
    if governor in UNASSERTED:
        candidate.features.append("unasserted")
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
            governor = governors[word][0][1]
            clause = sentence.clauses[sentence.clause_at(hit.start)]
            used = governor == "purpose" and sentence.has_word(clause, sentence.grammar.words["use"])
            return "use" if used else governor  # what is used for an act tells the act
        if word not in sentence.grammar.cases and i > hit.end + 1:
            break
    return "none"


def _status(sentence: SentenceAnalysis, hit: Hit, governor: str) -> str:
    group = hit.group
    form = group.form if group and not hit.reversed else ""
    if group and group.negated:
        return "negated"
    if form in _HYPOTHETICAL or governor == "possibility" or _is_conditional(sentence, hit):
        return "hypothetical"
    if form == "future" or (form == "infinitive" and governor == "plan"):
        return "planned"
    return "ongoing" if form == "progressive" else "occurred"


def _is_conditional(sentence: SentenceAnalysis, hit: Hit) -> bool:
    return sentence.has_word(sentence.clauses[sentence.clause_at(hit.start)], sentence.grammar.words["conditional"])


def _drop_overlapping(here: list[Candidate]) -> None:
    """Of candidates whose words overlap the likeliest stays."""
    kept: list[Candidate] = []
    for candidate in sorted((c for c in here if not c.reason), key=lambda c: (-c.probability, c.hit.start - c.hit.end, c.hit.start)):
        rival = next((k for k in kept if k.hit.start < candidate.hit.end and candidate.hit.start < k.hit.end), None)
        if rival:
            candidate.reason = f"part of: {rival.hit.frame.name}"
        else:
            kept.append(candidate)
