"""Where an act happened: the phrases of a sentence that tell a place, and which of them is the act's.

A phrase tells a place if it stands under a mark of place (in, on, near) and its last word names a place, is a kind of site ("factory",
"road") or has the ending of a name of a village. Its text is the longest phrase ("X district's village Y"), its place the narrowest that is
known in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from transforms.events import data
from transforms.events.analysis import ArticleAnalysis, SentenceAnalysis
from transforms.events.candidates import Candidate
from transforms.events.clauses import case_at
from transforms.events.grammar import Grammar, phrase_table
from transforms.events.lexicon import Hit
from transforms.events.places import Fact, PlaceMention, PlaceNames, apart, find_places, place_names
from transforms.events.tokens import key
from transforms.records import Place

_MAX_UNKNOWN = 3  # unknown words in a row that belong to a name before a kind of site: "चंदवारा नवाब रोड"
_NARROWNESS = ("country", "area", "state", "district", "town")
_PHYSICAL = frozenset({"HAZARD", "ASSAULT", "PROTEST", "MOBILIZE"})
# How sure a place is, the surest first: a phrase of the act's clause, a name beside its noun, a phrase of the sentence, a mere name there …
_CLAUSE, _BESIDE, _SENTENCE, _NAME_CLAUSE, _NAME_SENTENCE, _GENERIC, _BEFORE, _GENERIC_SENTENCE, _AFTER, _ABSENT = range(10)
_BESIDE_WORDS = 2
# Modes of disasters that reach far, and those that are felt in many countries at once.
_WIDE = frozenset({"flood", "storm", "heat", "cold", "drought", "fire", "epidemic"})
_EVERYWHERE = frozenset({"earthquake", "tsunami"})
_AROUND = 4  # countries and divisions that an article is about


class Site(NamedTuple):
    """A phrase of place in tokens `start` to `end`, its mark up to `after`; `named` is the known place in it."""

    start: int
    end: int
    after: int
    mark: str
    named: PlaceMention | None
    told: bool  # whether it says more than "the area"


class _Words(NamedTuple):
    names: PlaceNames
    modifiers: frozenset[str]
    lying: frozenset[str]
    near: dict[str, list[tuple[tuple[str, ...], str]]]
    endings: tuple[str, ...]
    stops: frozenset[str]


@lru_cache(maxsize=16)
def _words(language: str, grammar: Grammar) -> _Words:
    source = data.toml(language, "places.toml")
    stops = frozenset().union(*grammar.words.values(), grammar.pronouns, grammar.governors)
    return _Words(
        place_names(language),
        frozenset(map(key, source.get("modifiers", ()))),
        frozenset(map(key, source.get("lying", ()))),
        phrase_table({"near": list(source.get("near", ()))}),
        tuple(map(key, source.get("endings", ()))),
        stops,
    )


class Locator:
    """Places of one article; what it finds in a sentence is kept."""

    def __init__(self, analysis: ArticleAnalysis) -> None:
        self.analysis = analysis
        self.language = analysis.article.language
        self._around: frozenset[str] | None = None
        self._mentions: dict[int, list[PlaceMention]] = {}
        self._sites: dict[int, list[Site]] = {}

    def place_of(self, candidates: list[Candidate]) -> Place | None:
        """The place of the act that `candidates` tell: of the surest that they give, the one told first; None if none gives any."""
        best = [min(options, key=lambda x: x[0]) for candidate in candidates if (options := list(self._options(candidate)))]
        if not best:
            return None
        _, index, site = min(best, key=lambda x: x[0][:2])
        text = self.analysis.sentences[index].words(site.start, site.end)
        return site.named.fact.place(text) if site.named else Place(text)

    def apart(self, one: Candidate, other: Candidate) -> bool:
        """Whether two candidates tell acts in places that contradict each other."""
        if one.mode in _EVERYWHERE:
            return False
        places = [self._sure(one), self._sure(other)]
        return places[0] is not None and places[1] is not None and apart(places[0], places[1], wide=one.mode in _WIDE)

    def _sure(self, candidate: Candidate) -> Fact | None:
        """The known place that the candidate's own clause gives it."""
        rank, _, site = min(self._options(candidate), key=lambda x: x[0], default=((_ABSENT,), 0, None))
        return site.named.fact if site and site.named and rank[0] <= _BESIDE else None

    def _options(self, candidate: Candidate) -> Iterator[tuple[tuple[int, ...], int, Site]]:
        """The places that may be the candidate's with the sentence they stand in, each with its rank: the lowest is the surest."""
        index, hit = candidate.index, candidate.hit
        sentence = self.analysis.sentences[index]
        clause = sentence.clauses[sentence.clause_at(hit.start)]
        noun = hit.group is None or hit.reversed
        physical = candidate.event_type in _PHYSICAL

        def rank(tier: int, site: Site) -> tuple[int, ...]:
            return (tier, site.named is None, site.end > hit.start, abs(hit.start - site.end))

        for site in self.sites(index):
            inside = clause.start <= site.start < clause.end
            if physical:
                tier = (_CLAUSE if inside else _SENTENCE) if site.told else (_GENERIC if inside else _GENERIC_SENTENCE)
                yield rank(tier, site), index, site
            elif inside and site.named and site.mark == "in" and self._next_hit(sentence, site) is hit:
                yield rank(_CLAUSE, site), index, site
        if not physical or not (noun or candidate.event_type == "HAZARD"):
            return
        for mention in self.mentions(index):
            if self._acts(sentence, mention):
                continue
            site = Site(mention.start, mention.end, mention.end, "name", mention, True)
            inside = clause.start <= site.start < clause.end
            beside = 0 <= hit.start - mention.end <= _BESIDE_WORDS
            yield rank(_BESIDE if beside else _NAME_CLAUSE if inside else _NAME_SENTENCE, site), index, site
        for tier, near in ((_BEFORE, index - 1), (_AFTER, index + 1)):
            if 0 <= near < len(self.analysis.sentences):
                yield from ((rank(tier, site), near, site) for site in self.sites(near) if site.named)

    def _next_hit(self, sentence: SentenceAnalysis, site: Site) -> Hit | None:
        """The first predicate after a phrase: the one that the phrase belongs to."""
        return min((hit for hit in sentence.hits if hit.start >= site.end), key=lambda hit: (hit.start, -hit.end), default=None)

    def _acts(self, sentence: SentenceAnalysis, mention: PlaceMention) -> bool:
        """Whether the name stands for somebody who does or says something."""
        if mention.end >= len(sentence.tokens) or sentence.tokens[mention.end].key not in sentence.grammar.cases:
            return False
        mark = case_at(sentence.tokens, mention.end, sentence.grammar)
        return mark is not None and mark[1] in ("erg", "by", "source")

    # --- what a sentence holds

    def mentions(self, index: int) -> list[PlaceMention]:
        """The places that a sentence names."""
        if index not in self._mentions:
            sentence = self.analysis.sentences[index]
            self._mentions[index] = sentence.places and find_places(sentence.tokens, sentence.matches, self.language, self.around())
        return self._mentions[index]

    def around(self) -> frozenset[str]:
        """The countries and divisions that most names of places of the article belong to."""
        if self._around is None:
            counts: Counter[str] = Counter()
            for sentence in self.analysis.sentences:
                for mention in sentence.places:
                    counts.update({mention.fact.country, mention.fact.division()} - {""})
            self._around = frozenset(name for name, _ in counts.most_common(_AROUND))
        return self._around

    def sites(self, index: int) -> list[Site]:
        """The phrases of place of a sentence, from left to right."""
        if index not in self._sites:
            sentence = self.analysis.sentences[index]
            reader = _Reader(sentence, self.mentions(index), _words(self.language, sentence.grammar))
            self._sites[index] = reader.read()
        return self._sites[index]


class _Reader:
    """Finds the phrases of place in one sentence."""

    def __init__(self, sentence: SentenceAnalysis, mentions: list[PlaceMention], words: _Words) -> None:
        self.sentence = sentence
        self.keys = [token.key for token in sentence.tokens]
        self.mentions = mentions
        self.words = words
        self.mention_at = {i: m for m in mentions for i in range(m.start, m.end)}
        self.people = {i for m in sentence.matches if m.entry.kind == "person" for i in range(m.start, m.end)}

    def read(self) -> list[Site]:
        return self._before_marks() if self.sentence.grammar.order == "verb-last" else list(self._after_marks())

    def _after_marks(self) -> Iterator[Site]:
        """Names under a preposition: "in the port of X" is left to the name."""
        for mention in self.mentions:
            for i in range(mention.start - 1, max(-1, mention.start - 1 - _MAX_UNKNOWN), -1):
                if mark := self._mark_at(i):
                    yield Site(mention.start, mention.end, mention.end, mark[1], mention, True)
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
            if start is None:
                continue
            floor = found[-1].after if found else 0
            start = max(start, floor)
            if start >= i:
                continue
            if found and found[-1].after == start and found[-1].mark == "in":
                start = found.pop().start
            named = self._narrowest(start, i)
            general = self.words.names.divisions | self.words.modifiers
            told = named is not None or not general.issuperset(self.keys[start:i])
            found.append(Site(start, i, i + mark[0], mark[1], named, told))
        return found

    def _mark_at(self, i: int) -> tuple[int, str] | None:
        for words, name in self.words.near.get(self.keys[i], ()):
            if tuple(self.keys[i : i + len(words)]) == words:
                return len(words), name
        if self.keys[i] not in self.sentence.grammar.cases:
            return None
        mark = case_at(self.sentence.tokens, i, self.sentence.grammar)
        return mark if mark and mark[1] in ("in", "on") else None

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
            and i not in self.people
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
