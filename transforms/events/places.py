"""Names of places in a text, resolved to GeoNames.

`languages/world/places.tsv` holds the places, `languages/<language>/places.tsv` and `places_geonames.tsv` how the language names them. A name
matches as whole folded words. A name that several places share stands for the one that the context makes likeliest: a place in a division or
country that is named right before it, else in the sentence, else one in a country of the article, else the one with the most people.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from transforms import language_data
from transforms.events.gazetteer import WORLD, NameMatch, gazetteer, name_key
from transforms.events.grammar import grammar
from transforms.events.tokens import Token, key
from transforms.records import Place

# How many people a place counts for that has no number of its own.
_PEOPLE = {"state": 10_000_000, "district": 1_500_000, "area": 5_000_000, "town": 1_000}
# How much likelier a place is if its division or its country is named nearby.
_SAME_DIVISION, _SAME_COUNTRY = 1_000, 30
_OWNER_WORDS = 2  # words between a place and the one before it that may hold it: "पंजाब सूबे के चकवाल"
_SHORT = str.maketrans({"ी": "ि", "ू": "ु", "ई": "इ", "ऊ": "उ"})
_LONG_NAME = 5  # code points from which the length of a vowel tells no two places apart
_FAR = 60.0  # km between two towns that cannot both be the place of one act
_NAMES_OTHERS = frozenset({"person", "organisation", "media", "role"})


class Fact(NamedTuple):
    """A row of world/places.tsv."""

    name: str
    country: str
    admin1: str
    kind: str  # country, state (a first-level division), district, area, town
    lat: str
    lon: str
    people: str
    geonameid: str

    def division(self) -> str:
        """The first-level division, told apart from those of other countries; "" for none."""
        return f"{self.country}/{self.admin1}" if self.admin1 else ""

    def weight(self) -> int:
        """How prominent the place is."""
        return int(self.people) or _PEOPLE[self.kind]

    def place(self, text: str) -> Place:
        """The record of the place, as `text` names it."""
        return Place(
            text=text,
            name=self.name,
            country=self.country or None,
            admin1=self.admin1 or None,
            lat=float(self.lat) if self.lat else None,
            lon=float(self.lon) if self.lon else None,
            geonameid=int(self.geonameid) if self.geonameid else None,
        )


def apart(one: Fact, other: Fact, wide: bool = False) -> bool:
    """Whether two places contradict each other as the place of one act; a place agrees with one that holds it.

    Towns and districts agree within `_FAR` km. An act that is `wide` (a storm, a flood) may be told of any place in one country.
    """
    if one == other or not one.country or not other.country:
        return False
    if one.country != other.country:
        return True
    if wide or "country" in (one.kind, other.kind) or not (one.admin1 and other.admin1):
        return False
    if "state" in (one.kind, other.kind):
        return one.admin1 != other.admin1
    return bool(one.lat and other.lat) and _kilometres(one, other) > _FAR


def is_local(place: Place) -> bool:
    """Whether a place is resolved, to something smaller than a country."""
    fact = _fact(place)
    return fact is not None and fact.kind != "country"


def places_apart(one: Place | None, other: Place | None) -> bool:
    """Whether two places contradict each other, as `apart`; one that is not known or not resolved contradicts none."""
    facts = (_fact(one), _fact(other))
    return facts[0] is not None and facts[1] is not None and apart(facts[0], facts[1])


def _fact(place: Place | None) -> Fact | None:
    return _facts().get((place.name, place.country or "", place.admin1 or "")) if place and place.name else None


def _kilometres(one: Fact, other: Fact) -> float:
    """The distance on the ground, good enough for a few hundred kilometres."""
    north = float(one.lat) - float(other.lat)
    east = (float(one.lon) - float(other.lon)) * math.cos(math.radians(float(one.lat)))
    return 111.2 * math.hypot(north, east)


class PlaceMention(NamedTuple):
    """A place that tokens `start` to `end` (exclusive) name."""

    start: int
    end: int
    fact: Fact
    shared: bool = False  # whether places of other countries have the name too


@lru_cache(maxsize=1)
def _facts() -> dict[tuple[str, str, str], Fact]:
    return {(row[0], row[1], row[2]): Fact(*row, *[""] * (8 - len(row))) for row in language_data.rows(WORLD, "places.tsv")}


@lru_cache(maxsize=1)
def _countries() -> dict[str, Fact]:
    return {fact.country: fact for fact in _facts().values() if fact.kind == "country"}


class PlaceNames:
    """The names of places in one language."""

    def __init__(self, language: str) -> None:
        self._names: dict[str, list[Fact]] = {}
        self._longest: dict[str, int] = {}  # first word -> most words of a name that begins with it
        #: the same by the word's key, 0 for the most words, which begin none
        self._longest_from: Callable[[str], int] = lru_cache(maxsize=1 << 16)(lambda word: self._longest.get(place_key(word), 0))
        words = language_data.toml(language, "places.toml")
        self.divisions = _forms(language, words.get("divisions", ()))
        self.sites = _forms(language, words.get("sites", ()))
        names = language_data.toml(language, "names.toml")
        self._capitalised: bool = names.get("capitalised", False)
        rules, others = grammar(language), gazetteer(language)
        self._place_marks = frozenset(word for word, group in rules.cases.items() if any(mark == "in" for _, mark in group))
        ordinary = frozenset(map(_folded, (*words.get("weak", ()), *names.get("surnames", ())))).union(
            *(map(place_key, group) for group in (rules.forms, *rules.words.values()))
        )
        not_places = frozenset(map(_folded, words.get("not_places", ())))
        self._weak: set[str] = set()
        for fact, spellings in _named(language, "places.tsv"):
            for name in spellings:
                folded = self._add(name, fact)
                if folded in ordinary or any(entry.kind in _NAMES_OTHERS for entry in others.entries(name)):
                    self._weak.add(folded)
        sure = frozenset(self._names)
        for fact, spellings in _named(language, "places_geonames.tsv"):
            for name in spellings:
                if _folded(name) not in not_places and not others.entries(name):
                    folded = self._add(name, fact)
                    if folded not in sure:
                        self._weak.add(folded)

    def _add(self, name: str, fact: Fact) -> str:
        folded = _folded(name)
        facts = self._names.setdefault(folded, [])
        if fact not in facts:
            facts.append(fact)
        first, _, rest = folded.partition(" ")
        self._longest[first] = max(self._longest.get(first, 0), 1 + len(rest.split()))
        return folded

    def find(self, tokens: Sequence[Token]) -> Iterator[tuple[int, int, list[Fact]]]:
        """The spans that may name places, from left to right without overlap, the longest first."""
        end = 0
        longest = self._longest_from
        for i, most in [(i, most) for i, token in enumerate(tokens) if (most := longest(token.key))]:
            if i < end or (self._capitalised and not tokens[i].text[0].isupper()):
                continue
            keys = [place_key(token.key) for token in tokens[i : i + most]]
            for n in range(len(keys), 0, -1):
                facts = self._names.get(" ".join(keys[:n]))
                if facts and not (n == 1 and keys[0] in self._weak and not self._stands_as_place(tokens, i)):
                    end = i + n
                    yield i, end, facts
                    break

    def _stands_as_place(self, tokens: Sequence[Token], i: int) -> bool:
        following = tokens[i + 1].key if i + 1 < len(tokens) else ""
        return following in self._place_marks or place_key(following) in self.divisions


@lru_cache(maxsize=1 << 16)
def place_key(word: str) -> str:
    """Folds a folded word further than names of people: in longer names of places, Hindi writes i and u now long, now short."""
    word = name_key(word)
    return word.translate(_SHORT) if len(word) >= _LONG_NAME else word


def _folded(name: str) -> str:
    return " ".join(place_key(key(word)) for word in name.replace("-", " ").split())


def _forms(language: str, nouns: Iterable[str]) -> frozenset[str]:
    rules = grammar(language)
    return frozenset(place_key(form) for noun in nouns for form in rules.noun_forms(noun))


def _named(language: str, file: str) -> Iterator[tuple[Fact, list[str]]]:
    facts = _facts()
    if language_data.data_file(language, file).exists():
        for name, country, admin1, spellings in language_data.rows(language, file):
            yield facts[name, country, admin1], spellings.split("; ")
    elif file == "places.tsv":  # a language that writes the names as the table of the world does
        yield from ((fact, [fact.name]) for fact in facts.values() if fact.kind != "country")


@lru_cache(maxsize=16)
def place_names(language: str) -> PlaceNames:
    """The names of places in a language (a BCP 47 tag), read once."""
    return PlaceNames(language)


def find_places(
    tokens: Sequence[Token], matches: Sequence[NameMatch], language: str, around: frozenset[str] = frozenset()
) -> list[PlaceMention]:
    """The places that the tokens of a sentence name, from left to right without overlap.

    Args:
        tokens: the tokens of the sentence.
        matches: the names of others in it, from `Gazetteer.find`: a word of a person's or body's name is no place, a state is one.
        language: BCP 47 tag.
        around: the countries and divisions (as `Fact.division` gives them) that the article is about.
    """
    taken = {i: m.end - m.start for m in matches if m.entry.kind in _NAMES_OTHERS for i in range(m.start, m.end)}
    found = [
        (start, end, facts)
        for start, end, facts in place_names(language).find(tokens)
        if all(taken.get(i, 0) < end - start for i in range(start, end))
    ]
    covered = {i for start, end, _ in found for i in range(start, end)}
    countries = {(m.start, m.end): _countries()[c] for m in matches if m.entry.kind == "state" and (c := m.entry.country) in _countries()}
    # "Mexico" is a town in the Philippines as well: the country is one of the places that share the name
    found = [(start, end, [*facts, countries[start, end]] if (start, end) in countries else facts) for start, end, facts in found]
    found.extend((start, end, [fact]) for (start, end), fact in countries.items() if covered.isdisjoint(range(start, end)))
    here = {m.entry.country for m in matches if m.entry.country and m.entry.kind != "media"}
    for _, _, facts in found:
        if len(facts) == 1 and facts[0].kind in ("state", "country"):
            here.update({facts[0].country, facts[0].division()})
    mentions: list[PlaceMention] = []
    for start, end, facts in sorted(found):
        before = mentions[-1] if mentions and start - mentions[-1].end <= _OWNER_WORDS else None
        owner = frozenset({before.fact.country, before.fact.division()} - {""}) if before else frozenset[str]()
        shared = len({fact.country for fact in facts}) > 1
        mentions.append(PlaceMention(start, end, _likeliest(facts, owner, here, around), shared))
    return mentions


def _likeliest(facts: list[Fact], owner: frozenset[str], here: set[str], around: frozenset[str]) -> Fact:
    if len(facts) == 1:
        return facts[0]

    def likelihood(fact: Fact) -> float:
        weight = float(fact.weight())
        for names, share in ((owner, 2.0), (here, 1.0), (around, 0.5)):
            if fact.division() in names:
                weight *= _SAME_DIVISION * share
            elif fact.country in names:
                weight *= _SAME_COUNTRY * share
        return weight

    return max(facts, key=likelihood)
