"""Files that keep coming, as a stream: `khabar watch` loses nothing and doubles nothing, whatever ends in the middle."""

from __future__ import annotations

import os
import random
import signal
import sys
from pathlib import Path

import pytest
from job_server import free_ports

from engines import corpus
from engines.conftest import Engine, Store
from engines.services import ROOT, listens, service, wait_until
from engines.stream import Stream, ended

pytestmark = pytest.mark.engine


def stream_of_files(directory: Path, options: list[str]) -> Stream:
    """A stream of the files in a new directory."""
    (directory / "crawl").mkdir()
    return Stream(str(directory / "crawl"), str(directory / "out"), directory / "watch.log", options)


def test_every_page_becomes_one_row_within_a_minute(engine: Engine, tmp_path: Path) -> None:
    rng = random.Random(23)
    pages = [(f"p{number}", corpus.text(rng)) for number in range(90)]
    stream = stream_of_files(tmp_path, engine.options)
    stream.drop("m.jsonl", pages[:20])
    with stream.watch() as process:
        stream.await_pages(pages[:20], 300)  # the engine starts

        stream.drop("n.jsonl", pages[20:40])
        stream.await_pages(pages[20:40])

        stream.drop("a.jsonl", pages[40:50])  # late: of an earlier day, and with an earlier name
        os.utime(f"{stream.input}/a.jsonl", (0, 0))
        stream.drop("m.jsonl", [*pages[:20], *pages[50:55]])  # replaced by a longer one
        stream.drop("o.jsonl", [(f"copy of {key}", text) for key, text in pages[:10]])
        stream.await_pages(pages[40:55])

        stream.drop("p.jsonl", pages[55:75])
        wait_until(lambda: f"{stream.input}/p.jsonl" in stream.taken(), 60, "the window to begin")
        engine.kill()
        stream.drop("q.jsonl", pages[75:])
        stream.await_pages(pages[55:], 300)
        assert engine.was_hurt(stream.log.read_text())
        ended(process, stream, signal.SIGTERM)
    stream.assert_whole(pages)


def test_a_watch_ends_with_its_run_and_goes_on_where_it_ended(prism: list[str], tmp_path: Path) -> None:
    rng = random.Random(29)
    pages = [(f"p{number}", corpus.text(rng)) for number in range(60)]
    stream = stream_of_files(tmp_path, prism)
    stream.drop("a.jsonl", pages[:20])
    with stream.watch() as process:
        stream.await_pages(pages[:20], 300)
        stream.drop("b.jsonl", pages[20:40])
        wait_until(lambda: f"{stream.input}/b.jsonl" in stream.taken(), 60, "the window to begin")
        ended(process, stream, signal.SIGINT)
    stream.assert_whole(pages[:40])
    stream.drop("c.jsonl", pages[40:])
    with stream.watch() as process:
        stream.await_pages(pages[40:], 300)
        ended(process, stream, signal.SIGTERM)
    stream.assert_whole(pages)


@pytest.mark.parametrize("name", ["gcs", "s3"])
def test_files_that_come_to_a_store_become_rows_there_once(
    name: str, prism_binary: Path, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    store: Store = request.getfixturevalue(name)
    [port] = free_ports(1)
    rng = random.Random(31)
    pages = [(f"p{number}", corpus.text(rng)) for number in range(60)]
    options = [f"--prism_location={prism_binary}", "--environment_type=EXTERNAL", f"--environment_config=127.0.0.1:{port}"]
    stream = Stream(f"{store.url}/stream", f"{store.url}/streamed", tmp_path / "watch.log", options, store.fs, store.environment)
    pool = [sys.executable, ROOT / "deploy" / "worker_pool.py", port]
    with service(pool, tmp_path / "workers.log", lambda: listens(port), **store.environment):
        stream.drop("a.jsonl", pages[:20])
        with stream.watch() as process:
            stream.await_pages(pages[:20], 300)
            stream.drop("b.jsonl", pages[20:30])
            stream.drop("a.jsonl", [*pages[:20], *pages[30:40]])  # replaced by a longer one
            stream.await_pages(pages[20:40])
            ended(process, stream, signal.SIGTERM)
        stream.drop("c.jsonl", pages[40:])
        with stream.watch() as process:
            stream.await_pages(pages[40:], 300)
            ended(process, stream, signal.SIGTERM)
    stream.assert_whole(pages)
