"""Phrases of place in a sentence: "in X district's village Y", "at a factory near Z".

A phrase tells a place if it stands under a mark of place (in, on, near, from) and its last word names a place, is a kind of site ("factory",
"road") or has the ending of a name of a village. It reaches as far as it goes on naming places, and a phrase that follows at once belongs to
it. The words that say so are data: `languages/<language>/places.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from transforms.events import data
from transforms.events.analysis import SentenceAnalysis
from transforms.events.grammar import Grammar, phrase_table
from transforms.events.places import PlaceMention, PlaceNames, place_names
from transforms.events.tokens import key

_MAX_UNKNOWN = 3  # unknown words in a row that belong to a name before a kind of site: "नवाब साहब रोड"
_NARROWNESS = ("country", "area", "state", "district", "town")
_PLACE_CASES = ("in", "on", "inst", "near")


class Site(NamedTuple):
    """A phrase of place in tokens `start` to `end`, its mark up to `after`; `named` is the known place in it."""

    start: int
    end: int
    after: int
    mark: str
    named: PlaceMention | None
    general: bool  # whether it says no more than "the area"
    bare: bool  # whether it says no more than the kind of site: "a house"


class _Words(NamedTuple):
    names: PlaceNames
    modifiers: frozenset[str]
    lying: frozenset[str]
    tied: frozenset[str]
    marks: dict[str, list[tuple[tuple[str, ...], str]]]  # first word -> marks that begin with it, the longest first
    endings: tuple[str, ...]
    stops: frozenset[str]


@lru_cache(maxsize=16)
def _words(language: str, grammar: Grammar) -> _Words:
    source = data.toml(language, "places.toml")
    marks = (word for group in grammar.cases.values() for words, _ in group for word in words)
    stops = frozenset(marks).union(map(key, source.get("not_names", ())), *grammar.words.values(), grammar.pronouns, grammar.governors)
    return _Words(
        place_names(language),
        frozenset(map(key, source.get("modifiers", ()))),
        frozenset(map(key, source.get("lying", ()))),
        frozenset(map(key, source.get("tied", ()))),
        _marks(grammar, list(source.get("near", ()))),
        tuple(map(key, source.get("endings", ()))),
        stops,
    )


def _marks(grammar: Grammar, near: list[str]) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Marks of place; where a shorter one begins a mark of something else ("से", "से पहले"), that too."""
    table = phrase_table({"near": near})
    for first, marks in grammar.cases.items():
        short = marks[-1] == ((first,), marks[-1][1]) and marks[-1][1] in _PLACE_CASES
        table.setdefault(first, []).extend(mark for mark in marks if short or mark[1] in _PLACE_CASES)
    return {first: sorted(marks, key=lambda mark: -len(mark[0])) for first, marks in table.items() if marks}


def find_sites(sentence: SentenceAnalysis, mentions: list[PlaceMention]) -> list[Site]:
    """The phrases of place of a sentence, from left to right; `mentions` are the places that it names."""
    return _Reader(sentence, mentions, _words(sentence.article.language, sentence.grammar)).read()


class _Reader:
    """Finds the phrases of place in one sentence."""

    def __init__(self, sentence: SentenceAnalysis, mentions: list[PlaceMention], words: _Words) -> None:
        self.sentence = sentence
        self.keys = [token.key for token in sentence.tokens]
        self.mentions = mentions
        self.words = words
        self.mention_at = {i: m for m in mentions for i in range(m.start, m.end)}
        others = [(m.start, m.end) for m in sentence.matches if m.entry.kind in ("person", "role")]
        acts = [(hit.start, hit.end) for hit in sentence.hits]
        self.others = {i for start, end in (*others, *acts) for i in range(start, end)}

    def read(self) -> list[Site]:
        return self._before_marks() if self.sentence.grammar.order == "verb-last" else list(self._after_marks())

    def _after_marks(self) -> Iterator[Site]:
        """Names under a preposition: "in the port of X" is left to the name."""
        for mention in self.mentions:
            for i in range(mention.start - 1, max(-1, mention.start - 1 - _MAX_UNKNOWN), -1):
                if mark := self._mark_at(i):
                    yield Site(mention.start, mention.end, mention.end, mark[1], mention, False, False)
                    break
                if not self._unknown(i) and self.keys[i] not in self.words.modifiers:
                    break

    def _before_marks(self) -> list[Site]:
        """Phrases before a postposition; one that goes on with the next is joined to it ("in X, on the road Y")."""
        found: list[Site] = []
        for i in range(1, len(self.keys)):
            mark = self._mark_at(i)
            if mark is None:
                continue
            start = self._start(i - 1)
            if start is None or self._tied(i + mark[0]):
                continue
            floor = found[-1].after if found else 0
            start = max(start, floor)
            if start >= i:
                continue
            if found and found[-1].after == start and found[-1].mark == "in":
                start = found.pop().start
            named = self._narrowest(start, i)
            own = set(self.keys[start:i]) - self.words.modifiers
            general = own <= self.words.names.divisions
            found.append(Site(start, i, i + mark[0], mark[1], named, general, named is None and own <= self.words.names.sites))
        return found

    def _mark_at(self, i: int) -> tuple[int, str] | None:
        for words, name in self.words.marks.get(self.keys[i], ()):
            if len(words) == 1 or tuple(self.keys[i : i + len(words)]) == words:
                return (len(words), name) if name in _PLACE_CASES else None
        return None

    def _tied(self, i: int) -> bool:
        return i < len(self.keys) and self.keys[i] in self.words.tied

    def _is_kind(self, i: int) -> bool:
        return self.keys[i] in self.words.names.divisions or self.keys[i] in self.words.names.sites

    def _is_place(self, i: int) -> bool:
        return i in self.mention_at or self._is_kind(i)

    def _unknown(self, i: int) -> bool:
        word = self.keys[i]
        return (
            word[:1].isalpha()
            and word not in self.words.stops
            and word not in self.sentence.grammar.cases
            and word not in self.sentence.grammar.forms
            and i not in self.others
        )

    def _named_by_ending(self, i: int) -> bool:
        return self._unknown(i) and self.keys[i].endswith(self.words.endings)

    def _start(self, head: int) -> int | None:
        """The first token of the phrase of place whose last token is `head`; None if that is no place."""
        if head in self.mention_at and self.mention_at[head].end != head + 1:
            return None
        if self._is_place(head) or self._named_by_ending(head):
            i = head
        elif (
            self._unknown(head) and head and (self.keys[head - 1] in self.words.names.divisions or self.keys[head - 1] in self.words.lying)
        ):
            i = head  # "ग्राम बेला"
        else:
            return None
        unknown = 0
        i = self.mention_at[i].start if i in self.mention_at else i
        while i > 0:
            before = i - 1
            if before in self.mention_at:
                i, unknown = self.mention_at[before].start, 0
            elif self._is_kind(before) or self.keys[before] in self.words.modifiers:
                i, unknown = before, 0
            elif (
                (self.sentence.grammar.is_genitive(self.keys[before]) or self.keys[before] in self.words.lying)
                and before
                and (self._is_place(before - 1) or self._named_by_ending(before - 1))
            ):
                i, unknown = before - 1, 0
                i = self.mention_at[i].start if i in self.mention_at else i
            elif self._joins(before):
                i, unknown = before - 1, 0
                i = self.mention_at[i].start if i in self.mention_at else i
            elif self._unknown(before) and unknown < _MAX_UNKNOWN and (self._is_kind(i) or unknown):
                i, unknown = before, unknown + 1
            elif self.keys[before].isdigit() and self._is_kind(i):
                i = before
            else:
                break
        return i

    def _joins(self, i: int) -> bool:
        """Whether a comma or "and" joins two places."""
        word = self.keys[i]
        return (
            i > 0
            and (word == "," or word in self.sentence.grammar.words["coordination"])
            and self._is_place(i - 1)
            and self._is_place(i + 1)
        )

    def _narrowest(self, start: int, end: int) -> PlaceMention | None:
        inside = [m for m in self.mentions if start <= m.start and m.end <= end]
        return max(inside, key=lambda m: (_NARROWNESS.index(m.fact.kind), -m.start), default=None)
