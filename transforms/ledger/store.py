"""The ledger on disk: `DIR/run=<id>/` holds Parquet files of entries, and `run.json` that names the run they came from.

A run writes its entries, then `run.json`, then publishes itself. The ledger's part counts from the moment the run's own manifest is there:
the two cannot come apart, whenever a crash happens. `committed.json` beside it seals a part that was seen to count, so that output
directories may later be moved or deleted.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from fsspec.core import url_to_fs

from transforms.ledger.entries import Entry, entry
from transforms.read.compression import zstd
from transforms.records import Article, from_dict
from transforms.write.run_directory import is_finished, read_manifest, run_path

_SCHEMA = pa.schema(
    [("article_id", pa.string()), ("source_id", pa.string()), ("keys", pa.binary()), ("shingles", pa.binary()), ("figures", pa.binary())]
)
_OPENERS: dict[str, Any] = {"gz": gzip.open, "zst": zstd.ZstdFile}
_RUN, _COMMITTED = "run.json", "committed.json"


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
    rows = [e._asdict() for e in entries]
    fs, path = url_to_fs(part_path(ledger, run_id))
    fs.makedirs(path, exist_ok=True)
    with fs.open(f"{path}/{name}", "wb") as file:
        pq.write_table(pa.Table.from_pylist(rows, _SCHEMA), file, compression="zstd")
    return len(rows)


def write_part(ledger: str, part: Part) -> None:
    """Names the files of a part. It counts once `part.output` has its manifest."""
    _write_json(ledger, part.run_id, _RUN, asdict(part))


def parts(ledger: str) -> list[Part]:
    """The parts that count, by run id; parts of runs that were never published are passed over."""
    return [part for part, counts in all_parts(ledger) if counts]


def all_parts(ledger: str) -> list[tuple[Part, bool]]:
    """Every part that has been written, by run id, and whether it counts. A part that counts is sealed on the way."""
    fs, path = url_to_fs(ledger)
    found = []
    for file in sorted(fs.glob(f"{path}/run=*/{_RUN}")):
        row = json.loads(fs.cat_file(file))
        part = Part(**{**row, "files": tuple(row["files"])})
        sealed = fs.exists(file.removesuffix(_RUN) + _COMMITTED)
        if not sealed and is_finished(part.output):
            _write_json(ledger, part.run_id, _COMMITTED, {"output": part.output})
            sealed = True
        found.append((part, sealed))
    return found


def read_file(ledger: str, run_id: str, name: str) -> Iterator[Entry]:
    """The entries of one Parquet file."""
    fs, path = url_to_fs(part_path(ledger, run_id))
    with fs.open(f"{path}/{name}", "rb") as file:
        for batch in pq.ParquetFile(file).iter_batches(batch_size=1000):
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
    return [f"{output}/{file['path']}" for file in read_manifest(output)["files"] if file["table"] == table]


def read_rows(name: str, kind: type) -> Iterator[Any]:
    """The records of one file of a run."""
    fs, path = url_to_fs(name)
    with fs.open(path, "rb") as raw:
        opener = _OPENERS.get(name.rpartition(".")[2])
        with opener(raw) if opener else nullcontext(raw) as lines:
            for line in lines:
                yield from_dict(kind, json.loads(line))


def rebuild(ledger: str, outputs: Iterable[str]) -> list[Part]:
    """Writes the parts of all published runs below `outputs` anew; returns them. What the ledger held of these runs is replaced."""
    rebuilt = []
    for output in outputs:
        out, below = url_to_fs(output)
        for manifest in sorted(out.glob(f"{below}/run=*/manifest.json")):
            run_id = manifest.split("/run=")[-1].split("/")[0]
            run = run_path(output, run_id)
            fs, path = url_to_fs(part_path(ledger, run_id))
            if fs.exists(path):
                fs.rm(path, recursive=True)
            count = write_file(ledger, run_id, "part-00000.parquet", output_entries(run))
            part = Part(run_id, run, ("part-00000.parquet",), count)
            write_part(ledger, part)
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


def _write_json(ledger: str, run_id: str, name: str, value: Any) -> None:
    fs, path = url_to_fs(part_path(ledger, run_id))
    fs.makedirs(path, exist_ok=True)
    fs.pipe_file(f"{path}/{name}", json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n")
