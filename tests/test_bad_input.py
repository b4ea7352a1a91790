"""Bad input: each case gives its reject, or is read correctly, and what stands beside it is read as if nothing were."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from test_read import HINDI, PACK, PAGE, jsonl, read, save, warc_block, warc_record

from transforms.read import any_input, list_inputs
from transforms.read.compression import zstd
from transforms.records import REASONS, RawDocument, Reject

ROWS = [{"id": n, "text": f"{n}. {HINDI}"} for n in range(2000)]


def reasons(records: list[RawDocument | Reject]) -> list[str]:
    found = [record.reason for record in records if isinstance(record, Reject)]
    assert set(found) <= set(REASONS)
    return found


def contents(records: list[RawDocument | Reject]) -> list[str]:
    return [record.content for record in records if isinstance(record, RawDocument)]


@pytest.mark.parametrize("suffix", [suffix for suffix in PACK if suffix])
def test_truncated_rows_are_read_up_to_the_break(tmp_path: Path, suffix: str) -> None:
    # Text that packs badly, so that every compressor gives something before the break.
    rows = [{"text": f"{HINDI} {os.urandom(200).hex()}"} for _ in range(5000)]
    packed = PACK[suffix](jsonl(rows))
    records = read(save(tmp_path / f"rows.jsonl{suffix}", packed[: len(packed) * 2 // 3]))
    assert reasons(records) == ["truncated"]
    assert isinstance(records[-1], Reject)
    texts = [row["text"] for row in rows]
    assert contents(records) == texts[: len(records) - 1]
    assert len(records) > 1000


def test_a_whole_last_row_is_kept_when_only_the_trailer_is_missing(tmp_path: Path) -> None:
    records = read(save(tmp_path / "rows.jsonl.gz", gzip.compress(jsonl(ROWS[:3]).rstrip())[:-4]))
    assert len(contents(records)) == 3
    assert reasons(records) == ["truncated"]


@pytest.mark.parametrize("suffix", ["", *PACK])
def test_truncated_archives_are_read_up_to_the_break(tmp_path: Path, suffix: str) -> None:
    pages = [f"<p>{n} {HINDI}</p>" for n in range(3)]
    members = [PACK[suffix](warc_record(page.encode(), number=n)) for n, page in enumerate(pages)]
    whole = b"".join(members[:2])
    # An archive ends well only between records.
    for cut in (10, len(members[2]) // 2, len(members[2]) - 12):
        records = read(save(tmp_path / f"crawl.warc{suffix}", whole + members[2][:cut]))
        assert contents(records)[:2] == pages[:2]
        assert reasons(records) == ["truncated"], cut


def test_a_truncated_page_is_one_reject(tmp_path: Path) -> None:
    records = read(save(tmp_path / "page.html.gz", gzip.compress(PAGE.encode())[:-20]))
    assert (len(records), reasons(records)) == (1, ["truncated"])


@pytest.mark.parametrize("name", ["rows.jsonl.gz", "page.txt.zst", "page.html.bz2", "crawl.warc.xz", "some.gz"])
def test_a_file_that_is_not_what_its_suffix_says_is_corrupt(tmp_path: Path, name: str) -> None:
    assert reasons(read(save(tmp_path / name, HINDI.encode()))) == ["corrupt"]


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz"])
def test_damaged_bytes_are_corrupt(tmp_path: Path, suffix: str) -> None:
    packed = bytearray(PACK[suffix](jsonl(ROWS)))
    packed[len(packed) // 2] ^= 0xFF
    assert reasons(read(save(tmp_path / f"rows.jsonl{suffix}", bytes(packed))))[-1] == "corrupt"


def test_bytes_after_the_last_gzip_member_are_corrupt_but_padding_is_not(tmp_path: Path) -> None:
    packed = gzip.compress(jsonl(ROWS[:3]))
    assert reasons(read(save(tmp_path / "padded.jsonl.gz", packed + bytes(512)))) == []
    records = read(save(tmp_path / "more.jsonl.gz", packed + b"more"))
    assert (len(contents(records)), reasons(records)) == (3, ["corrupt"])


def test_a_broken_archive_keeps_the_records_before(tmp_path: Path) -> None:
    records = read(save(tmp_path / "crawl.warc", warc_record(PAGE.encode()) + b"no record\r\n\r\n" + warc_record(PAGE.encode())))
    assert (contents(records), reasons(records)) == ([PAGE], ["corrupt"])


NOT_UTF8 = b'{"text": "caf' + b'\xe9"}'


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (NOT_UTF8, "encoding"),
        (b'["text"]', "bad_row"),
        (b'"text"', "bad_row"),
        (b"null", "bad_row"),
        (b'{"id": 1}', "bad_row"),
        (b'{"text": 17}', "bad_row"),
        (b'{"text": null, "html": ["<p>"]}', "bad_row"),
        (b'{"text": "cut', "bad_row"),
        (b"plain words", "bad_row"),
        (b"[" * 100_000, "bad_row"),
        (b'{"id": ' + b"9" * 10_000 + b', "text": ""}', "bad_row"),
        (b'{"text": ""}', "empty"),
        (b'{"text": " \\u00a0\\n\\t\\u0000"}', "empty"),
    ],
)
def test_a_bad_row_is_rejected_alone(tmp_path: Path, row: bytes, reason: str) -> None:
    good = jsonl(ROWS[:2])
    records = read(save(tmp_path / "rows.jsonl", good + row + b"\n" + good))
    assert len(contents(records)) == 4
    assert reasons(records) == [reason]
    rejected = records[2]
    assert rejected.uri.endswith(f"#{len(good)}")
    assert isinstance(rejected, Reject) and len(rejected.sample) <= 500


def test_a_reject_carries_the_id_of_its_row(tmp_path: Path) -> None:
    (record,) = read(save(tmp_path / "rows.jsonl", b'{"id": "k-1", "text": 17}'))
    assert record.source_id == "k-1"


def test_surrogates_nul_and_marks_leave_clean_text(tmp_path: Path) -> None:
    row = rb'{"id": "\ud800k\u0000", "title": "\udfff", "text": "\ud83d\ude00 a\ud800b\u0000c\ufeffd\r\ne"}'
    (document,) = read(save(tmp_path / "rows.jsonl", row))
    assert isinstance(document, RawDocument)
    assert (document.source_id, document.title, document.content) == ("\ufffdk", "\ufffd", "😀 a\ufffdbcd\ne")


def test_nul_bytes_in_files(tmp_path: Path) -> None:
    assert contents(read(save(tmp_path / "page.txt", HINDI.replace(" ", " \0").encode()))) == [HINDI]
    assert contents(read(save(tmp_path / "rows.jsonl", b'{"text": "a\0b"}\n' + jsonl(ROWS[:1])))) == ["ab", ROWS[0]["text"]]
    assert reasons(read(save(tmp_path / "zeros.txt", bytes(10_000)))) == ["empty"]


def test_duplicate_and_hostile_ids_are_kept_as_they_are(tmp_path: Path) -> None:
    names = ["a", "a", "../../etc/passwd", "two\nlines", ""]
    documents = read(save(tmp_path / "rows.jsonl", jsonl([{"id": name, "text": HINDI} for name in names])))
    assert [d.source_id for d in documents][:4] == names[:4]
    assert documents[4].source_id == documents[4].uri
    assert len({d.uri for d in documents}) == len(names)


@pytest.mark.parametrize("name", ["page.txt", "page.html", "rows.jsonl", "crawl.warc", "rows.jsonl.gz", "page.txt.zst"])
def test_files_without_bytes_or_text_are_empty(tmp_path: Path, name: str) -> None:
    assert reasons(read(save(tmp_path / name, b""))) == ["empty"]
    if not name.startswith("crawl"):
        suffix = next((suffix for suffix in PACK if suffix and name.endswith(suffix)), "")
        assert reasons(read(save(tmp_path / name, PACK[suffix](b" \n\n")))) == ["empty"]


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"%PDF-1.7\n", b"PK\x03\x04" + bytes(100), bytes(range(256)) * 20]
)
def test_binary_files_are_no_text(tmp_path: Path, data: bytes) -> None:
    assert reasons(read(save(tmp_path / "page.html", data))) == ["not_text"]


def test_archive_records_that_are_no_pages(tmp_path: Path) -> None:
    records = [
        warc_record(b"\x89PNG\r\n\x1a\n", "image/png", 1),
        warc_record(b"\x89PNG\r\n\x1a\n", "text/html", 2),
        warc_record(b"", number=3, http="HTTP/1.1 301 Moved", headers="Location: /\r\n"),
        warc_record(PAGE.encode(), number=4, http="HTTP/1.1 404 Not Found"),
        warc_record(b"", number=5),
        warc_record(gzip.compress(PAGE.encode())[:5] + b"\xff" * 50, number=6, headers="Content-Encoding: gzip\r\n"),
        warc_block(b"GET / HTTP/1.1\r\n\r\n", "request", "application/http; msgtype=request", 7),
        warc_block(b"fetchTimeMs: 1\r\n", "metadata", "application/warc-fields", 8),
        warc_record(PAGE.encode(), number=9),
    ]
    result = read(save(tmp_path / "crawl.warc.gz", b"".join(map(gzip.compress, records))))
    assert reasons(result) == ["not_text", "not_text", "not_text", "not_text", "empty", "corrupt"]
    assert contents(result) == [PAGE]


def test_an_archive_without_pages_is_empty(tmp_path: Path) -> None:
    assert reasons(read(save(tmp_path / "crawl.warc", warc_block(b"a: b\r\n", "warcinfo", "application/warc-fields")))) == ["empty"]


def zeros(compressor: zlib._Compress | bz2.BZ2Compressor | lzma.LZMACompressor | zstd.ZstdCompressor, megabytes: int = 64) -> bytes:
    return b"".join([*(compressor.compress(bytes(1 << 20)) for _ in range(megabytes)), compressor.flush()])


BOMBS: dict[str, Callable[[], bytes]] = {
    ".gz": lambda: zeros(zlib.compressobj(wbits=31)),
    ".zst": lambda: zeros(zstd.ZstdCompressor()),
    ".bz2": lambda: zeros(bz2.BZ2Compressor(1)),
    ".xz": lambda: zeros(lzma.LZMACompressor(preset=0)),
}


@pytest.mark.parametrize("suffix", BOMBS)
@pytest.mark.parametrize("name", ["page.txt", "rows.jsonl"])
def test_a_bomb_is_too_large_and_memory_stays_flat(tmp_path: Path, suffix: str, name: str) -> None:
    path = save(tmp_path / f"{name}{suffix}", BOMBS[suffix]())
    tracemalloc.start()
    try:
        records = read(path, max_document_bytes=1 << 20)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert reasons(records) == ["too_large"]
    assert len(records) == 1
    assert peak < 16 << 20


def test_a_row_of_50_mb_is_too_large_and_its_neighbours_are_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    with path.open("wb") as file:
        file.write(jsonl(ROWS[:1]))
        file.write(b'{"id": "big", "text": "' + b"x" * (50 << 20) + b'"}\n')
        file.write(jsonl(ROWS[1:2]))
    tracemalloc.start()
    try:
        records = read(path, max_document_bytes=1 << 20)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert contents(records) == [ROWS[0]["text"], ROWS[1]["text"]]
    assert reasons(records) == ["too_large"]
    assert peak < 8 << 20


def test_a_page_in_an_archive_is_bounded_packed_and_unpacked(tmp_path: Path) -> None:
    bomb = zeros(zlib.compressobj(wbits=31), 50)
    records = [warc_record(b"x" * (3 << 20)), warc_record(bomb, headers="Content-Encoding: gzip\r\n"), warc_record(PAGE.encode())]
    result = read(save(tmp_path / "crawl.warc", b"".join(records)), max_document_bytes=1 << 20)
    assert (reasons(result), contents(result)) == (["too_large", "too_large"], [PAGE])


def test_deeply_nested_html_is_read(tmp_path: Path) -> None:
    deep = "<html>" + "<div>" * 100_000 + HINDI
    assert contents(read(save(tmp_path / "deep.html", deep.encode()))) == [deep]


def test_missing_inputs_are_rejects_and_no_input_at_all_is_noticed(tmp_path: Path) -> None:
    missing, pattern, empty = tmp_path / "missing.txt", tmp_path / "*.html", tmp_path / "empty"
    empty.mkdir()
    inputs = [str(missing), str(pattern), str(empty), f"@{missing}"]
    files = list(list_inputs(inputs))
    assert [file.uri for file in files] == inputs
    assert not any_input(inputs)
    assert any_input([*inputs, str(save(tmp_path / "page.txt", b"x"))])
    assert [reasons(read(file.uri)) for file in files] == [["not_found"]] * 4


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_read_permission_is_unreadable(tmp_path: Path) -> None:
    path = save(tmp_path / "page.txt", HINDI.encode())
    path.chmod(0)
    assert reasons(read(path)) == ["unreadable"]


def test_paths_with_spaces_devanagari_and_pattern_characters(tmp_path: Path) -> None:
    directory = tmp_path / "ताज़ा खबर [2022] 100%?"
    directory.mkdir()
    path = save(directory / "बाढ़ #1 *.txt", HINDI.encode())
    for given in (path, directory):
        (file,) = list_inputs([str(given)])
        assert contents(read(file.uri)) == [HINDI]


def test_json_lines_written_on_windows(tmp_path: Path) -> None:
    text = "\r\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS[:3]) + "\r\n\r\n"
    assert len(contents(read(save(tmp_path / "rows.jsonl", text.encode("utf-16"))))) == 3
