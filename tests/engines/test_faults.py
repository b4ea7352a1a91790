"""Something is killed in the middle of a run: Flink goes on without it; elsewhere the run ends soon, says why, and leaves nothing to a reader."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from engines import corpus
from engines.flink import FlinkCluster
from engines.services import ENVIRONMENT, ROOT, khabar, rows, stop, wait_until, workers_to_come
from transforms.records import TABLES

pytestmark = pytest.mark.engine


def start(pages: Path, out: Path, *options: str) -> subprocess.Popen[str]:
    """A run of `khabar ingest` that has begun to work."""
    words = [sys.executable, "-m", "pipelines", "ingest", "--input", pages, "--output", out, "--run_id", "hurt", *options]
    return subprocess.Popen(
        list(map(str, words)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT, cwd=ROOT, start_new_session=True
    )


@pytest.fixture(scope="module")
def some_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpus.write(tmp_path_factory.mktemp("some"), pages=1000, files=10)


def killed_worker(found: Callable[[], list[psutil.Process]]) -> list[psutil.Process]:
    """Kills one of the workers that `found` gives, three seconds after they are there; returns all of them."""
    wait_until(lambda: bool(found()), 60, "worker processes")
    time.sleep(3)
    living = found()
    living[0].kill()
    return living


@pytest.mark.parametrize(("engine", "reason"), [("two_processes", "WorkerLost"), ("prism", "worker")])
def test_a_run_whose_worker_is_killed_fails_and_its_repetition_is_whole(engine, reason, request, some_pages, tmp_path):
    options = request.getfixturevalue(engine)
    found = workers_to_come()
    run = start(some_pages, tmp_path, *options)
    try:
        had = killed_worker(found)
        _, errors = run.communicate(timeout=120)
    finally:
        stop(run)
    assert run.returncode == 1
    assert "khabar ingest: failed: " in errors
    assert reason in errors
    assert not list(tmp_path.rglob("manifest.json"))
    wait_until(lambda: not any(process.is_running() for process in had), 20, "the other worker to end")

    again = khabar("ingest", "--input", some_pages, "--output", tmp_path, "--run_id", "hurt", *options)
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "run=hurt" / "manifest.json").exists()


@pytest.fixture(scope="module")
def some_rows(some_pages: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[bytes]]:
    """What a run of those pages that nothing happens to gives."""
    out = tmp_path_factory.mktemp("whole")
    done = khabar("ingest", "--input", some_pages, "--output", out, "--run_id", "whole")
    assert done.returncode == 0, done.stderr
    return {table: rows(out / "run=whole", table) for table in TABLES}


def wait_until_staged(run: subprocess.Popen[str], out: Path, table: str) -> None:
    """Returns when the run is writing its first rows of `table`."""
    wait_until(lambda: run.poll() is not None or bool(list(out.glob(f"run=hurt/.staging/{table}-*"))), 240, f"{table} to be written")
    assert run.poll() is None, run.communicate()[1]


# Rejects are written from the first stage on, articles after the last shuffle of bodies: what a TaskManager held by then is computed again.
@pytest.mark.parametrize(("kill", "during"), [("kill_worker", "rejects"), ("kill_task_manager", "articles")])
def test_flink_goes_on_without_what_is_killed_and_writes_every_row_once(
    kill, during, flink, flink_cluster: FlinkCluster, some_pages, some_rows, tmp_path
):
    run = start(some_pages, tmp_path, *flink)
    try:
        wait_until_staged(run, tmp_path, during)
        getattr(flink_cluster, kill)()
        _, errors = run.communicate(timeout=400)
    finally:
        stop(run)
    if kill == "kill_task_manager":
        flink_cluster.mend()
    assert run.returncode == 0, errors
    assert flink_cluster.failures() > 0
    assert {table: rows(tmp_path / "run=hurt", table) for table in TABLES} == some_rows
    assert not (tmp_path / "run=hurt" / ".staging").exists()


def test_what_kills_every_worker_of_flink_fails_the_job(flink, flink_cluster: FlinkCluster, some_pages, tmp_path):
    run = start(some_pages, tmp_path, *flink)
    seen: dict[int, float] = {}
    try:
        deadline = time.monotonic() + 400
        while run.poll() is None and time.monotonic() < deadline:
            for worker in flink_cluster.workers():
                # Not at once: one that ends while it opens its connections is waited for by Beam for three minutes.
                if time.monotonic() - seen.setdefault(worker.pid, time.monotonic()) > 2:
                    with contextlib.suppress(psutil.NoSuchProcess):
                        worker.kill()
            time.sleep(0.2)
        _, errors = run.communicate(timeout=1)
    finally:
        stop(run)
    assert run.returncode == 1
    assert "khabar ingest: failed: " in errors
    assert flink_cluster.last_job()["state"] == "FAILED"
    assert not list(tmp_path.rglob("manifest.json"))
