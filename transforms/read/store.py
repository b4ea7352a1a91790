"""Bytes from local files and from any fsspec store, with retries, and addresses without their secrets."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import fsspec
from fsspec.core import url_to_fs

T = TypeVar("T")

ATTEMPTS = 5
FIRST_WAIT = 0.5  # seconds; doubled after each failed attempt
_TRANSIENT_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s'\"<>)\]}]+")
# Query parameters that sign a request or carry a key: AWS, Google, Azure and what web APIs commonly call them.
_SECRET_PARAMETER = re.compile(
    r"(?i)^(x-amz-.*|x-goog-.*|awsaccesskeyid|googleaccessid|signature|expires|sig|se|sp|sv|sr|st|spr|skoid|sktid|ske|sks|skv"
    r"|key|api[-_]?key|.*token|.*secret|password|auth)$"
)


def filesystem(uri: str) -> tuple[Any, str]:
    """The fsspec file system of `uri`, and the path in it. A plain path is local, whatever characters it holds."""
    if "://" not in uri:
        local = fsspec.filesystem("file")
        return local, local._strip_protocol(uri)
    return url_to_fs(uri)


def public_uri(uri: str) -> str:
    """`uri` without user name, password and signing parameters: fit for output rows and logs."""
    if "://" not in uri:
        return uri
    try:
        parts = urlsplit(uri)
    except ValueError:
        return uri
    query = parts.query
    if any(_SECRET_PARAMETER.match(name) for name, _ in parse_qsl(query, keep_blank_values=True)):
        query = urlencode([(k, v) for k, v in parse_qsl(query, keep_blank_values=True) if not _SECRET_PARAMETER.match(k)])
    netloc = parts.netloc.rpartition("@")[2]
    if (query, netloc) == (parts.query, parts.netloc):
        return uri
    return urlunsplit((parts.scheme, netloc, parts.path, query, parts.fragment))


def public_message(error: BaseException) -> str:
    """One line that says what went wrong, without secrets: every address in it loses its query and user."""
    text = " ".join(str(error).split()) or type(error).__name__
    return _URL.sub(lambda found: public_uri(found.group()).partition("?")[0], text)[:300]


def retry(call: Callable[[], T], *passing: type[Exception]) -> T:
    """The result of `call`, which is tried again, with growing pauses, while the store is busy or the connection is lost.

    `passing`: what else may be over soon. A status that gcsfs or s3fs gives up on is final: they have asked again themselves, for half a minute and for seconds.
    """
    for attempt in range(ATTEMPTS - 1):
        try:
            return call()
        except Exception as error:
            if not isinstance(error, passing) and not _is_transient(error):
                raise
        time.sleep(FIRST_WAIT * 2**attempt * random.uniform(0.5, 1.0))
    return call()


class Source:
    """A file of any store, read from `start` on; a lost connection is opened again at the same place.

    Stores retry some of their own requests (gcsfs, s3fs); plain HTTP and a connection that dies in the middle are not covered by them.
    """

    def __init__(self, uri: str, start: int = 0) -> None:
        self._fs, self._path = filesystem(uri)
        self._position = start
        self._file: Any = None

    def read(self, size: int) -> bytes:
        """At most `size` bytes; b"" at the end of the file. Raises what the store raises."""
        data = retry(lambda: self._read(size))
        self._position += len(data)
        return data

    def _read(self, size: int) -> bytes:
        try:
            if self._file is None:
                self._open()
            data: bytes = self._file.read(size)
        except BaseException:
            self.close()
            raise
        return data

    def _open(self) -> None:
        self._file = self._fs.open(self._path, "rb")
        if not self._position:
            return
        try:
            self._file.seek(self._position)
        except (ValueError, OSError):  # an HTTP server that knows no ranges
            left = self._position
            while left and (skipped := self._file.read(min(left, 1 << 20))):
                left -= len(skipped)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _is_transient(error: Exception) -> bool:
    status = getattr(error, "status", None)
    if isinstance(status, int):
        return status in _TRANSIENT_STATUS
    if isinstance(error, ConnectionError | TimeoutError):
        return True
    from aiohttp import ClientConnectionError, ClientPayloadError  # a late import: local runs never need it

    return isinstance(error, ClientConnectionError | ClientPayloadError)
