"""The whole job from and to object stores."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import pytest
from conftest import rows

from engines.conftest import SECRET, Store
from engines.services import ROOT, khabar

pytestmark = pytest.mark.engine


@pytest.fixture(params=["gcs", "s3"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Each store in turn, with the seeds in it, and sound again after the test."""
    store: Store = request.getfixturevalue(request.param)
    if not store.fs.exists(f"{store.url}/crawl"):
        for path in (ROOT / "seeds").iterdir():
            store.fs.pipe_file(f"{store.url}/crawl/{path.name}", path.read_bytes())
    yield store
    store.faults.statuses, store.faults.failed, store.faults.seconds = iter(()), 0, 0.0


def run(store: Store, run_id: str, *options: object, seconds: float = 180):
    return khabar(
        "ingest",
        "--input",
        f"{store.url}/crawl/*",
        "--output",
        f"{store.url}/out",
        "--run_id",
        run_id,
        *options,
        seconds=seconds,
        **store.environment,
    )


def fetched(store: Store, run_id: str, to: Path) -> Path:
    """The run's directory, copied to a local one."""
    for name in store.fs.find(f"{store.url}/out/run={run_id}"):
        (to / name.rpartition("/")[2]).write_bytes(store.fs.cat_file(name))
    return to


def bodies(run: Path) -> list[str]:
    return sorted(row["text"] for row in rows(run, "articles"))


def test_a_run_from_and_to_a_store_is_the_run_from_and_to_disk_and_its_manifest_is_written_last(store, seed_run, tmp_path):
    done = run(store, "whole")
    assert done.returncode == 0, done.stderr
    found = fetched(store, "whole", tmp_path)
    manifest = json.loads((found / "manifest.json").read_text())
    assert bodies(found) == bodies(seed_run)
    assert {f["name"] for f in manifest["files"]} | {"manifest.json"} == {p.name for p in found.iterdir()}, "staged files are left"
    assert len(rows(found, "events")) == len(rows(seed_run, "events"))
    written = {name: store.fs.info(name) for name in store.fs.find(f"{store.url}/out/run=whole")}
    times = {name.rpartition("/")[2]: info.get("LastModified") or info["updated"] for name, info in written.items()}
    assert times["manifest.json"] == max(times.values())


def test_a_store_that_fails_a_few_times_is_asked_again(store, tmp_path, seed_run):
    store.faults.statuses = iter([503, 500, 503])
    done = run(store, "busy")
    assert done.returncode == 0, done.stderr
    assert store.faults.failed == 3
    assert bodies(fetched(store, "busy", tmp_path)) == bodies(seed_run)


def test_a_slow_store_is_waited_for(store, tmp_path, seed_run):
    store.faults.seconds = 0.1
    done = run(store, "slow")
    assert done.returncode == 0, done.stderr
    assert bodies(fetched(store, "slow", tmp_path)) == bodies(seed_run)


def test_a_store_that_stays_down_ends_the_run_with_one_clear_line_and_no_secret(store):
    store.faults.statuses = repeat(503)
    done = run(store, "down", seconds=400)
    store.faults.statuses = iter(())
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "failed" in done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert not store.fs.exists(f"{store.url}/out/run=down/manifest.json")


def test_no_secret_is_in_logs_or_output(s3, store, tmp_path):
    if store is not s3:
        pytest.skip("the emulator takes no credentials")
    done = run(store, "secret", "--verbose")
    assert done.returncode == 0
    texts = [done.stdout, done.stderr, *(p.read_text() for p in fetched(store, "secret", tmp_path).iterdir())]
    assert not any(SECRET in text for text in texts)
