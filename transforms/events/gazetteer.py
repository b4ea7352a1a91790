"""Names of states, people, bodies, roles and places in a text, by exact look-up of whole words.

The names are data: `languages/world/` holds the facts (leaders, bodies, places), `languages/<language>/` how the language names them.
A name matches as whole folded words, or in a form that the language's noun endings give; nothing matches by similarity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import pycountry
import regex
from babel import Locale, UnknownLocaleError

from transforms import language_data
from transforms.events.grammar import Grammar, grammar
from transforms.events.tokens import Token, tokenize

Kind = Literal["state", "capital", "demonym", "person", "organisation", "media", "role", "place"]
WORLD = "world"  # the folder of facts that hold in any language

_END = ""  # the key under which a trie node keeps its entries: no word is empty
_KOSOVO = "XKX"  # user-assigned code that the World Bank, the EU and news data use; not in ISO 3166
# One written form for n and m before a stop of their class (हिन्दी, हिंदी) and for the vowel that Hindi writes for English o.
_NASAL = regex.compile("(?:ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[क-धभ])|म्(?=[प-भ]))")
_VOWELS = str.maketrans({"ॉ": "ा", "ऑ": "आ", "ॅ": "े", "ऍ": "ए"})


class Term(NamedTuple):
    """Time in office; `start` and `end` are ISO dates, as exact as known, "" for an open end."""

    start: str
    end: str

    def covers(self, day: str) -> bool:
        """Whether the ISO date `day` (or month, or year) falls into the term."""
        # "9" is greater than any continuation of a date: an end of 2014-05 lasts to the end of that month
        return self.start <= day + "9" and (not self.end or day <= self.end + "9")


class Entry(NamedTuple):
    """What a name stands for. `code` is a PLOVER code of a body without a state, `office` says how a role takes names beside it."""

    name: str
    country: str | None
    code: str | None
    sector: str | None
    kind: Kind
    terms: tuple[Term, ...] = ()
    otherwise: str | None = None  # the sector outside the terms
    office: str | None = None  # of a role: title, body, people or honorific
    of_body: bool = False  # of a role: any kind of body has it, whose sector it takes
    places: tuple[int, ...] = ()  # GeoNames ids of a place

    def sector_on(self, day: str | None) -> str | None:
        """The sector on an ISO date: a leader out of office is no longer the government. Without a date, the one in office."""
        if not self.terms or day is None or any(term.covers(day) for term in self.terms):
            return self.sector
        return self.otherwise


class NameMatch(NamedTuple):
    """A name in tokens `start` to `end` (exclusive)."""

    start: int
    end: int
    entry: Entry


@lru_cache(maxsize=1 << 16)
def name_key(key: str) -> str:
    """Folds further what spellings of one name differ in: nasals before stops, the vowel of English o, final short and long i of acronyms."""
    return _NASAL.sub("ं", key).translate(_VOWELS).replace("आइ", "आई")


class Gazetteer:
    """All names of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._trie: dict[str, Any] = {}
        rules = grammar(language)
        names = language_data.toml(language, "names.toml")
        self._capitalised: bool = names.get("capitalised", False)
        self._common = frozenset(names.get("common", ()))
        #: what may follow a word that a name begins with, by the word's key; most words begin none
        self._first: Callable[[str], dict[str, Any] | None] = lru_cache(maxsize=1 << 16)(lambda word: self._trie.get(name_key(word)))
        for entry, spellings in _entries(language):
            for name in spellings:
                self._add(name, entry, rules if entry.kind in ("role", "organisation", "demonym") else None)

    def _add(self, name: str, entry: Entry, rules: Grammar | None) -> None:
        *head, last = [name_key(token.key) for token in tokenize(name)]
        forms = [name_key(form) for form in rules.noun_forms(last)] if rules else [last]
        node = self._trie
        for key in head:
            node = node.setdefault(key, {})
        for form in forms:
            entries = node.setdefault(form, {}).setdefault(_END, [])
            if entry not in entries:
                entries.append(entry)

    def find(self, tokens: Sequence[Token], day: str | None = None) -> list[NameMatch]:
        """The names in `tokens`, from left to right without overlap, the longest first.

        `day` is the ISO date of the text; of several holders of one name (Bush) it chooses the one in office then.
        """
        found: list[NameMatch] = []
        first = self._first
        for i, node in [(i, node) for i, token in enumerate(tokens) if (node := first(token.key))]:
            if found and i < found[-1].end:
                continue
            j, best = i + 1, (i + 1, node[_END]) if _END in node else None
            while j < len(tokens) and (node := node.get(name_key(tokens[j].key))):
                j += 1
                if _END in node:
                    best = (j, node[_END])
            entry = _choose(best[1], day) if best else None
            if best and entry and self._is_written(tokens[i], entry, best[0] - i):
                found.append(NameMatch(i, best[0], entry))
        return found

    def _is_written(self, first: Token, entry: Entry, length: int) -> bool:
        """Whether a match is written as a name where names have capitals; one that is a common word as well (US, us) must be all capitals."""
        if not self._capitalised or entry.kind == "role":
            return True
        return first.text.isupper() if length == 1 and first.key in self._common else first.text[:1].isupper()

    def entries(self, name: str) -> list[Entry]:
        """All entries that `name` can stand for."""
        node: Any = self._trie
        for token in tokenize(name):
            node = node.get(name_key(token.key), {})
        return list(node.get(_END, ()))

    def shared_names(self) -> Iterator[tuple[str, list[Entry]]]:
        """Every name that stands for several entries, with them in order of precedence."""
        stack: list[tuple[tuple[str, ...], Any]] = [((), self._trie)]
        while stack:
            path, node = stack.pop()
            for key, below in node.items():
                if key != _END:
                    stack.append(((*path, key), below))
                elif len(below) > 1:
                    yield " ".join(path), below


# Which entry a shared name stands for: the kind that comes first. A state before its adjective (तुर्की), a capital before the town.
_PRECEDENCE: tuple[Kind, ...] = ("person", "organisation", "media", "state", "capital", "role", "place", "demonym")


def _choose(entries: list[Entry], day: str | None) -> Entry:
    if len(entries) == 1:
        return entries[0]

    def rank(entry: Entry) -> tuple[int, bool, list[str]]:
        in_office = not entry.terms or any(term.covers(day or _TODAY) for term in entry.terms)
        latest = max((term.end or _TODAY for term in entry.terms), default="")
        return (_PRECEDENCE.index(entry.kind), not in_office, [latest])

    best = min(rank(entry)[:2] for entry in entries)
    return max((entry for entry in entries if rank(entry)[:2] == best), key=lambda entry: rank(entry)[2])


_TODAY = "9999"  # without a date the latest holder counts


def _entries(language: str) -> Iterator[tuple[Entry, Iterable[str]]]:
    yield from _states(language)
    yield from _facts(language, "leaders.tsv", _leader)
    yield from _facts(language, "bodies.tsv", _body)
    for role, sector, office, names, of_body in _cells(language, "roles.tsv", 5):
        yield Entry(role, None, None, sector or None, "role", office=office, of_body=bool(of_body)), _split(names)


def state_names() -> dict[str, str]:
    """The short English name of every state (CLDR), by ISO 3166-1 alpha-3."""
    cldr = Locale("en").territories
    names = {country.alpha_3: cldr.get(country.alpha_2, country.name) for country in pycountry.countries}
    # "Myanmar (Burma)", "Hong Kong SAR China": the name before the mark
    return {code: regex.split(r" \(| SAR ", name)[0] for code, name in (names | {_KOSOVO: cldr["XK"]}).items()}


def _states(language: str) -> Iterator[tuple[Entry, Iterable[str]]]:
    try:
        territories = Locale.parse(language, sep="-").territories
    except (UnknownLocaleError, ValueError):
        territories = Locale("en").territories
    english = state_names()
    names: dict[str, list[str]] = {}
    for country in pycountry.countries:
        local = territories.get(country.alpha_2, country.name)
        # "म्यांमार (बर्मा)", "कांगो – किंशासा": the name before the mark
        names[country.alpha_3] = [regex.split(r"\s*[(–]|\s-\s", local)[0]]
    shared = {name for name, count in Counter(name for spellings in names.values() for name in spellings).items() if count > 1}
    names = {code: [name for name in spellings if name not in shared] for code, spellings in names.items()}  # the two Congos
    names[_KOSOVO] = []
    for code, more, adjectives, capitals in _cells(language, "states.tsv", 4):
        state = Entry(english[code], code, None, "GOV", "state")
        names[code] += _split(more)
        yield state._replace(kind="demonym", sector=None), _split(adjectives)
        yield state._replace(kind="capital"), _split(capitals)
    for code, spellings in names.items():
        yield Entry(english[code], code, None, "GOV", "state"), spellings


def _facts(language: str, file: str, build: Any) -> Iterator[tuple[Entry, Iterable[str]]]:
    spellings = {name: _split(full) + _split(short) for name, full, short in _cells(language, file, 3)}
    for row in _cells(WORLD, file, 6):
        entry = build(row)
        names = spellings.get(entry.name, [])
        yield entry, [entry.name, *names]


def _leader(row: list[str]) -> Entry:
    name, country, code, sector, terms, otherwise = row
    spans = tuple(Term(*(part.strip() for part in term.split(".."))) for term in terms.split(",") if term)
    return Entry(name, country or None, code or None, sector or None, "person", spans, otherwise or None)


def _body(row: list[str]) -> Entry:
    name, country, code, sector, kind, _ = row
    return Entry(name, country or None, code or None, sector or None, kind)  # type: ignore[arg-type]


def _cells(language: str, file: str, width: int) -> Iterator[list[str]]:
    """Rows of a data file, filled up to `width` cells."""
    for row in language_data.rows(language, file):
        yield row + [""] * (width - len(row))


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


@lru_cache(maxsize=16)
def gazetteer(language: str) -> Gazetteer:
    """The gazetteer of a language (a BCP 47 tag), built once."""
    return Gazetteer(language)
