"""Files that keep coming, as a stream: `khabar watch` loses nothing and doubles nothing, whatever ends in the middle."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import rows

from engines import corpus
from engines.services import ENVIRONMENT, ROOT, stop, wait_until
from engines.test_faults import workers_to_come

pytestmark = pytest.mark.engine

Page = tuple[str, str]


class Stream:
    """A crawl that goes on, and the runs that `khabar watch` makes of it."""

    def __init__(self, directory: Path, options: Sequence[object]) -> None:
        self.crawl, self.out, self.log = directory / "crawl", directory / "out", directory / "watch.log"
        self.crawl.mkdir()
        self.options = [*options, "--every", "2", "--dedup", "exact"]

    @contextmanager
    def watch(self) -> Iterator[subprocess.Popen[bytes]]:
        """The command, running."""
        words = [sys.executable, "-m", "pipelines", "watch", "--input", self.crawl, "--output", self.out, *self.options]
        with open(self.log, "ab") as log:
            process = subprocess.Popen(list(map(str, words)), stdout=log, stderr=log, env=ENVIRONMENT, cwd=ROOT, start_new_session=True)
        try:
            yield process
        finally:
            stop(process)

    def drop(self, name: str, pages: Sequence[Page]) -> None:
        """Puts a file where the crawler puts it, or another one in its place."""
        rows = "".join(json.dumps({"id": key, "text": text}) + "\n" for key, text in pages)
        (self.crawl / f".{name}").write_text(rows, encoding="utf-8")
        (self.crawl / f".{name}").rename(self.crawl / name)

    def runs(self) -> list[Path]:
        """What a reader takes."""
        return sorted(path.parent for path in self.out.glob("run=*/manifest.json"))

    def kept(self) -> list[str]:
        """The ids of all pages that are articles now."""
        return sorted(row["source_id"] for run in self.runs() for row in rows(run, "articles"))

    def await_pages(self, pages: Sequence[Page], seconds: float = 60) -> float:
        """Waits until every one of the pages is an article; returns the seconds that it took."""
        begun, wanted = time.monotonic(), {key for key, _ in pages}
        try:
            wait_until(lambda: wanted <= set(self.kept()), seconds, f"{len(wanted)} pages")
        except TimeoutError:
            raise AssertionError(f"{len(wanted - set(self.kept()))} pages are not there\n{self.log.read_text()[-3000:]}") from None
        return time.monotonic() - begun

    def taken(self) -> dict[str, str]:
        """The files that some window has taken."""
        state = self.out / ".watch" / "state.json"
        return json.loads(state.read_text())["taken"] if state.exists() else {}


@dataclass
class Engine:
    """Options that send a job to an engine, what kills a part of it that is at work, and whether the job was hurt by that (given the log)."""

    options: list[str]
    kill: Callable[[], None]
    was_hurt: Callable[[str], bool]


@pytest.fixture(params=["prism", "flink"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each engine that can stream files in turn."""
    options = request.getfixturevalue(request.param)
    if request.param == "prism":
        found = workers_to_come()
        yield Engine(options, lambda: found()[0].kill(), lambda log: "is started again" in log)
    else:
        cluster = request.getfixturevalue("flink_cluster")
        yield Engine(options, cluster.kill_task_manager, lambda _: cluster.failures() > 0)
        cluster.end_last_job()
        cluster.mend()


def test_every_page_becomes_one_row_within_a_minute(engine: Engine, tmp_path: Path) -> None:
    rng = random.Random(23)
    pages = [(f"p{number}", corpus.text(rng)) for number in range(90)]
    stream = Stream(tmp_path, engine.options)
    stream.drop("m.jsonl", pages[:20])
    with stream.watch() as process:
        stream.await_pages(pages[:20], 300)  # the engine starts

        stream.drop("n.jsonl", pages[20:40])
        stream.await_pages(pages[20:40])

        stream.drop("a.jsonl", pages[40:50])  # late: of an earlier day, and with an earlier name
        os.utime(stream.crawl / "a.jsonl", (0, 0))
        stream.drop("m.jsonl", [*pages[:20], *pages[50:55]])  # replaced by a longer one
        stream.drop("o.jsonl", [(f"copy of {key}", text) for key, text in pages[:10]])
        stream.await_pages(pages[40:55])

        stream.drop("p.jsonl", pages[55:75])
        wait_until(lambda: str(stream.crawl / "p.jsonl") in stream.taken(), 60, "the window to begin")
        engine.kill()
        stream.drop("q.jsonl", pages[75:])
        stream.await_pages(pages[55:], 300)
        assert engine.was_hurt(stream.log.read_text())

        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, stream.log.read_text()
    assert_whole(stream, pages)


def test_a_watch_ends_with_its_run_and_goes_on_where_it_ended(prism: list[str], tmp_path: Path) -> None:
    rng = random.Random(29)
    pages = [(f"p{number}", corpus.text(rng)) for number in range(60)]
    stream = Stream(tmp_path, prism)
    stream.drop("a.jsonl", pages[:20])
    with stream.watch() as process:
        stream.await_pages(pages[:20], 300)
        stream.drop("b.jsonl", pages[20:40])
        wait_until(lambda: str(stream.crawl / "b.jsonl") in stream.taken(), 60, "the window to begin")
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0, stream.log.read_text()
    assert_whole(stream, pages[:40])
    stream.drop("c.jsonl", pages[40:])
    with stream.watch() as process:
        stream.await_pages(pages[40:], 300)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, stream.log.read_text()
    assert_whole(stream, pages)


def assert_whole(stream: Stream, pages: Sequence[Page]) -> None:
    """No page is lost or doubled, no run is half, and of each run the sums hold."""
    assert stream.kept() == sorted(key for key, _ in pages)
    assert stream.runs() == sorted(stream.out.glob("run=*"))
    for run in stream.runs():
        manifest = json.loads((run / "manifest.json").read_text())
        assert {path.name for path in run.iterdir()} == {*(f["name"] for f in manifest["files"]), "manifest.json"}
        assert manifest["documents_read"] == manifest["articles"] + manifest["duplicates_folded"] + manifest["rejects"]
