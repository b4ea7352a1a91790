"""The pages of one file, whatever its format, compression and encoding."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

from transforms.read.archive import read_archive
from transforms.read.compression import CHUNK, Decompressed, detect, strip_suffix
from transforms.read.encoding import decode, wide_encoding
from transforms.read.errors import ReadError
from transforms.read.formats import HEAD, Format, sniff
from transforms.read.rows import read_row, sample, split_rows
from transforms.read.store import Source, public_message, public_uri
from transforms.read.streams import Peekable, Readable, Transcoded
from transforms.records import RawDocument, Reject

MAX_DOCUMENT_BYTES = 10 << 20
SPLIT_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """What one worker reads: a file, or the rows of it that begin in a range of bytes."""

    uri: str
    start: int = 0
    end: int | None = None


def split_file(uri: str, size: int | None, split_bytes: int = SPLIT_BYTES) -> list[Part]:
    """The parts in which a file is read: ranges of about `split_bytes` for a plain JSON lines file, else one."""
    if size is None or size <= split_bytes:
        return [Part(uri)]
    try:
        with Source(uri) as source:
            head = source.read(HEAD)
    except Exception:  # reading it will say what is wrong
        return [Part(uri)]
    if detect(head) or wide_encoding(head) or sniff(head, uri) != "jsonl":
        return [Part(uri)]
    count = -(-size // split_bytes)
    starts = [size * i // count for i in range(count)]
    # The last part is open: the file may have grown.
    return [Part(uri, start, end) for start, end in zip(starts, [*starts[1:], None], strict=True)]


def read_documents(
    uri: str, *, max_document_bytes: int = MAX_DOCUMENT_BYTES, start: int = 0, end: int | None = None
) -> Iterator[RawDocument | Reject]:
    """The pages of one file. Never raises: what cannot be read comes as a `Reject`.

    Args:
        uri: path or fsspec URL of a text, HTML, JSON lines, WARC or WET file, plain or in gzip, zstd, bz2 or xz.
        max_document_bytes: a page (for JSON lines: a row) with more bytes, decompressed, is rejected; nothing larger is held in memory.
        start: for a plain JSON lines file: only the rows that begin at this byte or later.
        end: for a plain JSON lines file: only the rows that begin before this byte.
    """
    shown = public_uri(uri)
    place = f"{shown}#{start}" if start else shown
    try:
        with Source(uri, max(0, start - 1)) as source:
            if start:
                yield from _read_rows(source, shown, start, end, max_document_bytes)
            else:
                yield from _read_file(source, shown, end, max_document_bytes)
    except ReadError as error:
        yield Reject(place, place, "read", error.reason, str(error), error.sample)
    except FileNotFoundError:
        yield Reject(place, place, "read", "not_found", "no such file, and no file matches it as a pattern", "")
    except IsADirectoryError:
        yield Reject(place, place, "read", "not_found", "a directory without any page, or one that may not be listed", "")
    except Exception as error:
        yield Reject(place, place, "read", "unreadable", f"{type(error).__name__}: {public_message(error)}", "")


def _read_file(source: Readable, shown: str, end: int | None, max_bytes: int) -> Iterator[RawDocument | Reject]:
    name, named_kind = strip_suffix(shown.partition("?")[0] if "://" in shown else shown)
    stream = Peekable(source)
    head = stream.peek(HEAD)
    kind = detect(head)
    if kind:
        stream = Peekable(Decompressed(stream, kind))
        head = stream.peek(HEAD)
    elif named_kind and head and sniff(head, "") in ("text", "binary"):
        raise ReadError("corrupt", f"named like {named_kind}, but its beginning is not")
    if wide := wide_encoding(head):
        head = head.decode(wide, "ignore").encode("utf-8", "ignore")
    found = sniff(head, name)
    if found == "warc":
        yield from read_archive(stream, shown, max_bytes)
    elif found == "jsonl":
        yield from _read_rows(Transcoded(stream, wide) if wide else stream, shown, 0, end, max_bytes)
    else:
        yield _read_page(stream, found, shown, max_bytes)


def _read_rows(stream: Readable, shown: str, start: int, end: int | None, max_bytes: int) -> Iterator[RawDocument | Reject]:
    """The rows that begin at `start` or later, and before `end`. The stream stands one byte before `start`, to see whether a row begins there."""
    none = True
    for row in split_rows(stream, max(0, start - 1), max_bytes):
        if row.offset < start:  # the end of the row before
            continue
        if end is not None and row.offset >= end:
            break
        place = f"{shown}#{row.offset}"
        if row.size > max_bytes:
            none = False
            yield Reject(place, place, "read", "too_large", f"the row has {row.size:,} bytes, more than {max_bytes:,}", sample(row.data))
        elif not (data := row.data.removeprefix(codecs.BOM_UTF8)).isspace() and data:
            record = read_row(data, place)
            if row.cut and isinstance(record, Reject):  # the reject of the broken stream says enough
                continue
            none = False
            yield record
    if none and not start and end is None:
        raise ReadError("empty", "the file holds no row")


def _read_page(stream: Readable, found: Format, shown: str, max_bytes: int) -> RawDocument:
    if found == "binary":
        raise ReadError("not_text", "binary data")
    data = bytearray()
    while len(data) <= max_bytes and (chunk := stream.read(CHUNK)):
        data += chunk
    if len(data) > max_bytes:
        raise ReadError("too_large", f"the file has more than {max_bytes:,} bytes", sample(bytes(data[:HEAD])))
    content = decode(bytes(data), html=found == "html")
    if not content or content.isspace():
        raise ReadError("empty", "the file holds no text")
    return RawDocument(shown, shown, content, "html" if found == "html" else "text")
