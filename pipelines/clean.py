"""`khabar clean`: shows what of a page is kept as the article, and what is removed as which kind."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict

from transforms.clean import clean_page
from transforms.read import read_documents
from transforms.records import Article, RawDocument, Reject

_BOLD, _DIM, _RED, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[0m"
_KEPT = {"title": _BOLD, "text": ""}
_SHOWN = ("title", "byline", "agency", "dateline", "published_at", "modified_at", "publisher", "url", "tags")


def main(argv: list[str] | None = None) -> int:
    """Runs the command; returns the exit status: 2 when a file cannot be read."""
    parser = argparse.ArgumentParser(prog="khabar clean", description=__doc__)
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="text, HTML, JSON lines, WARC or WET; a path or an address of an object store"
    )
    parser.add_argument(
        "--json", action="store_true", help="a JSON object per page: the article or reject row, and the page's pieces in their order"
    )
    args = parser.parse_args(argv)
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    status = 0
    for file in args.files:
        for document in read_documents(file):
            if isinstance(document, Reject):
                print(f"khabar clean: {document.uri}: {document.message}", file=sys.stderr)
                status = 2
                continue
            result, pieces = clean_page(document)
            print(_json(result, pieces) if args.json else "\n".join(_lines(document, result, pieces, colour)))
    return status


def _json(result: Article | Reject, pieces: list[tuple[str, str]]) -> str:
    table = "article" if isinstance(result, Article) else "reject"
    return json.dumps({table: asdict(result), "pieces": [{"kind": kind, "text": text} for kind, text in pieces]}, ensure_ascii=False)


def _lines(document: RawDocument, result: Article | Reject, pieces: list[tuple[str, str]], colour: bool) -> Iterator[str]:
    yield _painted(f"== {document.uri}", _BOLD, colour)
    if isinstance(result, Reject):
        yield _painted(f"{'reject':>12}  {result.reason}: {result.message}", _RED, colour)
    else:
        for name in _SHOWN:
            value = getattr(result, name)
            if value:
                yield f"{name:>12}  {', '.join(value) if isinstance(value, tuple) else value}"
    yield ""
    for kind, text in pieces:
        kept = kind in _KEPT and isinstance(result, Article)
        mark = " " if kept else "-"
        yield _painted(f"{kind:>10} {mark} {text}", _KEPT.get(kind, _DIM) if kept else _DIM, colour)
    yield ""


def _painted(text: str, code: str, colour: bool) -> str:
    return f"{code}{text}{_PLAIN}" if colour and code else text


if __name__ == "__main__":
    sys.exit(main())
