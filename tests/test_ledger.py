"""The ledger: a crawl that was read before brings nothing new, and no crash loses or doubles an article."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to
from fsspec.implementations.memory import MemoryFileSystem
from records_factory import article, event
from test_deduplicate_articles import crawl, story

from pipelines.ledger import main
from transforms.deduplicate import deduplicate_articles
from transforms.ledger import Part, all_parts, drop_seen, entry, parts, prepare_part, read_part, seal, update_events
from transforms.ledger.beam import DropSeen, UpdateEvents, WriteLedger
from transforms.records import Article, Mention
from transforms.write.beam import RunOf
from transforms.write.jsonl import write_jsonl
from transforms.write.run_directory import finish

FIRST = crawl(1)
NEW = [article(" ".join(story(900 + n)), uri=f"new/{n}") for n in range(3)]
CUT = article(" ".join(story(200)[:10]), uri="cut", source_id="cut")  # of the first crawl's first story


TELLING = Mention("a2", None, "दैनिक", "2024-06-19", "रूस ने चीन को एक पत्र लिखा है।", 0, 29, "पत्र लिखा", 17, 26)
LATER = event(event_id="e2", mentions=(TELLING,), first_seen="2024-06-19", last_seen="2024-06-19")


def publish(output: Path, run_id: str, articles: list[Article], part: Part | None) -> None:
    run = output / f"run={run_id}"
    run.mkdir(parents=True)
    files = []
    for table, rows in (("articles", articles), ("events", [event()])):
        name = f"{table}-00000-of-00001.jsonl"
        write_jsonl(rows, f"{run}/{name}", table)
        files.append({"table": table, "name": name})
    finish(str(run), {"files": files, "ledger": part and {"files": part.files}})


def append(ledger: Path, run_id: str, output: Path, articles: list[Article]) -> Part:
    with beam.Pipeline("FnApiRunner") as pipeline:
        start = pipeline | "Start" >> beam.Create([None])
        _ = (start, pipeline | beam.Create(articles)) | WriteLedger(str(ledger), RunOf(str(output), run_id))
    (part,) = (part for part, _ in all_parts(str(ledger)) if part.run_id == run_id)
    return part


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger with the first crawl, published."""
    kept = deduplicate_articles(FIRST)
    publish(tmp_path / "out", "1", kept, append(tmp_path / "seen", "1", tmp_path / "out", kept))
    return tmp_path / "seen"


def test_the_same_crawl_again_brings_nothing(ledger: Path) -> None:
    entries = [e for part in parts(str(ledger)) for e in read_part(str(ledger), part)]
    new, rejects = drop_seen(deduplicate_articles(FIRST), entries)
    assert new == []
    assert sorted(r.uri for r in rejects) == sorted(a.uri for a in FIRST)


def test_the_transform_gives_what_the_function_gives(ledger: Path) -> None:
    rows = [*deduplicate_articles(FIRST)[:2], *NEW, CUT]
    entries = [entry(a) for a in deduplicate_articles(FIRST)]
    for near in (True, False):
        new, rejects = drop_seen(rows, entries, near)
        assert {a.uri for a in new} == {a.uri for a in NEW} | ({CUT.uri} if not near else set())
        with beam.Pipeline("FnApiRunner") as pipeline:
            out = pipeline | beam.Create(rows) | DropSeen(str(ledger), near)
            assert_that(out.articles, equal_to(new), label="articles")
            assert_that(out.rejects, equal_to(rejects), label="rejects")


def test_furniture_that_a_site_prints_on_every_page_makes_no_article_seen() -> None:
    menu = " ".join(story(6, 6))
    pages = [article(f"{menu} {' '.join(story(300 + n, 8))}", uri=str(n)) for n in range(30)]
    assert drop_seen(pages[:1], map(entry, pages[1:])) == (pages[:1], [])


def test_a_part_counts_once_its_own_run_is_published(ledger: Path, tmp_path: Path) -> None:
    part = append(ledger, "2", tmp_path / "out", NEW)
    assert [(p.run_id, counts) for p, counts in all_parts(str(ledger))] == [("1", True), ("2", False)]
    publish(tmp_path / "out", "2", NEW, None)  # the same run id, but not the run that wrote this part
    assert [p.run_id for p in parts(str(ledger))] == ["1"]
    shutil.rmtree(tmp_path / "out" / "run=2")
    publish(tmp_path / "out", "2", NEW, part)
    assert [p.run_id for p in parts(str(ledger))] == ["1", "2"]


def test_a_sealed_part_outlives_its_output(ledger: Path, tmp_path: Path) -> None:
    seal(str(ledger))
    (tmp_path / "out").rename(tmp_path / "moved")
    assert [p.run_id for p in parts(str(ledger))] == ["1"]


def test_only_a_part_that_does_not_count_is_cleared_for_a_new_run(ledger: Path, tmp_path: Path) -> None:
    append(ledger, "2", tmp_path / "out", NEW)
    assert prepare_part(str(ledger), "2")
    assert [p.run_id for p, _ in all_parts(str(ledger))] == ["1"]
    assert not prepare_part(str(ledger), "1")
    assert [p.run_id for p in parts(str(ledger))] == ["1"]


def test_an_empty_ledger_knows_nothing(tmp_path: Path) -> None:
    with beam.Pipeline("FnApiRunner") as pipeline:
        out = pipeline | beam.Create(NEW) | DropSeen(str(tmp_path / "none"))
        assert_that(out.articles, equal_to(NEW))


def test_a_ledger_that_cannot_be_listed_is_not_an_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError("no")

    monkeypatch.setattr(MemoryFileSystem, "info", refuse)
    monkeypatch.setattr(MemoryFileSystem, "ls", refuse)
    with pytest.raises(PermissionError):
        parts("memory://seen")


def test_a_rebuilt_ledger_equals_the_appended_one(ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    again = tmp_path / "again"
    assert main(["rebuild", str(again), str(tmp_path / "out")]) == 0

    def content(where: Path) -> list[tuple[str, set[object]]]:
        return [(part.run_id, set(read_part(str(where), part))) for part in parts(str(where))]

    assert content(again) == content(ledger)
    assert main(["verify", str(ledger)]) == 0
    assert main(["show", str(ledger)]) == 0
    assert f"1  {len(deduplicate_articles(FIRST))} articles" in capsys.readouterr().out


def test_damage_is_found(ledger: Path) -> None:
    (part,) = parts(str(ledger))
    run = ledger / "run=1" / "run.json"
    whole = run.read_text()
    run.write_text(json.dumps({**json.loads(whole), "entries": part.entries + 1}))
    assert main(["verify", str(ledger)]) == 1
    run.write_text(whole)
    assert main(["verify", str(ledger)]) == 0
    for file in part.files:
        (ledger / "run=1" / file).write_bytes(b"PAR1")
    assert main(["verify", str(ledger)]) == 1


def test_a_ledger_holds_one_run_of_an_id(ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(tmp_path / "out", tmp_path / "copy")
    assert main(["rebuild", str(ledger), str(tmp_path / "out"), str(tmp_path / "copy")]) == 2
    assert "the same id" in capsys.readouterr().err
    assert main(["verify", str(ledger)]) == 0


def test_a_path_without_a_ledger_is_an_error(tmp_path: Path) -> None:
    assert main(["verify", str(tmp_path / "nothing")]) == 2


def test_a_later_telling_is_a_new_version_of_the_known_event(ledger: Path) -> None:
    (updated,) = update_events([LATER], [event()])
    assert (updated.event_id, updated.mentions, updated.last_seen) == ("e1", (*event().mentions, TELLING), "2024-06-19")
    assert update_events([LATER], [event(), updated]) == []  # nothing new in it
    other = event(event_id="e3", event_type="ASSAULT", mode=None)
    assert update_events([other], [event()]) == [other]
    with beam.Pipeline("FnApiRunner") as pipeline:
        assert_that(pipeline | beam.Create([LATER, other]) | UpdateEvents(str(ledger)), equal_to([updated, other]))
