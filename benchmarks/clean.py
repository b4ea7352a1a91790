"""How fast text pages are cleaned, and how the time grows on pages made to be slow.

    python benchmarks/clean.py [--pages 1000]

First pages per CPU second on the made-up corpus (about 5 kB a page), with and without the counting of lines across documents; then each hostile page
at two sizes, ten times apart, without Python's garbage collector: the time must grow at most twelvefold.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.corpus import as_row, pages
from transforms.clean import clean_article, clean_articles
from transforms.records import RawDocument

SENTENCE = "नगर परिषद ने सोमवार को बैठक में नई सड़क के लिए दस लाख रुपये देने का फैसला किया और काम जल्द शुरू करने को कहा। "
# name: the page at a size of n characters, about
HOSTILE: dict[str, Callable[[int], str]] = {
    "one character": lambda n: "क" * n,
    "one line": lambda n: SENTENCE * (n // len(SENTENCE)),
    "short lines": lambda n: "होम\nखेल\nनया\n" * (n // 12),
    "one line over and over": lambda n: (SENTENCE + "\n") * (n // len(SENTENCE)),
    "brackets": lambda n: "(" * (n // 2) + ")" * (n // 2),
    "sign-offs": lambda n: "(एजेंसी " * (n // 8),
    "dates": lambda n: "12 मार्च 2024, 10:15 IST | " * (n // 27),
    "dates on lines": lambda n: "अपडेट: 12 मार्च 2024, 10:15 IST\n" * (n // 32),
    "also read": lambda n: "ये भी पढ़ें: " * (n // 13),
    "also read, and text": lambda n: ("ये भी पढ़ें: " + SENTENCE) * (n // 130),
    "glued topics": lambda n: "टैग्स: " + "सड़कसड़क" * (n // 8) + "\n" + SENTENCE * 20,
    "fragments": lambda n: "और\n," * (n // 4),
    "white space": lambda n: " \t" * (n // 2) + "।",
    "marks without letters": lambda n: "\u093c\u094d" * (n // 2),
    "nested elements": lambda n: "<html>" + "<div>" * (n // 10) + SENTENCE + "</div>" * (n // 10),
    "nested articles": lambda n: "<html>" + "<article>" * (n // 10) + SENTENCE * 3 + "</article>" * (n // 10),
    "unclosed elements": lambda n: "<html>" + "<b><i>शब्द " * (n // 10),
    "links": lambda n: "<html>" + f"<a href='/x'>{SENTENCE[:40]}</a><br>" * (n // 60),
    "entities": lambda n: "<html><p>" + "&amp;&lt;" * (n // 9),
    "open scripts": lambda n: "<html>" + "<script>" * (n // 8),
    "JSON-LD": lambda n: (
        '<html><script type="application/ld+json">' + '{"@type":"Article","a":' * (n // 23) + "</script><p>" + SENTENCE * 3
    ),
}
SMALL = 100_000


def seconds(run: Callable[[], object], rounds: int = 3) -> float:
    """The least CPU time of some runs."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
        gc.collect()
    return best


def hostile(name: str, size: int) -> Callable[[], object]:
    content = HOSTILE[name](size)
    document = RawDocument("page", "page", content, "html" if content.startswith("<html>") else "text", crawled_at="2024-05-01")
    return lambda: clean_article(document)


def main() -> int:
    """Measures; returns 1 when a time grows faster than the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000)
    args = parser.parse_args()
    rows = [as_row(page) for page in pages(args.pages)]
    documents = [RawDocument(row["id"], row["id"], row["text"], "text", url=row["url"]) for row in rows]
    size = sum(len(d.content.encode()) for d in documents) / len(documents)
    for name, run in (
        ("page by page", lambda: [clean_article(d) for d in documents] and None),
        ("with lines counted", lambda: list(clean_articles(documents)) and None),
    ):
        print(f"{name:24} {len(documents) / seconds(run):8,.0f} pages of {size / 1000:.1f} kB per CPU second")
    failed = 0
    gc.disable()  # how often the collector passes over the heap depends on the process, not on the page
    for name in HOSTILE:
        small, large = seconds(hostile(name, SMALL)), seconds(hostile(name, 10 * SMALL), 2)
        slow = large > 12 * small and large > 0.2
        failed |= slow
        print(
            f"{name:24} {1000 * small:8.1f} ms for 0.1 MB, {1000 * large:8.1f} ms for 1 MB: {large / small:5.1f} times{' TOO MUCH' if slow else ''}"
        )
    return failed


if __name__ == "__main__":
    sys.exit(main())
