"""The day, month or year that the relative dates of a text count from, where the page does not say when it was published.

Three things tell it: a weekday beside a day and month ("Tuesday, 18 June"), an anniversary ("the 80th anniversary" of what was in 1945), and a
relative year with its number ("last year, 2012"; "four years ago, in 2011").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from typing import NamedTuple

from transforms import language_data
from transforms.events.date_words import DIRECTIONS, date_words, is_year
from transforms.events.dates import find_dates
from transforms.events.numbers import ordinal, parse_number
from transforms.events.tokens import Token, key

_YOUNGER = 2  # years that a text is at most younger than the latest year that it names
_OLDEST = 1990  # older texts are not on the web
_REACH = 6  # tokens from "80th" to "anniversary"
_BETWEEN = frozenset({",", "("})


class _Anniversaries(NamedTuple):
    words: frozenset[str]
    since: dict[tuple[str, ...], int]
    cues: frozenset[str]


@lru_cache(maxsize=16)
def _anniversaries(language: str) -> _Anniversaries:
    source = language_data.toml(language, "dates.toml").get("anniversaries", {})
    since = {tuple(map(key, name.split())): int(year) for name, year in source.get("since", {}).items()}
    words = frozenset(map(key, source.get("words", ())))
    return _Anniversaries(words, since, words.union(name[0] for name in since))


def reference_of(sentences: Sequence[tuple[Sequence[Token], Set[str]]], language: str) -> str | None:
    """The ISO 8601 day, month or year that a text counts from; None when it tells none.

    Args:
        sentences: the tokens of each sentence, and the set of their keys.
        language: BCP 47 tag.
    """
    latest = max((int(word) for _, keys in sentences for word in keys if word.startswith("20") and is_year(word)), default=0)
    if latest and (day := _by_weekday(sentences, latest, language)):
        return day
    cues, years = _anniversaries(language).cues, frozenset(w for w, unit in date_words(language).units.items() if unit == "year")
    told: list[str] = []
    for tokens, keys in sentences:
        if not cues.isdisjoint(keys):
            told += _by_anniversary(tokens, language)
        if not years.isdisjoint(keys):
            told += _by_relative_year(tokens, language)
    return max((found for found in told if is_year(found[:4]) and int(found[:4]) >= max(latest, _OLDEST)), default=None)


def _by_weekday(sentences: Sequence[tuple[Sequence[Token], Set[str]]], latest: int, language: str) -> str | None:
    """The first day told with its weekday, in the latest year that the text names or soon after."""
    weekdays = date_words(language).weekdays.keys()
    for tokens, keys in sentences:
        if not weekdays.isdisjoint(keys):
            for found in find_dates(tokens, f"{latest + _YOUNGER}-12-31", language, True):
                if found.date_type == "exact" and found.date and found.end - found.start > 2 and int(found.date[:4]) >= latest:
                    return found.date
    return None


def _by_anniversary(tokens: Sequence[Token], language: str) -> Iterator[str]:
    """The year of each anniversary whose number stands before it; with its month, when the sentence names the day."""
    words, since_names, _ = _anniversaries(language)
    keys = [t.key for t in tokens]
    for i, word in enumerate(keys):
        since = next((year for name, year in since_names.items() if tuple(keys[i : i + len(name)]) == name), None)
        if since is None and word in words:
            since = _only_year(keys)
        number = since and next((n for j in range(i - 1, max(-1, i - _REACH - 1), -1) if (n := _ordinal(tokens, j, language))), None)
        if since and number:
            year = str(since + number)
            days = (found.date for found in find_dates(tokens, year, language) if found.date_type == "exact" and found.date)
            yield year + next((day[4:7] for day in days if day[:4] in (year, str(since))), "")


def _ordinal(tokens: Sequence[Token], i: int, language: str) -> int | None:
    """The number of "80वीं", "80th" or a spelt ordinal that begins at a token."""
    if tokens[i].key.isdigit() and i + 1 < len(tokens) and tokens[i + 1].key in date_words(language).lists["suffix"]:
        return int(tokens[i].key)
    return ordinal(tokens[i].key, language)


def _only_year(keys: Sequence[str]) -> int | None:
    """The year that a sentence names, of "1910-45" the last; None when it names none or several."""
    years = [i for i, word in enumerate(keys) if is_year(word)]
    if len(years) != 1:
        return None
    year, after = int(keys[years[0]]), keys[years[0] + 1 : years[0] + 3]
    if after[:1] == ["-"] and len(after) == 2 and len(after[1]) == 2 and after[1].isdigit():
        return year // 100 * 100 + int(after[1])
    return year


def _by_relative_year(tokens: Sequence[Token], language: str) -> Iterator[str]:
    """The year from which "last year", "this year" or "four years ago" gives the year that stands beside it."""
    words = date_words(language)
    keys = [t.key for t in tokens]
    for i, word in enumerate(keys):
        if words.units.get(word) != "year":
            continue
        end = i + 1
        back = next((-DIRECTIONS[name] for name in ("previous", "this", "next") if i and keys[i - 1] in words.lists[name]), None)
        if back is None and i + 1 < len(keys) and keys[i + 1] in words.lists["ago"]:
            number = next((n for j in range(max(0, i - 2), i) if (n := parse_number(tokens, j, language)) and n[1] == i), None)
            end, back = i + 2, int(number[0]) if number else None
        while end < len(keys) and (keys[end] in _BETWEEN or keys[end] in words.lists["namely"]):
            end += 1
        if back is None or end >= len(keys) or not is_year(keys[end]):
            continue
        after = keys[end + 1] if end + 1 < len(keys) else ""
        if not after[:1].isalnum() or after in words.lists["after_year"] or after in words.months:  # before a noun it counts
            yield str(int(keys[end]) + back)
