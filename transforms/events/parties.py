"""Who a phrase names: from phrases and the names in them to the parties of an event."""

from __future__ import annotations

from typing import Any, NamedTuple

from transforms.events.analysis import SentenceAnalysis
from transforms.records import Party

# Kinds of names that can act. A capital acts for its government; a place is only where something happens.
ACTING = frozenset({"state", "capital", "demonym", "person", "organisation", "role"})
# Kinds that can stand right before the name or role they belong to: "रूसी राष्ट्रपति पुतिन", "दिल्ली पुलिस".
_MODIFIERS = frozenset({"state", "capital", "demonym", "role", "place"})
_COMMAS = ",،"


class Named(NamedTuple):
    """A party as a phrase gives it, with its tokens. `kind` is that of the gazetteer, or "unknown" for a name it does not hold."""

    party: Party
    kind: str
    start: int
    end: int


def parties(sentence: SentenceAnalysis, start: int, end: int, home: str | None, strict: bool) -> list[Named]:
    """The parties that the tokens `start` to `end` name, in their order; coordinated names are several parties.

    Args:
        sentence: the sentence of the tokens.
        start: first token.
        end: token after the last.
        home: the state of a party whose own is not named.
        strict: whether only names and roles that the gazetteer holds count; else an unknown phrase is a party without a name.
    """
    found: list[Named] = []
    for part_start, part_end in _conjuncts(sentence, start, end):
        named = _party(sentence, part_start, part_end, home, strict or bool(found))
        if named:
            found.append(named)
        elif found:
            break
    return found[::-1]


def _conjuncts(sentence: SentenceAnalysis, start: int, end: int) -> list[tuple[int, int]]:
    """The coordinated parts of a phrase, the last first."""
    words = sentence.grammar.words["coordination"]
    cuts = [i for i in range(start, end) if sentence.tokens[i].key in words or sentence.tokens[i].key in _COMMAS]
    parts = zip([start, *(i + 1 for i in cuts)], [*cuts, end], strict=True)
    return [part for part in parts if part[0] < part[1]][::-1]


def _party(sentence: SentenceAnalysis, start: int, end: int, home: str | None, strict: bool) -> Named | None:
    tokens = sentence.tokens
    while start < end and not tokens[start].key[:1].isalnum():
        start += 1
    while end > start and not tokens[end - 1].key[:1].isalnum():
        end -= 1
    if start >= end:
        return None
    segments = _genitive_segments(sentence, start, end)
    for n, (first, last) in enumerate(segments[::-1]):
        head = _head(sentence, first, last)
        if head is not None:
            return _known(sentence, start, head, home)
        if n == 0 and not strict and not is_time(sentence, first, last):
            return Named(Party(sentence.words(start, end), None, _country(sentence, start, end) or home, None, None), "unknown", start, end)
    return None


def _known(sentence: SentenceAnalysis, start: int, head: Any, home: str | None) -> Named:
    entry = head.entry
    country = entry.country
    if country is None and entry.code is None:
        country = _country(sentence, start, head.start) or home
    first = head.start
    for match in reversed(_inside(sentence, start, head.start)):
        linked = all(t.key in sentence.grammar.cases for t in sentence.tokens[match.end : first])
        if not linked or match.entry.kind not in _MODIFIERS or first - match.end > 1:
            break
        first = match.start
    name = None if entry.kind == "role" else entry.name
    return Named(Party(sentence.words(first, head.end), name, country, entry.code, entry.sector), entry.kind, first, head.end)


def _inside(sentence: SentenceAnalysis, start: int, end: int) -> list[Any]:
    return [m for m in sentence.matches if m.start >= start and m.end <= end]


def _head(sentence: SentenceAnalysis, start: int, end: int) -> Any | None:
    acting = [m for m in _inside(sentence, start, end) if m.entry.kind in ACTING]
    return acting[-1] if acting else None


def _country(sentence: SentenceAnalysis, start: int, end: int) -> str | None:
    return next((m.entry.country for m in reversed(_inside(sentence, start, end)) if m.entry.country), None)


def _genitive_segments(sentence: SentenceAnalysis, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a phrase between genitive marks, from the outermost owner to the head."""
    segments, first = [], start
    for i in range(start, end):
        marks = sentence.grammar.cases.get(sentence.tokens[i].key)
        if marks and marks[-1] == ((sentence.tokens[i].key,), "gen"):
            if first < i:
                segments.append((first, i))
            first = i + 1
    if first < end:
        segments.append((first, end))
    return segments


def is_time(sentence: SentenceAnalysis, start: int, end: int) -> bool:
    """Whether the tokens say a time: "शनिवार", "15 अगस्त"."""
    time = sentence.grammar.words["time"]
    return all(t.key in time or t.key.isdigit() for t in sentence.tokens[start:end])
