"""Noise inside running text: "Also read: …" and the like in the middle or at the end of a paragraph."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import regex

from transforms.clean.phrases import phrases
from transforms.normalise import fold, words
from transforms.records import RemovedKind

MAX_NOISE = 200  # characters after a phrase at the end of a paragraph; what is longer is text again
MAX_INNER = 100  # characters after a phrase when text follows: a longer sentence has run together with the text

_SENTENCE_END = regex.compile(r"[।?!](?=\s|$)|\.(?=\s|$)")
_VARIANTS = {"ं": "[ंँ]", "ढ": "(?:ढ़|\u095d|ढ)", "ड": "(?:ड़|\u095c|ड)", "ज": "(?:ज़|\u095b|ज)", "फ": "(?:फ़|\u095e|फ)", "ख": "(?:ख़|\u0959|ख)"}
_CLOSING = {"(": ")", "[": "]"}


@lru_cache(maxsize=1)
def _pattern() -> tuple[regex.Pattern[str], list[RemovedKind]]:
    """One pattern for the phrases that start noise in a paragraph, spelling variants like in `normalise.fold`; and the kind of each."""
    kinds: list[RemovedKind] = []
    parts = []
    for number, (kind, phrase) in enumerate(phrases().end):
        kinds.append(kind)
        body = "".join(
            r"\s+" if c == " " else _VARIANTS.get(c, regex.escape(c)) + ("[\u200c\u200d]?" if "ऀ" <= c <= "ॿ" else "")
            for c in fold(phrase).rstrip(":")
        )
        parts.append(f"(?P<p{number}>{body}" + (r"\s*[:|–—-])" if phrase.endswith(":") else r")(?![\p{L}\p{M}])"))
    return regex.compile("(?<![\\p{L}\\p{M}])(?:" + "|".join(parts) + ")", regex.I), kinds


@lru_cache(maxsize=1)
def _needed() -> tuple[frozenset[str], list[frozenset[str]]]:
    """What lets most paragraphs through without the slower pattern: a word of each phrase, and all words of each."""
    needed = [frozenset(words(phrase)) for _, phrase in phrases().end]
    return frozenset(max(phrase, key=len) for phrase in needed), needed


def cut_noise(text: str, text_words: Sequence[str]) -> tuple[str, list[tuple[RemovedKind, str]]]:
    """Cuts the noise out of one paragraph: the text that is left, and (kind, text) of every piece that was cut.

    Args:
        text: the paragraph.
        text_words: its words, folded.

    A piece starts at its phrase. It ends with the bracket that it stands in, with the paragraph when that is near, or with its sentence if that is
    as short as a headline; if there is no such end, only the phrase is cut.
    """
    anchors, needed = _needed()
    if anchors.isdisjoint(text_words) or not any(map(frozenset(text_words).issuperset, needed)):
        return text, []
    pattern, kinds = _pattern()
    kept, done = [], 0
    cut: list[tuple[RemovedKind, str]] = []
    while match := pattern.search(text, done):
        start = match.start()
        bracket = text[done:start].rstrip()[-1:]
        end = -1
        if bracket in _CLOSING:
            start = text.rindex(bracket, done, start)
            end = text.find(_CLOSING[bracket], match.end(), match.end() + MAX_NOISE) + 1 or -1
        if end < 0 and len(text) - match.end() <= MAX_NOISE:
            end = len(text)
        if end < 0:
            stop = _SENTENCE_END.search(text, match.end(), match.end() + MAX_INNER)
            end = stop.end() if stop else match.end()
        kept.append(text[done:start].strip())
        cut.append((kinds[int(str(match.lastgroup)[1:])], text[start:end].strip()))
        done = end
    if not cut:
        return text, []
    kept.append(text[done:].strip())
    return " ".join(part for part in kept if part), cut
