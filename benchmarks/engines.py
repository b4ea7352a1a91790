"""What a page costs on each engine of this machine: wall-clock and CPU time, and the memory of the largest worker.

    python benchmarks/engines.py [--pages 500 2500] [--format text|html] [--engines local two_processes prism job_service flink_1 flink_2]

Pages a second are wall-clock figures: leave the machine alone. Each engine runs two corpora, and the figures are those of the pages between
them, so the start of the engine and of the job are not in them. The number behind `flink` is its parallelism; what its job sent through shuffles is the sum of
what the receiving stages read, by its own metrics. Prism must be in the cache (`python -m pytest -m engine -k prism` builds it).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "deploy")]

import flink_cluster
from engines.flink import FlinkCluster
from engines.services import ENVIRONMENT, listens, service
from job_server import cache, free_ports

from benchmarks.corpus import write

ENGINES = ("local", "two_processes", "prism", "job_service", "flink_1", "flink_2")


def nothing_known() -> None:
    """What engines without metrics of their own say of their shuffles."""


@contextmanager
def running(engine: str, logs: Path) -> Iterator[tuple[list[str], Callable[[], int | None]]]:
    """The options that send a run to the engine, and what tells the bytes that the last run shuffled; its services run until the block ends."""
    if not engine.startswith("flink"):
        with options_of(engine, logs) as options:
            yield options, nothing_known
        return
    directory = logs / engine
    cluster = FlinkCluster(directory, flink_cluster.start(directory))
    try:
        yield flink_cluster.beam_options(cluster.state, parallelism=int(engine.partition("_")[2])), cluster.shuffled_bytes
    finally:
        flink_cluster.stop(directory)


@contextmanager
def options_of(engine: str, logs: Path) -> Iterator[list[str]]:
    """The options of the engines that are Python's or Go's; their services run until the block ends."""
    if engine == "local":
        yield []
        return
    if engine == "two_processes":
        yield ["--direct_num_workers=2", "--direct_running_mode=multi_processing"]
        return
    pool, job = free_ports(2)
    external = ["--environment_type=EXTERNAL", f"--environment_config=127.0.0.1:{pool}"]
    with service([sys.executable, ROOT / "deploy" / "worker_pool.py", pool], logs / "workers.log", lambda: listens(pool)):
        if engine == "prism":
            yield ["--runner=PrismRunner", f"--prism_location={cache()}/prism-{version('apache-beam')}", *external]
            return
        command = [sys.executable, "-m", "apache_beam.runners.portability.local_job_service_main", "--job_port", job]
        with service(command, logs / "job-service.log", lambda: listens(job)):
            yield ["--runner=PortableRunner", f"--job_endpoint=127.0.0.1:{job}", "--job_server_timeout=3600", *external]


@dataclass
class Cost:
    """What one run took: wall-clock seconds, CPU seconds of all its processes, peak memory in MB of the largest Python process."""

    wall: float
    cpu: float
    memory: float


def run(pages: Path, out: Path, options: list[str]) -> Cost:
    """Runs `khabar ingest` to its end and watches every process that this benchmark has started."""
    command = [sys.executable, "-m", "pipelines.ingest", "--input", str(pages), "--output", str(out), *options]
    before, cpu, memory = {p.pid: _cpu(p) for p in psutil.Process().children(recursive=True)}, {}, 0.0
    begun = time.monotonic()
    child = subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while child.poll() is None:
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                cpu[process.pid] = _cpu(process)
                if "python" in process.name():
                    memory = max(memory, process.memory_info().rss / 2**20)
        time.sleep(0.1)
    if child.returncode:
        raise SystemExit(f"the run failed: {' '.join(command)}")
    return Cost(time.monotonic() - begun, sum(seconds - before.get(pid, 0.0) for pid, seconds in cpu.items()), memory)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs=2, default=(500, 2500), metavar=("FEW", "MANY"))
    parser.add_argument("--format", choices=("text", "html"), default="text")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        for pages in args.pages:
            # Several files: an engine spreads files over its workers.
            folder = work / str(pages)
            folder.mkdir()
            write(folder / "all.jsonl", pages, {"text": "jsonl", "html": "html-jsonl"}[args.format], duplicates=0.05)
            lines = (folder / "all.jsonl").read_bytes().splitlines(keepends=True)
            (folder / "all.jsonl").unlink()
            for number in range(8):
                (folder / f"{number}.jsonl").write_bytes(b"".join(lines[number::8]))
        few, many = args.pages
        for engine in args.engines:
            with running(engine, work) as (options, shuffled):
                run(work / str(few), work / "out", options)  # what an engine compiles and loads only once
                short = run(work / str(few), work / "out", options)
                before = shuffled()
                long = run(work / str(many), work / "out", options)
                after = shuffled()
            pages = many - few
            print(
                f"{engine:13} {pages / (long.wall - short.wall):,.0f} pages/s, {1000 * (long.cpu - short.cpu) / pages:.1f} CPU ms a page; "
                f"{few:,} pages took {short.wall:.1f} s, {many:,} {long.wall:.1f} s; largest worker {long.memory:,.0f} MB"
                + (f"; {(after - before) / pages / 1000:.1f} kB shuffled a page" if before is not None and after is not None else ""),
                flush=True,
            )


if __name__ == "__main__":
    main()
