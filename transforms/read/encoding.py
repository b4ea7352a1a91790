"""From bytes to clean Unicode: declared and detected encodings, and a text that every later stage can write as UTF-8."""

from __future__ import annotations

import codecs
import re

from bs4.dammit import EncodingDetector, UnicodeDammit

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
_MAX_BAD_SHARE = 0.1  # of the sequences beyond ASCII; above it the text is not UTF-8 with a few broken characters

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
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CLEAN)


def decode(data: bytes, declared: str | None = None, html: bool = False) -> str:
    """The text of a page.

    In this order: a byte order mark; UTF-16 without one; valid UTF-8, whatever is declared; the declared encoding; that of a meta element; UTF-8 with a
    few broken characters, which become U+FFFD; the detected encoding.

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
    codec_names = [codec for name in names if name and (codec := _codec(name))]
    # Pure ASCII bytes are no sign of UTF-8 when the page declares an escape-coded encoding.
    if not any(codec.startswith(("iso2022", "hz")) for codec in codec_names):
        try:
            return scrub(data.decode("utf-8"))
        except UnicodeDecodeError:
            if _bad_share(data[:_SAMPLE]) <= _MAX_BAD_SHARE:
                return scrub(data.decode("utf-8", "replace"))
    for codec in codec_names:
        if codec != "utf-8":
            text = data.decode(codec, "replace")
            if text.count("\ufffd") <= len(text) * _MAX_BAD_SHARE:
                return scrub(text)
    detected = UnicodeDammit(data[:_SAMPLE], is_html=html).original_encoding
    if not detected:
        raise ReadError("encoding", "no encoding fits the bytes")
    return scrub(data.decode(detected, "replace"))


def wide_encoding(data: bytes) -> str | None:
    """The name of the UTF-16 or UTF-32 encoding of `data`, or None. A byte order mark tells it, or else the places of the zero bytes: the upper halves
    of ASCII characters, such as spaces."""
    marked = next((encoding for mark, encoding in _WIDE_MARKS if data.startswith(mark)), None)
    if marked:
        return marked
    head = data[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 50 < len(head) or min(even, odd) * 20 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _codec(name: str) -> str | None:
    try:
        normal = codecs.lookup(name.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    return _MEANT.get(normal, normal)


def _bad_share(data: bytes) -> float:
    """The share of broken sequences among those beyond ASCII, were `data` UTF-8."""
    text = data.decode("utf-8", "replace")
    beyond = sum(1 for c in text if c > "\x7f")
    return text.count("\ufffd") / beyond if beyond else 0.0
