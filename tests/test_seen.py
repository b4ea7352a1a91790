"""`--seen` through the whole pipeline: what one crawl after another brings."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import fsspec
import pytest
from conftest import ingest
from test_deduplicate_articles import SYLLABLES

from pipelines.ledger import main as ledger
from transforms.ledger import parts, read_part

CALL = "रूस के राष्ट्रपति व्लादिमीर पुतिन ने मंगलवार को उत्तर कोरिया के नेता किम जोंग उन से फोन पर बात की।"
VISIT = "जापान के प्रधानमंत्री ने सोमवार को चीन का दौरा किया।"


def story(number: int) -> list[str]:
    """Ten sentences that no other number tells: Hindi in form, of made-up words."""
    chance = random.Random(number)
    form = "{} के {} में {} ने {} से {} और {} को {} पर {} का {} बताया है।"
    return [form.format(*("".join(chance.choices(SYLLABLES, k=3)) for _ in range(9))) for _ in range(10)]


def page(number: int, day: str, *sentences: str) -> dict[str, str]:
    """A page that tells the story `number`, and also says `sentences`."""
    body = "\n".join([*sentences, " ".join(story(number))])
    return {"id": f"p{number}-{day}", "title": f"समाचार {number}", "text": body, "published_at": day, "publisher": f"दैनिक {number}"}


FIRST = [page(1, "2024-06-19", CALL), page(2, "2024-06-19", VISIT), page(3, "2024-06-19"), page(3, "2024-06-20")]
# an edited copy of page 1, a page cut from 2, a new one that tells the call of page 1 again, a new one
CUT = {"id": "cut", "text": " ".join(story(2)[:7])}
LATER = [page(1, "2024-06-21", CALL, "यह खबर बाद में बदली गई है।"), CUT, page(4, "2024-06-20", CALL), page(5, "2024-06-21")]


class Crawls:
    """Runs one crawl after another into `where` (a directory or an fsspec URL), all with one index."""

    def __init__(self, where: str, pages: Path) -> None:
        self.where, self.pages = where, pages
        self.seen = f"{where}/seen"

    def run(self, run_id: str, crawl: list[dict[str, str]], *options: str) -> int:
        self.pages.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in crawl), encoding="utf-8")
        return ingest("--input", self.pages, "--output", f"{self.where}/out", "--seen", self.seen, "--run_id", run_id, *options)

    def manifest(self, run_id: str) -> dict[str, Any]:
        with fsspec.open(f"{self.where}/out/run={run_id}/manifest.json") as file:
            found: dict[str, Any] = json.load(file)
        assert found["documents_read"] == found["articles"] + found["duplicates_folded"] + found["rejects"]
        return found

    def rows(self, run_id: str, table: str) -> list[dict[str, Any]]:
        names = [f["name"] for f in self.manifest(run_id)["files"] if f["table"] == table]
        found = []
        for name in names:
            with fsspec.open(f"{self.where}/out/run={run_id}/{name}") as file:
                found += [json.loads(line) for line in file]
        return found

    def entries(self, seen: str) -> list[tuple[str, set[Any]]]:
        return [(part.run_id, set(read_part(seen, part))) for part in parts(seen)]


@pytest.fixture(scope="module", params=["local", "memory"])
def crawls(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Crawls:
    """Four crawls, one after the other."""
    here = tmp_path_factory.mktemp("seen")
    found = Crawls(str(here) if request.param == "local" else f"memory://{here.name}", here / "crawl.jsonl")
    for run_id, crawl in (("1", FIRST), ("2", FIRST), ("3", LATER), ("4", [page(6, "2024-06-21", CALL)])):
        assert found.run(run_id, crawl) == 0
    return found


def test_the_same_crawl_again_writes_nothing(crawls: Crawls) -> None:
    assert crawls.manifest("1")["articles"] == 3
    manifest = crawls.manifest("2")
    assert (manifest["articles"], manifest["events"], manifest["duplicates_folded"]) == (0, 0, 0)
    assert manifest["reject_reasons"] == {"deduplicate.seen": 4}
    assert manifest["ledger"] == {"path": crawls.seen, "files": [], "entries": 0}


def test_a_later_crawl_brings_what_is_new(crawls: Crawls) -> None:
    assert {a["source_id"] for a in crawls.rows("3", "articles")} == {"p4-2024-06-20", "p5-2024-06-21"}
    assert {(r["source_id"], r["reason"]) for r in crawls.rows("3", "rejects")} == {("p1-2024-06-21", "seen"), ("cut", "seen")}
    manifest = crawls.manifest("3")
    assert manifest["stages"]["drop_seen"] == {"articles": 2, "rejects": 2}
    assert manifest["ledger"]["entries"] == 2


def test_an_event_that_is_told_again_is_a_new_version_of_its_row(crawls: Crawls) -> None:
    (old,) = (e for e in crawls.rows("1", "events") if e["event_type"] == "CONSULT" and e["mode"] == "phone")
    (new,) = crawls.rows("3", "events")
    assert new["event_id"] == old["event_id"]
    assert new["mentions"][:1] == old["mentions"]
    assert (new["mention_count"], new["source_count"], new["last_seen"]) == (2, 2, "2024-06-20")
    (newest,) = crawls.rows("4", "events")
    assert (newest["event_id"], newest["mention_count"]) == (old["event_id"], 3)


def test_a_rebuilt_index_equals_the_one_that_grew(crawls: Crawls) -> None:
    assert ledger(["rebuild", f"{crawls.where}/again", f"{crawls.where}/out"]) == 0
    assert [run_id for run_id, _ in crawls.entries(crawls.seen)] == ["1", "2", "3", "4"]
    assert crawls.entries(f"{crawls.where}/again") == crawls.entries(crawls.seen)
    assert ledger(["verify", crawls.seen]) == 0
    assert ledger(["verify", f"{crawls.where}/again"]) == 0


def test_an_id_that_the_index_has_is_refused(crawls: Crawls, capsys: pytest.CaptureFixture[str]) -> None:
    before = crawls.entries(crawls.seen)
    assert ingest("--input", crawls.pages, "--output", f"{crawls.where}/elsewhere", "--seen", crawls.seen, "--run_id", "1") == 2
    assert "run 1 already" in capsys.readouterr().err
    assert crawls.entries(crawls.seen) == before


def test_a_run_that_fails_or_dies_leaves_the_index_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import transforms.write.beam as shell

    crawls = Crawls(str(tmp_path), tmp_path / "crawl.jsonl")
    assert crawls.run("1", FIRST, "--compression", "zstd") == 0
    before = crawls.entries(crawls.seen)
    for failure in (OSError("full"), KeyboardInterrupt()):  # at the last moment, when everything but the manifest is written

        def fail(run: str, manifest: dict[str, Any], failure: BaseException = failure) -> None:
            raise failure

        with monkeypatch.context() as patch:
            patch.setattr(shell, "finish", fail)
            assert crawls.run("2", LATER) == 1
        assert crawls.entries(crawls.seen) == before
    assert crawls.run("2", [*LATER, page(3, "2024-06-22")], "--dedup", "exact") == 0
    assert {r["source_id"] for r in crawls.rows("2", "rejects")} == {"p3-2024-06-22"}  # with exact, edited and cut copies are new
    assert {e["mention_count"] for e in crawls.rows("2", "events")} == {3}  # read from the compressed rows of run 1


def test_an_index_that_cannot_be_written_fails_before_any_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "seen").write_text("in the way")
    crawls = Crawls(str(tmp_path), tmp_path / "crawl.jsonl")
    assert crawls.run("1", FIRST) == 1
    assert "cannot write to" in capsys.readouterr().err
    assert not (tmp_path / "out" / "run=1").exists()
