"""The ledger: what earlier runs have kept, so that a new crawl brings only new articles."""

from transforms.ledger.entries import Entry, drop_seen, entry
from transforms.ledger.events import update_events
from transforms.ledger.store import Part, all_parts, discard_part, expire, parts, prepare_part, read_part, rebuild, seal, verify

__all__ = [
    "Entry",
    "Part",
    "all_parts",
    "discard_part",
    "drop_seen",
    "entry",
    "expire",
    "parts",
    "prepare_part",
    "read_part",
    "rebuild",
    "seal",
    "update_events",
    "verify",
]
