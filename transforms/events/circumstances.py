"""When an act happened, how many people it hurt, what figures stand beside it, and who reports it."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.events.analysis import ArticleAnalysis, SentenceAnalysis
from transforms.events.candidates import Candidate
from transforms.events.clauses import FINITE_FORMS, VerbGroup
from transforms.events.date_words import date_words
from transforms.events.dates import DateMention, find_dates
from transforms.events.deduplicate import merge_casualties
from transforms.events.named import parties_in
from transforms.events.numbers import find_amounts, find_casualties
from transforms.records import Casualties

_PAST = frozenset({"past", "perfect", "pluperfect", "habitual"})
# Types whose acts hurt or hold people, and types whose acts have an amount.
_HURTING = frozenset({"HAZARD", "ASSAULT", "PROTEST", "COERCE", "MOBILIZE"})
_COUNTED = frozenset({"AID", "AGREE", "MOBILIZE", "COOPERATE", "SANCTION", "COERCE", "SUPPORT", "RETREAT"})
_HELD = frozenset({"arrest"})


def date_of(analysis: ArticleAnalysis, candidate: Candidate) -> DateMention | None:
    """The date that the text gives the act: in its own clause, in one that its clause goes on with, or at the head of its sentence."""
    sentence = analysis.sentences[candidate.index]
    start = candidate.hit.start
    group = candidate.hit.group
    past = None if group is None or candidate.hit.reversed else True if group.form in _PAST else False if group.form == "future" else None
    if not sentence.timed:
        return None
    anchor, language = analysis.anchor(candidate.index), analysis.article.language

    def dates(first: int, last: int) -> list[DateMention]:
        return find_dates(sentence.tokens[first:last], analysis.reference, language, past, anchor, sentence.sentence.text, analysis.days)

    for first, last in reachable(sentence, start):
        if inside := dates(first, last):
            # the nearest before the predicate, else the first behind it; one that pins something down before a vague one
            return min(inside, key=lambda d: (d.vague, first + d.end > start, abs(first + d.end - start)))
    head = sentence.tokens[0].key
    if not (head in date_words(language).starts or head.isdigit()) or _completes(sentence, sentence.clause_at(start)):
        return None  # what is said on a day has not happened on it
    return next((date for date in dates(0, sentence.clauses[0].end) if date.start == 0), None)


def carried_date(analysis: ArticleAnalysis, candidate: Candidate) -> DateMention | None:
    """The date of the sentence before, for an act without one whose sentence goes on with its story.

    Background ("had been"), an hour without a day and words like "from there" say so. It is never more than approximate.
    """
    sentence = analysis.sentences[candidate.index]
    words = date_words(sentence.article.language).lists
    at_once = candidate.hit.start > 0 and sentence.tokens[candidate.hit.start - 1].key in words["at_once"]
    goes_on = (
        at_once
        or any(group.form == "pluperfect" for group in _verbs(sentence, candidate))
        or not sentence.keys.isdisjoint(words["clock"])
        or sentence.tokens[0].key in words["links"]
    )
    if not goes_on or candidate.index == 0 or analysis.dates[candidate.index]:
        return None
    told = next((date for date in reversed(analysis.dates[candidate.index - 1]) if date.date_end), None)
    if told is None or (analysis.reference and not at_once and (told.date_end or "") >= analysis.reference[:4]):
        return None  # what happened in the year of the report is news, not the story told before
    return told._replace(date_type="approximate", text="")


def _verbs(sentence: SentenceAnalysis, candidate: Candidate) -> list[VerbGroup]:
    """The verb group of a predicate; of a disaster that is a noun, those of its clause, which tell what it did."""
    if candidate.hit.group or candidate.event_type != "HAZARD":
        return [candidate.hit.group] if candidate.hit.group else []
    return sentence.verbs(sentence.clauses[sentence.clause_at(candidate.hit.start)])


def reachable(sentence: SentenceAnalysis, token: int) -> list[tuple[int, int]]:
    """The token spans of the clauses that a clause shares its circumstances with, its own first."""
    at = sentence.clause_at(token)
    spans = [(sentence.clauses[at].start, sentence.clauses[at].end)]
    coordinated = True
    for earlier in range(at - 1, -1, -1):
        clause = sentence.clauses[earlier]
        opener = sentence.clauses[earlier + 1].opener
        coordinated = coordinated and (not opener or opener in sentence.grammar.words["when"])
        if coordinated or not any(group.form in FINITE_FORMS for group in sentence.verbs(clause)):
            spans.append((clause.start, clause.end))
    return spans


def casualties_of(analysis: ArticleAnalysis, candidates: list[Candidate]) -> Casualties | None:
    """The people that the tellings of an act say were hurt or held; when they say nothing, the sentence after the first of them may."""
    if candidates[0].event_type not in _HURTING:
        return None
    indices = sorted({c.index for c in candidates})
    tellings = [_casualties(analysis.sentences[i]) for i in indices]
    following = indices[0] + 1
    if not any(tellings) and candidates[0].event_type in ("HAZARD", "ASSAULT") and following < len(analysis.sentences):
        tellings = [_casualties(analysis.sentences[following])]
    return merge_casualties(tellings)


def _casualties(sentence: SentenceAnalysis) -> Casualties | None:
    return find_casualties(sentence.tokens, sentence.article.language, sentence.sentence.text)


def amounts_of(analysis: ArticleAnalysis, candidates: list[Candidate]) -> tuple[str, ...]:
    """Other figures in the clauses that tell the act."""
    if candidates[0].event_type not in _COUNTED:
        return ()
    found: dict[str, None] = {}
    for candidate in candidates:
        sentence = analysis.sentences[candidate.index]
        clause = sentence.clauses[sentence.clause_at(candidate.hit.start)]
        tokens = sentence.tokens[clause.start : clause.end]
        found.update(dict.fromkeys(find_amounts(tokens, analysis.article.language, sentence.sentence.text)))
    return tuple(found)


def attribution_of(analysis: ArticleAnalysis, candidates: list[Candidate]) -> tuple[str, ...]:
    """Who reports the act: "… के अनुसार", or the subject of the clause that an act's clause completes ("… ने बताया कि")."""
    found: dict[str, None] = {}
    for candidate in candidates:
        sentence = analysis.sentences[candidate.index]
        at = sentence.clause_at(candidate.hit.start)
        own = {n.party.text for n in candidate.roles.actors}
        for number, clause in enumerate(sentence.clauses[: at + 1]):
            for phrase in sentence.phrases(clause):
                reports = phrase.case == "source" or (
                    phrase.case == "erg"
                    and not phrase.pronoun
                    and number < at
                    and sentence.has_verb(clause, sentence.grammar.saying)
                    and _completes(sentence, number + 1)
                )
                if reports:
                    found.update(
                        (n.party.text, None) for n in parties_in(sentence, phrase.start, phrase.end, None, False) if n.party.text not in own
                    )
        if sentence.grammar.order == "svo":
            for start, end in _speakers(sentence, candidate):
                found.update((n.party.text, None) for n in parties_in(sentence, start, end, None, False) if n.party.text not in own)
    return tuple(found)


def _speakers(sentence: SentenceAnalysis, candidate: Candidate) -> Iterator[tuple[int, int]]:
    """Who says what stands beside the speaker without a conjunction: "… , police said", "Police said he …"."""
    start = candidate.hit.start
    clause = sentence.clauses[sentence.clause_at(start)]
    for group, subject in zip(sentence.groups, sentence.subjects, strict=True):
        if group.lemma in sentence.grammar.saying and group.form in FINITE_FORMS and subject:
            behind = subject[0] > start and sentence.tokens[subject[0] - 1].key == ","
            if behind or group.end == clause.start:
                yield subject


def _completes(sentence: SentenceAnalysis, clause: int) -> bool:
    return sentence.clauses[clause].opener in sentence.grammar.words["complementizer"]
