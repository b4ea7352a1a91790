"""One pipeline, every engine: the rows of a run are the same wherever it runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from engines import corpus
from engines.flink import FlinkCluster
from engines.services import khabar, rows
from transforms.records import TABLES

pytestmark = pytest.mark.engine

# Pages for each. Spark, under Beam, takes most of its time to start jobs; two processes are the local runner's own.
ENGINES = {"two_processes": 500, "spark": 500, "prism": 5000, "job_service": 5000, "flink": 5000}


class Runs(NamedTuple):
    """The same pages, run on an engine and on the local runner."""

    engine: Path
    local: Path
    pages: int


@pytest.fixture(scope="module")
def local_run(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], tuple[Path, Path]]:
    """Makes so many pages, with copies, broken rows and one page that no stage may choke on; gives them and their run on the local runner."""

    @cache
    def made(pages: int) -> tuple[Path, Path]:
        source, out = tmp_path_factory.mktemp("pages"), tmp_path_factory.mktemp("local")
        corpus.write(source, pages, files=20)
        done = khabar("ingest", "--input", source, "--output", out, "--run_id", "local")
        assert done.returncode == 0, done.stderr
        return source, out / "run=local"

    return made


@pytest.fixture(scope="module", params=ENGINES)
def runs(request: pytest.FixtureRequest, local_run, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """The run of the test pages on each engine in turn."""
    options = request.getfixturevalue(request.param)
    pages, local = local_run(ENGINES[request.param])
    out = tmp_path_factory.mktemp(request.param)
    done = khabar("ingest", "--input", pages, "--output", out, "--run_id", "engine", *options, seconds=900)
    assert done.returncode == 0, done.stderr
    return Runs(out / "run=engine", local, ENGINES[request.param])


def manifest(run: Path) -> dict[str, object]:
    return json.loads((run / "manifest.json").read_text())


@pytest.mark.parametrize("table", TABLES)
def test_every_row_is_that_of_the_local_run_byte_for_byte(runs: Runs, table):
    expected = rows(runs.local, table)
    assert len(expected) > 4
    assert rows(runs.engine, table) == expected


def test_the_counts_of_every_stage_are_those_of_the_local_run(runs: Runs):
    differ = {"run_id", "started_at", "finished_at", "options", "files"}
    found, expected = manifest(runs.engine), manifest(runs.local)
    assert {k: v for k, v in found.items() if k not in differ} == {k: v for k, v in expected.items() if k not in differ}


def test_every_page_is_an_article_a_copy_or_a_reject(runs: Runs):
    found = manifest(runs.engine)
    assert found["documents_read"] == found["articles"] + found["duplicates_folded"] + found["rejects"] == runs.pages


def test_nothing_but_the_files_of_the_manifest_is_left(runs: Runs):
    listed = {f["name"] for f in manifest(runs.engine)["files"]} | {"manifest.json"}
    assert {path.name for path in runs.engine.iterdir()} == listed


@pytest.mark.parametrize("runs", ["flink"], indirect=True)
def test_both_workers_of_flink_do_a_good_part_of_the_work(runs: Runs, flink_cluster: FlinkCluster):
    shares = flink_cluster.shares("ExtractEvents").values()
    assert len(shares) == 2
    assert min(shares) > 0.2 * sum(shares)
