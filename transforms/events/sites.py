"""Phrases of place in a sentence: "in X district's village Y", "at a factory near Z".

A phrase tells a place if it stands under a mark of place (in, on, near, from) and its last word names a place, is a kind of site ("factory",
"road"), has the ending of a name of a village or is an unknown word behind a known place that holds it. It goes back as far as words, owners,
lists and other phrases of place go on naming places. The words that say so are data: `languages/<language>/places.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from transforms import language_data
from transforms.events.analysis import SentenceAnalysis
from transforms.events.grammar import Grammar, phrase_table
from transforms.events.numbers import number_words, ordinal
from transforms.events.places import PlaceMention, PlaceNames, apart, place_key, place_names
from transforms.events.tokens import key

_MAX_UNKNOWN = 3  # unknown words in a row that belong to a name before a kind of site: "नवाब साहब रोड"
_MAX_MARK = 3  # words of a mark of place
_NARROWNESS = ("country", "area", "state", "district", "town")
_PLACE_CASES = ("in", "on", "inst", "near", "between")
_CHAINING = ("in", "on", "near")
_ENDS_OF_WAYS = ("town", "district", "area")  # between these lies a place; between states there are relations


class Site(NamedTuple):
    """A phrase of place in tokens `start` to `end`, its mark up to `after`; `named` is the known place in it.

    The mark is "in", "on", "near" and the like, or "name" for a name without one. What lies near something goes with the words that say so.
    """

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
    opening: frozenset[str]
    numbers: frozenset[str]
    containing: frozenset[str]
    plurals: tuple[str, ...]
    lying: frozenset[str]
    tied: frozenset[str]
    marks: dict[str, list[tuple[tuple[str, ...], str]]]  # first word -> marks that begin with it, the longest first
    endings: tuple[str, ...]
    stops: frozenset[str]


@lru_cache(maxsize=16)
def _words(language: str, grammar: Grammar) -> _Words:
    source = language_data.toml(language, "places.toml")
    marks = (word for group in grammar.cases.values() for words, _ in group for word in words)
    stops = frozenset(marks).union(map(key, source.get("not_names", ())), *grammar.words.values(), grammar.pronouns, grammar.governors)
    return _Words(
        place_names(language),
        frozenset(map(key, source.get("modifiers", ()))),
        frozenset(map(key, source.get("opening", ()))),
        number_words(language),
        frozenset(map(key, source.get("containing", ()))),
        tuple(map(key, source.get("plurals", ()))),
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


def _wider(one: PlaceMention, other: PlaceMention) -> bool:
    return _NARROWNESS.index(one.fact.kind) < _NARROWNESS.index(other.fact.kind)


class _Reader:
    """Finds the phrases of place in one sentence."""

    def __init__(self, sentence: SentenceAnalysis, mentions: list[PlaceMention], words: _Words) -> None:
        self.sentence = sentence
        self.keys = [token.key for token in sentence.tokens]
        names = words.names
        folded = [place_key(word) for word in self.keys]
        self.division = [word in names.divisions for word in folded]
        self.kind = [word in names.divisions or word in names.sites for word in folded]
        self.mentions = mentions
        self.words = words
        self.mention_at = {i: m for m in mentions for i in range(m.start, m.end)}
        others = [(m.start, m.end) for m in sentence.matches if m.entry.kind in ("person", "role")]
        acts = [(hit.start, hit.end) for hit in sentence.hits]
        self.others = {i for start, end in (*others, *acts) for i in range(start, end)}

    def read(self) -> list[Site]:
        found = self._before_marks() if self.sentence.grammar.order == "verb-last" else self._after_marks()
        return sorted([*found, *self._unmarked(found)], key=lambda site: site.start)

    def _after_marks(self) -> list[Site]:
        """Names under a preposition, with the places that hold them: "in X's port of Y", "in Y, X", "in Y in the north of X"."""
        found: list[Site] = []
        end = 0
        for mention in self.mentions:
            marked = self._marked_before(mention)
            if marked and mention.start >= end:
                start, mark = marked
                end = self._holders(mention.end)
                found = [site for site in found if site.start < start]  # "in X's port of Y" has been read as "in X"
                found.append(Site(start, end, end, mark, self._narrowest(start, end), False, False))
        return found

    def _marked_before(self, mention: PlaceMention) -> tuple[int, str] | None:
        """Where the phrase of a name begins, and the preposition before it; None if no preposition of place governs the name."""
        start = i = mention.start
        unknown = 0
        article = False
        while i > 0 and unknown <= _MAX_UNKNOWN:
            i -= 1
            if mark := self._mark_at(i):
                # "in the X conflict" is in no place
                return None if article and self._attributive(mention.end) else (start, mark[1])
            if self.keys[i] in self.words.modifiers:
                article = True
            elif self.sentence.grammar.is_genitive(self.keys[i]) and i - 1 in self.mention_at and not self._apart(i - 1, mention.start):
                start = i = self.mention_at[i - 1].start
            elif self._is_of(i) and self.division[i - 1]:
                i -= 1  # "the city of"
            elif i in self.mention_at or self._unknown(i):
                unknown += not self.division[i]
            else:
                break
        return None

    def _attributive(self, end: int) -> bool:
        """Whether a name that ends at token `end` stands before a noun that it is no place of: "X court", "X city of Y"."""
        while end < len(self.keys) and self.division[end]:
            end += 1
        if end >= len(self.keys):
            return False
        if self.division[end - 1] and self._is_of(end):
            return True
        return self.sentence.tokens[end].text[0].isupper() or self._ordinary(end)

    def _is_of(self, i: int) -> bool:
        return self.sentence.grammar.marks(self.keys[i], "of")

    def _holders(self, end: int) -> int:
        """Where a name ends whose last token is the one before `end`, with the places behind it that hold it: "X, Y", "X in Y"."""
        while end < len(self.keys) and (self.keys[end] == "," or (self._mark_at(end) or (0, ""))[1] == "in"):
            after = end + 1
            while after < len(self.keys) and self.keys[after] in self.words.modifiers:
                after += 1
            held, holder = self.mention_at[end - 1], self.mention_at.get(after)
            owner = holder is not None and holder.end < len(self.keys) and self.sentence.grammar.is_genitive(self.keys[holder.end])
            if holder is None or owner or not _wider(holder, held) or self._apart(end - 1, after):
                break
            end = holder.end
        return end

    def _before_marks(self) -> list[Site]:
        """Phrases before a postposition."""
        found: list[Site] = []
        i = len(self.keys) - 1
        while i > 0:
            mark = self._mark_at(i)
            start = self._start(i - 1) if mark else None
            if mark is None or start is None:
                i -= 1
                continue
            after = i + mark[0]
            named = self._narrowest(start, i)
            if not self._tied(after) and (mark[1] != "between" or (named and named.fact.kind in _ENDS_OF_WAYS)):
                own = [j for j in range(start, i) if self.keys[j] not in self.words.modifiers]
                end = after if mark[1] in ("near", "between") else i
                general = all(self.division[j] for j in own)
                bare = named is None and all(self.kind[j] and not self.division[j] for j in own)
                found.append(Site(start, end, after, mark[1], named, general, bare))
            i = start
        return found

    def _unmarked(self, marked: list[Site]) -> Iterator[Site]:
        """Names without a mark of place, with the words of place around them: "all of X was hit by", "up to the south of X"."""
        taken = {i for site in marked for i in range(site.start, site.end)}
        end = len(self.keys)
        for mention in reversed(self.mentions):
            if mention.end > end or mention.start in taken:
                continue
            after = self._end(mention.end)
            start = mention.start
            if self.sentence.grammar.order == "verb-last" and not taken.intersection(range(start, after)):
                start = self._start(after - 1, chain=False) or start
                start = max(start, max((i + 1 for i in range(start, mention.start) if i in taken), default=start))
            end = start
            if not self._tied(after):
                yield Site(start, after, after, "name", self._narrowest(start, after), False, False)

    def _end(self, end: int) -> int:
        """Where a phrase ends that holds the token before `end`: behind words for a division or a site that go with it."""
        if self.sentence.grammar.order != "verb-last":
            return end
        i = end
        while i < len(self.keys):
            if self.kind[i] and i not in self.others:
                end = i + 1
            elif not (self.sentence.grammar.is_genitive(self.keys[i]) or self.keys[i] in self.words.modifiers) or i - end > 2:
                break
            i += 1
        return end

    def _mark_at(self, i: int) -> tuple[int, str] | None:
        for words, name in self.words.marks.get(self.keys[i], ()):
            if len(words) == 1 or tuple(self.keys[i : i + len(words)]) == words:
                return (len(words), name) if name in _PLACE_CASES else None
        return None

    def _mark_before(self, end: int) -> int | None:
        """Where a mark of place begins whose last token is the one before `end`."""
        for i in range(end - 1, max(0, end - 1 - _MAX_MARK), -1):
            mark = self._mark_at(i)
            if mark and i + mark[0] == end:
                return i if mark[1] in _CHAINING else None
        return None

    def _tied(self, i: int) -> bool:
        if i < len(self.keys) - 1 and self.sentence.grammar.is_genitive(self.keys[i]):
            i += 1
        return i < len(self.keys) and self.keys[i] in self.words.tied

    def _is_place(self, i: int) -> bool:
        return i in self.mention_at or self.kind[i]

    def _is_number(self, i: int) -> bool:
        return self.keys[i].isdigit() or (
            self.keys[i] in self.words.numbers and ordinal(self.keys[i], self.sentence.article.language) is None
        )

    def _unknown(self, i: int) -> bool:
        return self._ordinary(i) and i not in self.others

    def _ordinary(self, i: int) -> bool:
        word = self.keys[i]
        return (
            word[:1].isalpha()
            and word not in self.words.stops
            and word not in self.sentence.grammar.cases
            and word not in self.sentence.grammar.forms
        )

    def _named_by_ending(self, i: int) -> bool:
        return self._unknown(i) and self.keys[i].endswith(self.words.endings)

    def _head(self, head: int) -> int | None:
        """The first token of the last name or kind of place in a phrase that ends with token `head`; None if that is no place."""
        if head in self.mention_at:
            return self.mention_at[head].start if self.mention_at[head].end == head + 1 else None
        if self.kind[head] or self._named_by_ending(head):
            return head
        if head and self.keys[head].isdigit():  # "वार्ड नंबर 13"
            before = head - 1 if self.keys[head - 1] not in self.words.modifiers else head - 2
            return before if before >= 0 and self.kind[before] else None
        if head and self._unknown(head):
            if self.division[head - 1] or self.keys[head - 1] in self.words.lying:
                return head  # "ग्राम बेला"
            while head > 2 and self.keys[head - 1] in self.sentence.grammar.words["coordination"] and self._unknown(head - 2):
                head -= 2
            if (
                head > 1
                and self.keys[head - 1] in self.words.containing
                and self._is_place(head - 2)
                and not self.keys[head].endswith(self.words.plurals)
            ):
                return head  # "मेरठ के बेला", "मेरठ के बेला और पाली"
        return None

    def _start(self, head: int, chain: bool = True) -> int | None:
        """The first token of the phrase of place whose last token is `head`; None if that is no place.

        With `chain` a phrase of place under a mark of its own that stands right before belongs to it: "in X, on the road Y".
        """
        i = self._head(head)
        if i is None:
            return None
        listed = self.division[head]  # before a word for a division ("A, B and C districts") any names in a list are places
        unknown = 0
        while i > 0:
            place = self._beside(i)
            if place is None:
                place = self._joined(i, listed, chain)
            if place is not None:
                i, unknown = place, 0
            elif self._unknown(i - 1) and unknown < _MAX_UNKNOWN and (unknown or self.kind[i]) and not self._opens(i):
                i, unknown = i - 1, unknown + 1
            else:
                break
        while self.keys[i] in self.words.lying or self.keys[i] == ",":
            i += 1
        return i

    def _opens(self, i: int) -> bool:
        """Whether a phrase begins at token `i`, so that what stands before it is another one: "a part of the hill | a village"."""
        return self.keys[i] in self.words.opening or self._is_number(i)

    def _beside(self, i: int) -> int | None:
        """The first token of the name, the kind of place, the modifier or number that stands right before token `i`."""
        before = i - 1
        if self.keys[before] in self.words.modifiers or (self._is_number(before) and self.kind[i]):
            return before
        if self._opens(i):
            return None
        if before in self.mention_at:
            return self.mention_at[before].start
        return before if self.kind[before] else None

    def _joined(self, i: int, listed: bool, chain: bool) -> int | None:
        """The first token of the place that a mark of owners, "lying in", a list or a mark of place joins to what begins at token `i`."""
        join = i - 1
        if join == 0:
            return None
        word, grammar = self.keys[join], self.sentence.grammar
        if grammar.is_genitive(word) or word in self.words.lying:
            return self._head(join - 1)
        if word == "," or word in grammar.words["coordination"]:
            if join - 1 in self.mention_at:
                return self.mention_at[join - 1].start
            return join - 1 if self.kind[join - 1] or (listed and self._unknown(join - 1)) else None
        mark = self._mark_before(i) if chain else None
        if not mark or self._apart(mark - 1, i):
            return None
        return self._head(mark - 1)

    def _apart(self, i: int, j: int) -> bool:
        """Whether the names at tokens `i` and `j` cannot be of one place."""
        return i in self.mention_at and j in self.mention_at and apart(self.mention_at[i].fact, self.mention_at[j].fact)

    def _narrowest(self, start: int, end: int) -> PlaceMention | None:
        """The narrowest known place in a phrase: of several of a kind the first, or one that an earlier one holds."""
        best: PlaceMention | None = None
        for mention in self.mentions:
            if start <= mention.start and mention.end <= end:
                wider = -1 if best is None else _NARROWNESS.index(best.fact.kind)
                own = _NARROWNESS.index(mention.fact.kind)
                if own > wider or (own == wider and self.keys[mention.start - 1] in self.words.containing):
                    best = mention
        return best
