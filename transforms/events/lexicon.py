"""The predicates that tell events, compiled from `verbs*.tsv` of a language, and where they stand in a sentence."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from transforms import language_data
from transforms.events.clauses import VerbGroup
from transforms.events.grammar import Grammar, grammar
from transforms.events.tokens import Token, key

# How far a light verb may stand from its noun, in tokens, without a case mark between them.
_MAX_GAP = 4


class Frame(NamedTuple):
    """One row of the lexicon: a family of predicates with the same meaning and roles."""

    name: str
    event_type: str
    mode: str | None
    actors: tuple[str, ...]
    partners: tuple[str, ...]  # case marks of parties that act as well
    recipients: tuple[str, ...]
    verbs: dict[str, tuple[tuple[str, ...], ...]]  # verb -> the words that may stand before it (svo: behind it)
    alone: bool  # the noun tells the event without a verb
    unless: tuple[str, ...]
    requires: tuple[str, ...]
    topics: tuple[str, ...]
    needs: str
    after: str
    forms: frozenset[str]
    content: frozenset[str]  # what the complement must be: obligation, refusal, promise, or forms of its verb


class Hit(NamedTuple):
    """A predicate found in a sentence: tokens `start` to `end`; `noun` is the end of its noun, `group` its verb group."""

    frame: Frame
    start: int
    end: int
    noun: tuple[int, int] | None
    group: VerbGroup | None
    reversed: bool


class Lexicon:
    """All frames of one language."""

    def __init__(self, language: str) -> None:
        self.grammar: Grammar = grammar(language)
        self.nouns: dict[str, list[tuple[tuple[str, ...], Frame]]] = {}
        self.verbs: dict[str, list[tuple[tuple[str, ...], Frame]]] = {}
        self.size = 0
        for name in ("verbs.tsv", "verbs_hazard.tsv"):
            for row in language_data.rows(language, name):
                self._add(*row)
        for entries in self.nouns.values():
            entries.sort(key=lambda e: -len(e[0]))
        #: words without which a sentence holds no predicate
        self.cues = frozenset(self.nouns) | {
            form for verb in self.verbs for forms in self.grammar.conjugate(verb).values() for form in forms
        }

    def _add(self, nouns: str, verbs: str, event_type: str, mode: str, actors: str, recipients: str, options: str) -> None:
        option = dict(part.split("=", 1) for part in options.split(";")) if options != "-" else {}
        actor_marks, _, partner_marks = actors.partition("+")
        light: dict[str, list[tuple[str, ...]]] = {}
        for verb in verbs.split("|"):
            parts = verb.split()
            main, others = (parts[0], parts[1:]) if self.grammar.order == "svo" else (parts[-1], parts[:-1])
            if main != "*":
                self.grammar.add_verb(main)
                light.setdefault(key(main), []).append(tuple(map(key, others)))
        frame = Frame(
            name=f"{nouns.split('|')[0]} {verbs.split('|')[0]}",
            event_type=event_type,
            mode=None if mode == "-" else mode,
            actors=_marks(actor_marks),
            partners=_marks(partner_marks),
            recipients=_marks(recipients),
            verbs={verb: tuple(sorted(before, key=len, reverse=True)) for verb, before in light.items()},
            alone="*" in verbs.split("|"),
            unless=_words(option.get("not", "")),
            requires=_words(option.get("with", "")),
            topics=_words(option.get("about", "")),
            needs=option.get("need", ""),
            after=option.get("after", ""),
            forms=frozenset(option["form"].split(",")) if "form" in option else frozenset(),
            content=frozenset(option["content"].split(",")) if "content" in option else frozenset(),
        )
        if nouns == "-":
            for verb, prefixes in frame.verbs.items():
                self.verbs.setdefault(verb, []).extend((prefix, frame) for prefix in prefixes)
                self.size += len(prefixes)
            return
        for noun in nouns.split("|"):
            *first, last = noun.split()
            self.size += max(1, sum(map(len, frame.verbs.values())) + frame.alone)
            for form in self.grammar.noun_forms(last):
                words = (*map(key, first), form)
                self.nouns.setdefault(words[0], []).append((words, frame))

    def find(self, tokens: list[Token], groups: list[VerbGroup]) -> list[Hit]:
        """All predicates of a sentence whose words stand there; a verb group goes to the noun nearest to it."""
        keys = [token.key for token in tokens]
        ends = {group.end: group for group in groups}
        hits: list[tuple[int, Hit]] = []
        for i in [i for i, word in enumerate(keys) if word in self.nouns]:
            taken: set[int] = set()
            for words, frame in self.nouns[keys[i]]:
                n = len(words)
                if id(frame) in taken or (n > 1 and tuple(keys[i : i + n]) != words):
                    continue
                taken.add(id(frame))
                hits.extend(self._noun_hits(frame, keys, i, i + n, groups, ends))
        for group in groups:
            for prefix, frame in self.verbs.get(group.lemma, ()):
                start = self._before(keys, group.start, prefix)
                if start is not None:
                    hits.append((0, Hit(frame, start, group.end, None, group, False)))
            for prefix, frame in self.verbs.get(group.vector, ()):
                if prefix == (keys[group.start],):  # मार डालना
                    hits.append((0, Hit(frame, group.start, group.end, None, group, False)))
        return self._nearest(hits, keys)

    def _noun_hits(
        self, frame: Frame, keys: list[str], start: int, end: int, groups: list[VerbGroup], ends: dict[int, VerbGroup]
    ) -> list[tuple[int, Hit]]:
        for group in groups:
            if group.start < end:
                continue
            gap = group.start - end
            if gap > _MAX_GAP + 3:
                break
            for prefix in frame.verbs.get(group.lemma, ()):
                before = self._before(keys, group.start, prefix)
                if before is not None and before >= end and self._open(keys, end, before):
                    return [(before - end, Hit(frame, start, group.end, (start, end), group, False))]
            if group.form not in ("infinitive", "conjunctive", "participle"):
                break
        before_noun = ends.get(start) or ends.get(start - 1)
        if before_noun and before_noun.lemma in frame.verbs and () in frame.verbs[before_noun.lemma]:
            return [(1, Hit(frame, before_noun.start, end, (start, end), before_noun, True))]
        return [(0, Hit(frame, start, end, (start, end), None, False))] if frame.alone else []

    def _before(self, keys: list[str], end: int, prefix: tuple[str, ...]) -> int | None:
        """Where `prefix` stands before token `end`, perhaps with particles between; None when it does not."""
        words = self.grammar.words
        while prefix and end > 0 and (keys[end - 1] in words["negation"] or keys[end - 1] in words["particles"]):
            end -= 1
        start = end - len(prefix)
        return start if start >= 0 and tuple(keys[start:end]) == prefix else None

    def _open(self, keys: list[str], start: int, end: int) -> bool:
        """Whether nothing between a noun and its verb parts them."""
        if end - start > _MAX_GAP:
            return False
        between = keys[start:end]
        words = self.grammar.words
        for i, k in enumerate(between):
            if k in words["complementizer"] or k in "।,;:":
                return False
            # a case mark parts them, but not that of a time ("रविवार को") or of a subject put between
            if k in self.grammar.cases and k not in words["adverbial_case"] and not (i and between[i - 1] in words["time"]):
                return False
        return True

    def _nearest(self, hits: list[tuple[int, Hit]], keys: list[str]) -> list[Hit]:
        """Each verb group stays with the longest of the nearest nouns; a noun that loses its verb counts alone, if it can."""
        best: dict[int, tuple[int, int]] = {}
        for gap, hit in hits:
            if hit.group and hit.noun:
                rank = (gap, hit.start if not hit.reversed else -hit.end)
                best[hit.group.start] = min(best.get(hit.group.start, rank), rank)
        found = []
        for gap, hit in hits:
            if hit.group and hit.noun and (gap, hit.start if not hit.reversed else -hit.end) != best[hit.group.start]:
                if not hit.frame.alone:
                    continue
                hit = hit._replace(start=hit.noun[0], end=hit.noun[1], group=None, reversed=False)
            elif hit.group and not hit.noun and hit.group.start in best:
                continue
            found.append(hit)
        return found


def _marks(cell: str) -> tuple[str, ...]:
    if cell in ("", "-"):
        return ()
    return tuple(mark for name in cell.split(",") for mark in (("erg", "by", "nom") if name == "agent" else (name,)))


def _words(cell: str) -> tuple[str, ...]:
    return tuple(" ".join(map(key, word.split())) for word in cell.split(",") if word)


@lru_cache(maxsize=16)
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language, compiled once."""
    return Lexicon(language)
