"""PLOVER's tables: quad classes and conflict-cooperation scores. The figures stand in `plover.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "plover.toml").read_text(encoding="utf-8"))


def quad(event_type: str) -> str | None:
    """The quad class of an event type; None for HAZARD, which is not PLOVER's."""
    row = _table().get(event_type)
    return row["quad"] if row else None


def score(event_type: str, mode: str | None) -> float | None:
    """The conflict-cooperation score, -10 to 10, of a type and mode; None for HAZARD."""
    row = _table().get(event_type)
    return row.get("modes", {}).get(mode, row["score"]) if row else None


def modes(event_type: str) -> frozenset[str]:
    """The modes of an event type of PLOVER."""
    return frozenset(_table().get(event_type, {}).get("modes", {}))
