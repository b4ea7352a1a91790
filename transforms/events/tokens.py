"""Words, numbers and punctuation marks of a sentence, with their offsets; safe for Devanagari and any other script."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import NamedTuple

import regex

from transforms.normalise import fold

# A word may hold joiners (ZWJ, ZWNJ); a Latin-style acronym (U.S.) is one token. A hyphen between letters parts two tokens and is none
# itself (जोंग-उन, भारत-रूस), and a full stop is never one (डॉ. सिंह, डॉ सिंह): names match with and without them.
_TOKEN = regex.compile(
    r"""
      \d+(?:[.,:]\d+)*+                                    # 11,000  3.5  10:30
    | (?:\p{L}\.){2,}+                                     # U.S.
    | \p{L}[\p{L}\p{M}\u200c\u200d]*+                      # a word
    | ['’](?:s|S)\b                                        # the English genitive
    | [^.\s\p{L}\p{M}\p{N}\u200c\u200d\ufeff]              # one mark of punctuation
    """,
    regex.VERBOSE,
)
_LETTER = regex.compile(r"[\p{L}\p{M}]")
_HYPHENS = frozenset("-‐‑–")
_LONG = 60  # characters; longer ones are not words of a language, and not remembered


class Token(NamedTuple):
    """One token. `start` and `end` are code point offsets, `key` is the folded text for look-ups."""

    text: str
    start: int
    end: int
    key: str


@lru_cache(maxsize=1 << 16)
def key(word: str) -> str:
    """The look-up key of one word: folded, glides as in गए / गये written one way."""
    return fold(word).replace("\u092f\u0947", "\u090f").replace("\u092f\u0940", "\u0908").rstrip(".") or fold(word)


def tokenize(sentence: str) -> list[Token]:
    """The tokens of `sentence`."""
    tokens = []
    build = partial(tuple.__new__, Token)  # the quickest way to a named tuple; every word of every page becomes one
    at = 0
    for piece in sentence.split(" "):  # no token holds a blank, and pieces recur
        for text, start, end, folded in _pieces(piece) if len(piece) <= _LONG else _split(piece):
            tokens.append(build((text, at + start, at + end, folded)))
        at += len(piece) + 1
    return tokens


def _split(piece: str) -> tuple[Token, ...]:
    """The tokens of a text that stands between blanks."""
    tokens = []
    last = len(piece)
    for match in _TOKEN.finditer(piece):
        start, end = match.span()
        text = match[0]
        if text in _HYPHENS and start and end < last and _LETTER.match(piece[start - 1]) and _LETTER.match(piece[end]):
            continue
        if folded := key(text):  # a soft hyphen or a joiner alone is nothing
            tokens.append(Token(text, start, end, folded))
    return tuple(tokens)


_pieces = lru_cache(maxsize=1 << 15)(_split)
