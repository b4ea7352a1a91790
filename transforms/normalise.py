"""One folding of text for keys and comparisons. Stored text is never changed by it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

import regex

# Marks that writers of the same Hindi word use or leave out: nukta, ZWNJ, ZWJ, and the soft hyphen and BOM of web pages.
_DROPPED = dict.fromkeys(map(ord, "\u093c\u200c\u200d\u00ad\ufeff\u200b\u2060"), None)
_FOLDED = {
    ord("\u0901"): "\u0902",  # chandrabindu is often typed as anusvara
    ord("\u0965"): "\u0964",  # double danda
    **{ord("\u0966") + d: str(d) for d in range(10)},  # Devanagari digits
    **dict.fromkeys(map(ord, "‘’‚‛`´"), "'"),
    **dict.fromkeys(map(ord, "“”„«»"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―"), "-"),
}
FOLDED_CHARACTERS: dict[int, str | None] = {**_FOLDED, **_DROPPED}
# A pattern and a look-up in place of str.translate, which takes eight times as long on text that is not ASCII.
_CHANGED = re.compile("[" + "".join(re.escape(chr(c)) for c in FOLDED_CHARACTERS) + "]")
_NEW = {chr(c): new or "" for c, new in FOLDED_CHARACTERS.items()}

# NFKC is slow on letters with a nukta, which it only takes apart. They lose it before, but for ऩ, ऱ and ऴ, which NFKC composes.
_NUKTA = re.compile("\u093c(?<![\u0928\u0930\u0933]\u093c)")
_WITH_NUKTA = re.compile("[\u0958-\u095f]")
_WITHOUT_NUKTA = {chr(c): unicodedata.normalize("NFKC", chr(c))[0] for c in range(0x0958, 0x0960)}


def _members(category: str) -> str:
    """The characters below U+10000 of a class of `regex`, as ranges: `re` has no such classes, but is twice as fast."""
    ranges: list[list[str]] = []
    for c in regex.findall(category, "".join(map(chr, range(0x10000)))):
        if ranges and ord(c) == ord(ranges[-1][1]) + 1:
            ranges[-1][1] = c
        else:
            ranges.append([c, c])
    return "".join(f"\\u{ord(first):04x}-\\u{ord(last):04x}" for first, last in ranges)


# Above, whole blocks of scripts count as letters; symbols and emoji do not.
_ABOVE = "\U00010000-\U0001cfff\U0001d400-\U0001efff\U00020000-\U0003ffff"
_WORD = re.compile("[" + _members(r"[\p{L}\p{N}]") + _ABOVE + "][" + _members(r"[\p{L}\p{M}\p{N}]") + _ABOVE + "]*")


def fold(text: str) -> str:
    """Folds the spelling variants of one text to one key: NFKC, case, nukta, joiners, chandrabindu, digits, quotes, spaces.

    Two texts that a reader takes for the same have the same key; the key itself is not meant for reading.
    """
    return " ".join(_CHANGED.sub(lambda match: _NEW[match[0]], compose(text)).casefold().split())


def compose(text: str) -> str:
    """NFKC of `text`, in which letters lose the nukta that NFKC would take off them."""
    text = _NUKTA.sub("", text)
    if unicodedata.is_normalized("NFKC", text):
        return text
    return unicodedata.normalize("NFKC", _WITH_NUKTA.sub(lambda match: _WITHOUT_NUKTA[match[0]], text))


def words(text: str) -> list[str]:
    """The words of `text` as folded keys; Devanagari words are never cut at a vowel sign, glides य before ी and े are dropped."""
    return folded_words(fold(text))


def folded_words(folded: str) -> list[str]:
    """The same for a text that is folded already."""
    return _WORD.findall(fold_glides(folded))


def fold_glides(text: str) -> str:
    """Drops the glide य before े and ी: गये / गए and गयी / गई are both current."""
    return text.replace("\u092f\u0947", "\u090f").replace("\u092f\u0940", "\u0908")


def text_hash(text: str, size: int = 16) -> str:
    """Hex BLAKE2b digest of the words of `text`, `size` bytes: equal for texts that differ only in spelling variants, spaces and punctuation."""
    return words_hash(words(text), size)


def words_hash(words: Iterable[str], size: int = 16) -> str:
    """The same for a text whose folded words are known."""
    return hashlib.blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
