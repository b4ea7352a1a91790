"""What sites print around articles: the phrases of `transforms/languages/*/clean.toml`, of all languages at once, ready to be matched.

Pages mix languages (a Hindi page says "Open in App"), so there is one table for all. Phrases are compared as folded words (`normalise.words`):
nukta, joiners, spaces, quotes and case make no difference. `#` stands for any number. docs/cleaning.md explains the format of the files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, cast

import regex

from transforms import language_data
from transforms.normalise import fold, words
from transforms.records import RemovedKind

KINDS = ("ad", "related", "promo", "nav", "share", "tag", "footer", "caption", "byline", "date", "markup", "highlights")
MODES = ("line", "heading", "start", "inside")
MAX_SIGN_OFF_WORDS = 12


class Hit(NamedTuple):
    """A phrase found in a line."""

    kind: str  # one of KINDS
    mode: str  # one of MODES
    length: int  # of the phrase, in words


Trie = dict[str, Any]  # word -> Trie; "" -> what stands at the end of a phrase


@dataclass(slots=True)
class Phrases:
    """The tables of all languages."""

    whole: Trie = field(default_factory=dict)  # line and heading phrases
    start: Trie = field(default_factory=dict)
    inside: Trie = field(default_factory=dict)
    inside_starts: frozenset[str] = frozenset()  # first words of these
    end: list[tuple[RemovedKind, str]] = field(
        default_factory=list
    )  # (kind, phrase) that starts noise which runs to the end of a paragraph
    function_words: frozenset[str] = frozenset()
    sentence_ends: frozenset[str] = frozenset()
    open_ends: frozenset[str] = frozenset()
    open_starts: frozenset[str] = frozenset()
    months: dict[str, int] = field(default_factory=dict)
    weekdays: dict[str, int] = field(default_factory=dict)
    modified: frozenset[str] = frozenset()  # folded labels of a time of change
    author_labels: frozenset[str] = frozenset()  # "by" and the like, as a line of their own
    editors: frozenset[str] = frozenset()  # folded labels of somebody who did not write the text
    organisations: frozenset[str] = frozenset()
    author_joins: frozenset[str] = frozenset()
    agencies: dict[str, str] = field(default_factory=dict)  # folded words -> name
    unnamed_agencies: frozenset[str] = frozenset()
    agency_filler: frozenset[str] = frozenset()
    agency_words: frozenset[str] = frozenset()  # those, and the words of agencies' names

    def find_whole(self, line: Sequence[str]) -> Hit | None:
        """The phrase that the whole line consists of."""
        size, found = _walk(self.whole, line, 0)
        return Hit(*found[:2], size) if found and size == len(line) else None

    def find_start(self, line: Sequence[str], text: str) -> Hit | None:
        """The longest phrase that the line starts with; phrases written with a colon want a separator after them."""
        size, found = _walk(self.start, line, 0)
        if not found or (found[2] and size < len(line) and not _separated(text, size)):
            return None
        return Hit(found[0], "start", size)

    def find_inside(self, line: Sequence[str]) -> Hit | None:
        """The first phrase of the mode `inside` that stands anywhere in the line."""
        if self.inside_starts.isdisjoint(line):
            return None
        for i, word in enumerate(line):
            if word in self.inside:
                size, found = _walk(self.inside, line, i)
                if found:
                    return Hit(found[0], "inside", size)
        return None

    def coverage(self, line: Sequence[str]) -> float:
        """Share of the words that are whole-line phrases set side by side: 1.0 for a menu glued into one line."""
        i = covered = 0
        while i < len(line):
            size = _walk(self.whole, line, i)[0] if line[i] in self.whole or line[i].isdigit() else 0
            covered += size
            i += size or 1
        return covered / len(line) if line else 0.0

    def agency_of(self, line: Sequence[str]) -> str | None:
        """The news agency that the words of a sign-off name; None when they say anything else."""
        if len(line) > MAX_SIGN_OFF_WORDS or not self.agency_words.issuperset(line):
            return None
        name, i = None, 0
        while i < len(line):
            for size in (4, 3, 2, 1):
                known = self.agencies.get(" ".join(line[i : i + size]))
                if known:
                    name = name if name and known in self.unnamed_agencies else known
                    i += size
                    break
            else:
                if line[i] not in self.agency_filler:
                    return None
                i += 1
        return name


def _walk(trie: Trie, line: Sequence[str], i: int) -> tuple[int, tuple[str, str, bool] | None]:
    """The longest phrase at word `i`: its length in words, and its (kind, mode, wants a separator)."""
    best, found, start = 0, None, i
    node: Trie | None = trie
    while i < len(line) and node is not None:
        word = line[i]
        node = node.get("#" if word.isdigit() else word)
        if node is None:
            break
        i += 1
        if "" in node:
            best, found = i - start, node[""]
    return best, found


_WORD_AND_GAP = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}\u200c\u200d]*([^\p{L}\p{N}]*)")


def _separated(text: str, size: int) -> bool:
    """Whether a separator follows the first `size` words of `text`."""
    for i, match in enumerate(_WORD_AND_GAP.finditer(text)):
        if i == size - 1:
            return any(c in match[1] for c in ":-–—|;…»") or match[1].strip(" ") in ("।", ".")
    return True


@lru_cache(maxsize=1)
def phrases() -> Phrases:
    """The phrases of every language that has a `clean.toml`."""
    table = Phrases()
    for folder in language_data.folders():
        if data := language_data.toml(folder.name, "clean.toml"):
            _add(table, data)
    return table


def _add(table: Phrases, data: dict[str, Any]) -> None:
    table.function_words |= set(words(data["function_words"]))
    table.sentence_ends |= set(words(data["sentence_ends"]))
    table.open_ends |= set(words(data["open_ends"]))
    table.open_starts |= set(words(data["open_starts"]))
    for kind in KINDS:
        section = data.get(kind, {})
        for mode in ("line", "heading"):
            for phrase in section.get(mode, ()):
                _insert(table.whole, phrase, (kind, mode, False))
        for phrase in section.get("start", ()):
            _insert(table.start, phrase, (kind, "start", phrase.rstrip().endswith((":", "|"))))
        for phrase in section.get("inside", ()):
            _insert(table.inside, phrase, (kind, "inside", False))
        table.end += [(cast(RemovedKind, kind), phrase) for phrase in section.get("end", ())]
    table.inside_starts = frozenset(table.inside)
    dates, bylines, agency = data["date"], data["byline"], data["agency"]
    for number, names in enumerate(dates["months"], 1):
        table.months.update((fold(name), number) for name in names)
    for number, names in enumerate(dates["weekdays"]):
        table.weekdays.update((fold(name), number) for name in names)
    table.modified |= {fold(label) for label in dates["modified"]}
    table.author_labels |= {fold(label) for label in bylines["line"]}
    table.editors |= {fold(label) for label in bylines["editors"]}
    table.author_joins |= set(words(bylines["joins"]))
    table.organisations |= set(words(bylines["organisations"]))
    table.agencies.update((" ".join(words(name)), short) for name, short in agency["names"].items())
    table.unnamed_agencies |= set(agency["unnamed"])
    table.agency_filler |= set(words(" ".join(agency["filler"])))
    table.agency_words |= table.agency_filler.union(*(name.split() for name in table.agencies))


def _insert(trie: Trie, phrase: str, value: tuple[str, str, bool]) -> None:
    node = trie
    for word in _phrase_words(phrase):
        node = node.setdefault(word, {})
    if node is not trie:
        node.setdefault("", value)


def _phrase_words(phrase: str) -> list[str]:
    """The words of a phrase; `#` is kept as a word of its own."""
    return [word for part in regex.split(r"(#)", phrase) for word in (["#"] if part == "#" else words(part))]
