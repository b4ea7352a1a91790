"""Reading: every format, compression and encoding gives the same documents, whole or in parts."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.read import Part, read_documents, split_file
from transforms.read.compression import zstd
from transforms.read.encoding import decode, scrub
from transforms.read.errors import ReadError
from transforms.records import RawDocument, Reject

PACK = {"": bytes, ".gz": gzip.compress, ".zst": zstd.compress, ".bz2": bz2.compress, ".xz": lzma.compress}
HINDI = "बाढ़ का पानी शहर में घुस गया।\nराहत दल नावों से लोगों को निकाल रहे हैं।\n"
PAGE = f"<!DOCTYPE html><html><head><title>बाढ़</title></head><body><p>{HINDI}</p></body></html>"


def read(path: object, **options: int) -> list[RawDocument | Reject]:
    return list(read_documents(str(path), **options))


def save(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def warc_record(
    body: bytes, content_type: str = "text/html; charset=utf-8", number: int = 1, http: str = "HTTP/1.1 200 OK", headers: str = ""
) -> bytes:
    block = f"{http}\r\nContent-Type: {content_type}\r\n{headers}\r\n".encode() + body
    return warc_block(block, "response", "application/http; msgtype=response", number)


def warc_block(block: bytes, kind: str, content_type: str, number: int = 1) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nWARC-Date: 2022-08-15T02:10:00Z\r\n"
        f"WARC-Target-URI: https://news.example/{number}\r\nContent-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


# Text as it may stand in a row. `scrub` is tested by itself below.
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(lambda text: "।" + scrub(text))
ids = st.one_of(
    st.none(), st.integers(), st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff"), min_size=1)
)
rows_strategy = st.lists(st.fixed_dictionaries({"id": ids, "text": texts}), min_size=1, max_size=8)


def jsonl(rows: list[dict[str, object]], newline: bytes = b"\n") -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=i % 2 == 0).encode() + newline for i, row in enumerate(rows))


@pytest.mark.parametrize("suffix", PACK)
@given(rows=rows_strategy)
def test_rows_come_back_equal_from_every_compression(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, rows: list[dict[str, object]]
) -> None:
    path = save(tmp_path_factory.getbasetemp() / f"rows.jsonl{suffix}", PACK[suffix](jsonl(rows)))
    documents = read(path)
    assert [d.content for d in documents] == [row["text"] for row in rows]
    assert [d.source_id for d in documents] == [
        d.uri if row["id"] is None else str(row["id"]) for d, row in zip(documents, rows, strict=True)
    ]
    assert len({d.uri for d in documents}) == len(rows)


@pytest.mark.parametrize("suffix", PACK)
@given(pages=st.lists(texts, min_size=1, max_size=5))
def test_archived_pages_come_back_equal_from_every_compression(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, pages: list[str]
) -> None:
    records = [warc_record(page.encode(), "text/plain; charset=utf-8", i) for i, page in enumerate(pages)]
    path = save(tmp_path_factory.getbasetemp() / f"crawl.warc{suffix}", b"".join(PACK[suffix](record) for record in records))
    assert [d.content for d in read(path)] == pages


@given(rows=rows_strategy, cuts=st.sets(st.integers(1, 400)))
def test_parts_at_any_bytes_share_out_the_rows_exactly(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]], cuts: set[int]
) -> None:
    path = save(tmp_path_factory.getbasetemp() / "parts.jsonl", jsonl(rows, b"\r\n"))
    bounds = [0, *sorted(cuts), None]
    parts = [read(path, start=start, end=end) for start, end in pairwise(bounds)]
    assert [document for part in parts for document in part] == read(path)


@given(data=st.binary(), name=st.sampled_from(["a.txt", "a.html", "a.jsonl", "a.warc", "a.gz", "a.jsonl.zst", "a.wet.xz", "a.bz2", "a"]))
def test_no_bytes_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str) -> None:
    path = save(tmp_path_factory.getbasetemp() / name, data)
    for magic in (
        b"",
        b"\x1f\x8b\x08",
        b"\x28\xb5\x2f\xfd",
        b"BZh9",
        b"\xfd7zXZ\x00",
        b"WARC/1.0\r\n",
        b'{"text":',
        b"<html>",
        b"\xff\xfe",
    ):
        for record in read(save(path, magic + data)):
            repr(record).encode("utf-8")


@pytest.mark.parametrize("suffix", PACK)
def test_text_and_html_files_are_one_document_each(tmp_path: Path, suffix: str) -> None:
    text = save(tmp_path / f"बाढ़ की खबर.txt{suffix}", PACK[suffix](HINDI.encode()))
    page = save(tmp_path / f"page.html{suffix}", PACK[suffix](PAGE.encode()))
    assert read(text) == [RawDocument(str(text), str(text), HINDI, "text")]
    assert read(page) == [RawDocument(str(page), str(page), PAGE, "html")]


def test_content_tells_the_format_before_the_name(tmp_path: Path) -> None:
    row = jsonl([{"text": HINDI}])
    assert read(save(tmp_path / "page.txt", PAGE.encode()))[0].format == "html"
    assert read(save(tmp_path / "rows.txt", row))[0].content == HINDI
    assert read(save(tmp_path / "rows", gzip.compress(row)))[0].content == HINDI
    assert read(save(tmp_path / "served-unpacked.jsonl.gz", row))[0].content == HINDI
    assert read(save(tmp_path / "zstd.jsonl.gz", zstd.compress(row)))[0].content == HINDI
    assert read(save(tmp_path / "crawl.dat", warc_record(PAGE.encode())))[0].content == PAGE


def test_row_fields_reach_the_document(tmp_path: Path) -> None:
    row = {
        "id": 7,
        "url": "https://news.example/7",
        "title": "बाढ़",
        "text": HINDI,
        "publisher": "उदाहरण",
        "published_at": "2022-08-15T07:40:00+05:30",
        "crawled_at": "Mon, 15 Aug 2022 08:00:00 +0000",
    }
    path = save(tmp_path / "rows.jsonl", b"\xef\xbb\xbf" + b"\n" + jsonl([row]))
    assert read(path) == [
        RawDocument(
            uri=f"{path}#4",
            source_id="7",
            content=HINDI,
            format="text",
            url="https://news.example/7",
            title="बाढ़",
            publisher="उदाहरण",
            published_at="2022-08-15T07:40:00+05:30",
            crawled_at="2022-08-15T08:00:00+00:00",
        )
    ]


@pytest.mark.parametrize(
    ("given_date", "expected"),
    [("2022", "2022"), ("2022-08", "2022-08"), ("2022-08-15", "2022-08-15"), ("15 अगस्त", None), (1660529400, None), ("", None)],
)
def test_dates_of_rows_are_iso_or_none(tmp_path: Path, given_date: object, expected: str | None) -> None:
    path = save(tmp_path / "rows.jsonl", jsonl([{"text": HINDI, "published_at": given_date}]))
    assert read(path)[0].published_at == expected


def test_html_of_a_row_goes_before_its_text(tmp_path: Path) -> None:
    path = save(
        tmp_path / "rows.jsonl", jsonl([{"text": HINDI, "html": PAGE}, {"text": HINDI, "html": " "}, {"text": HINDI, "html": None}])
    )
    assert [(d.format, d.content) for d in read(path)] == [("html", PAGE), ("text", HINDI), ("text", HINDI)]


def test_archive_records_carry_address_and_crawl_time(tmp_path: Path) -> None:
    first = warc_block(b"software: test\r\n", "warcinfo", "application/warc-fields", 0)
    path = save(tmp_path / "crawl.warc", first + warc_record(PAGE.encode(), number=9))
    (document,) = read(path)
    assert (document.uri, document.source_id, document.url) == (f"{path}#{len(first)}", "urn:uuid:9", "https://news.example/9")
    assert document.crawled_at == "2022-08-15T02:10:00+00:00"


def test_wet_records_are_text(tmp_path: Path) -> None:
    path = save(tmp_path / "crawl.warc.wet.gz", gzip.compress(warc_block(HINDI.encode(), "conversion", "text/plain")))
    assert [(d.format, d.content) for d in read(path)] == [("text", HINDI)]


def test_bodies_are_freed_of_transfer_and_content_encodings(tmp_path: Path) -> None:
    packed = gzip.compress(PAGE.encode())
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    records = [
        warc_record(packed, headers="Content-Encoding: gzip\r\n"),
        warc_record(chunked, headers="Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"),
        # Crawlers store the decoded body under the server's headers.
        warc_record(PAGE.encode(), headers="Content-Encoding: gzip\r\n"),
        warc_record(PAGE.encode(), headers="Transfer-Encoding: chunked\r\n"),
    ]
    assert [d.content for d in read(save(tmp_path / "crawl.warc", b"".join(records)))] == [PAGE] * 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [HINDI, "The river rose by two metres.\n"])
def test_unicode_encodings_need_no_declaration(tmp_path: Path, encoding: str, text: str) -> None:
    assert read(save(tmp_path / "page.txt", text.encode(encoding)))[0].content == text
    assert read(save(tmp_path / "rows.jsonl", json.dumps({"text": text}, ensure_ascii=False).encode(encoding)))[0].content == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Le maire a déclaré mardi que l’école resterait fermée jusqu’à l’été.", "cp1252"),
        ("El alcalde anunció que los niños caminarán más de tres kilómetros.", "iso8859-1"),
        ("Starosta řekl, že most zůstane zavřený, protože děti chodí oklikou.", "iso8859-2"),
        ("Мэр города сообщил, что мост останется закрытым ещё две недели.", "cp1251"),
        ("Мэр города сообщил, что мост останется закрытым ещё две недели.", "koi8-r"),
        ("市長は火曜日、橋をさらに二週間閉鎖すると発表した。", "shift_jis"),
        ("市长星期二表示，这座桥还将关闭两个星期。", "gb18030"),
    ],
)
def test_legacy_encodings_are_declared_or_detected(tmp_path: Path, text: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert decode(data) == text
    assert decode(data, declared=encoding) == text
    meta = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}"></head><body><p>{text}</p></body></html>'
    assert read(save(tmp_path / "page.html", meta.encode(encoding)))[0].content == meta
    archived = warc_record(f"<p>{text}".encode(encoding), f'text/html; charset="{encoding}"')
    assert read(save(tmp_path / "crawl.warc", archived))[0].content == f"<p>{text}"


def test_utf8_wins_over_a_wrong_declaration_and_survives_broken_characters() -> None:
    assert decode(HINDI.encode(), declared="iso-8859-1") == HINDI
    damaged = HINDI.encode()[:-2] + b"\xff\n"
    assert decode(damaged, declared="iso-8859-1").startswith(HINDI[:-2])


def test_iso_8859_1_means_windows_1252_on_the_web() -> None:
    assert decode(b"\x93quoted\x94 caf\xe9", declared="ISO-8859-1") == "“quoted” café"


def test_bytes_in_no_encoding_are_refused() -> None:
    with pytest.raises(ReadError, match="encoding"):
        decode(bytes(range(0x80, 0xA0)) * 50)


@given(st.text(st.characters()))
def test_scrubbed_text_can_be_written_as_utf8_and_stays_as_it_is(text: str) -> None:
    clean = scrub(text)
    clean.encode("utf-8")
    assert scrub(clean) == clean
    assert not set(clean) & {"\0", "\r", "\ufeff"}


def test_only_large_plain_json_lines_are_split(tmp_path: Path) -> None:
    data = jsonl([{"text": HINDI}] * 10)
    rows = save(tmp_path / "rows.jsonl", data)
    assert split_file(str(rows), len(data), split_bytes=len(data)) == [Part(str(rows))]
    assert split_file(str(rows), len(data), split_bytes=(len(data) + 1) // 2) == [
        Part(str(rows), 0, len(data) // 2),
        Part(str(rows), len(data) // 2, None),
    ]
    packed = save(tmp_path / "rows.jsonl.gz", gzip.compress(data))
    assert split_file(str(packed), 10**9, split_bytes=1) == [Part(str(packed))]
    wide = save(tmp_path / "wide.jsonl", data.decode().encode("utf-16"))
    assert split_file(str(wide), 10**9, split_bytes=1) == [Part(str(wide))]
    text = save(tmp_path / "page.txt", HINDI.encode())
    assert split_file(str(text), 10**9, split_bytes=1) == [Part(str(text))]
