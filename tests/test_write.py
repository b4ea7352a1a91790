"""Writing: files that say what they hold, a run that appears whole or not at all, sums that must hold."""

import gzip
import hashlib
import json

import orjson
import pytest
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem
from records_factory import article, event

from transforms.coders import pack, unpack
from transforms.read.compression import zstd
from transforms.records import Article, Casualties, Duplicate, Place, Reject, from_dict
from transforms.write.jsonl import FileRecord, write_jsonl
from transforms.write.manifest import RunFailed, check_conservation, check_error_rate
from transforms.write.run_directory import finish, is_finished, prepare, publish

COPY = Duplicate("b", "memory://b", None, None, None, 1.0, "exact")


@pytest.mark.parametrize(
    ("compression", "opener"),
    [("none", bytes), ("gzip", gzip.decompress), ("zstd", zstd.decompress)],
)
def test_a_file_record_describes_the_stored_bytes(tmp_path, compression, opener):
    path = tmp_path / "rows"
    record = write_jsonl([article(), article(duplicates=(COPY,))], str(path), "articles", compression)
    stored = path.read_bytes()
    rows = [json.loads(line) for line in opener(stored).splitlines()]
    assert [list(r) for r in rows] == [list(Article.__dataclass_fields__)] * 2
    assert (record.rows, record.bytes, record.sha256) == (2, len(stored), hashlib.sha256(stored).hexdigest())
    assert record.counts["folded"] == 1


def test_the_same_rows_give_the_same_bytes(tmp_path):
    records = [write_jsonl([event()], str(tmp_path / name), "events", "gzip") for name in "ab"]
    assert records[0].sha256 == records[1].sha256


@pytest.mark.parametrize(
    "row", [article(duplicates=(COPY,)), event(place=Place("दिल्ली"), casualties=Casualties(dead=3, text=("तीन की मौत",)))]
)
def test_a_written_or_packed_row_reads_back_as_the_same_record(row):
    assert from_dict(type(row), orjson.loads(orjson.dumps(row))) == row
    assert unpack(type(row), pack(row)) == row


@pytest.mark.parametrize("root", ["{tmp}", "memory://runs"])
def test_a_published_run_holds_every_table_and_nothing_else(tmp_path, root):
    run = f"{root.format(tmp=tmp_path)}/run=1"
    prepare(run)
    staged = [write_jsonl([article(text)], f"{run}/.staging/{n}.jsonl", "articles") for n, text in enumerate(("एक", "दो"))]
    write_jsonl([article("टूटा प्रयास")], f"{run}/.staging/left-by-a-retried-bundle.jsonl", "articles")
    names = [f.path for f in publish(run, staged, "none")]
    assert names == [
        "articles-00000-of-00002.jsonl",
        "articles-00001-of-00002.jsonl",
        "events-00000-of-00001.jsonl",
        "rejects-00000-of-00001.jsonl",
    ]
    assert not is_finished(run)
    finish(run, {"run_id": "1"})
    assert is_finished(run)
    fs, path = url_to_fs(run)
    assert {name.rpartition("/")[2] for name in fs.ls(path, detail=False)} == {*names, "manifest.json"}


def test_publishing_again_after_a_failure_half_way_ends_the_same(tmp_path):
    run = str(tmp_path / "run=1")
    prepare(run)
    staged = [write_jsonl([article()], f"{run}/.staging/x.jsonl", "articles")]
    more = write_jsonl([article("दूसरा प्रयास")], f"{run}/.staging/y.jsonl", "articles")
    publish(run, [*staged, more], "none")
    first = publish(run, staged, "none")
    assert publish(run, staged, "none") == first
    finish(run, {})
    assert {p.name for p in (tmp_path / "run=1").iterdir()} == {*(f.path for f in first), "manifest.json"}


def test_preparing_clears_what_a_killed_run_left(tmp_path):
    run = tmp_path / "run=1"
    (run / ".staging").mkdir(parents=True)
    (run / ".staging" / "articles-half.jsonl").write_text("{")
    prepare(str(run))
    assert [p.name for p in run.rglob("*")] == [".staging"]


def test_a_finished_run_outlives_a_store_that_cannot_tell(tmp_path, monkeypatch):
    run = str(tmp_path / "run=1")
    prepare(run)
    finish(run, {})
    told = LocalFileSystem.info

    def refuses(self, path, **kwargs):
        if path.endswith("manifest.json"):
            raise PermissionError(path)
        return told(self, path, **kwargs)

    monkeypatch.setattr(LocalFileSystem, "info", refuses)
    with pytest.raises(PermissionError):
        prepare(run)
    monkeypatch.undo()
    assert is_finished(run)


def test_a_lost_document_fails_the_run():
    check_conservation(3, {"articles": 1, "folded": 1, "rejects": 1})
    with pytest.raises(RunFailed, match="conservation"):
        check_conservation(4, {"articles": 1, "folded": 1, "rejects": 1})


def test_only_rejects_for_errors_count_towards_the_error_rate():
    written = FileRecord("", "").counts | {"reason.clean.too_short": 50, "reason.read.corrupt": 2}
    check_error_rate(100, written, 0.02)
    with pytest.raises(RunFailed, match=r"2 of 100 .* read.corrupt 2"):
        check_error_rate(100, written, 0.01)


def test_reject_rows_count_by_stage_and_reason(tmp_path):
    record = write_jsonl([Reject("u", None, "clean", "no_content", "menu only", "")], str(tmp_path / "r"), "rejects")
    assert record.counts["reason.clean.no_content"] == 1


def test_event_rows_count_by_type(tmp_path):
    record = write_jsonl([event(), event(event_type="HAZARD")], str(tmp_path / "e"), "events")
    assert (record.counts["type.CONSULT"], record.counts["type.HAZARD"]) == (1, 1)
