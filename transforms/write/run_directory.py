"""A run's directory: rows are staged out of sight, put under their names at the end, and the manifest comes last.

Whoever reads an output directory takes only runs that have a `manifest.json`. Staged files stay until it is written: each function here
can be repeated after a failure half-way, also by an engine that goes back to a checkpoint and stages other files than before.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from fsspec.core import url_to_fs

from transforms.records import TABLES
from transforms.write.jsonl import SUFFIXES, Compression, FileRecord, write_jsonl

MANIFEST = "manifest.json"
STAGING = ".staging"
_FILES_AT_ONCE = 8  # object stores answer a copy in tenths of a second


def run_path(output: str, run_id: str) -> str:
    """The directory of run `run_id` below `output`."""
    return f"{output.rstrip('/')}/run={run_id}"


def run_id_of(seconds: int) -> str:
    """The id of the run of a window that begins at this time (seconds since 1970)."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y%m%dT%H%M%SZ}"


def is_finished(run: str) -> bool:
    """Whether the run directory holds a manifest. Raises what the store raises: "cannot tell" must not delete a finished run."""
    fs, path = url_to_fs(run)
    fs.invalidate_cache(path)  # object stores remember listings
    try:
        fs.info(f"{path}/{MANIFEST}")
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def prepare(run: str) -> None:
    """Makes the run directory, and clears what an unfinished run of the same id left there. Raises OSError when it cannot be written."""
    fs, path = url_to_fs(run)
    discard(run)
    fs.makedirs(f"{path}/{STAGING}", exist_ok=True)
    probe = f"{path}/{STAGING}/.probe"
    fs.pipe_file(probe, b"")
    fs.rm_file(probe)


def discard(run: str) -> None:
    """Deletes an unfinished run's directory; a finished one stays."""
    fs, path = url_to_fs(run)
    if fs.exists(path) and not is_finished(run):
        fs.rm(path, recursive=True)


def publish(run: str, staged: Iterable[FileRecord], compression: Compression) -> list[FileRecord]:
    """Puts the staged files under `<table>-00000-of-00002.jsonl`, in the order of their hashes, and drops what an earlier attempt put there.

    Every table gets at least one file, so that a load of `events-*.jsonl` never fails for want of a match. `finish` is the next step.
    """
    fs, path = url_to_fs(run)
    suffix = SUFFIXES[compression]
    tables: dict[str, list[FileRecord]] = defaultdict(list)
    for record in staged:
        tables[record.table].append(record)
    fs.makedirs(f"{path}/{STAGING}", exist_ok=True)
    final: list[FileRecord] = []
    for table in TABLES:
        if table not in tables:
            tables[table] = [write_jsonl([], f"{run}/{STAGING}/{table}-none{suffix}", table, compression)]
        records = sorted(tables[table], key=lambda r: (r.sha256, r.path))
        names = [(r, f"{table}-{n:05d}-of-{len(records):05d}{suffix}") for n, r in enumerate(records)]
        with ThreadPoolExecutor(_FILES_AT_ONCE) as pool:
            list(pool.map(lambda named: _place(fs, named[0].path, f"{path}/{named[1]}"), names))
        final += [replace(r, path=name) for r, name in names]
    fs.invalidate_cache()
    kept = {record.path for record in final}
    for name in fs.ls(path, detail=False):
        if name.rstrip("/").rpartition("/")[2] not in kept | {STAGING, MANIFEST}:
            fs.rm(name, recursive=True)
    return final


def _place(fs: Any, staged: str, target: str) -> None:
    source = fs._strip_protocol(staged)
    if fs.exists(target):
        fs.rm_file(target)
    if "file" in _protocols(fs):
        try:
            fs.link(source, target)
            return
        except OSError:  # a file system without links; a source that is gone fails again below
            pass
    fs.cp_file(source, target)


def finish(run: str, manifest: dict[str, Any]) -> None:
    """Writes the manifest, from then on the run exists, and drops what was staged."""
    write_json(run, MANIFEST, manifest)
    drop_staged(run)


def drop_staged(run: str) -> None:
    """Drops the staged files of a run that is finished."""
    fs, path = url_to_fs(run)
    fs.invalidate_cache()
    if fs.exists(f"{path}/{STAGING}"):  # an object store has no folder without objects
        fs.rm(f"{path}/{STAGING}", recursive=True)


def write_json(directory: str, name: str, value: Any) -> None:
    """Writes `value` to the file `name` of `directory` in one step: no reader ever sees half of it."""
    fs, path = url_to_fs(directory)
    data = json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"
    if "file" in _protocols(fs):  # a local write can be seen half-way, a rename cannot
        fs.pipe_file(f"{path}/.{name}", data)
        fs.mv(f"{path}/.{name}", f"{path}/{name}")
    else:
        fs.pipe_file(f"{path}/{name}", data)


def read_manifest(run: str) -> dict[str, Any]:
    """The manifest of a finished run. Raises FileNotFoundError for an unfinished one."""
    fs, path = url_to_fs(run)
    manifest: dict[str, Any] = json.loads(fs.cat_file(f"{path}/{MANIFEST}"))
    return manifest


def _protocols(fs: Any) -> tuple[str, ...]:
    return (fs.protocol,) if isinstance(fs.protocol, str) else tuple(fs.protocol)
