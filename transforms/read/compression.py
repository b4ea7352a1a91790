"""Decompression by content: gzip, zstd, bz2 and xz, several members or frames, bounded output, and an honest word at a broken end."""

from __future__ import annotations

import bz2
import lzma
import sys
import zlib
from collections.abc import Callable
from typing import Protocol

from transforms.read.errors import ReadError
from transforms.read.streams import Readable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CHUNK = 1 << 17  # bytes read at a time
_XZ_MEMORY = 1 << 28  # bytes; no stream of a normal preset needs more than 65 MiB


class _Decompressor(Protocol):
    """The interface that bz2, lzma and zstd share; `_Gzip` gives it to zlib."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(wbits=31)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        out = self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)
        # A full output buffer may hide more output, even when all input was taken.
        self.needs_input = not self._zlib.unconsumed_tail and len(out) < max_length
        return out


_FORMATS: tuple[tuple[bytes, str, tuple[str, ...], Callable[[], _Decompressor]], ...] = (
    (b"\x1f\x8b", "gzip", (".gz", ".gzip"), _Gzip),
    (b"\x28\xb5\x2f\xfd", "zstd", (".zst", ".zstd"), zstd.ZstdDecompressor),
    (b"BZh", "bz2", (".bz2",), bz2.BZ2Decompressor),
    (b"\xfd7zXZ\x00", "xz", (".xz",), lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)),
)
_ERRORS = (zlib.error, OSError, EOFError, lzma.LZMAError, zstd.ZstdError, ValueError)
SUFFIXES: tuple[str, ...] = tuple(suffix for _, _, suffixes, _ in _FORMATS for suffix in suffixes)


def strip_suffix(name: str) -> tuple[str, str | None]:
    """`name` without the suffix of a compression, and the name of that compression."""
    for _, kind, suffixes, _ in _FORMATS:
        for suffix in suffixes:
            if name.lower().endswith(suffix):
                return name[: -len(suffix)], kind
    return name, None


def detect(head: bytes) -> str | None:
    """The name of the compression that a file with this beginning has, or None."""
    return next((kind for magic, kind, _, _ in _FORMATS if head.startswith(magic)), None)


class Decompressed:
    """The decompressed bytes of `source`.

    Args:
        source: the compressed bytes.
        kind: what `detect` said about their beginning.

    `read` raises `ReadError`: `truncated` when the stream ends inside a member, `corrupt` when it is broken; what comes before was returned.
    """

    def __init__(self, source: Readable, kind: str) -> None:
        self._source = source
        self._kind = kind
        self._make = next(make for _, name, _, make in _FORMATS if name == kind)
        self._decompressor = self._make()
        self._input = b""

    def read(self, size: int) -> bytes:
        """At most `size` bytes, however far they expand; b"" at the end."""
        while True:
            if self._decompressor.eof and not self._next_member():
                return b""
            if self._decompressor.needs_input and not self._input:
                self._input = self._source.read(CHUNK)
                if not self._input:
                    raise ReadError("truncated", f"the {self._kind} stream ends before its end mark")
            data, self._input = self._input, b""
            try:
                out = self._decompressor.decompress(data, size)
            except _ERRORS as error:
                raise ReadError("corrupt", f"broken {self._kind} stream: {error}") from error
            if out:
                return out

    def _next_member(self) -> bool:
        rest = self._decompressor.unused_data
        # Zeros after the end are padding: tar, tape and xz write them.
        while not (rest := rest.lstrip(b"\0")):
            if not (rest := self._source.read(CHUNK)):
                return False
        self._input = rest
        self._decompressor = self._make()
        return True
