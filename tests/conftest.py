"""Shared fixtures: where things are, and one run of the whole job on the seeds."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent
# How long an example takes depends on the machine, which is no property of the code; CI tries the same examples every time.
settings.register_profile("khabar", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("khabar")


@pytest.fixture(scope="session")
def seeds() -> Path:
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Development gold and scorers, which live beside the checkout and not in it."""
    path = ROOT.parent / "shared"
    if not path.is_dir():
        pytest.skip("needs ../shared (development gold), which is not there")
    return path


def ingest(*args: object) -> int:
    """Runs `khabar ingest` in this process; gives its exit code."""
    from pipelines.ingest import main

    try:
        return main([str(a) for a in args])
    except SystemExit as exit:
        return int(exit.code or 0)


def rows(run: Path, table: str) -> list[dict[str, Any]]:
    """All rows of one table of a run."""
    return [json.loads(line) for path in sorted(run.glob(f"{table}-*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def seed_run(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run directory of the main job on the five seeds."""
    out = tmp_path_factory.mktemp("seed-run")
    assert ingest("--input", seeds, "--output", out, "--run_id", "seeds") == 0
    return out / "run=seeds"
