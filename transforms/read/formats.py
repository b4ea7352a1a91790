"""What a file is, told by its first bytes, and by its name where these leave it open."""

from __future__ import annotations

import re
from typing import Literal

from transforms.read.compression import SUFFIXES, strip_suffix

Format = Literal["text", "html", "jsonl", "warc", "binary"]

HEAD = 4096  # bytes that `sniff` wants to see
_EXTENSIONS: dict[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".warc": "warc",
    ".wet": "warc",
}
KNOWN_SUFFIXES = tuple(plain + packed for plain in _EXTENSIONS for packed in ("", *SUFFIXES))

_JSON_OBJECT = re.compile(rb'\s*\{\s*(?:\}|"(?:[^"\\\n]|\\.){0,200}"\s*:)')
# The tags of https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type, and those that a cut-out piece begins with.
_HTML = re.compile(
    rb"(?i)\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--|<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|meta|article|main|section)[\s>/])"
)
_BINARY_MAGIC = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"%PDF-",
    b"PK\x03\x04",
    b"RIFF",
    b"OggS",
    b"ID3",
    b"\x7fELF",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"7z\xbc\xaf",
    b"PAR1",
    b"Obj\x01",
    b"SQLite format 3",
)
# Bytes that no text encoding uses, but for zero (UTF-16) and escape (ISO 2022).
_CONTROL = bytes([*range(1, 9), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_MAX_CONTROL_SHARE = 0.03


def sniff(head: bytes, name: str) -> Format:
    """The format of a decompressed file.

    Args:
        head: its first `HEAD` bytes, as UTF-8 where a byte order mark says UTF-16.
        name: its path.
    """
    head = head.removeprefix(b"\xef\xbb\xbf")
    if head.startswith(b"WARC/"):
        return "warc"
    if head.startswith(_BINARY_MAGIC) or len(head) - len(head.translate(None, _CONTROL)) > len(head) * _MAX_CONTROL_SHARE:
        return "binary"
    if _JSON_OBJECT.match(head):
        return "jsonl"
    if _HTML.match(head):
        return "html"
    return by_name(name) or "text"


def by_name(name: str) -> Format | None:
    """The format that a path's extension stands for."""
    plain, _ = strip_suffix(name.lower())
    return next((kind for extension, kind in _EXTENSIONS.items() if plain.endswith(extension)), None)
