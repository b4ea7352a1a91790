"""Kafka topics as inputs, at a real broker: of every message one row, whatever ends in the middle."""

from __future__ import annotations

import json
import random
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import ingest
from conftest import rows as rows_of

from engines import corpus
from engines.conftest import Engine
from engines.kafka import Kafka
from engines.services import wait_until
from engines.stream import Page, Stream, ended, json_row
from transforms.watch import State, start
from transforms.watch.store import write_state

pytestmark = pytest.mark.engine


def made_up(count: int) -> list[Page]:
    rng = random.Random(37)
    return [(f"p{number}", corpus.text(rng)) for number in range(count)]


def messages(pages: Sequence[Page]) -> list[bytes]:
    return [json_row(page).encode() for page in pages]


def stream_of(topic: str, directory: Path, options: list[str]) -> Stream:
    return Stream(topic, str(directory / "out"), directory / "watch.log", options)


def rejected(rows: Sequence[dict[str, str]]) -> list[tuple[str, str]]:
    """Place and reason of each reject, without the topic's address."""
    return sorted((row["uri"].partition("/pages-")[2].partition("/")[2], row["reason"]) for row in rows)


def test_every_message_becomes_one_row_whatever_is_killed(
    engine: Engine, kafka: Kafka, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    pages = made_up(70)
    topic = kafka.topic(f"pages-{request.node.callspec.id}")
    stream = stream_of(topic, tmp_path, engine.options)
    kafka.send(topic, messages(pages[:20]))
    with stream.watch() as process:
        stream.await_pages(pages[:20], 300)  # the engine starts

        kafka.send_in_transaction(topic, messages(pages[20:30]), partition=1, commit=True)
        kafka.send_in_transaction(topic, messages([("taken back", "")]), partition=1, commit=False)
        kafka.send(topic, [b"{broken", None, b'{"id": "no page"}', *messages(pages[30:50])], partition=0)
        wait_until(lambda: stream.taken()[f"{topic}/0"] == "33", 60, "the window to begin")
        engine.kill()
        kafka.send(topic, messages(pages[50:]), partition=1)
        stream.await_pages(pages[20:], 300)
        assert engine.was_hurt(stream.log.read_text())
        ended(process, stream, signal.SIGTERM)
    stream.assert_whole(pages)
    assert rejected(stream.rows("rejects")) == [("0#10", "bad_row"), ("0#11", "empty"), ("0#12", "bad_row")]
    # of partition 1: 10 pages, 10 in a transaction and its mark, one taken back and its mark, 20 more
    assert stream.taken() == {f"{topic}/0": "33", f"{topic}/1": "43"}


def test_a_watch_goes_on_at_the_offsets_where_it_ended(prism: list[str], kafka: Kafka, tmp_path: Path) -> None:
    pages = made_up(50)
    topic = kafka.topic("pages-again")
    stream = stream_of(topic, tmp_path, prism)
    kafka.send(topic, messages(pages))
    kafka.delete_before(topic, 1, 13)
    start(f"{stream.output}/.watch")
    write_state(f"{stream.output}/.watch", State(None, {f"{topic}/0": "10", f"{topic}/1": "10"}))
    kept = [page for number, page in enumerate(pages) if number >= 20 and number not in (21, 23, 25)]
    with stream.watch() as process:
        stream.await_pages(kept, 300)
        ended(process, stream, signal.SIGTERM)
    stream.assert_whole(kept)
    assert rejected(stream.rows("rejects")) == [("1/10-13", "not_found")]


def test_a_batch_takes_what_a_topic_holds(kafka: Kafka, tmp_path: Path) -> None:
    pages = made_up(30)
    topic = kafka.topic("pages-batch", partitions=3)  # one stays empty
    kafka.send(topic, messages(pages))
    (tmp_path / "rows.jsonl").write_bytes(b"\n".join(messages(pages)))
    for name, source in (("topic", topic), ("file", tmp_path / "rows.jsonl")):
        assert ingest("--input", source, "--output", tmp_path, "--run_id", name, "--dedup", "exact") == 0
    of_topic, of_file = (
        [json.dumps(row | {"uri": ""}) for row in sorted(rows_of(tmp_path / f"run={name}", "articles"), key=lambda row: row["source_id"])]
        for name in ("topic", "file")
    )
    assert of_topic == of_file
    assert len(of_topic) == 30
