"""What the words that govern an act say of it, in a language such as English: asserted, promised, threatened, refused or only spoken of."""

from __future__ import annotations

from typing import NamedTuple

from transforms.events.analysis import SentenceAnalysis
from transforms.events.clauses import FINITE_FORMS
from transforms.events.lexicon import Hit

_CONFLICT = frozenset({"ASSAULT", "COERCE", "SANCTION", "THREATEN"})
_COOPERATIVE = frozenset({"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"})
_THREATS = {"arrest": "arrest", "deport": "expel", "expel": "expel", "discontinue": "relations", "withdraw": "relations"}
_REFUSALS = {"RETREAT": "yield", "CONCEDE": "yield", "AID": "assist", "COOPERATE": "assist", "CONSULT": "meet"}
# Classes of governors whose content is not an act of its own.
_SPOKEN_OF = frozenset({"order", "refusal", "allegation", "permission"})
_MAX_REACH = 14  # tokens between a verb and a noun in its object


class Standing(NamedTuple):
    """Type, mode and status that an act gets in its place, the class of its governor, and why it is no event ("" if it may be one)."""

    event_type: str
    mode: str | None
    status: str
    governor: str
    reason: str


def standing(sentence: SentenceAnalysis, hit: Hit, event_type: str, mode: str | None) -> Standing:
    """How the act of a predicate, of this type and mode, stands in its sentence."""
    governor = governor_of(sentence, hit)
    kind = _class(sentence, governor)
    group = hit.group
    form = group.form if group else "noun"
    negated = bool(group and group.negated) or _no(sentence, hit) or _nobody(sentence, hit)
    reason = ""
    status = "ongoing" if form == "progressive" else "occurred"
    if kind in _SPOKEN_OF:
        reason = f"only the content of: {governor}"
    elif kind == "promise" and event_type not in _CONFLICT:
        reason = f"only the content of: {governor}"
    elif kind == "threat" and event_type != "THREATEN":
        reason = f"only the content of: {governor}"
    future = form == "future" or (form in ("infinitive", "conjunctive", "noun") and kind in ("plan", "promise"))
    future = future and not (form == "noun" and event_type in _CONFLICT)
    if future and negated and event_type in _COOPERATIVE:
        event_type, mode, status = "REJECT", _REFUSALS.get(event_type, "change"), "occurred"
    elif negated:
        status = "negated"
    elif form == "noun" and event_type in _CONFLICT and kind in ("plan", "promise"):
        status = "hypothetical"
    elif form == "ability" or kind in ("possibility", "attempt") or _conditional(sentence, hit):
        status = "hypothetical"
    elif form == "obligation" and event_type not in ("REJECT",):
        status = "hypothetical"
    elif future and event_type in _CONFLICT:
        event_type, mode = "THREATEN", _THREATS.get(mode or "", "violence" if event_type == "ASSAULT" else "restrict")
    elif future:
        status = "planned"
    elif form == "infinitive" and event_type not in ("CONSULT",):
        status = "hypothetical"
    if not reason and event_type == "ASSAULT" and _by_disaster(sentence, hit):
        reason = "done by a disaster"
    if not reason and hit.frame.content and not _says_so(sentence, hit):
        reason = "not with the complement that its meaning needs"
    if not reason and event_type != "THREATEN" and _threatens(sentence, hit):
        reason = "its content is the act"
    return Standing(event_type, mode, status, kind, reason)


def _by_disaster(sentence: SentenceAnalysis, hit: Hit) -> bool:
    """Whether the subject names a disaster: "floods have killed 30 people"."""
    span = sentence.subjects[sentence.groups.index(hit.group)] if hit.group and not hit.group.passive else None
    return span is not None and any(h.frame.event_type == "HAZARD" and h.noun and span[0] <= h.noun[0] < span[1] for h in sentence.hits)


def content_of(sentence: SentenceAnalysis, hit: Hit) -> int | None:
    """The number of the finite verb group in the complement of a predicate: "said that Iran must …"."""
    number = next((n for n in range(sentence.next_group(hit.end), len(sentence.groups)) if sentence.groups[n].form in FINITE_FORMS), None)
    if number is None:
        return None
    words = sentence.grammar.words
    between = [t.key for t in sentence.tokens[hit.end : sentence.groups[number].start]]
    while between and (between[0] in words["time"] - words["complementizer"] or sentence.grammar.is_adverb(between[0])):
        between = between[1:]  # "said on Monday that"
    opened = bool(between and between[0] in words["complementizer"]) or (
        hit.group is not None and sentence.clauses[sentence.clause_at(sentence.groups[number].start)].start == hit.end
    )
    if not opened or any(k in words["relative"] or k in words["subordinators"] for k in between):
        return None
    return number


def _says_so(sentence: SentenceAnalysis, hit: Hit) -> bool:
    if "infinitive" in hit.frame.content:  # "told Iran to leave"
        following = next((g for g in sentence.groups if g.start >= hit.end), None)
        between = sentence.tokens[hit.end : following.start] if following and following.form == "infinitive" else []
        return bool(between) and not any(t.key in ",;:" or t.key in sentence.grammar.words["complementizer"] for t in between)
    number = content_of(sentence, hit)
    if number is None:
        return False
    group, subject = sentence.groups[number], sentence.subjects[number]
    own = (
        subject is None
        or sentence.grammar.pronoun(sentence.tokens[subject[0]]) is not None
        or bool(hit.group and subject[1] <= hit.group.start)
    )
    wanted = hit.frame.content
    if "refusal" in wanted and own and group.form == "future" and group.negated:
        return True
    if "promise" in wanted and own and group.form == "future" and not group.negated:
        return not any(h.group == group and h.frame.event_type not in _COOPERATIVE for h in sentence.hits if _fits(sentence, h))
    return group.form in wanted


def _class(sentence: SentenceAnalysis, word: str) -> str:
    entries = sentence.grammar.governors.get(word)
    return entries[0][1] if entries else ""


def governor_of(sentence: SentenceAnalysis, hit: Hit) -> str:
    """The verb (dictionary form) or noun that takes the act as its content; "" without one."""
    tokens, governors = sentence.tokens, sentence.grammar.governors
    group = hit.group
    start = hit.start
    if group and group.form in FINITE_FORMS and hit.noun is None or group and group.form in FINITE_FORMS:
        return _governing_clause(sentence, start)
    if start and tokens[start - 1].key in governors and group and group.form == "infinitive":
        return tokens[start - 1].key
    singular = tokens[start - 1].key.removesuffix("s") if start else ""
    if group and group.form == "infinitive" and singular in governors:
        return singular
    before = next((g for g in reversed(sentence.groups) if g.end <= start), None)
    if before is None or before.form == "noun":
        return ""
    words = sentence.grammar.words
    between = [t.key for t in tokens[before.end : start]]
    if len(between) > _MAX_REACH or any(k in words["complementizer"] or k in words["relative"] or k in ",;:" for k in between):
        return ""
    if before.lemma not in governors:
        nouns = [k for k in between if k in governors or k.removesuffix("s") in governors]
        return (nouns[-1] if nouns[-1] in governors else nouns[-1].removesuffix("s")) if nouns else before.lemma
    return before.lemma


def _governing_clause(sentence: SentenceAnalysis, start: int) -> str:
    """The verb whose complement the clause of token `start` is: "denied that …", "said it will …"."""
    at = sentence.clause_at(start)
    clause = sentence.clauses[at]
    if not at:
        return ""
    number = sentence.next_group(clause.start)
    before = sentence.groups[number - 1] if number else None
    if before is None or (clause.opener not in sentence.grammar.words["complementizer"] and before.end != clause.start):
        return ""
    return before.lemma


def _no(sentence: SentenceAnalysis, hit: Hit) -> bool:
    return (
        hit.noun is not None and hit.noun[0] > 0 and sentence.tokens[hit.noun[0] - 1].key in sentence.grammar.words["negative_determiners"]
    )


def _nobody(sentence: SentenceAnalysis, hit: Hit) -> bool:
    """Whether the subject is denied: "neither side accepted"."""
    span = sentence.subjects[sentence.groups.index(hit.group)] if hit.group else None
    words = sentence.grammar.words
    return span is not None and sentence.tokens[span[0]].key in words["negation"] | words["negative_determiners"]


def _conditional(sentence: SentenceAnalysis, hit: Hit) -> bool:
    return sentence.clauses[sentence.clause_at(hit.start)].opener in sentence.grammar.words["conditional"]


def _threatens(sentence: SentenceAnalysis, hit: Hit) -> bool:
    """Whether a promise is one of conflict ("vowed to attack"): its content is written as a threat instead."""
    if hit.group is None or _class(sentence, hit.group.lemma) != "promise":
        return False
    group = hit.group
    content = next((g for g in sentence.groups if g.start >= group.end), None)
    return content is not None and any(h.group == content and h.frame.event_type in _CONFLICT and _fits(sentence, h) for h in sentence.hits)


def _fits(sentence: SentenceAnalysis, hit: Hit) -> bool:
    """Whether the words of a sentence allow the meaning of a predicate."""
    frame = hit.frame
    return not any(map(sentence.contains, frame.unless)) and (not frame.requires or any(map(sentence.contains, frame.requires)))
