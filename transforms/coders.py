"""How records travel in Beam: as compressed JSON in field order. Unlike the pickle that Beam falls back to, a quarter of the bytes, and no code runs when it is read."""

from __future__ import annotations

from typing import Any

import orjson
from apache_beam.coders import Coder, registry

from transforms import records
from transforms.read.compression import zstd


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
    return zstd.compress(orjson.dumps(record), level=1)


def unpack(kind: type, packed: bytes) -> Any:
    """The record of type `kind` that `pack` packed."""
    return records.from_dict(kind, orjson.loads(zstd.decompress(packed)))


# Importing this module is enough: a PTransform that declares one of these types gets the coder.
for _kind in (records.RawDocument, records.Article, records.Event, records.Reject):
    registry.register_coder(_kind, RecordCoder)
