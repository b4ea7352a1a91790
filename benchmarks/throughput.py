"""What a page costs: the plain functions called in a loop, stage by stage, against the whole pipeline on the local runner.

    python benchmarks/throughput.py [--pages 1000] [--format text|html] [--workers N]    cost per page, ratio, peak memory
    python benchmarks/throughput.py --growth 1000 20000                                  cost per page and memory as the corpus grows

Prints CPU seconds (user + system), not wall time. The pipeline runs in a process of its own; the cost of starting it (a run on one page) is
measured and taken off, and printed. Loop and pipeline take turns, three times, and the least of each counts: the speed of a core changes within minutes.
Both must write as many article rows.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.corpus import write
from transforms.clean import clean_articles
from transforms.deduplicate import deduplicate_articles
from transforms.events import deduplicate_events, extract_events
from transforms.language import with_language
from transforms.read import read_documents
from transforms.records import Article, RawDocument
from transforms.select import select_article
from transforms.write import write_jsonl

ROUNDS = 3


def corpus(directory: Path, pages: int, format: str) -> Path:
    """A JSON lines file of `pages` pages; kept in `directory` for further runs."""
    path = directory / f"{format}-{pages}.jsonl"
    if not path.exists():
        write(path, pages, {"text": "jsonl", "html": "html-jsonl"}[format], duplicates=0.05)
    return path


def loop(path: Path, out: Path) -> tuple[Counter[str], int]:
    """Runs all stages as plain functions; gives CPU seconds per stage and the number of article rows."""
    spent: Counter[str] = Counter()

    def timed(stage: str, run):  # type: ignore[no-untyped-def]
        start = time.process_time()
        result = run()
        spent[stage] += time.process_time() - start
        return result

    documents = timed("read", lambda: [d for d in read_documents(str(path)) if isinstance(d, RawDocument)])
    articles = timed("clean", lambda: [a for a in clean_articles(documents) if isinstance(a, Article)])
    articles = timed("language", lambda: [with_language(a) for a in articles])
    articles = timed("select", lambda: [s for a in articles if isinstance(s := select_article(a, 50), Article)])
    articles = timed("deduplicate", lambda: deduplicate_articles(articles))
    events = timed("extract", lambda: [e for a in articles for e in extract_events(a)])
    events = timed("deduplicate events", lambda: deduplicate_events(events))
    timed("write", lambda: (write_jsonl(articles, f"{out}/a", "articles"), write_jsonl(events, f"{out}/e", "events")))
    return spent, len(articles)


def pipeline(path: Path, out: Path, workers: int) -> tuple[float, float, int]:
    """Runs `khabar ingest`; gives CPU seconds, peak memory in MB (of the largest process) and the number of article rows."""
    command = [sys.executable, "-m", "pipelines.ingest", "--input", str(path), "--output", str(out)]
    if workers > 1:
        command += ["--direct_num_workers", str(workers), "--direct_running_mode", "multi_processing"]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"the pipeline failed on {path}")
    manifest = json.loads(max(out.glob("run=*/manifest.json"), key=lambda p: p.stat().st_mtime_ns).read_text())
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, manifest["articles"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--format", choices=("text", "html"), default="text")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--growth", type=int, nargs="+")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        out = Path(work)
        start = min(pipeline(corpus(out, 1, args.format), out, 1)[0] for _ in range(ROUNDS))
        print(f"starting the pipeline costs {start:.1f} CPU s, taken off below")
        if args.growth:
            for pages in args.growth:
                cpu, memory, articles = pipeline(corpus(out, pages, args.format), out, args.workers)
                print(
                    f"{pages:,} {args.format} pages: {1000 * (cpu - start) / pages:.2f} CPU ms a page, peak {memory:,.0f} MB, {articles:,} articles"
                )
            return
        path = corpus(out, args.pages, args.format)
        loop(corpus(out, 1, args.format), out)  # data files are loaded once
        rounds = [(loop(path, out), pipeline(path, out, args.workers)) for _ in range(ROUNDS)]
        spent, rows = min((plain for plain, _ in rounds), key=lambda plain: plain[0].total())
        cpu, memory, articles = min(run for _, run in rounds)
        for stage, seconds in spent.items():
            print(f"  {stage:20} {1000 * seconds / args.pages:7.3f} CPU ms a page, {args.pages / max(seconds, 1e-9):8,.0f} pages/s")
        total = spent.total()
        print(f"plain functions: {1000 * total / args.pages:.2f} CPU ms a page, {args.pages / total:,.0f} pages per CPU second")
        print(
            f"pipeline:        {1000 * (cpu - start) / args.pages:.2f} CPU ms a page, {args.pages / (cpu - start):,.0f} pages per CPU second, peak {memory:,.0f} MB"
        )
        print(f"ratio {(cpu - start) / total:.2f}; {articles:,} articles")
        if articles != rows:
            raise SystemExit(f"the plain functions gave {rows:,} articles")


if __name__ == "__main__":
    main()
