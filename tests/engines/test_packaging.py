"""What is shipped to others: the source distribution, the Dataflow job and the worker image."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from conftest import rows

from engines.services import ROOT, khabar

pytestmark = pytest.mark.engine


def run(*words: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, **options)


def test_the_source_distribution_installs_into_an_empty_environment_and_runs(seed_run, tmp_path):
    built = run(sys.executable, "-m", "build", "--sdist", "--outdir", tmp_path / "dist", ROOT)
    assert built.returncode == 0, built.stdout + built.stderr
    [sdist] = (tmp_path / "dist").iterdir()
    run(sys.executable, "-m", "venv", tmp_path / "venv")
    installed = run(tmp_path / "venv" / "bin" / "pip", "install", "--quiet", sdist)
    if "No matching distribution" in installed.stderr or "Could not fetch" in installed.stderr:
        pytest.skip(f"no package registry: {installed.stderr.strip().splitlines()[-1][:200]}")
    assert installed.returncode == 0, installed.stderr
    command = [
        tmp_path / "venv" / "bin" / "khabar",
        "ingest",
        "--input",
        ROOT / "seeds",
        "--output",
        tmp_path / "out",
        "--run_id",
        "shipped",
    ]
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = run(*command, cwd=tmp_path, env=alone)
    assert done.returncode == 0, done.stderr
    for table in ("articles", "events", "rejects"):
        assert rows(tmp_path / "out" / "run=shipped", table) == rows(seed_run, table)


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
