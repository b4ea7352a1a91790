"""The place, and the agency, that a text starts with: "Seoul: …", "मुंबई, एएनआई। …", "अहमदाबाद (भाषा): …", "राज्य ब्यूरो, जम्मू। …"."""

from __future__ import annotations

from functools import lru_cache

import regex

from transforms import language_data
from transforms.clean.phrases import Phrases
from transforms.normalise import words

_REACH = 120  # characters of a paragraph
_MAX_PLACE_WORDS = 4
# Names and brackets, up to a mark; the full stop of an abbreviation may stand in front of a bracket or a dash.
_HEAD = regex.compile(
    r"(?P<head>(?:[^:।.–—\-\n\d\"“‘'()\[\]]|\.(?=\s[(\[–—-])|[(\[][^()\[\]\n]{2,40}[)\]]){2,60}?)\s*(?:[:।–—]|\.(?!\s[(\[–—-])\s|--?\s|\s-)"
)
_PARTS = regex.compile(r"[,()\[\]]")


def dateline(text: str, table: Phrases) -> tuple[str | None, str | None]:
    """The place, and the agency, of the dateline that a paragraph starts with; None for what it has not.

    Any label may stand in front of a colon ("Meeting: …"). So the place must be a known one, or an agency or a desk must stand beside it.
    """
    match = _HEAD.match(text[:_REACH])
    if not match:
        return None, None
    agency, desk = None, False
    names: list[tuple[str, list[str]]] = []
    for part in map(str.strip, _PARTS.split(match["head"])):
        tokens = words(part)
        if not tokens:
            continue
        if found := table.agency_of(tokens):
            agency = agency or found
        elif not table.organisations.isdisjoint(tokens):
            desk = True
        elif _may_be_name(part, tokens, table):
            names.append((part, tokens))
    known = next((part for part, tokens in names if " ".join(tokens) in _places()), None)
    return known or (names[0][0] if names and (agency or desk) else None), agency


def _may_be_name(part: str, tokens: list[str], table: Phrases) -> bool:
    if len(tokens) > _MAX_PLACE_WORDS or (part[0].isascii() and not part[0].isupper()):
        return False
    return not any(token in table.function_words or token in table.sentence_ends for token in tokens)


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    """The folded names of the places that any language's data knows."""
    names: set[str] = set()
    for folder in language_data.folders():
        for file in ("places.tsv", "places_geonames.tsv"):
            for row in language_data.rows(folder.name, file):
                names.update((row[0],) if folder.name == "world" else row[-1].split(";"))
    return frozenset(" ".join(words(name)) for name in names)
