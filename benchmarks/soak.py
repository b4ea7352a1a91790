"""A long watch: `khabar watch` on Prism over files that come for many minutes, a worker killed on the way.

    python benchmarks/soak.py [--minutes 12] [--pages 3]

Drops a file of so many pages every second, every tenth in the place of an earlier one with one page more, kills a worker at half time, and prints each minute
what the job holds: memory of the command, of Prism and of the workers, size of the state file and of the index, and how long the last run took from its window's
beginning. At the end it stops the watch, and counts: every page must be one article. Prism must be in the cache (`python -m pytest -m engine -k prism` builds it).
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "deploy")]

from engines.services import ENVIRONMENT, listens, service, stop
from job_server import cache, free_ports

from benchmarks.corpus import as_row, pages

DRAIN_SECONDS = 300


def megabytes(process: psutil.Process) -> float:
    """Resident memory; 0 for a process that has ended."""
    with suppress(psutil.Error):
        return float(process.memory_info().rss) / 2**20
    return 0.0


def size(folder: Path) -> float:
    """MB of all files below a folder."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            total += path.stat().st_size
    return total / 2**20


def drop(crawl: Path, name: str, rows: list[str]) -> None:
    """Puts a file into the crawl, or another one in its place, as a crawler does."""
    (crawl / f".{name}").write_text("".join(rows), encoding="utf-8")
    (crawl / f".{name}").rename(crawl / name)


def articles(out: Path) -> Counter[str]:
    """How often each page is an article of a published run."""
    found: Counter[str] = Counter()
    for manifest in out.glob("run=*/manifest.json"):
        for table in manifest.parent.glob("articles-*.jsonl"):
            found.update(json.loads(line)["source_id"] for line in table.read_text(encoding="utf-8").splitlines())
    return found


def report(seconds: float, watch: psutil.Process, pool: psutil.Process, out: Path, dropped: int) -> None:
    """One line of what is held."""
    prism = sum(megabytes(child) for child in watch.children(recursive=True))
    workers = [megabytes(child) for child in pool.children(recursive=True)]
    state = out / ".watch" / "state.json"
    runs = sorted(out.glob("run=*/manifest.json"))
    took = 0.0
    if runs:
        begun = time.mktime(time.strptime(runs[-1].parent.name, "run=%Y%m%dT%H%M%SZ")) - time.timezone
        took = runs[-1].stat().st_mtime - begun
    print(
        f"{seconds / 60:4.1f} min: {dropped:,} files, {len(runs)} runs; MB: command {megabytes(watch):,.0f}, Prism {prism:,.0f}, "
        f"{len(workers)} workers {sum(workers):,.0f}, state {state.stat().st_size / 2**20 if state.exists() else 0:.2f}, "
        f"index {size(out / '.watch' / 'seen'):.1f}; last run took {took:.0f} s",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--pages", type=int, default=3, help="of a file")
    args = parser.parse_args()
    [port] = free_ports(1)
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        crawl, out, log = work / "crawl", work / "out", work / "watch.log"
        crawl.mkdir()
        engine = [f"--prism_location={cache()}/prism-{version('apache-beam')}", "--environment_type=EXTERNAL"]
        command = [sys.executable, "-m", "pipelines", "watch", "--input", crawl, "--output", out, "--every", "5", *engine]
        with (
            service([sys.executable, ROOT / "deploy" / "worker_pool.py", port], work / "workers.log", lambda: listens(port)) as pool,
            open(log, "ab") as lines,
        ):
            words = [*map(str, command), f"--environment_config=127.0.0.1:{port}"]
            watch = subprocess.Popen(words, stdout=lines, stderr=lines, env=ENVIRONMENT, cwd=ROOT, start_new_session=True)
            try:
                wanted = soak(args.minutes * 60, args.pages, crawl, out, psutil.Process(watch.pid), psutil.Process(pool.pid))
                watch.send_signal(signal.SIGTERM)
                code = watch.wait(DRAIN_SECONDS)
            finally:
                stop(watch)
        found = articles(out)
        restarts = log.read_text(encoding="utf-8").count("is started again")
        lost, doubled = wanted - set(found), [key for key, count in found.items() if count > 1]
        print(
            f"{len(wanted):,} pages: {len(lost)} lost, {len(doubled)} doubled; the job was started again {restarts} times; exit code {code}"
        )
        sys.exit(bool(lost or doubled or code or set(found) - wanted))


def soak(seconds: float, per_file: int, crawl: Path, out: Path, watch: psutil.Process, pool: psutil.Process) -> set[str]:
    """Drops files for so long, kills a worker at half time, waits for the last articles; returns the ids of all pages."""
    corpus = (as_row(page) for page in pages(10**9))
    files: list[list[str]] = []
    wanted: set[str] = set()
    begun, reported, killed, number = time.monotonic(), 0.0, False, 0
    while (passed := time.monotonic() - begun) < seconds:
        replaced = number % 10 == 9
        rows = [next(corpus) for _ in range(1 if replaced else per_file)]
        wanted.update(row["id"] for row in rows)
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        place = number - 5 if replaced else number
        files.append(files[place] + lines if replaced else lines)
        drop(crawl, f"{place:06d}.jsonl", files[-1])
        number += 1
        if not killed and passed > seconds / 2 and (workers := pool.children()):
            workers[0].kill()
            killed = True
        if passed - reported >= 60:
            reported = passed
            report(passed, watch, pool, out, number)
        time.sleep(max(0.0, begun + number - time.monotonic()))
    deadline = time.monotonic() + DRAIN_SECONDS
    while wanted - set(articles(out)) and time.monotonic() < deadline:
        time.sleep(2)
    report(time.monotonic() - begun, watch, pool, out, number)
    return wanted


if __name__ == "__main__":
    main()
