"""The short report at the end of a run, from its manifest and its first rows."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import fsspec

_FIRST_EVENTS = 8


def summary(run: str, manifest: dict[str, Any]) -> str:
    """A few lines for a person: counts, languages, event types, where the files are, the first events."""
    m = manifest
    lines = [
        f"khabar {m['pipeline_version']}: run {m['run_id']} is complete",
        f"  read      {m['documents_read']:,} documents",
        f"  kept      {m['articles']:,} articles{_list(m['languages'])}",
        f"  folded    {m['duplicates_folded']:,} duplicates{_list(m['duplicate_kinds'])}",
        f"  rejected  {m['rejects']:,}{_list(m['reject_reasons'])}",
        f"  events    {m['events']:,}{_list(m['event_types'])}",
        f"  files     {run}",
    ]
    lines += [f"            {f['name']}  {f['rows']:,} rows, {f['bytes']:,} bytes" for f in m["files"]]
    events = [e for f in m["files"] if f["table"] == "events" and f["rows"] for e in islice(_rows(f"{run}/{f['name']}"), _FIRST_EVENTS)]
    lines += ["  first events", *(f"    {event_line(e)}" for e in events[:_FIRST_EVENTS])] if events else []
    return "\n".join(lines)


def event_line(event: dict[str, Any]) -> str:
    """One event row as one line: date, type, mode, who → whom, trigger."""
    mode = f"/{event['mode']}" if event["mode"] else ""
    date = event["event_date"] or event["date_start"] or "????-??-??"
    who = _parties(event["actors"]) + (f" → {_parties(event['recipients'])}" if event["recipients"] else "")
    status = "" if event["status"] == "occurred" else f" ({event['status']})"
    return f"{date}  {event['event_type']}{mode}{status}  {who}  «{event['mentions'][0]['trigger']}»"


def _parties(parties: list[dict[str, Any]]) -> str:
    return ", ".join(f"{p['name'] or p['text']} [{p['country'] or p['code'] or '?'}]" for p in parties) or "—"


def _list(counts: dict[str, int]) -> str:
    shown = ", ".join(f"{name} {n:,}" for name, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    return f": {shown}" if shown else ""


def _rows(path: str) -> Iterator[dict[str, Any]]:
    compression = {".gz": "gzip", "zst": "zstd"}.get(path[-3:])
    with fsspec.open(path, "rb", compression=compression) as f:
        for line in io.TextIOWrapper(f, encoding="utf-8"):
            yield json.loads(line)
