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


@pytest.mark.parametrize("engine", ["prism", "flink"])
def test_two_crawls_give_the_rows_and_the_index_of_the_local_runs(request: pytest.FixtureRequest, engine, seeds, tmp_path: Path):
    for where, options in (("local", []), (engine, request.getfixturevalue(engine))):
        out, seen = tmp_path / where / "out", tmp_path / where / "seen"
        first = sorted(seeds.glob("*.txt"))[:3]
        for run_id, pages in (("1", first), ("2", [seeds])):
            done = khabar("ingest", "--input", *pages, "--output", out, "--seen", seen, "--run_id", run_id, *options, seconds=600)
            assert done.returncode == 0, done.stderr
        assert ledger(["verify", str(seen)]) == 0
    for run_id, articles in (("1", 3), ("2", 2)):
        for table in TABLES:
            assert _lines(tmp_path / engine, run_id, table) == _lines(tmp_path / "local", run_id, table)
        assert json.loads((tmp_path / engine / "out" / f"run={run_id}" / "manifest.json").read_text())["articles"] == articles
    assert _entries(tmp_path / engine) == _entries(tmp_path / "local")


def _lines(where: Path, run_id: str, table: str) -> list[bytes]:
    return sorted(line for path in where.glob(f"out/run={run_id}/{table}-*.jsonl") for line in path.read_bytes().splitlines())


def _entries(where: Path) -> list[tuple[str, set[object]]]:
    seen = str(where / "seen")
    return [(part.run_id, set(read_part(seen, part))) for part in parts(seen)]
