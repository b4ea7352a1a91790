"""The ledger: what earlier runs have kept, so that a new crawl brings only new articles."""

from transforms.ledger.entries import Entry, drop_seen, entry
from transforms.ledger.events import update_events
from transforms.ledger.store import Part, all_parts, parts, read_part, rebuild, verify

__all__ = ["Entry", "Part", "all_parts", "drop_seen", "entry", "parts", "read_part", "rebuild", "update_events", "verify"]
