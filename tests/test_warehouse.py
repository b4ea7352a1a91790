"""The loads that docs/warehouse.md gives."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import duckdb
import pytest
import regex
from conftest import ROOT
from records_factory import article, event

from transforms.records import Casualties, Event, Mention, Place
from transforms.write.jsonl import write_jsonl

LATER = Mention("a2", None, "दैनिक", "2024-06-19", "रूस ने चीन को एक पत्र लिखा है।", 0, 29, "पत्र लिखा", 17, 26)
RUNS = {
    "run=1": [event(), event(event_id="e2")],
    "run=2": [
        event(mentions=(*event().mentions, LATER), mention_count=2, last_seen="2024-06-19", place=Place("मॉस्को", country="RUS")),
        event(event_id="e3", casualties=Casualties(dead=2, text=("दो की मौत",))),
    ],
}
EVENTS = [("e1", 2, 2, "RUS", None), ("e2", 1, 1, None, None), ("e3", 1, 1, None, 2)]
ORDERS = (["run=1", "run=2", "run=1"], ["run=2", "run=1"], ["run=*", "run=*"])


@pytest.fixture
def out(tmp_path: Path) -> Path:
    for run, events in RUNS.items():
        (tmp_path / run).mkdir()
        write_jsonl(events, f"{tmp_path}/{run}/events-00000-of-00001.jsonl", "events")
        write_jsonl([article(f"लेख {run}"), article("दोनों में")], f"{tmp_path}/{run}/articles-00000-of-00001.jsonl", "articles")
    return tmp_path


def statements(warehouse: str) -> str:
    doc = (ROOT / "docs" / "warehouse.md").read_text("utf-8")
    (found,) = regex.findall(rf"## {warehouse}\n.*?```sql\n(.*?)```", doc, regex.DOTALL)
    return str(found)


def create(warehouse: str) -> list[str]:
    return [(ROOT / "docs" / "schemas" / f"{table}.{warehouse}.sql").read_text("utf-8") for table in ("articles", "events")]


def test_duckdb_holds_every_event_once_in_its_last_version_whatever_the_order_of_loads(out: Path) -> None:
    for order in ORDERS:
        db = duckdb.connect()
        for statement in create("duckdb"):
            db.execute(statement)
        for run in order:
            db.execute(statements("DuckDB").replace("RUNS", f"{out}/{run}"))
        query = "SELECT event_id, mention_count, len(mentions), place.country, casualties.dead FROM events ORDER BY 1"
        assert db.execute(query).fetchall() == EVENTS
        assert db.execute("SELECT count(*), count(DISTINCT article_id) FROM articles").fetchall() == [(3, 3)]


@pytest.mark.engine
def test_clickhouse_holds_every_event_once_in_its_last_version_whatever_the_order_of_loads(out: Path) -> None:
    chdb = pytest.importorskip("chdb.session")
    for order in ORDERS:
        with chdb.Session() as session:
            for statement in create("clickhouse"):
                session.query(statement)
            for run in order:
                for statement in statements("ClickHouse").replace("RUNS", f"{out}/{run}").split(";\n"):
                    session.query(statement)
            query = "SELECT event_id, mention_count, length(mentions), place.country, casualties.dead FROM events FINAL ORDER BY 1"
            rows = session.query(query, "JSONCompactEachRow").bytes().decode().splitlines()
            assert [tuple(json.loads(row)) for row in rows] == EVENTS
            assert session.query("SELECT count() FROM articles FINAL", "CSV").bytes() == b"3\n"


def test_the_bigquery_merge_replaces_every_field_of_an_event() -> None:
    replaced = regex.findall(r"(\w+) = new\.\1\b", statements("BigQuery").partition("UPDATE SET")[2])
    assert replaced == [f.name for f in fields(Event) if f.name != "event_id"]
