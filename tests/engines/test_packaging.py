"""What is shipped to others: the source distribution, the Dataflow job and the worker image."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import rows

from engines.services import ROOT, khabar

pytestmark = pytest.mark.engine


def run(*words: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, **options)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory) -> tuple[Path, Path]:
    """The source distribution, and an environment with nothing but it and what it asks for."""
    directory = tmp_path_factory.mktemp("shipped")
    built = run(sys.executable, "-m", "build", "--sdist", "--outdir", directory / "dist", ROOT)
    assert built.returncode == 0, built.stdout + built.stderr
    [sdist] = (directory / "dist").iterdir()
    run(sys.executable, "-m", "venv", directory / "venv")
    install(directory / "venv", sdist)
    return sdist, directory / "venv"


def install(venv: Path, *words: object, **environment: str) -> None:
    done = run(venv / "bin" / "pip", "install", "--quiet", *words, env=os.environ | environment)
    if "No matching distribution" in done.stderr or "Could not fetch" in done.stderr:
        pytest.skip(f"no package registry: {done.stderr.strip().splitlines()[-1][:200]}")
    assert done.returncode == 0, done.stderr


def assert_same_run(venv: Path, seed_run: Path, to: Path) -> None:
    """What is installed there makes of the seeds what the checkout makes of them."""
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    words = [venv / "bin" / "khabar", "ingest", "--input", ROOT / "seeds", "--output", to, "--run_id", "shipped"]
    done = run(*words, cwd=to, env=alone)
    assert done.returncode == 0, done.stderr
    for table in ("articles", "events", "rejects"):
        assert rows(to / "run=shipped", table) == rows(seed_run, table)


def test_the_source_distribution_installs_into_an_empty_environment_and_runs(shipped, seed_run, tmp_path):
    assert_same_run(shipped[1], seed_run, tmp_path)


def test_the_compiled_event_coder_writes_the_same_rows(shipped, seed_run, tmp_path):
    if not shutil.which("cc"):
        pytest.skip("no C compiler")
    sdist, venv = shipped
    install(venv, "--force-reinstall", "--no-deps", sdist, KHABAR_COMPILE="1")
    assert list(venv.rglob("transforms/events/roles.*.so"))
    assert_same_run(venv, seed_run, tmp_path)


def test_the_job_translates_for_dataflow(tmp_path):
    pytest.importorskip("google.cloud.dataflow", reason="needs khabar[dataflow]")
    place = ["--project=none", "--region=asia-south1", "--temp_location=gs://none/tmp", "--dry_run=True"]
    files = ["--input", ROOT / "seeds", "--output", tmp_path, "--run_id", "dry"]
    done = khabar("ingest", *files, "--runner=DataflowRunner", f"--setup_file={ROOT / 'setup.py'}", *place)
    assert done.returncode == 0, done.stderr
    assert "translated" in done.stdout
    assert not list(tmp_path.rglob("manifest.json"))


def test_the_worker_image_has_the_beam_release_that_is_tested():
    from importlib.metadata import version

    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    images = [line.split()[1] for line in lines if line.startswith("FROM apache/beam")]
    assert images == [f"apache/beam_python3.11_sdk:{version('apache-beam')}"]
