"""Files that keep coming: `khabar ingest --seen`, called again and again as cron would, loses nothing and doubles nothing."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import rows

from engines import corpus
from engines.services import ENVIRONMENT, ROOT, khabar, stop, wait_until

pytestmark = pytest.mark.engine


def drop(directory: Path, name: str, pages: list[tuple[str, str]]) -> None:
    """Puts a file of pages where the crawler puts them; a file of that name is replaced."""
    directory.mkdir(exist_ok=True)
    (directory / name).write_text("".join(json.dumps({"id": key, "text": text}) + "\n" for key, text in pages), encoding="utf-8")


def arguments(directory: Path, run_id: str) -> list[object]:
    out, seen = directory / "out", directory / "seen"
    return ["--input", directory / "crawl", "--output", out, "--seen", seen, "--run_id", run_id, "--dedup", "exact"]


@pytest.mark.parametrize("engine", ["local", "prism"])
def test_every_page_is_kept_once_though_files_are_replaced_and_a_run_is_killed(engine, request, tmp_path):
    options = request.getfixturevalue("prism") if engine == "prism" else []
    rng = random.Random(11)
    pages = [(f"p{number}", corpus.text(rng)) for number in range(90)]
    crawl = tmp_path / "crawl"

    def tick(run_id: str) -> list[str]:
        done = khabar("ingest", *arguments(tmp_path, run_id), *options)
        assert done.returncode == 0, done.stderr
        return [row["source_id"] for row in rows(tmp_path / "out" / f"run={run_id}", "articles")]

    drop(crawl, "a.jsonl", pages[:20])
    kept = tick("1")
    assert len(kept) == 20

    drop(crawl, "a.jsonl", pages[:25])  # replaced by a longer one
    drop(crawl, "b.jsonl", pages[25:60])
    words = [sys.executable, "-m", "pipelines", "ingest", *map(str, arguments(tmp_path, "2")), *options]
    hurt = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT, cwd=ROOT, start_new_session=True)
    try:
        wait_until((tmp_path / "out" / "run=2").exists, 60, "the run to begin")
        time.sleep(1)
        hurt.send_signal(signal.SIGKILL)
    finally:
        stop(hurt)
    assert not (tmp_path / "out" / "run=2" / "manifest.json").exists()

    drop(crawl, "c.jsonl", pages[60:])
    kept += tick("3")
    assert sorted(kept) == sorted(key for key, _ in pages)
    assert tick("4") == []
