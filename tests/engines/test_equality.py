"""One pipeline, every engine: the rows of a run are the same wherever it runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engines.services import khabar
from transforms.records import TABLES

pytestmark = pytest.mark.engine

ENGINES = ("two_processes", "prism", "job_service", "flink", "spark")


@pytest.fixture(scope="module", params=ENGINES)
def engine_run(request: pytest.FixtureRequest, pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of the test pages on each engine in turn."""
    options = request.getfixturevalue(request.param)
    out = tmp_path_factory.mktemp(request.param)
    done = khabar("ingest", "--input", pages, "--output", out, "--run_id", "engine", *options, seconds=600)
    assert done.returncode == 0, done.stderr
    return out / "run=engine"


def lines(run: Path, table: str) -> list[bytes]:
    return sorted(line for path in run.glob(f"{table}-*.jsonl") for line in path.read_bytes().splitlines())


def manifest(run: Path) -> dict[str, object]:
    return json.loads((run / "manifest.json").read_text())


@pytest.mark.parametrize("table", TABLES)
def test_every_row_is_that_of_the_local_run_byte_for_byte(engine_run, local_run, table):
    expected = lines(local_run, table)
    assert len(expected) > 10
    assert lines(engine_run, table) == expected


def test_the_counts_of_every_stage_are_those_of_the_local_run(engine_run, local_run):
    differ = {"run_id", "started_at", "finished_at", "options", "files"}
    found, expected = manifest(engine_run), manifest(local_run)
    assert {k: v for k, v in found.items() if k not in differ} == {k: v for k, v in expected.items() if k not in differ}


def test_every_page_is_an_article_a_copy_or_a_reject(engine_run):
    found = manifest(engine_run)
    assert found["documents_read"] == found["articles"] + found["duplicates_folded"] + found["rejects"] == 5000


def test_nothing_but_the_files_of_the_manifest_is_left(engine_run):
    listed = {f["name"] for f in manifest(engine_run)["files"]} | {"manifest.json"}
    assert {path.name for path in engine_run.iterdir()} == listed
