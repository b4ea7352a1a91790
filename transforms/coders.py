"""How records travel in Beam: as compressed JSON in field order. Unlike the pickle that Beam falls back to, a quarter of the bytes, and no code runs when it is read."""

from __future__ import annotations

from dataclasses import is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import orjson
from apache_beam.coders import Coder, registry

from transforms import records
from transforms.read.compression import zstd
from transforms.schemas import unwrap_optional


class RecordCoder(Coder):
    """Encodes one record type by `pack`."""

    def __init__(self, kind: type) -> None:
        self.kind = kind

    def encode(self, value: Any) -> bytes:
        return pack(value)

    def decode(self, encoded: bytes) -> Any:
        return unpack(self.kind, encoded)

    def is_deterministic(self) -> bool:
        return True

    def to_type_hint(self) -> type:
        return self.kind

    @classmethod
    def from_type_hint(cls, typehint: Any, registry: Any) -> Any:
        return cls(typehint)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RecordCoder) and self.kind is other.kind

    def __hash__(self) -> int:
        return hash((RecordCoder, self.kind))


def pack(record: Any) -> bytes:
    """A record as compressed bytes. What waits in a GroupByKey stays bytes: the local runner holds it decoded, ten times as large."""
    kind: Any = type(record)
    compressor = _compressor(kind)
    return compressor.compress(orjson.dumps(record), mode=compressor.FLUSH_FRAME)


def unpack(kind: type, packed: bytes) -> Any:
    """The record of type `kind` that `pack` packed."""
    return records.from_dict(kind, orjson.loads(zstd.decompress(packed, zstd_dict=_dictionary(kind))))


@cache
def _compressor(kind: type) -> zstd.ZstdCompressor:
    return zstd.ZstdCompressor(level=1, zstd_dict=_dictionary(kind))


@cache
def _dictionary(kind: type) -> zstd.ZstdDict:
    """Small records are mostly field names: a record that has every field and no value saves a fifth of an event, and two thirds of the time."""
    return zstd.ZstdDict(orjson.dumps(_blank(kind)), is_raw=True)


def _blank(hint: Any) -> Any:
    hint, _ = unwrap_optional(hint)
    if get_origin(hint) is tuple:
        return [_blank(get_args(hint)[0])]
    if is_dataclass(hint):
        return {name: _blank(inner) for name, inner in get_type_hints(hint).items()}
    return hint() if isinstance(hint, type) else ""


# Importing this module is enough: a PTransform that declares one of these types gets the coder.
for _kind in (records.RawDocument, records.Article, records.Event, records.Reject):
    registry.register_coder(_kind, RecordCoder)
