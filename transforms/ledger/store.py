"""The ledger on disk: `DIR/run=<id>/` holds Parquet files of entries, and `run.json` that names the run they came from.

A run writes its entries, then `run.json`, then publishes itself. The ledger's part counts from the moment the run's own manifest, which names
the part's files, is there: the two cannot come apart, whenever a crash happens. `sealed.json` beside it marks a part that was seen to
count, so that output directories may later be moved or deleted.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from fsspec.core import url_to_fs

from transforms.ledger.entries import Entry, entry
from transforms.read.compression import zstd
from transforms.records import Article, from_dict
from transforms.write.run_directory import is_finished, read_manifest, run_id_of, run_path, write_json

_SCHEMA = pa.schema(
    [("article_id", pa.string()), ("source_id", pa.string()), ("keys", pa.binary()), ("shingles", pa.binary()), ("figures", pa.binary())]
)
_BATCH = 5000  # entries of at most 4 kB
_OPENERS: dict[str, Any] = {"gz": gzip.open, "zst": zstd.ZstdFile}
_RUN, _SEALED = "run.json", "sealed.json"
_TIME = re.compile(r"\d{8}T\d{6}Z")


@dataclass(frozen=True)
class Part:
    """The ledger's part of one run. `output`: the run's directory; `files`: names in the part's directory."""

    run_id: str
    output: str
    files: tuple[str, ...]
    entries: int


def part_path(ledger: str, run_id: str) -> str:
    """The directory of a run's part."""
    return f"{ledger.rstrip('/')}/run={run_id}"


def write_file(ledger: str, run_id: str, name: str, entries: Iterable[Entry]) -> int:
    """Writes one Parquet file of entries; returns their number."""
    fs, path = url_to_fs(part_path(ledger, run_id))
    fs.makedirs(path, exist_ok=True)
    count, left = 0, iter(entries)
    with fs.open(f"{path}/{name}", "wb") as file, pq.ParquetWriter(file, _SCHEMA, compression="zstd") as writer:
        while rows := [e._asdict() for e in islice(left, _BATCH)]:
            writer.write_table(pa.Table.from_pylist(rows, _SCHEMA))
            count += len(rows)
    return count


def write_part(ledger: str, part: Part) -> None:
    """Names the files of a part. It counts once the manifest of `part.output` names them too."""
    write_json(part_path(ledger, part.run_id), _RUN, asdict(part))


def prepare_part(ledger: str, run_id: str) -> bool:
    """Makes room for the part of a run that is about to begin; False when the ledger has that run already.

    Clears what an unfinished run of the same id left, and seals the other parts. Raises OSError when the ledger cannot be written.
    """
    seal(ledger)
    discard_part(ledger, run_id)
    fs, path = url_to_fs(part_path(ledger, run_id))
    if fs.exists(f"{path}/{_RUN}"):
        return False
    fs.makedirs(path, exist_ok=True)
    probe = f"{path}/.probe"
    fs.pipe_file(probe, b"")
    fs.rm_file(probe)
    return True


def discard_part(ledger: str, run_id: str) -> None:
    """Deletes the part of an unfinished run; a part that counts stays."""
    if run_id not in {part.run_id for part in parts(ledger)}:
        _remove(ledger, run_id)


def expire(ledger: str, before: datetime) -> None:
    """Deletes the parts of runs whose id, made from the time, is older than `before`; a run of another name is never forgotten."""
    oldest = run_id_of(int(before.timestamp()))
    for run_id in _run_ids(ledger):
        if _TIME.match(run_id) and run_id < oldest:
            _remove(ledger, run_id)


def seal(ledger: str) -> None:
    """Marks the parts that count, so that they count whatever becomes of the runs' directories."""
    for part in parts(ledger):
        if not _is_sealed(ledger, part.run_id):
            seal_part(ledger, part.run_id)


def seal_part(ledger: str, run_id: str) -> None:
    """Marks one part as counting."""
    write_json(part_path(ledger, run_id), _SEALED, {})


def parts(ledger: str) -> list[Part]:
    """The parts that count, by run id; parts of runs that were never published are passed over."""
    return [part for part, counts in all_parts(ledger) if counts]


def all_parts(ledger: str) -> list[tuple[Part, bool]]:
    """Every part that has been written, by run id, and whether it counts."""
    found = []
    for run_id in _run_ids(ledger):
        fs, path = url_to_fs(part_path(ledger, run_id))
        if fs.exists(f"{path}/{_RUN}"):
            row = json.loads(fs.cat_file(f"{path}/{_RUN}"))
            part = Part(**{**row, "files": tuple(row["files"])})
            found.append((part, _is_sealed(ledger, run_id) or _is_published(part)))
    return found


def _run_ids(directory: str) -> list[str]:
    """The ids of the `run=<id>` directories below `directory`."""
    fs, path = url_to_fs(directory)
    fs.invalidate_cache()  # object stores remember listings
    try:
        found = fs.ls(path, detail=False)
    except FileNotFoundError:  # any other failure is none: `isdir` would say "no" to each, and every article would be new
        return []
    names = (below.rstrip("/").rpartition("/")[2] for below in found)
    return sorted(name.removeprefix("run=") for name in names if name.startswith("run="))


def _is_sealed(ledger: str, run_id: str) -> bool:
    fs, path = url_to_fs(part_path(ledger, run_id))
    return bool(fs.exists(f"{path}/{_SEALED}"))


def _is_published(part: Part) -> bool:
    try:
        named = read_manifest(part.output).get("ledger")
    except FileNotFoundError:
        return False
    return named is not None and tuple(named["files"]) == part.files


def _remove(ledger: str, run_id: str) -> None:
    fs, path = url_to_fs(part_path(ledger, run_id))
    if fs.exists(path):
        fs.rm(path, recursive=True)


def read_file(ledger: str, run_id: str, name: str) -> Iterator[Entry]:
    """The entries of one Parquet file."""
    fs, path = url_to_fs(part_path(ledger, run_id))
    with fs.open(f"{path}/{name}", "rb") as file:
        for batch in pq.ParquetFile(file).iter_batches(batch_size=_BATCH):
            yield from (Entry(**row) for row in batch.to_pylist())


def read_part(ledger: str, part: Part) -> Iterator[Entry]:
    """All entries of a part."""
    for name in part.files:
        yield from read_file(ledger, part.run_id, name)


def output_entries(output: str) -> Iterator[Entry]:
    """The entries that a published run's own articles give. Raises FileNotFoundError for an unfinished run."""
    for name in output_files(output, "articles"):
        yield from map(entry, read_rows(name, Article))


def output_files(output: str, table: str) -> list[str]:
    """The files of one table of a published run. Raises FileNotFoundError for an unfinished run."""
    return [f"{output}/{file['name']}" for file in read_manifest(output)["files"] if file["table"] == table]


def read_rows(name: str, kind: type) -> Iterator[Any]:
    """The records of one file of a run."""
    fs, path = url_to_fs(name)
    with fs.open(path, "rb") as raw:
        opener = _OPENERS.get(name.rpartition(".")[2])
        with opener(raw) if opener else nullcontext(raw) as lines:
            for line in lines:
                yield from_dict(kind, orjson.loads(line))


def rebuild(ledger: str, outputs: Iterable[str]) -> list[Part]:
    """Writes the parts of all published runs below `outputs` anew; returns them. What the ledger held of these runs is replaced.

    Raises ValueError, before anything is written, when two of the runs have the same id.
    """
    runs = [(run_id, run_path(output, run_id)) for output in outputs for run_id in _run_ids(output)]
    runs = [(run_id, run) for run_id, run in runs if is_finished(run)]
    if len(dict(runs)) < len(runs):
        raise ValueError("two of the runs have the same id: a ledger can hold one of them")
    rebuilt = []
    for run_id, run in runs:
        _remove(ledger, run_id)
        count = write_file(ledger, run_id, "part-00000.parquet", output_entries(run))
        part = Part(run_id, run, ("part-00000.parquet",), count)
        write_part(ledger, part)
        seal_part(ledger, run_id)
        rebuilt.append(part)
    return rebuilt


def verify(ledger: str, part: Part) -> str | None:
    """What is wrong with a part, in one line; None when it is whole and equals what the run's articles give, as far as these still stand."""
    try:
        entries = list(read_part(ledger, part))
    except (OSError, pa.ArrowException) as error:
        return f"{error}"
    if len(entries) != part.entries:
        return f"{len(entries)} entries, {part.entries} were written"
    if is_finished(part.output) and set(entries) != set(output_entries(part.output)):
        return f"other entries than the articles of {part.output} give"
    return None
