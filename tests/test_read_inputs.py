"""Inputs and stores: what is listed, how faults pass, what a PTransform makes of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import apache_beam as beam
import fsspec
import pytest
from apache_beam.testing.util import assert_that, equal_to
from fsspec.implementations.memory import MemoryFileSystem
from test_read import HINDI, jsonl, read, save

from transforms.read import any_input, list_inputs, store
from transforms.read.beam import ReadDocuments
from transforms.records import Reject


@pytest.fixture
def crawl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory `crawl`, below the working directory, with pages, other files, hidden files, links and a pipe."""
    monkeypatch.chdir(tmp_path)
    root = tmp_path / "crawl"
    (root / "2024" / ".git").mkdir(parents=True)
    for name in ("b.html", "a.txt", "rows.JSONL.gz", "2024/c.warc.gz", "README.md", "photo.png", ".hidden.txt", "2024/.git/x.txt"):
        save(root / name, HINDI.encode())
    (root / "link.txt").symlink_to("a.txt")
    (root / "dead.txt").symlink_to("nowhere")
    (root / "2024" / "circle").symlink_to("..")
    os.mkfifo(root / "pipe.txt")
    return root


def listed(*inputs: object) -> list[str]:
    return [file.uri for file in list_inputs([str(i) for i in inputs])]


def test_a_directory_stands_for_its_page_files_in_order(crawl: Path) -> None:
    expected = ["crawl/a.txt", "crawl/b.html", "crawl/link.txt", "crawl/rows.JSONL.gz", "crawl/2024/c.warc.gz"]
    assert listed("crawl") == listed("crawl/") == expected
    assert listed(crawl) == [str(crawl.parent / name) for name in expected]
    assert listed("./crawl")[0] == "./crawl/a.txt"


def test_patterns_stand_for_files_and_directories(crawl: Path) -> None:
    assert listed("crawl/*.md", "cra*/20*") == ["crawl/README.md", "crawl/2024/c.warc.gz"]
    assert listed("crawl/**/*.gz") == ["crawl/2024/c.warc.gz", "crawl/rows.JSONL.gz"]
    assert listed("crawl/[ab].*") == ["crawl/a.txt", "crawl/b.html"]


def test_overlapping_inputs_list_each_file_once(crawl: Path) -> None:
    assert listed("crawl/a.txt", "crawl/*.txt", crawl / "a.txt", "./crawl/a.txt", "crawl/a.txt") == [
        "crawl/a.txt",
        "crawl/link.txt",
    ]


def test_a_list_names_one_input_a_line(crawl: Path) -> None:
    save(crawl / "inputs.list", "# pages\ncrawl/b.html\r\n\n  crawl/a.txt \ncrawl/missing.txt\n".encode("utf-8-sig"))
    assert listed("@crawl/inputs.list") == ["crawl/b.html", "crawl/a.txt", "crawl/missing.txt"]


def test_stores_are_listed_under_their_own_addresses() -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe({"/news/1/a.txt": HINDI.encode(), "/news/b.txt": HINDI.encode(), "/news/.c.txt": b"x"})
    assert listed("memory://news") == ["memory://news/b.txt", "memory://news/1/a.txt"]
    assert listed("memory://news/*/*.txt") == ["memory://news/1/a.txt"]
    assert [record.uri for record in read("memory://news/b.txt")] == ["memory://news/b.txt"]
    memory.rm("/news", recursive=True)


class Unsteady(MemoryFileSystem):
    """A store whose next calls raise `faults`, in turn."""

    protocol = "unsteady"
    store: dict[str, Any] = {}  # noqa: RUF012  as its base class has it
    faults: list[Exception] = []  # noqa: RUF012

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(path).removeprefix("unsteady://").rstrip("/")

    def _open(self, path: str, *args: Any, **kwargs: Any) -> Any:
        file = super()._open(path, *args, **kwargs)
        whole = file.read

        def read(size: int = -1) -> bytes:
            if self.faults:
                raise self.faults.pop(0)
            return whole(size)

        file.read = read
        return file

    def glob(self, path: str, *args: Any, **kwargs: Any) -> Any:
        if self.faults:
            raise self.faults.pop(0)
        return super().glob(path, *args, **kwargs)


class Status(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(f"status {status} for url 'https://user:secret@store.example/b/o?X-Amz-Signature=secret&token=secret'")
        self.status = status


@pytest.fixture
def unsteady(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Exception]]:
    monkeypatch.setattr(store, "FIRST_WAIT", 0.0)
    fsspec.register_implementation("unsteady", Unsteady, clobber=True)
    Unsteady.faults.clear()
    fsspec.filesystem("unsteady").pipe("rows.jsonl", jsonl([{"text": HINDI}] * 20_000))
    yield Unsteady.faults
    Unsteady.store.clear()


def test_passing_faults_are_tried_again(unsteady: list[Exception]) -> None:
    unsteady += [Status(503), ConnectionResetError(), TimeoutError(), Status(429)]
    records = read("unsteady://rows.jsonl")
    assert len(records) == 20_000
    assert {record.content for record in records} == {HINDI}
    assert not unsteady


def test_a_directory_that_is_deleted_while_a_pattern_is_listed_hides_no_other(unsteady: list[Exception]) -> None:
    fsspec.filesystem("unsteady").pipe("/crawl/a.jsonl", b"")
    unsteady += [FileNotFoundError("gone"), Status(503)]
    assert [file.uri for file in list_inputs(["unsteady:///crawl/*"]) if file.version] == ["unsteady:///crawl/a.jsonl"]


def test_a_pattern_that_a_store_does_not_list_is_not_an_empty_one(unsteady: list[Exception]) -> None:
    unsteady += [Status(403)]
    [file] = list_inputs(["unsteady:///crawl/*"])
    assert file.found and file.version is None


@pytest.mark.parametrize("fault", [PermissionError("no"), Status(403), RuntimeError("a defect")])
def test_lasting_faults_are_not(unsteady: list[Exception], fault: Exception) -> None:
    unsteady += [fault, fault]
    (record,) = read("unsteady://rows.jsonl")
    assert isinstance(record, Reject) and record.reason == "unreadable"
    assert len(unsteady) == 1


def test_a_fault_that_stays_ends_as_a_reject_without_secrets(unsteady: list[Exception]) -> None:
    unsteady += [Status(503)] * 100
    (record,) = read("unsteady://rows.jsonl")
    assert isinstance(record, Reject) and record.reason == "unreadable"
    assert "status 503" in record.message and "secret" not in record.message


@pytest.mark.parametrize(
    ("uri", "public"),
    [
        ("https://user:secret@news.example/a.jsonl?X-Amz-Signature=secret&X-Amz-Date=1", "https://news.example/a.jsonl"),
        ("https://news.example/a?id=7&access_token=secret", "https://news.example/a?id=7"),
        ("https://news.example/a?id=7", "https://news.example/a?id=7"),
        ("s3://bucket/a b/ख.txt", "s3://bucket/a b/ख.txt"),
        ("plain ? #1 & token=x.txt", "plain ? #1 & token=x.txt"),
    ],
)
def test_addresses_lose_their_secrets(uri: str, public: str) -> None:
    assert store.public_uri(uri) == public


class OnceBusy(BaseHTTPRequestHandler):
    """Serves one file, without ranges, and says that it is busy at the first request."""

    busy = True

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        data = jsonl([{"id": n, "text": HINDI} for n in range(100)])
        status = 503 if OnceBusy.busy else 200 if self.path.startswith("/rows.jsonl") else 404
        OnceBusy.busy = False
        self.send_response(status)
        self.send_header("Content-Length", str(len(data) if status == 200 else 0))
        self.end_headers()
        if status == 200 and self.command == "GET":
            self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        pass


def test_pages_are_read_over_http(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "FIRST_WAIT", 0.0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), OnceBusy)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        base = f"http://127.0.0.1:{server.server_port}"
        OnceBusy.busy = True
        records = read(f"{base}/rows.jsonl?day=1&sig=secret")
        assert [record.source_id for record in records] == [str(n) for n in range(100)]
        assert records[0].uri == f"{base}/rows.jsonl?day=1#0"
        assert [record.source_id for record in read(f"{base}/rows.jsonl", start=1)] == [str(n) for n in range(1, 100)]
        (missing,) = read(f"{base}/none.txt")
        assert isinstance(missing, Reject) and missing.reason == "not_found"
        assert any_input([f"{base}/rows.jsonl"])
        assert not any_input([f"{base}/none.txt"])
    finally:
        server.shutdown()
        server.server_close()


def test_read_documents_reads_every_row_once(tmp_path: Path) -> None:
    rows = [{"id": n, "text": f"{n} {HINDI}"} for n in range(200)]
    save(tmp_path / "rows.jsonl", jsonl(rows))
    save(tmp_path / "bad.txt.gz", HINDI.encode())
    with beam.Pipeline("FnApiRunner") as pipeline:
        inputs = [str(tmp_path), str(tmp_path / "*.jsonl"), str(tmp_path / "missing.txt")]
        result = pipeline | beam.Create([inputs]) | ReadDocuments(split_bytes=1000)
        assert_that(result.documents | beam.Map(lambda d: d.source_id), equal_to([str(n) for n in range(200)]))
        assert_that(result.rejects | "Reasons" >> beam.Map(lambda r: r.reason), equal_to(["corrupt", "not_found"]), "rejects")
    metrics = pipeline.result.metrics().query()["counters"]
    assert {m.key.metric.name: m.committed for m in metrics if m.key.metric.namespace == "read"} == {
        "documents": 200,
        "rejected_corrupt": 1,
        "rejected_not_found": 1,
    }
