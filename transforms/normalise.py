"""One folding of text for keys and comparisons. Stored text is never changed by it."""

from __future__ import annotations

import hashlib
import re
import unicodedata

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
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}]*")


def fold(text: str) -> str:
    """Folds the spelling variants of one text to one key: NFKC, case, nukta, joiners, chandrabindu, digits, quotes, spaces.

    Two texts that a reader takes for the same have the same key; the key itself is not meant for reading.
    """
    text = unicodedata.normalize("NFKC", text)
    # NFKC composes nothing with a nukta (composition exclusions), so dropping U+093C catches both encodings of ज़.
    return " ".join(_CHANGED.sub(lambda match: _NEW[match[0]], text).casefold().split())


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
    return hashlib.blake2b(" ".join(words(text)).encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
