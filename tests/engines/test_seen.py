"""`--seen` on other engines: what a later crawl brings is the same wherever the runs are made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engines.services import khabar
from pipelines.ledger import main as ledger
from transforms.ledger import parts, read_part
from transforms.records import TABLES

pytestmark = pytest.mark.engine


def crawled_twice(where: Path, seeds: Path, options: list[str]) -> Path:
    """Two runs with one index: of three seeds, then of all."""
    first = sorted(seeds.glob("*.txt"))[:3]
    for run_id, pages in (("1", first), ("2", [seeds])):
        words = ["--input", *pages, "--output", where / "out", "--seen", where / "seen", "--run_id", run_id]
        done = khabar("ingest", *words, *options, seconds=600)
        assert done.returncode == 0, done.stderr
    assert ledger(["verify", str(where / "seen")]) == 0
    return where


@pytest.fixture(scope="module")
def local(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return crawled_twice(tmp_path_factory.mktemp("local"), seeds, [])


@pytest.mark.parametrize("engine", ["prism", "flink"])
def test_two_crawls_give_the_rows_and_the_index_of_the_local_runs(request: pytest.FixtureRequest, engine, seeds, local, tmp_path: Path):
    crawled_twice(tmp_path, seeds, request.getfixturevalue(engine))
    for run_id, articles in (("1", 3), ("2", 2)):
        for table in TABLES:
            assert _lines(tmp_path, run_id, table) == _lines(local, run_id, table)
        assert json.loads((tmp_path / "out" / f"run={run_id}" / "manifest.json").read_text())["articles"] == articles
    assert _entries(tmp_path) == _entries(local)


def _lines(where: Path, run_id: str, table: str) -> list[bytes]:
    return sorted(line for path in where.glob(f"out/run={run_id}/{table}-*.jsonl") for line in path.read_bytes().splitlines())


def _entries(where: Path) -> list[tuple[str, set[object]]]:
    seen = str(where / "seen")
    return [(part.run_id, set(read_part(seen, part))) for part in parts(seen)]
