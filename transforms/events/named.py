"""The parties that a phrase names: from the parties of a sentence and the bounds of a phrase to who is meant."""

from __future__ import annotations

from typing import NamedTuple

from transforms.events.analysis import SentenceAnalysis
from transforms.events.parties import PartyMention, in_country
from transforms.records import Party

# A capital acts for its government; a place is only where something happens.
ACTING = frozenset({"state", "capital", "demonym", "person", "organisation", "role", "media"})
_COMMAS = ",،"


class Named(NamedTuple):
    """A party with its tokens. `kind` is that of `PartyMention`, or "unknown" for a phrase without a name or role."""

    party: Party
    kind: str
    start: int
    end: int


def implied(sector: str, home: str | None, at: int) -> Named:
    """Whom an act implies that names nobody who does it: a party without words, of the article's state."""
    return Named(in_country(Party("", None, None, None, sector), home), "implied", at, at)


def parties_in(sentence: SentenceAnalysis, start: int, end: int, home: str | None, strict: bool) -> list[Named]:
    """The parties that the tokens `start` to `end` name, in their order; coordinated names are several parties.

    Args:
        sentence: the sentence of the tokens.
        start: first token.
        end: token after the last.
        home: the state of a party whose own is not named.
        strict: whether only names and roles count; else an unknown phrase is a party without a name.
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
    for first, last in reversed(segments):  # a head that is no name ("सरकार की नीति") is stood for by its nearest owner
        head = _head(sentence, start, first, last)
        if head is not None:
            return Named(in_country(head.party, home), head.kind, head.start, head.end)
    if strict or is_time(sentence, *segments[-1]):
        return None
    told = next((m.party.country for m in reversed(sentence.parties) if start <= m.start and m.end <= end and m.party.country), None)
    party = Party(sentence.words(start, end), None, told, None, None)
    return Named(in_country(party, home), "unknown", start, end)


def _head(sentence: SentenceAnalysis, start: int, first: int, last: int) -> PartyMention | None:
    inside = [m for m in sentence.parties if first <= m.head < last and m.start >= start and m.kind in ACTING]
    return inside[-1] if inside else None


def _genitive_segments(sentence: SentenceAnalysis, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a phrase between genitive marks, from the outermost owner to the head."""
    segments, first = [], start
    for i in range(start, end):
        if sentence.grammar.is_genitive(sentence.tokens[i].key):
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
