"""Small wrappers of byte streams: look ahead, change the encoding."""

from __future__ import annotations

import codecs
from typing import Protocol


class Readable(Protocol):
    """A stream of bytes: `read` gives at most `size` of them, and b"" only at the end."""

    def read(self, size: int, /) -> bytes: ...


class Peekable:
    """`source` with a look ahead. An error met while looking ahead is raised when reading gets there."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._ahead = b""
        self._error: Exception | None = None

    def peek(self, size: int) -> bytes:
        """The next `size` bytes, fewer at the end or before an error; they will be read again."""
        try:
            while len(self._ahead) < size and (data := self._source.read(size - len(self._ahead))):
                self._ahead += data
        except Exception as error:
            self._error = error
        return self._ahead[:size]

    def read(self, size: int, /) -> bytes:
        if self._ahead:
            data, self._ahead = self._ahead[:size], self._ahead[size:]
            return data
        if self._error:
            raise self._error
        return self._source.read(size)


class Transcoded:
    """`source`, written in `encoding`, as UTF-8."""

    def __init__(self, source: Readable, encoding: str) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def read(self, size: int, /) -> bytes:
        # A UTF-16 character takes 2 bytes and at most 3 in UTF-8; decoders may hold back a part of one.
        while data := self._source.read(max(4, size // 2)):
            if text := self._decoder.decode(data):
                return text.encode("utf-8", "replace")
        return self._decoder.decode(b"", final=True).encode("utf-8", "replace")
