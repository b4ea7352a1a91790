"""How many pages a second each engine takes on this machine, and how much memory its largest worker holds.

    python benchmarks/engines.py [--pages 500 2500] [--format text|html] [--engines local two_processes prism job_service]

Wall-clock time, so leave the machine alone. Each engine runs two corpora; the rate is that of the pages between them, so the start of the
engine is not in it. Prism must be in the cache (`python -m pytest -m engine -k prism` builds it).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "deploy")]

from engines.services import ENVIRONMENT, listens, service  # noqa: E402
from flink_cluster import BEAM, cache, free_ports  # noqa: E402

from benchmarks.corpus import write  # noqa: E402

ENGINES = ("local", "two_processes", "prism", "job_service")


@contextmanager
def options_of(engine: str, logs: Path) -> Iterator[list[str]]:
    """The options that send a run to the engine; its services run until the block ends."""
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
            yield ["--runner=PrismRunner", f"--prism_location={cache() / f'prism-{BEAM}'}", *external]
            return
        command = [sys.executable, "-m", "apache_beam.runners.portability.local_job_service_main", "--job_port", job]
        with service(command, logs / "job-service.log", lambda: listens(job)):
            yield ["--runner=PortableRunner", f"--job_endpoint=127.0.0.1:{job}", "--job_server_timeout=3600", *external]


def run(pages: Path, out: Path, options: list[str]) -> tuple[float, float]:
    """Wall-clock seconds of one run, and the peak memory of the largest Python process that this benchmark has started, in MB."""
    peak = 0.0
    command = [sys.executable, "-m", "pipelines.ingest", "--input", str(pages), "--output", str(out), *options]
    begun = time.monotonic()
    child = subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while child.poll() is None:
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                if "python" in process.name():
                    peak = max(peak, process.memory_info().rss / 2**20)
        time.sleep(0.25)
    if child.returncode:
        raise SystemExit(f"the run failed: {' '.join(command)}")
    return time.monotonic() - begun, peak


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
            with options_of(engine, work) as options:
                short, _ = run(work / str(few), work / "out", options)
                long, memory = run(work / str(many), work / "out", options)
            rate = (many - few) / max(long - short, 1e-9)
            print(
                f"{engine:13} {few:,} pages {short:.1f} s, {many:,} pages {long:.1f} s: {rate:,.0f} pages/s; largest process {memory:,.0f} MB",
                flush=True,
            )


if __name__ == "__main__":
    main()
