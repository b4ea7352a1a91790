"""The loads that docs/warehouse.md gives."""

from __future__ import annotations

from pathlib import Path

import duckdb
import regex
from records_factory import event

from transforms.records import Mention
from transforms.write.jsonl import write_jsonl

DOC = Path(__file__).resolve().parent.parent / "docs" / "warehouse.md"


def test_loading_runs_in_any_order_and_twice_gives_every_event_once_in_its_last_version(tmp_path: Path) -> None:
    (statements,) = regex.findall(r"## DuckDB\n.*?```sql\n(.*?)```", DOC.read_text("utf-8"), regex.DOTALL)
    later = Mention("a2", None, "दैनिक", "2024-06-19", "रूस ने चीन को एक पत्र लिखा है।", 0, 29, "पत्र लिखा", 17, 26)
    runs = {
        "run=1": [event(), event(event_id="e2")],
        "run=2": [event(mentions=(*event().mentions, later), mention_count=2, last_seen="2024-06-19"), event(event_id="e3")],
    }
    for run, rows in runs.items():
        (tmp_path / run).mkdir()
        write_jsonl(rows, f"{tmp_path}/{run}/events-00000-of-00001.jsonl", "events")
    for order in (["run=1", "run=2", "run=1"], ["run=2", "run=1"], ["run=*", "run=*"]):
        db = duckdb.connect()
        for run in order:
            db.execute(statements.replace("RUNS", f"{tmp_path}/{run}"))
        assert db.execute("SELECT event_id, mention_count, len(mentions) FROM events ORDER BY 1").fetchall() == [
            ("e1", 2, 2),
            ("e2", 1, 1),
            ("e3", 1, 1),
        ]
