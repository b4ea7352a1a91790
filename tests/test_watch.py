"""Watching: which files a window takes, when it begins, and that a repeated window gives the same run."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.transforms.window import FixedWindows, TimestampedValue
from conftest import rows
from test_pipeline import page, write_pages

from pipelines.graph import build_watch
from pipelines.options import parse_watch
from transforms.ledger import all_parts
from transforms.watch import (
    State,
    Superseded,
    Wait,
    Watch,
    Window,
    changed,
    look,
    next_state,
    next_window,
    read_state,
    release,
    source,
    start,
    stop,
)
from transforms.watch.beam import _Numbers, _NumbersProvider
from transforms.write.run_directory import finish, prepare, run_path

NOW = 1_700_000_000.5


def test_a_window_takes_what_is_new_or_replaced() -> None:
    taken, listed = {"a": "1", "b": "1", "gone": "1"}, {"a": "1", "b": "2", "c": "1", "d": "1"}
    assert changed(taken, listed) == ["b", "c", "d"]
    state = next_state(State(Window(4, 1_600_000_000, ("a",)), taken), ["c", "b"], listed, NOW)  # d is still being written
    assert state == State(Window(5, 1_700_000_000, ("b", "c")), {"a": "1", "b": "2", "c": "1"})
    assert changed(state.taken, listed) == ["d"]


def test_what_a_store_does_not_tell_for_a_while_is_neither_new_nor_forgotten() -> None:
    taken, listed = {"a": "1", "slow/b": "1"}, {"c": "1", "slow": ""}
    assert changed(taken, listed) == ["c"]
    assert next_state(State(None, taken), ["c"], listed, NOW).taken == {"a": "1", "slow/b": "1", "c": "1"}


def test_two_windows_never_have_the_same_name() -> None:
    first = next_state(State(), ["a"], {"a": "1"}, NOW)
    second = next_state(first, ["b"], {"a": "1", "b": "1"}, NOW - 3600)  # the clock was put back
    assert first.window and second.window
    assert second.window.begin > first.window.begin


def test_a_large_crawl_becomes_several_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.watch.plan.MAX_FILES", 2)
    listed = dict.fromkeys("abcde", "1")
    state, windows = State(), []
    while new := changed(state.taken, listed):
        state = next_state(state, new, listed, NOW)
        windows.append(state.window.files if state.window else ())
    assert windows == [("a", "b"), ("c", "d"), ("e",)]


@pytest.mark.parametrize("root", ["{tmp}", "memory://watched"])
def test_a_file_that_grows_or_is_replaced_has_another_version(root: str, tmp_path: Path) -> None:
    from fsspec.core import url_to_fs

    where = root.format(tmp=tmp_path)
    fs, path = url_to_fs(where)
    fs.pipe_file(f"{path}/a.jsonl", b"{}")
    fs.pipe_file(f"{path}/.half-written.jsonl", b"{")
    first = look([where])
    assert list(first) == [f"{where}/a.jsonl"]
    assert look([where]) == first
    fs.pipe_file(f"{path}/a.jsonl", b"{}{}")
    assert changed(first, look([where])) == [f"{where}/a.jsonl"]
    fs.rm_file(f"{path}/a.jsonl")
    assert look([where]) == {}


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """A watch of an empty directory, begun."""
    monkeypatch.setattr(source, "SETTLE_SECONDS", 0.0)
    (tmp_path / "crawl").mkdir()
    state = str(tmp_path / "state")
    return Watch((str(tmp_path / "crawl"),), str(tmp_path / "out"), state, start(state), every=5, remember=24)


def put(watch: Watch, name: str) -> str:
    path = Path(watch.inputs[0]) / name
    path.write_text("{}")
    return str(path)


def publish(watch: Watch, window: Window) -> None:
    finish(run_path(watch.output, watch.run_id(window)), {})


def test_windows_go_out_one_by_one_and_each_waits_for_the_run_before(watch: Watch) -> None:
    assert next_window(watch, 0) == Wait(5)
    a = put(watch, "a.jsonl")
    first = next_window(watch, 0)
    assert isinstance(first, Window)
    assert (first.number, first.files) == (1, (a,))
    b = put(watch, "b.jsonl")
    assert isinstance(next_window(watch, 2), Wait)
    publish(watch, first)
    second = next_window(watch, 2)
    assert isinstance(second, Window)
    assert (second.number, second.files) == (2, (b,))


def test_an_engine_that_goes_back_gets_the_same_window_again(watch: Watch) -> None:
    put(watch, "a.jsonl")
    first = next_window(watch, 0)
    assert isinstance(first, Window)
    half = Path(run_path(watch.output, watch.run_id(first)), ".staging", "half.jsonl")
    half.write_text("{")
    b = put(watch, "b.jsonl")
    assert next_window(watch, 1) == first
    assert not half.exists()
    publish(watch, first)
    second = next_window(watch, 1)  # back to before a window that is published: it is not sent out again
    assert isinstance(second, Window)
    assert (second.number, second.files) == (2, (b,))


def test_a_file_that_is_being_written_is_left_for_the_next_look(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = put(watch, "a.jsonl"), put(watch, "b.jsonl")
    monkeypatch.setattr(source.time, "sleep", lambda _: Path(b).write_text("{}\n{}"))
    first = next_window(watch, 0)
    assert isinstance(first, Window)
    assert first.files == (a,)


def test_a_job_is_stopped_after_its_window_and_by_a_new_owner(watch: Watch) -> None:
    put(watch, "a.jsonl")
    first = next_window(watch, 0)
    assert isinstance(first, Window)
    stop(watch.state, watch.owner)
    assert isinstance(next_window(watch, 2), Wait)
    publish(watch, first)
    put(watch, "b.jsonl")
    assert read_state(watch.state).ended_by == ""
    assert isinstance(next_window(watch, 2), Wait)
    assert read_state(watch.state).ended_by == watch.owner
    for end in (start, release):
        end(watch.state)
        with pytest.raises(Superseded):
            next_window(watch, 2)


def test_articles_are_forgotten_after_their_time(watch: Watch) -> None:
    for run_id in ("20200101T000000Z", "by-hand"):
        (Path(watch.ledger) / f"run={run_id}").mkdir(parents=True)
    put(watch, "a.jsonl")
    next_window(watch, 0)
    assert [path.name for path in sorted(Path(watch.ledger).iterdir()) if "2020" in path.name or "hand" in path.name] == ["run=by-hand"]


def test_the_numbers_of_windows_are_not_shared_out() -> None:
    numbers = _Numbers(_NumbersProvider().initial_restriction(None))
    assert numbers.try_claim(3)
    assert numbers.try_split(0.5) is None
    primary, rest = numbers.try_split(0)
    assert (primary.stop, rest.start) == (4, 4)
    assert not numbers.is_bounded()


class Given(beam.PTransform):
    """Windows of files that are known beforehand, in place of the source."""

    def __init__(self, windows: list[tuple[int, list[str]]]) -> None:
        super().__init__()
        self.windows = windows

    def expand(self, begin: beam.pvalue.PBegin) -> beam.PCollection:
        stamped = begin | beam.Create(self.windows) | beam.MapTuple(lambda at, files: TimestampedValue(files, at))
        return stamped | beam.WindowInto(FixedWindows(1))


def test_each_window_is_a_run_of_its_own_and_a_repeated_one_changes_nothing(
    watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawl = Path(watch.inputs[0])
    write_pages(crawl / "a.jsonl", [page(1), page(2), {"id": "broken"}])
    write_pages(crawl / "b.jsonl", [page(3)])
    windows = [(1_700_000_000, [str(crawl / "a.jsonl")]), (1_700_000_010, [str(crawl / "b.jsonl")])]
    options, _ = parse_watch(["--input", str(crawl), "--output", watch.output, "--state", watch.state, "--dedup", "exact"])
    monkeypatch.setattr("pipelines.graph.WatchFiles", lambda _: Given(windows))

    def run() -> Iterator[tuple[str, bytes]]:
        for begin, _ in windows:
            prepare(run_path(watch.output, watch.run_id(Window(1, begin, ()))))
        with beam.Pipeline("FnApiRunner") as pipeline:
            build_watch(pipeline, options.runs, watch)
        return ((str(path), path.read_bytes()) for path in sorted(Path(watch.output).rglob("*")) if path.is_file())

    first = dict(run())
    found = sorted(Path(watch.output).glob("run=*"))
    assert [path.name for path in found] == ["run=20231114T221320Z", "run=20231114T221330Z"]
    assert [[row["source_id"] for row in rows(path, "articles")] for path in found] == [["p1", "p2"], ["p3"]]
    manifests = [json.loads((path / "manifest.json").read_text()) for path in found]
    assert [(m["documents_read"], m["articles"], m["rejects"], m["started_at"]) for m in manifests] == [
        (3, 2, 1, "2023-11-14T22:13:20+00:00"),
        (1, 1, 0, "2023-11-14T22:13:30+00:00"),
    ]
    assert [(part.run_id, part.entries, counts) for part, counts in all_parts(watch.ledger)] == [
        ("20231114T221320Z", 2, True),
        ("20231114T221330Z", 1, True),
    ]
    assert dict(run()) == first
    assert [part.entries for part, counts in all_parts(watch.ledger) if counts] == [2, 1]


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["--runner", "FnApiRunner"], "let cron run `khabar ingest --seen DIR`"),
        (["--runner", "SparkRunner"], "cannot stream files"),
        (["--every", "0"], "'0' is not a number of seconds above 0"),
        (["--remember", "ever"], "hours"),
        (["--dedup", "none"], "none"),
        (["--run_id", "1"], "run_id"),
    ],
)
def test_a_wrong_option_is_one_line_and_nothing_is_done(
    args: list[str], word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit:
        parse_watch(["--input", str(tmp_path / "in"), "--output", str(tmp_path / "out"), *args])
    assert exit.value.code == 2
    assert word in capsys.readouterr().err.splitlines()[-1]
    assert os.listdir(tmp_path) == []


def test_what_is_written_is_not_read_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_watch(["--input", str(tmp_path), "--output", str(tmp_path / "out")])
    assert "would be read again" in capsys.readouterr().err


def test_a_state_reads_back_as_it_was_written(watch: Watch) -> None:
    a = put(watch, "a.jsonl")
    window = next_window(watch, 0)
    assert read_state(watch.state) == State(window if isinstance(window, Window) else None, look([a]))
