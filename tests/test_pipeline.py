"""The whole graph: what must hold of any run, whatever the stages find."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time

import duckdb
import jsonschema
import pytest
from conftest import ROOT, ingest, rows

from transforms.records import REASONS, TABLES
from transforms.schemas import duckdb_columns, json_schema

PARAGRAPH = "मुख्यमंत्री ने शनिवार को नई सड़क का निरीक्षण किया और अधिकारियों को काम समय पर पूरा करने के निर्देश दिए। "


def page(number: int, **fields: object) -> dict[str, object]:
    return {
        "id": f"p{number}",
        "text": f"सड़क संख्या {number} का काम शुरू\n\n" + PARAGRAPH * 3 + f"यह सड़क {number * 17} किलोमीटर लंबी होगी।",
    } | fields


def write_pages(path, pages) -> None:
    path.write_text("".join(json.dumps(p, ensure_ascii=False) + "\n" for p in pages), encoding="utf-8")


def lines(run) -> dict[str, list[str]]:
    return {t: sorted(line for p in run.glob(f"{t}-*.jsonl") for line in p.read_text(encoding="utf-8").splitlines()) for t in TABLES}


def test_two_runs_give_the_same_rows_byte_for_byte(seed_run, seeds, tmp_path):
    assert ingest("--input", seeds, "--output", tmp_path, "--run_id", "again") == 0
    assert lines(tmp_path / "run=again") == lines(seed_run)


def test_two_worker_processes_give_the_same_rows(seed_run, seeds, tmp_path):
    workers = ("--direct_num_workers", "2", "--direct_running_mode", "multi_processing")
    assert ingest("--input", seeds, "--output", tmp_path, "--run_id", "two", *workers) == 0
    assert lines(tmp_path / "run=two") == lines(seed_run)


def test_the_manifest_lists_what_stands_in_the_directory(seed_run):
    manifest = json.loads((seed_run / "manifest.json").read_text())
    assert sorted(f["name"] for f in manifest["files"]) == sorted(p.name for p in seed_run.iterdir() if p.name != "manifest.json")
    for f in manifest["files"]:
        assert (seed_run / f["name"]).stat().st_size == f["bytes"]
        assert len((seed_run / f["name"]).read_text(encoding="utf-8").splitlines()) == f["rows"]


def test_every_row_is_valid_by_its_json_schema(seed_run):
    for table, kind in TABLES.items():
        validator = jsonschema.Draft202012Validator(json_schema(kind))
        for row in rows(seed_run, table):
            validator.validate(row)


def test_shipped_schemas_are_those_of_the_records(tmp_path):
    from transforms.schemas import write_schemas

    write_schemas(tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_text() == (ROOT / "docs" / "schemas" / path.name).read_text(), "run: python -m transforms.schemas docs/schemas"


def test_events_can_be_queried_in_duckdb_by_actor_country_and_month(seed_run):
    db = duckdb.connect()
    for table, kind in TABLES.items():
        db.execute(
            f"CREATE TABLE {table} AS SELECT * FROM read_json('{seed_run}/{table}-*.jsonl', format='newline_delimited', columns={duckdb_columns(kind)})"
        )
    found = db.execute(
        "SELECT a.actor.country AS country, substr(coalesce(event_date, date_start), 1, 7) AS month, count(*) "
        "FROM (SELECT unnest(actors) AS actor, * FROM events) AS a GROUP BY ALL"
    ).fetchall()
    assert ("RUS", "2022-08") in {row[:2] for row in found}
    assert db.execute("SELECT count(*) FROM articles").fetchone() == (5,)


def test_every_document_is_an_article_a_duplicate_or_a_reject(tmp_path):
    write_pages(
        tmp_path / "in.jsonl",
        [
            page(1),
            page(1),
            page(2),
            page(3, text="छोटा"),
            {"id": "none"},
            page(4, text="This page is in English, and nobody asked for it today. " * 5),
        ],
    )
    assert ingest("--input", tmp_path / "in.jsonl", "--output", tmp_path, "--run_id", "1", "--languages", "hi", "--dedup", "exact") == 0
    run = tmp_path / "run=1"
    articles, rejects = rows(run, "articles"), rows(run, "rejects")
    assert (len(articles), sum(len(a["duplicates"]) for a in articles), len(rejects)) == (2, 1, 3)
    assert {r["reason"] for r in rejects} <= set(REASONS)
    assert "language" in {r["reason"] for r in rejects}


def test_too_many_broken_documents_fail_the_run_and_leave_nothing_visible(tmp_path, capsys):
    write_pages(tmp_path / "in.jsonl", [page(1), {"id": "none"}])
    assert ingest("--input", tmp_path / "in.jsonl", "--output", tmp_path / "out", "--max_error_rate", "0.1") == 1
    assert "1 of 2 documents were rejected for errors" in capsys.readouterr().err
    assert not list((tmp_path / "out").rglob("*.json*"))


@pytest.mark.parametrize(("compression", "suffix"), [("gzip", "gz"), ("zstd", "zst")])
def test_compressed_tables_hold_the_same_rows(compression, suffix, seed_run, seeds, tmp_path):
    assert ingest("--input", seeds, "--output", tmp_path, "--run_id", "c", "--compression", compression) == 0
    files = list((tmp_path / "run=c").glob(f"articles-*.jsonl.{suffix}"))
    found = duckdb.connect().execute(f"SELECT article_id FROM read_json('{files[0]}', format='newline_delimited')").fetchall()
    assert sorted(r[0] for r in found) == sorted(a["article_id"] for a in rows(seed_run, "articles"))


def test_a_killed_run_is_invisible_and_the_next_one_is_whole(tmp_path):
    write_pages(tmp_path / "in.jsonl", [page(n) for n in range(3000)])
    args = ["--input", str(tmp_path / "in.jsonl"), "--output", str(tmp_path / "out"), "--run_id", "k", "--dedup", "none"]
    killed = subprocess.Popen([sys.executable, "-m", "pipelines.ingest", *args], cwd=ROOT)
    while not list((tmp_path / "out").rglob(".staging")):
        assert killed.poll() is None
        time.sleep(0.02)
    time.sleep(0.5)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    assert not list((tmp_path / "out").rglob("manifest.json"))
    assert ingest(*args) == 0
    assert len(rows(tmp_path / "out" / "run=k", "articles")) == 3000


def test_bad_files_never_take_their_neighbours_along(tmp_path):
    crawl = tmp_path / "बुरी crawl"
    crawl.mkdir()
    good = "".join(json.dumps(page(n), ensure_ascii=False) + "\n" for n in range(20))
    (crawl / "good.jsonl").write_text(good, encoding="utf-8")
    (crawl / "truncated.jsonl.gz").write_bytes(gzip.compress(os.urandom(5000).hex().encode())[:-20])
    (crawl / "not-gzip.jsonl.gz").write_bytes(b"plainly not gzip")
    (crawl / "empty.txt").write_bytes(b"")
    (crawl / "menu.txt").write_text("होम\nदेश\nखेल\nव्यापार\n", encoding="utf-8")
    (crawl / "deep.html").write_text("<div>" * 100_000 + PARAGRAPH, encoding="utf-8")
    (crawl / "rows.jsonl").write_bytes(b'[1]\n{"id": "x", "text": 17}\n{"text": "\xff\xfe"}\n{"text": "\\ud800"}\n')
    assert ingest("--input", crawl, tmp_path / "missing.txt", "--output", tmp_path / "out", "--run_id", "1", "--dedup", "exact") == 0
    run = tmp_path / "out" / "run=1"
    articles, rejects = rows(run, "articles"), rows(run, "rejects")
    assert {f"p{n}" for n in range(20)} <= {a["source_id"] for a in articles}
    manifest = json.loads((run / "manifest.json").read_text())
    assert manifest["documents_read"] == len(articles) + len(rejects) + manifest["duplicates_folded"]
    reasons = {r["uri"].rsplit("/", 1)[-1].partition("#")[0]: r["reason"] for r in rejects}
    assert reasons["not-gzip.jsonl.gz"] == "corrupt"
    assert reasons["empty.txt"] == "empty"
    assert reasons["menu.txt"] == "no_content"
    assert reasons["missing.txt"] == "not_found"
    assert len([r for r in rejects if "rows.jsonl" in r["uri"]]) == 4


def test_an_article_that_the_event_coder_fails_on_is_rejected_with_its_copies(tmp_path, monkeypatch):
    import transforms.events.beam as shell

    code = shell.extract_events

    def fail_on_two(article):
        if "संख्या 2 " in (article.title or ""):
            raise ValueError("poison")
        return code(article)

    monkeypatch.setattr(shell, "extract_events", fail_on_two)
    write_pages(tmp_path / "in.jsonl", [page(1), page(2), page(2, id="copy"), page(3)])
    assert ingest("--input", tmp_path / "in.jsonl", "--output", tmp_path, "--run_id", "1", "--dedup", "exact") == 0
    run = tmp_path / "run=1"
    assert sorted(a["source_id"] for a in rows(run, "articles")) == ["p1", "p3"]
    assert sorted((r["source_id"], r["reason"]) for r in rows(run, "rejects")) == [("copy", "extract_error"), ("p2", "extract_error")]
