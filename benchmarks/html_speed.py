"""How fast HTML pages are read, beside trafilatura, in one run on the same pages.

    python benchmarks/html_speed.py [--pages ../shared/gold/article_html] [--rounds 3]        needs `pip install trafilatura`

Prints pages per CPU second (the best of the rounds, each of which takes all pages by every reader in turn): the markup alone (`html_blocks`), the
whole cleaner, and trafilatura with its default options.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import time
from collections.abc import Callable
from pathlib import Path

import trafilatura

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from transforms.clean import clean_article
from transforms.clean.html import html_blocks
from transforms.records import RawDocument

READERS: dict[str, Callable[[str], object]] = {
    "html_blocks": html_blocks,
    "clean_article": lambda html: clean_article(RawDocument("page", "page", html, "html")),
    "trafilatura": trafilatura.extract,
}


def main() -> None:
    """Measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, default=ROOT.parent / "shared" / "gold" / "article_html")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    pages = [gzip.decompress(path.read_bytes()).decode("utf-8", "replace") for path in sorted(args.pages.glob("*.html.gz"))]
    if not pages:
        parser.error(f"no pages (*.html.gz) at {args.pages}")
    for read in READERS.values():
        read(pages[0])
    best = dict.fromkeys(READERS, float("inf"))
    for _ in range(args.rounds):
        for name, read in READERS.items():
            start = time.process_time()
            for page in pages:
                read(page)
            best[name] = min(best[name], time.process_time() - start)
    for name, seconds in best.items():
        print(f"{name:14} {len(pages) / seconds:6.1f} pages per CPU second, {best['trafilatura'] / seconds:.1f} times trafilatura")


if __name__ == "__main__":
    main()
