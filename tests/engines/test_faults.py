"""A worker process that is killed in the middle of a run: the run ends soon, says why, and leaves nothing that a reader could take."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from engines import corpus
from engines.services import ENVIRONMENT, ROOT, khabar, stop, wait_until

pytestmark = pytest.mark.engine


def workers(parent: psutil.Process) -> list[psutil.Process]:
    """The Beam worker processes below `parent`."""
    found = []
    for process in parent.children(recursive=True):
        try:
            words = process.cmdline()
        except psutil.Error:
            continue
        if "python" in Path(words[0] if words else "").name and any(
            "sdk_worker_main" in word or "SdkHarness" in word for word in words[1:]
        ):
            found.append(process)
    return found


def start(pages: Path, out: Path, *options: str) -> subprocess.Popen[str]:
    """A run of `khabar ingest` that has begun to work."""
    words = [sys.executable, "-m", "pipelines", "ingest", "--input", pages, "--output", out, "--run_id", "hurt", *options]
    return subprocess.Popen(
        list(map(str, words)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT, cwd=ROOT, start_new_session=True
    )


@pytest.fixture(scope="module")
def some_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpus.write(tmp_path_factory.mktemp("some"), pages=1000, files=10)


def killed_worker(run: subprocess.Popen[str], found: Callable[[], list[psutil.Process]]) -> list[psutil.Process]:
    """Kills one of the workers that `found` gives, three seconds after they are there; returns all of them."""
    wait_until(lambda: bool(found()), 60, "worker processes")
    time.sleep(3)
    living = found()
    living[0].kill()
    return living


@pytest.mark.parametrize(("engine", "reason"), [("two_processes", "WorkerLost"), ("prism", "worker")])
def test_a_run_whose_worker_is_killed_fails_and_its_repetition_is_whole(engine, reason, request, some_pages, tmp_path):
    options = request.getfixturevalue(engine)
    run = start(some_pages, tmp_path, *options)
    try:
        had = killed_worker(run, lambda: workers(psutil.Process()))  # Prism's are children of the pool
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
