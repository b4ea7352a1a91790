"""From bytes to clean Unicode: declared and detected encodings, and a text that every later stage can write as UTF-8."""

from __future__ import annotations

import codecs
import re
from collections import Counter

import chardet
from bs4.dammit import EncodingDetector

from transforms.read.errors import ReadError

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What a page means when it says the name on the left: https://encoding.spec.whatwg.org/#names-and-labels
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_SAMPLE = 1 << 16  # bytes that are enough to detect an encoding
_MAX_BROKEN_SHARE = 0.1  # of the characters beyond ASCII; above it the text is in another encoding, not just damaged
_MIN_CONFIDENCE = 0.05  # of chardet: sentences of 20 languages in 35 legacy encodings score above 0.13, random bytes below 0.02
# Codecs of Python that are encodings of web pages; others (punycode, hex …) are traps.
_PAGE_CODEC = re.compile(r"utf-(8|16|32)|ascii|iso8859|iso2022|cp\d|koi8|mac-|gb|big5|euc_|shift_jis|johab|hz|tis-620|kz1048|ptcp154")

_UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_CLEAN = {
    **dict.fromkeys([*range(0x09), *range(0x0E, 0x20), 0x7F, 0xFEFF]),  # controls and byte order marks
    **dict.fromkeys([0x0B, 0x0C], "\n"),  # vertical tab, form feed
    **dict.fromkeys([*range(0xD800, 0xE000), 0xFFFE, 0xFFFF], "\ufffd"),
}


def scrub(text: str) -> str:
    """`text` with `\\n` line ends, without control characters and byte order marks, and with U+FFFD for what is no character (lone surrogates)."""
    if not _UNCLEAN.search(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(_CLEAN) if _UNCLEAN.search(text) else text


def decode(data: bytes, declared: str | None = None, html: bool = False) -> str:
    """The text of a page.

    Told, in this order, by a byte order mark; the zero bytes of UTF-16; being UTF-8, but for a few broken characters, whatever is declared; the declared
    encoding; that of a meta element; detection.

    Args:
        data: the whole page.
        declared: the charset of an HTTP header.
        html: whether to look for a meta element.

    Raises:
        ReadError: `encoding`, when nothing fits.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    if wide := wide_encoding(data):
        return scrub(data.decode(wide, "replace"))
    names = [declared, EncodingDetector.find_declared_encoding(data, is_html=True) if html else None]
    declared_codecs = [codec for name in names if name and (codec := _codec(name))]
    # Pure ASCII is no sign of UTF-8 in a page that declares an encoding made of escape sequences.
    if not any(codec.startswith(("iso2022", "hz")) for codec in declared_codecs):
        try:
            return scrub(data.decode("utf-8"))
        except UnicodeDecodeError:
            if _broken_share(data[:_SAMPLE]) <= _MAX_BROKEN_SHARE:
                return scrub(data.decode("utf-8", "replace"))
    for codec in declared_codecs:
        text = data.decode(codec, "replace")
        if text.count("\ufffd") <= len(text) * _MAX_BROKEN_SHARE:
            return scrub(text)
    found = chardet.detect(data, max_bytes=_SAMPLE)
    if not found["encoding"] or found["confidence"] < _MIN_CONFIDENCE:
        raise ReadError("encoding", "no encoding fits the bytes")
    return scrub(data.decode(_codec(found["encoding"]) or found["encoding"], "replace"))


def wide_encoding(data: bytes) -> str | None:
    """The name of the UTF-16 or UTF-32 encoding of `data`, or None.

    Told by a byte order mark, or by the upper halves of the characters: zeros for ASCII, spaces at least, and one other value for most scripts.
    """
    marked = next((encoding for mark, encoding in _WIDE_MARKS if data.startswith(mark)), None)
    head = data[:4096]
    if marked or b"\0" not in head:
        return marked
    for encoding, upper, lower in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        zeros = upper.count(0)
        commonest = sum(count for _, count in Counter(upper).most_common(2))
        if lower.count(0) * 20 <= zeros and commonest >= len(upper) * 0.8:
            return encoding
    return None


def _codec(name: str) -> str | None:
    try:
        codec = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return None
    return _MEANT.get(codec, codec) if _PAGE_CODEC.match(codec) else None


def _broken_share(data: bytes) -> float:
    """The share of broken characters among those beyond ASCII, were `data` UTF-8."""
    text = data.decode("utf-8", "replace")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return text.count("\ufffd") / beyond if beyond else 0.0
