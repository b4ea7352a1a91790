"""Measures the reader alone: pages a second of CPU time and peak memory, for each kind of input.

    python benchmarks/read.py [--megabytes 200]

Makes its corpus with `corpus.py` in a temporary directory. Each case runs in a process of its own, so that its peak memory is its own.
`parts` adds up the CPU time of all parts of one file: what splitting costs. `import` is the memory of a process that reads nothing.
"""

from __future__ import annotations

import argparse
import gzip
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import corpus

from transforms.read import read_documents, split_file
from transforms.records import Reject

Result = tuple[int, int, float, int]


def measure(path: str, split_bytes: int | None) -> Result:
    """Documents, rejects, seconds of CPU time, and peak memory in MiB."""
    begin = time.process_time()
    documents = rejects = 0
    parts = split_file(path, Path(path).stat().st_size, split_bytes) if split_bytes else split_file(path, None)
    for part in parts if path != "none" else ():
        for record in read_documents(part.uri, start=part.start, end=part.end):
            if isinstance(record, Reject):
                rejects += 1
            else:
                documents += 1
    return documents, rejects, time.process_time() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def write_bomb(path: Path, gibibytes: int = 1) -> None:
    """`gibibytes` GiB of zeros, gzipped."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(gibibytes * 1024):
            file.write(bytes(1 << 20))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=200, help="size of the plain JSON lines file")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        pages = args.megabytes * 1_000_000 // 5_700
        corpora = {"rows.jsonl": "jsonl", "rows.jsonl.gz": "jsonl", "crawl.warc": "warc", "crawl.warc.gz": "warc"}
        for file, format in corpora.items():
            corpus.write(directory / file, pages, format)
        corpus.write(directory / "text", min(pages, 10_000), "text")
        write_bomb(directory / "bomb.txt.gz")
        write_bomb(directory / "bomb.jsonl.gz")
        cases: list[tuple[str, str, int | None]] = [("import", "none", None)]
        cases += [(file, str(directory / file), None) for file in corpora]
        cases += [("rows.jsonl, parts of 8 MiB", str(directory / "rows.jsonl"), 8 << 20)]
        cases += [(file, str(directory / file), None) for file in ("bomb.txt.gz", "bomb.jsonl.gz")]
        print(f"{'case':28} {'documents':>10} {'rejects':>8} {'CPU s':>7} {'pages/s':>9} {'MB/s':>6} {'peak MiB':>9}")
        for label, path, split_bytes in cases:
            report(label, path, in_process(measure, path, split_bytes))
        texts = sorted(str(p) for p in (directory / "text").rglob("*.txt"))
        report(f"{len(texts):,} text files", "none", in_process(measure_files, texts))


def measure_files(paths: list[str]) -> Result:
    results = [measure(path, None) for path in paths]
    return sum(r[0] for r in results), sum(r[1] for r in results), sum(r[2] for r in results), results[-1][3]


def in_process(call: Callable[..., Result], *args: object) -> Result:
    """`call(*args)` in a new process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(call, args)


def report(label: str, path: str, result: Result) -> None:
    documents, rejects, seconds, peak = result
    size = Path(path).stat().st_size / 1e6 if path != "none" else 0.0
    rate = f"{documents / seconds:9,.0f}" if documents else f"{'':9}"
    speed = f"{size / seconds:6.0f}" if size else f"{'':6}"
    print(f"{label:28} {documents:10,} {rejects:8} {seconds:7.2f} {rate} {speed} {peak:9,}")


if __name__ == "__main__":
    main()
