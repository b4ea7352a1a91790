"""Verb groups, clauses and case-marked phrases of a tokenised sentence.

A shallow analysis in one pass over the tokens, without a parser: verbs and their auxiliaries make groups, finite groups, subordinators and
some marks bound clauses, and the case marks cut the rest of a clause into phrases.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex

from transforms.events.grammar import Grammar, Reading
from transforms.events.tokens import Token

_MARK = regex.compile(r"^[^\p{L}\p{N}]+$")
_QUOTES = frozenset("\"'")
_HARD_MARKS = frozenset(";:?!।|")
_MAX_GROUP = 8


class VerbGroup(NamedTuple):
    """A main verb with its auxiliaries: tokens `start` to `end`."""

    start: int
    end: int
    lemma: str
    vector: str  # the verb that colours the main one, "" without: डालना in मार डाला
    form: str  # past, perfect, pluperfect, present, habitual, progressive, future, subjunctive, ability, obligation, wish,
    # request, infinitive, conjunctive, participle
    passive: bool
    negated: bool


class Phrase(NamedTuple):
    """Tokens `start` to `end` under a case mark; case "bare" has no mark, `pronoun` is "", "singular", "plural" or "speaker"."""

    start: int
    end: int
    case: str
    after: int
    pronoun: str


class Clause(NamedTuple):
    """Tokens `start` to `end`; `opener` is the word that opened it (a key, "" for a main clause)."""

    start: int
    end: int
    opener: str


FINITE_FORMS = frozenset(
    {
        "past",
        "perfect",
        "pluperfect",
        "present",
        "habitual",
        "progressive",
        "future",
        "subjunctive",
        "ability",
        "obligation",
        "wish",
        "request",
    }
)


def verb_groups(tokens: list[Token], grammar: Grammar) -> list[VerbGroup]:
    """The verb groups of a sentence, from left to right."""
    keys = [token.key for token in tokens]
    groups: list[VerbGroup] = []
    for i in [i for i, word in enumerate(keys) if word in grammar.forms]:
        if not groups or i >= groups[-1].end:
            reading = _verb_at(keys, i, grammar)
            if reading:
                groups.append(_group(keys, i, reading, grammar))
    return groups


def _verb_at(keys: list[str], i: int, grammar: Grammar) -> Reading | None:
    readings = grammar.forms.get(keys[i])
    if not readings:
        return None
    reading = readings[0]
    word = keys[i]
    if len(readings) > 1 and reading.form == "perfective":
        # "बढ़ा दी": before a vector verb the stem of बढ़ाना, not the perfective of बढ़ना
        following = _reading(keys, i + 1, grammar)
        root = next((r for r in readings if r.form == "root"), None)
        if root and following and following.lemma in grammar.vectors and keys[i + 1] not in grammar.cases:
            reading = root
    if word in grammar.cases and not _light_after_noun(keys, i, grammar):
        return None
    if word in grammar.words["not_verbs"] or (i and _ends_mark(keys[i - 1], word, grammar)):
        return None
    if reading.form == "subjunctive" and i and grammar.is_owner(keys[i - 1]):
        return None  # "की मांगें": a noun that is spelled like the verb
    if reading.form == "root":
        following = _reading(keys, i + 1, grammar)
        if following and following.lemma in grammar.auxiliaries and keys[i + 1] not in grammar.cases:
            if following.form != "root":
                # "मांग है": a noun that is spelled like the stem of a verb, which "है" does not follow
                return None if following.form in ("present", "past") else reading
            # "मांग कर रहे": a noun before its light verb; "मिल कर": a verb before its conjunctive ending
            after = _reading(keys, i + 2, grammar)
            return None if after and after.lemma in grammar.auxiliaries and keys[i + 2] not in grammar.cases else reading
        return Reading(reading.lemma, "conjunctive") if word in grammar.words["conjunctive"] else None
    return reading


def _ends_mark(before: str, word: str, grammar: Grammar) -> bool:
    """Whether a word ends a compound mark, as "लिए" in "के लिए" and "उनके लिए" does."""
    if grammar.is_possessive(before):
        return any(len(words) == 1 for words, _ in grammar.tails.get(word, ()))
    return any(len(words) == 2 for words, _ in grammar.mark_table.get(before, {}).get(word, ()))


def _light_after_noun(keys: list[str], i: int, grammar: Grammar) -> bool:
    # "की" is the genitive mark, or "did": the latter when the clause ends there or an auxiliary follows
    if keys[i] not in grammar.words["verb_or_case"] or i == 0:
        return False
    if i + 1 >= len(keys):
        return True
    following = keys[i + 1]
    if following in grammar.words["after_verb"] or _MARK.match(following):
        return following not in _QUOTES and following != "("
    return (
        following in grammar.words["coordination"]
        or following in grammar.words["clause_openers"]
        or following in grammar.words["complementizer"]
    )


def _reading(keys: list[str], i: int, grammar: Grammar) -> Reading | None:
    readings = grammar.forms.get(keys[i]) if i < len(keys) else None
    return readings[0] if readings else None


def _group(keys: list[str], start: int, main: Reading, grammar: Grammar) -> VerbGroup:
    chain = [main]
    negation, particles = grammar.words["negation"], grammar.words["particles"]
    negated = any(keys[j] in negation for j in range(max(0, start - 2), start))
    end = start + 1
    must = False
    while end < len(keys) and len(chain) < _MAX_GROUP and chain[-1].form != "conjunctive":
        word = keys[end]
        if word in negation or word in particles:
            following = _reading(keys, end + 1, grammar)
            if not following or following.lemma not in grammar.auxiliaries or keys[end + 1] in grammar.cases or following.form == "root":
                break
            negated = negated or word in negation
            end += 1
            continue
        if word in grammar.obligation_words:
            must = True
            end += 1
            continue
        if chain[-1].form == "root" and word in grammar.words["conjunctive"]:
            following = _reading(keys, end + 1, grammar)
            if not (following and following.lemma in grammar.auxiliaries and keys[end + 1] not in grammar.cases):
                chain.append(Reading(word, "conjunctive"))
                end += 1
                break
        reading = _reading(keys, end, grammar)
        if reading is None or reading.lemma not in grammar.auxiliaries or word in grammar.cases or word in grammar.words["not_verbs"]:
            break
        if chain[-1].form in ("present", "past", "future", "subjunctive") or (
            reading.form == "root" and word in grammar.words["conjunctive"]
        ):
            break
        chain.append(reading)
        end += 1
    passive = any(
        chain[k].lemma == grammar.passive and chain[k - 1].form == "perfective" and main.lemma not in grammar.words["never_passive"]
        for k in range(1, len(chain))
    )
    form = _form(chain, must, grammar)
    bare = form == "past" or (form == "progressive" and chain[-1].form == "perfective")
    if bare and end < len(keys) and not _bounds(keys[end], grammar):
        form = "participle"  # without an auxiliary and before a noun: "किया समझौता", "विरोध कर रहे देश ने"
    return VerbGroup(start, end, main.lemma, chain[1].lemma if len(chain) > 1 else "", form, passive, negated)


def _form(chain: list[Reading], must: bool, grammar: Grammar) -> str:
    last = chain[-1]
    if must or any(
        chain[k].lemma in grammar.obligation
        and chain[k - 1].form == "infinitive"
        and chain[k].form != "infinitive"
        and not (chain[k].lemma == grammar.compelled and chain[k].form == "perfective")  # "देना पड़ा": it was done
        for k in range(1, len(chain))
    ):
        return "obligation"
    if any(r.lemma == grammar.ability for r in chain[1:]):
        return "ability"
    if any(r.lemma == grammar.wish for r in chain[1:]):
        return "wish"
    if any(r.form == "future" for r in chain):
        return "future"
    if last.form in ("infinitive", "conjunctive", "subjunctive", "request"):
        return last.form
    before = chain[-2].form if len(chain) > 1 else ""
    if any(
        r.lemma == grammar.progressive and r.form == "perfective" and chain[k].form in ("root", "imperfective")
        for k, r in enumerate(chain[1:])
    ):
        return "progressive"
    if last.form == "present":
        return "perfect" if before == "perfective" else "present"
    if last.form == "past":
        return "pluperfect" if before == "perfective" else "habitual" if before == "imperfective" else "past"
    if last.form == "imperfective":
        return "participle"
    if last.form == "perfective" and len(chain) > 1 and chain[-1].lemma in grammar.obligation and before in ("perfective", "imperfective"):
        return "participle"  # करते हुए, लगा हुआ
    return "past"


def _bounds(word: str, grammar: Grammar) -> bool:
    words = grammar.words
    return (
        (bool(_MARK.match(word)) and word != "(")
        or word in words["complementizer"]
        or word in words["coordination"]
        or word in words["clause_openers"]
        or word in words["relative"]
    )


def clauses(tokens: list[Token], groups: list[VerbGroup], grammar: Grammar) -> list[Clause]:
    """The clauses of a sentence: each ends after a finite verb group, before a subordinator, or at a strong mark."""
    keys = [token.key for token in tokens]
    ends = {group.end for group in groups if group.form in FINITE_FORMS}
    found = []
    start, opener = 0, ""
    words = grammar.words
    for i, word in enumerate(keys):
        opens = word in words["complementizer"] or word in words["clause_openers"] or word in words["relative"]
        if (i in ends or opens or word in _HARD_MARKS) and i > start:
            found.append(Clause(start, i, opener))
            start, opener = i, ""
        if opens and i == start:
            opener = word
    if start < len(keys):
        found.append(Clause(start, len(keys), opener))
    return found


def phrases(tokens: list[Token], clause: Clause, groups: list[VerbGroup], grammar: Grammar) -> Iterator[Phrase]:
    """The phrases of one clause, from left to right. The genitive does not close a phrase: it stays inside."""
    group_at = {group.start: group for group in groups if clause.start <= group.start < clause.end}
    start = i = clause.start
    while i < clause.end:
        word = tokens[i].key
        group = group_at.get(i)
        if group or word in _HARD_MARKS or word in grammar.words["complementizer"]:
            if start < i:
                yield Phrase(start, i, "bare", i, "")
            i = start = group.end if group else i + 1
            continue
        pronoun = grammar.pronouns.get(word)
        tail = _tail_at(tokens, i + 1, grammar) if pronoun and pronoun[1] == "gen" else None
        if pronoun and tail:  # "उनके खिलाफ": the first word of the mark has grown onto the pronoun
            if start < i:
                yield Phrase(start, i, "bare", i, "")
            yield Phrase(i, i + 1, tail[1], i + 1 + tail[0], pronoun[0])
            i = start = i + 1 + tail[0]
            continue
        if pronoun and pronoun[1] not in ("gen", "obl"):
            if start < i:
                yield Phrase(start, i, "bare", i, "")
            yield Phrase(i, i + 1, pronoun[1], i + 1, pronoun[0])
            i = start = i + 1
            continue
        mark = case_at(tokens, i, grammar) if word in grammar.cases else None
        if mark and mark[1] != "gen":
            if i > start:  # else it is the mark of a verb: "करने के लिए"
                yield Phrase(start, i, mark[1], i + mark[0], "")
            i = start = i + mark[0]
            continue
        i += mark[0] if mark else 1
    if start < clause.end:
        yield Phrase(start, clause.end, "bare", clause.end, "")


def _tail_at(tokens: list[Token], i: int, grammar: Grammar) -> tuple[int, str] | None:
    if i < len(tokens):
        for words, name in grammar.tails.get(tokens[i].key, ()):
            if len(words) == 1 or tuple(token.key for token in tokens[i : i + len(words)]) == words:
                return len(words), name
    return None


def case_at(tokens: list[Token], i: int, grammar: Grammar) -> tuple[int, str] | None:
    """The case mark that starts at token `i`: its length in tokens and its name."""
    marks = grammar.mark_table.get(tokens[i].key)
    if marks is None:
        return None
    for second in (tokens[i + 1].key, "") if i + 1 < len(tokens) else ("",):
        for words, name in marks.get(second, ()):
            if len(words) < 3 or [token.key for token in tokens[i : i + len(words)]] == list(words):
                return len(words), name
    return None
