"""Web archives (WARC and WET, ISO 28500): the pages in them, one record at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from transforms.read.compression import detect
from transforms.read.encoding import decode, scrub
from transforms.read.errors import ReadError
from transforms.read.formats import HEAD, sniff
from transforms.read.rows import iso_date, sample
from transforms.read.streams import Readable
from transforms.records import RawDocument, Reject

_PAGES = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
_MAX_HEAD = 1 << 16  # bytes of a WARC or HTTP head
_CHARSET = re.compile(r"(?i)charset\s*=\s*[\"']?\s*([\w.:-]+)")
_MEDIA_FORMATS: dict[str, Literal["text", "html"]] = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "text"}


class _Tracked:
    """Passes a stream on to fastwarc, which wants to know where it stands, and keeps the error that it would wrap."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._position = 0
        self.error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._stream.read(size if size > 0 else HEAD)
        except Exception as error:
            self.error = error
            raise
        self._position += len(data)
        return data

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = 0) -> int:
        raise OSError("a stream is read forwards only")

    def close(self) -> None:
        """The opener closes the stream."""


def read_archive(stream: Readable, uri: str, max_document_bytes: int) -> Iterator[RawDocument | Reject]:
    """The pages of a decompressed WARC or WET file: responses and resources that are HTML or text, and conversion records.

    Args:
        stream: the archive from its beginning.
        uri: its address; a record's is `uri#offset`.
        max_document_bytes: a longer page is rejected.

    Raises:
        ReadError: `truncated` or `corrupt`, after the records that came before; `empty`, when there is no page at all.
    """
    tracked = _Tracked(stream)
    none = True
    try:
        for record in ArchiveIterator(tracked, parse_http=False, stream_detect=False, max_header_len=_MAX_HEAD):
            size = record.content_length
            is_page = bool(record.record_type & _PAGES)
            fits = size <= max_document_bytes + _MAX_HEAD
            block = record.reader.read(size) if is_page and fits and size else b""
            # fastwarc ends in silence where the file ends inside a record.
            if len(block) + record.reader.consume(size - len(block)) < size or "Content-Length" not in record.headers:
                raise ReadError("truncated", "the archive ends inside a record")
            if is_page:
                none = False
                yield _read_record(record, block if fits else None, f"{uri}#{record.stream_pos}", max_document_bytes)
    except OSError as error:
        raise tracked.error or ReadError("corrupt", f"broken archive: {error}") from error
    if none:
        raise ReadError("empty", "the archive holds no response, resource or conversion record")


def _read_record(record: WarcRecord, block: bytes | None, uri: str, max_document_bytes: int) -> RawDocument | Reject:
    source_id = scrub(record.record_id or "").strip("<>") or uri
    body = b""
    try:
        if block is None:
            raise ReadError("too_large", f"the record has {record.content_length:,} bytes, more than {max_document_bytes:,}")
        content_type, body = _payload(record, block, max_document_bytes)
        kind = _page_format(content_type, body)
        charset = _CHARSET.search(content_type)
        content = decode(body, charset and charset[1], html=kind == "html")
        if not content or content.isspace():
            raise ReadError("empty", "the record holds no text")
    except ReadError as error:
        return Reject(uri, source_id, "read", error.reason, str(error), sample(body))
    return RawDocument(
        uri=uri,
        source_id=source_id,
        content=content,
        format=kind,
        url=scrub(record.headers.get("WARC-Target-URI") or "").strip(" <>") or None,
        crawled_at=iso_date(record.headers.get("WARC-Date")),
    )


def _payload(record: WarcRecord, block: bytes, max_document_bytes: int) -> tuple[str, bytes]:
    """The content type and the decoded body of a record."""
    content_type = record.headers.get("Content-Type") or ""
    if record.is_http:
        message, body = _http(block, max_document_bytes + 1)
        status = message.http_headers.status_code
        if status is not None and status != 200:
            raise ReadError("not_text", f"HTTP status {status}")
        content_type = message.http_headers.get("Content-Type") or record.headers.get("WARC-Identified-Payload-Type") or ""
    else:
        body = block
    if len(body) > max_document_bytes:
        raise ReadError("too_large", f"the page has more than {max_document_bytes:,} bytes")
    return content_type, body


def _http(block: bytes, max_bytes: int) -> tuple[WarcRecord, bytes]:
    """The parsed HTTP message, and at most `max_bytes` of its body without transfer and content encodings."""
    try:
        message = _parse_http(block, "all")
        return message, message.reader.read(max_bytes)
    except OSError as error:
        # Some crawlers store the decoded body under the server's headers.
        message = _parse_http(block, "none")
        body = message.reader.read(max_bytes)
        if detect(body):
            raise ReadError("corrupt", f"broken HTTP body: {error}") from error
        return message, body


def _parse_http(block: bytes, auto_decode: Literal["all", "none"]) -> WarcRecord:
    message = WarcRecord()
    message.set_bytes_content(block)
    message.is_http = True
    message.parse_http(auto_decode, max_header_len=_MAX_HEAD, quirks_mode=True)
    return message


def _page_format(content_type: str, body: bytes) -> Literal["text", "html"]:
    media = content_type.partition(";")[0].strip().lower()
    if media and media not in _MEDIA_FORMATS:
        raise ReadError("not_text", f"media type {media[:100]}")
    found = sniff(body[:HEAD], "")
    if found == "binary":
        raise ReadError("not_text", f"binary data under the media type {media or 'unknown'}")
    return "html" if found == "html" else _MEDIA_FORMATS.get(media, "text")
