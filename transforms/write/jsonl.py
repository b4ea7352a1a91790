"""Rows to JSON Lines files, plain or compressed, with what a manifest needs to know of each file."""

from __future__ import annotations

import gzip
import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO, Any, Literal, cast

import fsspec
import orjson

from transforms.read.compression import zstd
from transforms.records import Article, Event, Reject

Compression = Literal["none", "gzip", "zstd"]
SUFFIXES: dict[str, str] = {"none": ".jsonl", "gzip": ".jsonl.gz", "zstd": ".jsonl.zst"}


@dataclass
class FileRecord:
    """What was written into one file."""

    path: str
    table: str
    rows: int = 0
    bytes: int = 0  # as stored, after compression
    sha256: str = ""
    # Counts of what the rows say, so that the manifest speaks of rows that were written and not of attempts to write them.
    counts: Counter[str] = field(default_factory=Counter)


class _Digest:
    """A file object that hashes and measures what passes through it."""

    def __init__(self, raw: IO[bytes]) -> None:
        self.raw, self.hash, self.size = raw, hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        self.hash.update(data)
        self.size += len(data)
        return self.raw.write(data)

    def flush(self) -> None:
        self.raw.flush()


class JsonlWriter:
    """Writes rows of one table into one new file; `close` returns its FileRecord, `uncompressed` is the size so far in bytes."""

    def __init__(self, path: str, table: str, compression: Compression = "none") -> None:
        self.record = FileRecord(path, table)
        self.uncompressed = 0
        self._raw = fsspec.open(path, "wb").open()
        self._digest = _Digest(self._raw)
        self._out = _compressor(cast(IO[bytes], self._digest), compression)

    def write(self, row: Article | Event | Reject) -> None:
        line = orjson.dumps(row) + b"\n"
        self._out.write(line)
        self.uncompressed += len(line)
        self.record.rows += 1
        self.record.counts.update(_counts(row))

    def close(self) -> FileRecord:
        if self._out is not self._digest:
            self._out.close()
        self._raw.close()
        self.record.bytes, self.record.sha256 = self._digest.size, self._digest.hash.hexdigest()
        return self.record


def write_jsonl(rows: Iterable[Article | Event | Reject], path: str, table: str, compression: Compression = "none") -> FileRecord:
    """Writes `rows` of `table` to `path` (local, or any fsspec URL) and returns what was written."""
    writer = JsonlWriter(path, table, compression)
    for row in rows:
        writer.write(row)
    return writer.close()


def _compressor(out: IO[bytes], compression: Compression) -> Any:
    if compression == "gzip":
        return gzip.GzipFile(fileobj=out, mode="wb", compresslevel=6, mtime=0)  # no clock in the file
    if compression == "zstd":
        return zstd.ZstdFile(out, mode="wb", level=6)
    return out


def _counts(row: Article | Event | Reject) -> dict[str, int]:
    if isinstance(row, Article):
        kinds = Counter(f"duplicates.{d.kind}" for d in row.duplicates)
        return {"articles": 1, "folded": len(row.duplicates), f"language.{row.language}": 1, **kinds}
    if isinstance(row, Event):
        return {"events": 1, "mentions": row.mention_count, f"type.{row.event_type}": 1, f"status.{row.status}": 1}
    return {"rejects": 1, f"reason.{row.stage}.{row.reason}": 1}
