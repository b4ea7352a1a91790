"""What a language says of times: `dates.toml` of its folder."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple

from transforms import language_data
from transforms.events.numbers import number_words
from transforms.events.tokens import key

YEARS = range(1800, 2101)
# Where the words before a unit of time point.
DIRECTIONS = {"previous": -1, "next": 1, "this": 0, "same": 0}


def is_year(word: str) -> bool:
    """Whether a folded word may be the number of a year."""
    return len(word) == 4 and word.isdecimal() and int(word) in YEARS


class DateWords(NamedTuple):
    """The words for times, by their folded keys."""

    months: dict[str, int]
    weekdays: dict[str, int]
    units: dict[str, str]
    past: dict[str, int]
    future: dict[str, int]
    today: frozenset[str]
    lists: dict[str, frozenset[str]]
    vague: dict[str, list[tuple[str, ...]]]  # by their first word
    starts: frozenset[str]  # what a date can begin with, but for figures
    pointing_back: frozenset[str]


@lru_cache(maxsize=16)
def date_words(language: str) -> DateWords:
    """The words for times in a language (a BCP 47 tag), read once."""
    source = language_data.toml(language, "dates.toml")
    words = source.get("words", {})
    days = source.get("days", {})
    months = {key(word): int(number) for number, spellings in source.get("months", {}).items() for word in spellings}
    weekdays = {key(word): int(number) for number, spellings in source.get("weekdays", {}).items() for word in spellings}
    past, future = ({key(word): n for word, n in days.get(name, {}).items()} for name in ("past", "future"))
    today = frozenset(map(key, days.get("today", ())))
    lists = {name: frozenset(map(key, spellings)) for name, spellings in words.items() if name != "vague"}
    vague: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted((tuple(map(key, phrase.split())) for phrase in words.get("vague", ())), key=len, reverse=True):
        vague.setdefault(phrase[0], []).append(phrase)
    pointing = (lists.get(name, frozenset()) for name in (*DIRECTIONS, "year", "articles"))
    return DateWords(
        months,
        weekdays,
        {key(word): unit for unit, spellings in source.get("units", {}).items() for word in spellings},
        past,
        future,
        today,
        defaultdict(frozenset, lists),
        vague,
        frozenset().union(months, weekdays, past, future, today, vague, number_words(language), *pointing),
        frozenset().union(*(lists.get(name, frozenset()) for name in ("same", "next", "later"))),
    )
