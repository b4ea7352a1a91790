"""What a run says of itself, and the sums that must hold before it may say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from transforms.records import ERROR_REASONS
from transforms.write.jsonl import FileRecord


class RunFailed(Exception):
    """The run must not be published; the message says why in one line."""


def totals(files: Iterable[FileRecord]) -> Counter[str]:
    """The sum of the counts of all files."""
    total: Counter[str] = Counter()
    for record in files:
        total.update(record.counts)
    return total


def check_conservation(read: int, written: Mapping[str, int]) -> None:
    """Raises RunFailed unless every document that was read is an article, a duplicate of one, or a reject."""
    kept = [written.get(name, 0) for name in ("articles", "folded", "rejects")]
    if read != sum(kept):
        raise RunFailed(
            "conservation violated: {} documents read, but {} articles + {} duplicates + {} rejects written".format(read, *kept)
        )


def check_ledger(part: Mapping[str, Any] | None, written: Mapping[str, int]) -> None:
    """Raises RunFailed unless the run's part of the ledger, if there is one, has an entry for each article."""
    if part and part["entries"] != written.get("articles", 0):
        raise RunFailed(f"{written.get('articles', 0)} articles written, but {part['entries']} entries in the ledger")


def check_error_rate(read: int, written: Mapping[str, int], limit: float) -> None:
    """Raises RunFailed when the share of documents rejected for an error (not for a policy) is above `limit` (0 to 1)."""
    errors = Counter(
        {k.removeprefix("reason."): n for k, n in written.items() if k.startswith("reason.") and k.rsplit(".", 1)[1] in ERROR_REASONS}
    )
    if read and errors.total() / read > limit:
        common = ", ".join(f"{name} {n}" for name, n in errors.most_common(5))
        raise RunFailed(f"{errors.total()} of {read} documents were rejected for errors, more than --max_error_rate {limit:g}: {common}")


def build_manifest(info: Mapping[str, Any], files: list[FileRecord], stages: Mapping[str, int], finished_at: str) -> dict[str, Any]:
    """The manifest of a run.

    Args:
        info: run id, options, versions, start time and the run's part of the ledger.
        files: the published files.
        stages: records counted inside the graph, `<stage>.<what>`.
        finished_at: ISO 8601.
    """
    written = totals(files)
    return {
        **info,
        "finished_at": finished_at,
        "documents_read": stages.get("read.documents", 0) + stages.get("read.rejects", 0),
        "articles": written["articles"],
        "duplicates_folded": written["folded"],
        "rejects": written["rejects"],
        "events": written["events"],
        "mentions": written["mentions"],
        "stages": _nest(stages),
        "reject_reasons": _section(written, "reason."),
        "duplicate_kinds": _section(written, "duplicates."),
        "languages": _section(written, "language."),
        "event_types": _section(written, "type."),
        "event_status": _section(written, "status."),
        "files": [{"name": f.path, "table": f.table, "rows": f.rows, "bytes": f.bytes, "sha256": f.sha256} for f in files],
    }


def _section(counts: Mapping[str, int], prefix: str) -> dict[str, int]:
    return {k.removeprefix(prefix): counts[k] for k in sorted(counts) if k.startswith(prefix)}


def _nest(counts: Mapping[str, int]) -> dict[str, dict[str, int]]:
    nested: dict[str, dict[str, int]] = {}
    for name in sorted(counts):
        stage, what = name.split(".", 1)
        nested.setdefault(stage, {})[what] = counts[name]
    return nested
