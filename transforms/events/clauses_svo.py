"""Subjects, clauses and phrases of a language with verbs between subject and object, such as English.

A shallow analysis without a parser: a verb's subject is the noun phrase before it, over what stands between commas or behind a relative
pronoun; objects and prepositional phrases follow it.
"""

from __future__ import annotations

from collections.abc import Iterator

from transforms.events.clauses import FINITE_FORMS, Clause, Phrase, VerbGroup, case_at
from transforms.events.grammar import Grammar
from transforms.events.numbers import parse_number
from transforms.events.tokens import Token

_HARD_MARKS = frozenset(';:?!()—–-"')
_MAX_STEPS = 12

Span = tuple[int, int]


def subjects(tokens: list[Token], groups: list[VerbGroup], grammar: Grammar) -> list[Span | None]:
    """For each verb group the tokens of its subject: whoever acts, or, of a passive, to whom it is done."""
    finder = _Subjects(tokens, groups, grammar)
    for number in range(len(groups)):
        finder.found.append(finder.of(number))
    return finder.found


class _Subjects:
    def __init__(self, tokens: list[Token], groups: list[VerbGroup], grammar: Grammar) -> None:
        self.tokens = tokens
        self.keys = [t.key for t in tokens]
        self.groups = groups
        self.words = grammar.words
        self.grammar = grammar
        self.group_at = {i: n for n, g in enumerate(groups) for i in range(g.start, g.end)}
        self.found: list[Span | None] = []

    def of(self, number: int) -> Span | None:
        group = self.groups[number]
        if group.form == "participle":
            return self._before(group.start)
        if group.form in FINITE_FORMS:
            return self._finite(number, group.start)
        return self._controlled(number)

    def _controlled(self, number: int) -> Span | None:
        """The subject of an infinitive or an -ing form: the noun phrase right before it, or the subject of the verb that governs it."""
        group = self.groups[number]
        if group.form == "conjunctive" and group.start and self._is_word(group.start - 1):
            return self._before(group.start)  # "troops attacking the town"
        for n in range(number - 1, -1, -1):
            governor = self.groups[n]
            if self.keys[group.start] == self.grammar.infinitive_mark and governor.lemma in self.grammar.governors:
                kind = self.grammar.governors[governor.lemma][0][1]
                if kind in ("order", "permission") and not governor.passive and group.start > governor.end:
                    return (governor.end, group.start)
            if self.found[n] is not None:
                return self.found[n]
        later = next((n for n in range(number + 1, len(self.groups)) if self.groups[n].form in FINITE_FORMS), None)
        return self._finite(later, self.groups[later].start) if later is not None else None

    def _finite(self, number: int, pos: int) -> Span | None:
        for _ in range(_MAX_STEPS):
            start = pos
            stop = ""
            while start > 0:
                word = self.keys[start - 1]
                n = self.group_at.get(start - 1)
                if n is not None and self.groups[n].form in FINITE_FORMS and n != number:
                    stop = "verb"
                    break
                if self._bounds(start - 1):
                    stop = word
                    break
                start -= 1
            region = self._noun_region(start, pos)
            if region and stop == "verb":
                relative = self._relative_of(self.group_at[start - 1])
                if relative is not None and not self._says(self.group_at[start - 1]):
                    return self._before(relative)  # "the man who shot Reagan was released"
                return region
            if region:
                return self._with_list(region, self.groups[number])
            if stop in self.words["relative"] or (stop in self.words["complementizer"] and start == pos):
                return self._before(start - 1)
            if stop == "verb" or stop in self.words["coordination"] or stop in self.words["adversative"]:
                at = self.group_at.get(start - 1) if stop == "verb" else self._finite_before(start)
                return self.found[at] if at is not None and at < len(self.found) else None
            if stop not in (",", '"', "-", "–", "—", ")", "'"):
                return None
            pos = self._over_parenthesis(start - 1)
            if pos < 0:
                at = -pos - 1
                return self.found[at] if at < len(self.found) else None
            if pos == 0:
                return None
        return None

    def _over_parenthesis(self, comma: int) -> int:
        """Where to look on, before the parenthesis that ends at `comma`; -(n + 1) when it is a clause whose verb group n has the subject."""
        i = comma - 1
        opens = "(" if self.keys[comma] == ")" else ","
        while i >= 0 and self.keys[i] != opens and self.keys[i] not in ";:—":
            i -= 1
        inside = [n for n, g in enumerate(self.groups) if g.form in FINITE_FORMS and i < g.start < comma]
        if inside and self._relative_of(inside[0]) is None and not (i >= 0 and self._opens_subordinate(i + 1)):
            return -(inside[-1] + 1)
        return max(i, 0)

    def _opens_subordinate(self, i: int) -> bool:
        return self.keys[i] in self.words["subordinators"] or self.keys[i] in self.words["relative"]

    def _bounds(self, i: int) -> bool:
        word = self.keys[i]
        if word in self.words["subordinators"] and not self._subordinates(i):
            return False
        if word in self.words["coordination"]:
            return self.group_at.get(i + 1) is not None or self._adverb_then_verb(i + 1)
        return (
            word == ","
            or word in _HARD_MARKS
            or word in self.words["complementizer"]
            or word in self.words["relative"]
            or word in self.words["subordinators"]
            or word in self.words["adversative"]
        )

    def _adverb_then_verb(self, i: int) -> bool:
        return i + 1 < len(self.keys) and self.grammar.is_adverb(self.keys[i]) and i + 1 in self.group_at

    def _subordinates(self, i: int) -> bool:
        """Whether a word that may be a preposition opens a clause: a finite verb follows before the next mark."""
        for j in range(i + 1, min(len(self.keys), i + 14)):
            n = self.group_at.get(j)
            if n is not None and self.groups[n].form in FINITE_FORMS:
                return j > i + 1
            if self.keys[j] == "," or self.keys[j] in _HARD_MARKS:
                return False
        return False

    def _noun_region(self, start: int, end: int) -> Span | None:
        """The tokens of the noun phrase in a region, its first one: times, adverbs and phrases before it are left out."""
        while start < end and (
            not self.keys[start][:1].isalnum() or self.keys[start] in self.words["particles"] or self.keys[start] in self.words["weekdays"]
        ):
            start += 1
        for phrase in self.words["approximate"]:  # "at least four soldiers"
            words = phrase.split()
            after = start + len(words)
            if self.keys[start:after] == words and after < end and self._counts(after):
                start = after
                break
        if start < end and self.grammar.parts(self.keys[start], owners=True):
            if all(k in self.words["time"] or k.isdigit() or k in self.grammar.cases for k in self.keys[start:end]):
                return None
            cut = self._after_phrase(start + 1, end)
            return (cut, end) if cut < end else None
        content = [i for i in range(start, end) if not self._is_time(i)]
        if not content or all(self.grammar.is_adverb(self.keys[i]) for i in content):
            return None
        return (start, end)

    def _counts(self, i: int) -> bool:
        return self.keys[i] in self.words["quantities"] or parse_number(self.tokens, i, self.grammar.language) is not None

    def _after_phrase(self, i: int, end: int) -> int:
        """The end of a prepositional phrase without a comma after it: "In 2014 the court …"."""
        while i < end and (self._is_time(i) or self.keys[i].isdigit()):
            i += 1
            if i < end and not self._is_time(i):
                return i
        determiner = next((j for j in range(i + 1, end) if self.keys[j] in self.words["articles"]), None)
        return determiner if determiner is not None and self.keys[determiner - 1] not in self.grammar.cases else end + 1

    def _is_time(self, i: int) -> bool:
        return (
            self.keys[i] in self.words["time"]
            or (self.keys[i].isdigit() and len(self.keys[i]) in (1, 2, 4))
            or not self.keys[i][:1].isalnum()
        )

    def _is_word(self, i: int) -> bool:
        return (
            self.keys[i][:1].isalnum()
            and i not in self.group_at
            and self.keys[i] not in self.grammar.cases
            and not self._bounds(i)
            and self.keys[i] not in self.words["particles"]
            and not self._is_time(i)
        )

    def _before(self, end: int) -> Span | None:
        """The noun phrase that ends right before token `end`."""
        while end > 0 and (self.keys[end - 1] == "," or self.keys[end - 1] in self.words["particles"]):
            end -= 1
        start = end
        while start > 0 and start - 1 not in self.group_at and not self._bounds(start - 1):
            start -= 1
        while start < end and self.grammar.parts(self.keys[start], owners=True):
            start += 1  # "with police watching"
        return (start, end) if start < end else None

    def _with_list(self, region: Span, group: VerbGroup) -> Span:
        """The region with the parts of a list before it: "China, Russia and Iran", in headlines "China, Iran agree"."""
        start, end = region
        plural = group.form == "present" and group.lemma == self.keys[group.start]
        if not plural and not any(k in self.words["coordination"] for k in self.keys[start:end]):
            return region
        while start > 1 and self.keys[start - 1] == "," and self.keys[start - 2][:1].isalnum():
            i = start - 2
            while i > 0 and self.keys[i - 1][:1].isalnum() and not self._bounds(i - 1) and i - 1 not in self.group_at:
                i -= 1
            if self.keys[i] in self.grammar.cases or all(self._is_time(j) for j in range(i, start - 1)):
                break
            start = i
        return (start, end)

    def _finite_before(self, pos: int) -> int | None:
        return next(
            (n for n in range(len(self.found) - 1, -1, -1) if self.groups[n].end <= pos and self.groups[n].form in FINITE_FORMS), None
        )

    def _relative_of(self, number: int) -> int | None:
        """The relative pronoun that opens the clause of a verb group, if one does."""
        i = self.groups[number].start - 1
        while i >= 0 and i not in self.group_at and self.keys[i] not in ",;:":
            if self.keys[i] in self.words["relative"] or (
                self.keys[i] in self.words["complementizer"] and i + 1 == self.groups[number].start
            ):
                return i
            i -= 1
        return None

    def _says(self, number: int) -> bool:
        return self.groups[number].lemma in self.grammar.saying


def clauses(tokens: list[Token], groups: list[VerbGroup], grammar: Grammar) -> list[Clause]:
    """The clauses of a sentence: a subordinator, a strong mark, a coordinated verb or the complement of a verb of saying begins one."""
    finder = _Subjects(tokens, groups, grammar)
    said = {g.end for n, g in enumerate(groups) if g.form in FINITE_FORMS and g.lemma in grammar.saying and not g.passive}
    found, start, opener = [], 0, ""
    for i, token in enumerate(tokens):
        word = token.key
        bounds = i not in finder.group_at and word != "," and finder._bounds(i)
        spoken = i in said and any(g.start >= i and g.form in FINITE_FORMS for g in groups)
        if (bounds or spoken) and i > start:
            found.append(Clause(start, i, opener))
            start, opener = i, ""
        if bounds and i == start:
            opener = word
    if start < len(tokens):
        found.append(Clause(start, len(tokens), opener))
    return found


def phrases(tokens: list[Token], clause: Clause, groups: list[VerbGroup], grammar: Grammar) -> Iterator[Phrase]:
    """The phrases of one clause, from left to right: "erg" before its finite verb, "obj" after a verb, else the case of its preposition."""
    group_at = {g.start: g for g in groups if clause.start <= g.start < clause.end}
    case = "erg" if any(g.form in FINITE_FORMS for g in group_at.values()) else "bare"
    start = i = clause.start
    while i < clause.end:
        word = tokens[i].key
        group = group_at.get(i)
        mark = case_at(tokens, i, grammar) if word in grammar.cases and not group else None
        if group or word == "," or word in _HARD_MARKS or (mark and mark[1] != "gen"):
            if start < i:
                yield _phrase(tokens, start, i, case, grammar)
            if group:
                case, i = "obj", max(group.end, i + 1)
            elif mark:
                case, i = mark[1], i + mark[0]
            else:
                i += 1
            start = i
            continue
        i += 1
    if start < clause.end:
        yield _phrase(tokens, start, clause.end, case, grammar)


def _phrase(tokens: list[Token], start: int, end: int, case: str, grammar: Grammar) -> Phrase:
    pronoun = grammar.pronoun(tokens[start]) if end - start == 1 else None
    return Phrase(start, end, case, end, pronoun[0] if pronoun else "")
