"""Sentences of a clean article body, with their offsets, in the house styles of danda, full stop and plain lines."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import regex

from transforms import language_data

# A mark that may end a sentence, with the closing quotes and brackets after it. Nothing is repeated inside a repetition: linear.
_END = regex.compile(r"[।॥?!.\n][।॥?!.]*+[\"'”’»)\]]*+")
_WORD_BEFORE = regex.compile(r"[\p{L}\p{M}\u200c\u200d]*+$")
# A place, or place and agency, before a colon at the head of a paragraph: "सियोल: …", "नई दिल्ली (एजेंसी): …".
_DATELINE = regex.compile(r"\s*+(?:[\p{L}\p{M}]++[ ,/.-]{0,2}){1,4}(?:[(\[][^()\[\]\n]{1,40}[)\]]\s?)?[:：]\s")
_MAX_WORD = 40


class Sentence(NamedTuple):
    """A sentence without the spaces around it; `start` and `end` are code point offsets into the whole text."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=16)
def _dotted_words(language: str) -> frozenset[str]:
    words = language_data.toml(language, "sentences.toml")
    return frozenset(words.get("abbreviations", [])) | frozenset(words.get("initials", []))


def split_sentences(text: str, language: str) -> list[Sentence]:
    """The sentences of `text`, in order. `language` is a BCP 47 tag and chooses the abbreviations.

    A line break always ends a sentence. A full stop does unless it follows an abbreviation or an initial, or stands inside a number or a
    Latin word (example.com). A dateline before a colon is cut off the first sentence of its paragraph and is no sentence.
    """
    dotted = _dotted_words(language)
    found: list[Sentence] = []
    start = _after_dateline(text, 0)
    for match in _END.finditer(text):
        mark, end = text[match.start()], match.end()
        if mark == "." and not _stop_ends(text, match.start(), end, dotted):
            continue
        _add(found, text, start, match.start() if mark == "\n" else end)
        start = _after_dateline(text, end) if mark == "\n" else end
    _add(found, text, start, len(text))
    return found


def _stop_ends(text: str, at: int, end: int, dotted: frozenset[str]) -> bool:
    if end - at > 1 and text[at + 1] == ".":  # an ellipsis ends nothing by itself
        return end >= len(text) or text[end] == "\n"
    following = text[end : end + 1]
    before = text[at - 1 : at]
    if following.isascii() and following.isalnum() and before.isascii():
        return False  # 3.5, example.com
    word = _WORD_BEFORE.search(text, max(0, at - _MAX_WORD), at)
    return word is None or not (word.group() in dotted or (len(word.group()) == 1 and word.group().isascii()))


def _after_dateline(text: str, start: int) -> int:
    match = _DATELINE.match(text, start)
    return match.end() if match else start


def _add(found: list[Sentence], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        start += piece.index(stripped[0])
        found.append(Sentence(stripped, start, start + len(stripped)))
