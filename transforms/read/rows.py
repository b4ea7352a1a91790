"""JSON lines: rows cut from a stream in bounded memory, and rows made into documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from transforms.read.encoding import scrub
from transforms.read.errors import ReadError
from transforms.read.streams import Readable
from transforms.records import SAMPLE_CHARS, RawDocument, Reject

CHUNK = 1 << 18  # bytes read at a time
_SAMPLE_BYTES = 4 * SAMPLE_CHARS
_PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a stream.

    Args:
        offset: where it begins, in bytes.
        data: the line without its end; only its beginning when it is longer than allowed.
        size: its full length in bytes.
        cut: whether the stream broke inside it.
    """

    offset: int
    data: bytes
    size: int
    cut: bool = False


def split_rows(stream: Readable, offset: int, max_bytes: int) -> Iterator[Row]:
    """The lines of `stream`, blank ones too. Of a line above `max_bytes` only the beginning is kept.

    Args:
        stream: the rest of the file.
        offset: where in the file the stream stands.
        max_bytes: the longest line that is wanted whole.

    Raises:
        ReadError: what the stream raises; the line that it breaks off comes first, marked `cut`.
    """
    parts: list[bytes] = []
    size = kept = 0

    def row(cut: bool = False) -> Row:
        data = b"".join(parts)
        return Row(offset, data if size <= max_bytes else data[:_SAMPLE_BYTES], size, cut)

    while True:
        try:
            chunk = stream.read(CHUNK)
        except ReadError:
            if size:
                yield row(cut=True)
            raise
        if not chunk:
            break
        begin = 0
        while (end := chunk.find(b"\n", begin)) >= 0:
            parts.append(chunk[begin:end])
            size += end - begin
            yield row()
            offset += size + 1
            begin = end + 1
            parts, size, kept = [], 0, 0
        size += len(chunk) - begin
        if kept <= max_bytes:
            parts.append(chunk[begin:])
            kept += len(chunk) - begin
    if size:
        yield row()


def read_row(data: bytes, uri: str) -> RawDocument | Reject:
    """The document of one JSON line, or why there is none.

    A row holds `html` or `text`; with both, `html` is read, for it also carries what a page says about itself.

    Args:
        data: the line.
        uri: where it stands.
    """
    source_id: str | None = None
    try:
        row = _parse(data)
        source_id = _id(row)
        kind, content = _content(row)
    except ReadError as error:
        return Reject(uri, source_id or uri, "read", error.reason, str(error), sample(data))
    return RawDocument(
        uri=uri,
        source_id=source_id or uri,
        content=content,
        format=kind,
        url=_string(row, "url"),
        title=_string(row, "title"),
        publisher=_string(row, "publisher"),
        published_at=iso_date(row.get("published_at")),
        crawled_at=iso_date(row.get("crawled_at")),
    )


def sample(data: bytes) -> str:
    """The beginning of broken input, fit for the rejects table."""
    return scrub(data[:_SAMPLE_BYTES].decode("utf-8", "replace"))[:SAMPLE_CHARS]


def iso_date(value: object) -> str | None:
    """ISO 8601 for the date of a row: ISO 8601 of any precision, or RFC 5322 as feeds write it; None for anything else."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    if _PARTIAL_DATE.fullmatch(text):
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, IndexError, OverflowError):
            return None
    return moment.date().isoformat() if len(text) <= len("2022-W33-1") else moment.isoformat()


def _parse(data: bytes) -> dict[str, Any]:
    try:
        row = orjson.loads(data)
    except orjson.JSONDecodeError:
        row = _parse_leniently(data)
    if not isinstance(row, dict):
        raise ReadError("bad_row", f"the row is no JSON object but {type(row).__name__}")
    if isinstance(row.get("id"), float):  # orjson rounds whole numbers beyond 64 bits
        row["id"] = _parse_leniently(data)["id"]
    return row


def _parse_leniently(data: bytes) -> Any:
    """Reads what strict JSON forbids but says plainly enough: lone surrogate escapes, bare control characters, NaN."""
    try:
        return json.loads(data.decode("utf-8"), strict=False)
    except UnicodeDecodeError as error:
        raise ReadError("encoding", f"the row is not UTF-8: {error.reason} at byte {error.start}") from error
    except (ValueError, RecursionError) as error:
        raise ReadError("bad_row", f"the row is no JSON: {error}") from error


def _id(row: dict[str, Any]) -> str | None:
    value = row.get("id")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return scrub(value) if isinstance(value, str) else None


def _content(row: dict[str, Any]) -> tuple[Any, str]:
    found = False
    for key in ("html", "text"):
        value = row.get(key)
        if isinstance(value, str):
            found = True
            content = scrub(value)
            if content and not content.isspace():
                return key, content
    if found:
        raise ReadError("empty", "the row's text is blank")
    raise ReadError("bad_row", "the row holds neither text nor html as a string")


def _string(row: dict[str, Any], key: str) -> str | None:
    value = row.get(key)
    return (scrub(value).strip() or None) if isinstance(value, str) else None
