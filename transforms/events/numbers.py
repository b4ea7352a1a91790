"""Numbers in words and figures, and what they count: people hurt or held, and other amounts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from transforms import language_data
from transforms.events.spans import span_text
from transforms.events.tokens import Token, key
from transforms.records import Casualties

_BACK = 9  # tokens between a count and the word that says what happened to the counted
_AHEAD = 7  # tokens between "the number of the dead" and the number
_YEARS = range(1900, 2100)
_MAX_AMOUNT_NOUN = 2


class _Words(NamedTuple):
    units: dict[str, int]
    multipliers: dict[str, int]
    ordinals: dict[str, int]
    ordinal_suffixes: tuple[str, ...]
    value: dict[str, float]
    add: dict[str, float]
    lists: dict[str, frozenset[str]]
    harm: dict[str, list[tuple[tuple[str, ...], str]]]  # first word -> [(all words, field of Casualties)], longest first


@lru_cache(maxsize=16)
def _words(language: str) -> _Words:
    source = language_data.toml(language, "numbers.toml")

    def inverted(name: str) -> dict[str, int]:
        return {key(word): int(number) for number, words in source.get(name, {}).items() for word in words}

    fractions = source.get("fractions", {})
    harm: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for field, phrases in source.get("casualties", {}).items():
        for phrase in phrases:
            words = tuple(key(word) for word in phrase.split())
            harm.setdefault(words[0], []).append((words, field))
    for entries in harm.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return _Words(
        inverted("words"),
        inverted("multipliers"),
        inverted("ordinals"),
        tuple(map(key, source.get("ordinal_suffixes", ()))),
        {key(word): value for word, value in fractions.get("value", {}).items()},
        {key(word): value for word, value in fractions.get("add", {}).items()},
        {name: frozenset(map(key, words)) for name, words in source.get("amounts", {}).items()},
        harm,
    )


def number_words(language: str) -> frozenset[str]:
    """The folded words that a number, or an ordinal, can begin with."""
    words = _words(language)
    return frozenset().union(words.ordinals, words.units, words.value, words.add, words.multipliers)


def ordinal(word: str, language: str) -> int | None:
    """The value of an ordinal (a folded word): पहले is 1, सातवीं 7."""
    words = _words(language)
    if word in words.ordinals:
        return words.ordinals[word]
    return next((words.units.get(word.removesuffix(suffix)) for suffix in words.ordinal_suffixes if word.endswith(suffix)), None)


def parse_number(tokens: Sequence[Token], i: int, language: str) -> tuple[float, int] | None:
    """The number that begins at token `i`, as (value, token after it); None if none begins there.

    Reads figures (11,000; 3.5), words, and both with multipliers: "साढ़े तीन लाख", "3.5 लाख", "आधा दर्जन", "two dozen".
    """
    words = _words(language)
    total, group, end, seen = 0.0, 0.0, i, False
    add = 0.0
    while end < len(tokens):
        word = tokens[end].key
        figure = _figure(word)
        following = tokens[end + 1].key if end + 1 < len(tokens) else ""
        if word in words.multipliers and (seen or word not in words.value):
            scale = words.multipliers[word]
            if not seen and (following in words.lists.get("not_people", ()) and scale == 12):
                return None
            group = (group if seen else 1.0) * scale
            if scale >= 1000 or scale == 12:
                total, group = total + group, 0.0
            seen = True
        elif seen and (group or end == i) and (figure is not None or word in words.units):
            small = figure if figure is not None else words.units[word]
            if not group or group % 100 or small >= 100:  # "दो तीन": two numbers, no sum
                break
            group += small
        elif word in words.add and (following in words.units or _figure(following) is not None):
            add = words.add[word]
            end += 1
            continue
        elif word in words.value and (following in words.multipliers or (not seen and words.value[word] > 1)):
            if seen:
                break
            group, seen = words.value[word], True
        elif figure is not None or word in words.units:
            if seen and group:
                break
            group = (figure if figure is not None else words.units[word]) + add
            add, seen = 0.0, True
        else:
            break
        end += 1
    return (total + group, end) if seen else None


def _figure(word: str) -> float | None:
    if not word[:1].isdigit() or ":" in word:
        return None
    plain = word.replace(",", "")
    if not plain.replace(".", "", 1).isdigit():
        return None
    return float(plain)


class _Count(NamedTuple):
    start: int
    end: int
    value: float


def _counts(tokens: Sequence[Token], language: str) -> list[_Count]:
    """All numbers of the tokens, without years."""
    found = []
    i = 0
    while i < len(tokens):
        number = parse_number(tokens, i, language)
        if number is None:
            i += 1
            continue
        value, end = number
        is_year = end == i + 1 and tokens[i].text.isdigit() and int(value) in _YEARS
        if not is_year:
            found.append(_Count(i, end, value))
        i = end
    return found


def find_casualties(tokens: Sequence[Token], language: str, source: str | None = None) -> Casualties | None:
    """People dead, injured, missing, affected or arrested, as the tokens of a sentence say; None when they say nothing of it.

    A count too vague for a number (dozens of people) stays in the text only. The first figure of a kind counts: the sum stands before its parts.
    """
    words = _words(language)
    lists = words.lists
    counts = _counts(tokens, language)
    figures: dict[str, int] = {}
    texts: list[str] = []
    used: set[int] = set()
    i = 0
    while i < len(tokens):
        harm = next(((phrase, field) for phrase, field in words.harm.get(tokens[i].key, ()) if _stands_at(tokens, i, phrase)), None)
        if harm is None:
            i += 1
            continue
        phrase, field = harm
        end = i + len(phrase)
        found = _count_for(tokens, i, end, counts, used, lists)
        if found is not None:
            value, start, stop = found
            if value:
                figures.setdefault(field, value)
            texts.append(span_text(tokens, start, max(end, stop), source))
        i = end
    if not figures and not texts:
        return None
    return Casualties(**figures, text=tuple(texts))


def _stands_at(tokens: Sequence[Token], i: int, phrase: tuple[str, ...]) -> bool:
    return len(tokens) - i >= len(phrase) and all(tokens[i + n].key == word for n, word in enumerate(phrase))


def _count_for(
    tokens: Sequence[Token], start: int, end: int, counts: list[_Count], used: set[int], lists: dict[str, frozenset[str]]
) -> tuple[int, int, int] | None:
    """The count that belongs to the word of harm in tokens `start` to `end`, as (value or 0, first token, token after the last)."""
    ahead = next((j for j in range(end, min(end + 4, len(tokens))) if tokens[j].key in lists["total"]), None)
    if ahead is not None:
        after = [c for c in counts if ahead < c.start <= ahead + _AHEAD and c.start not in used]
        if after:
            rising = next((j for j in range(ahead, after[-1].start) if tokens[j].key in lists["rising"]), ahead)
            best = next((c for c in after if c.start > rising), after[-1])
            used.update(c.start for c in after)
            return int(best.value), start, best.end
    if behind := _count_behind(tokens, end, counts, used, lists):
        return behind[0], start, behind[1]
    j = start - 1
    by_end = {c.end: c for c in counts}
    while j >= max(0, start - _BACK):
        count = by_end.get(j + 1)
        if count:
            if count.start in used:
                return None
            following = tokens[count.end].key
            if following in lists["not_people"]:
                j = count.start - 1
                continue
            used.add(count.start)
            return int(count.value), count.start, end
        word = tokens[j].key
        if word in lists["vague"]:
            return 0, j, end
        if word in lists["stops"] and j < start - 1 and not _goes_on(tokens, j, lists):
            break
        j -= 1
    return _single(tokens, start, end, lists)


def _count_behind(
    tokens: Sequence[Token], end: int, counts: list[_Count], used: set[int], lists: dict[str, frozenset[str]]
) -> tuple[int, int] | None:
    """The count right behind a word of harm, in languages that put it there: "killed at least 12 people"; (value or 0, token after it)."""
    ahead = lists.get("ahead", frozenset())
    j = end
    while j < len(tokens) and tokens[j].key in ahead:
        j += 1
    count = next((c for c in counts if c.start == j), None)
    if not ahead or j >= len(tokens) or (count is None and tokens[j].key not in lists["vague"]):
        return None
    if count is None:
        return 0, j + 1
    following = tokens[count.end].key if count.end < len(tokens) else ""
    if count.start in used or following in lists["not_people"]:
        return None
    used.add(count.start)
    return int(count.value), count.end


def _goes_on(tokens: Sequence[Token], j: int, lists: dict[str, frozenset[str]]) -> bool:
    # "10 लोगों की मौके पर ही मौत": a place or manner between the count and the harm does not end the search
    return tokens[j].key in ("में", "पर") and j > 1 and tokens[j - 2].key in lists["genitive"]


def _single(tokens: Sequence[Token], start: int, end: int, lists: dict[str, frozenset[str]]) -> tuple[int, int, int] | None:
    """One person, when the word before the genitive is in the singular: "चालक की मौत"."""
    if start < 2 or tokens[start - 1].key not in lists["genitive"]:
        return None
    owner = tokens[start - 2].key
    if owner.endswith(("ों", "ओं")) or not owner[:1].isalpha() or owner in lists["persons"]:
        return None
    return 1, start - 2, end


def find_amounts(tokens: Sequence[Token], language: str, source: str | None = None) -> list[str]:
    """Other figures with what they count, verbatim: "11,000 से अधिक सैनिक". Dates, ages and a bare "one" are none."""
    lists = _words(language).lists
    found = []
    for count in _counts(tokens, language):
        end = count.end
        if count.value <= 1 or end >= len(tokens):
            continue
        if end + 1 < len(tokens) and tokens[end + 1].key in lists["comparison"]:
            end += 2
        noun = end
        while (
            noun < len(tokens)
            and noun - end < _MAX_AMOUNT_NOUN
            and tokens[noun].key[:1].isalpha()
            and tokens[noun].key not in lists["stops"]
        ):
            if tokens[noun].key in lists["genitive"]:
                break
            noun += 1
        if noun == end:
            continue
        start = count.start
        while start and tokens[start - 1].key in lists["before"]:
            start -= 1
        found.append(span_text(tokens, start, noun, source))
    return found
