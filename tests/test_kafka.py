"""Kafka topics as inputs, as far as no broker is needed: addresses, messages, and which of them a window takes. The rest is in engines/test_kafka.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.options import parse, parse_watch
from transforms.read import kafka, listing
from transforms.read.kafka import BrokerError, Range, parse_range, read_message, split_range
from transforms.records import RawDocument, Reject
from transforms.watch import State, Wait, Watch, Window, changed, look, next_state, next_window, read_state, source, start
from transforms.write.run_directory import finish, run_path

TOPIC = "kafka://one:9092,two:9092/pages"
FIRST, SECOND = f"{TOPIC}/0", f"{TOPIC}/1"


def test_an_address_is_a_topic_or_a_range_of_it() -> None:
    assert parse_range(TOPIC) is None
    messages = parse_range(f"{TOPIC}/3/5-9000")
    assert messages == Range(TOPIC, 3, 5, 9000)
    assert [str(part) for part in split_range(messages)][-1] == f"{TOPIC}/3/8005-9000"
    assert sum(part.end - part.begin for part in split_range(messages)) == 8995


@pytest.mark.parametrize("address", ["kafka://one:9092", "kafka://user:secret@one/pages", "kafka://one/pages/0", "kafka://one/a b"])
def test_another_address_is_one_line_and_nothing_is_done(address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (parse, parse_watch):
        with pytest.raises(SystemExit) as exit:
            command(["--input", address, "--output", str(tmp_path / "out")])
        assert exit.value.code == 2
        assert "is not kafka://HOST:PORT" in capsys.readouterr().err.splitlines()[-1]


def test_what_is_to_be_installed_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("pipelines.options.find_spec", lambda _: None)
    with pytest.raises(SystemExit):
        parse(["--input", TOPIC, "--output", "out"])
    assert "pip install 'khabar[kafka]'" in capsys.readouterr().err


def test_a_message_is_a_row_of_json_or_a_reject_that_names_its_place() -> None:
    page = read_message(b'\xef\xbb\xbf{"text": "a page"}', f"{FIRST}#7", 100)
    assert page == RawDocument(f"{FIRST}#7", f"{FIRST}#7", "a page", "text")
    for value, reason in ((None, "empty"), (b" ", "empty"), (b"{", "bad_row"), (b'{"text": "%s"}' % (b"x" * 100), "too_large")):
        reject = read_message(value, f"{FIRST}#8", 100)
        assert isinstance(reject, Reject)
        assert (reject.uri, reject.reason) == (f"{FIRST}#8", reason)


def test_settings_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "client.properties").write_text("# of the cluster\nsecurity.protocol = sasl_ssl\n\nsasl.password=a=b\n")
    monkeypatch.setenv("KHABAR_KAFKA_CONFIG", str(tmp_path / "client.properties"))
    settings = kafka._settings(TOPIC)
    assert settings["bootstrap.servers"] == "one:9092,two:9092"
    assert (settings["security.protocol"], settings["sasl.password"]) == ("sasl_ssl", "a=b")


def test_a_window_takes_each_message_once() -> None:
    state = next_state(State(), [FIRST], {FIRST: "5-20", SECOND: "0-3"}, 1.0)
    assert state == State(Window(1, 1, (f"{FIRST}/5-20",)), {FIRST: "20"})
    assert changed(state.taken, {FIRST: "9-20", SECOND: "0-3"}) == [SECOND]  # old messages are deleted: nothing is new in that
    state = next_state(state, [FIRST, SECOND], {FIRST: "20-26", SECOND: "0-3"}, 2.0)
    assert state.window and state.window.files == (f"{FIRST}/20-26", f"{SECOND}/0-3")
    assert state.taken == {FIRST: "26", SECOND: "3"}


def test_messages_that_were_deleted_before_they_were_taken_are_asked_for() -> None:
    state = next_state(State(None, {FIRST: "20"}), [FIRST], {FIRST: "30-40"}, 1.0)
    assert state.window and state.window.files == (f"{FIRST}/20-40",)


def test_a_long_topic_becomes_several_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.watch.plan.MAX_MESSAGES", 10)
    state, files = State(), []
    while new := changed(state.taken, {FIRST: "5-28"}):
        state = next_state(state, new, {FIRST: "5-28"}, 1.0)
        files += state.window.files if state.window else ()
    assert files == [f"{FIRST}/5-15", f"{FIRST}/15-25", f"{FIRST}/25-28"]


def test_a_new_topic_of_the_same_name_is_read_from_its_beginning() -> None:
    assert next_state(State(None, {FIRST: "20"}), [FIRST], {FIRST: "0-3"}, 1.0).taken == {FIRST: "3"}


def test_a_watch_waits_for_silent_brokers_and_forgets_no_offset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "SETTLE_SECONDS", 0.0)
    crawl, state = tmp_path / "crawl", str(tmp_path / "state")
    crawl.mkdir()
    watch = Watch((str(crawl), TOPIC), str(tmp_path / "out"), state, start(state), every=5, remember=24)
    growing = iter(range(3, 9))
    monkeypatch.setattr(listing, "held", lambda topic: [Range(topic, 0, 0, next(growing)), Range(topic, 1, 0, 0)])
    first = next_window(watch, 0)
    assert isinstance(first, Window)
    assert first.files == (f"{FIRST}/0-4",)  # what has come between two looks is taken at once
    finish(run_path(watch.output, watch.run_id(first)), {})

    def silent(_: str) -> list[Range]:
        raise BrokerError("no answer")

    monkeypatch.setattr(listing, "held", silent)
    assert look((TOPIC,)) == {TOPIC: ""}
    assert next_window(watch, 2) == Wait(5)
    (crawl / "a.jsonl").write_text("{}")
    second = next_window(watch, 2)
    assert isinstance(second, Window)
    assert second.files == (str(crawl / "a.jsonl"),)
    assert read_state(state).taken[FIRST] == "4"
