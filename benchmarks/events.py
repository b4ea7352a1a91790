#!/usr/bin/env python3
"""Speed of the event coder on made-up Hindi pages: `python benchmarks/events.py [--pages 400]`.

Prints articles of 2,500 characters and sentences per CPU second of one core, all events and fields included, without the cleaner and without
Beam; the best of three runs, the tables of names and predicates built before.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.corpus import pages
from transforms.events import extract, extract_events
from transforms.events.sentences import split_sentences
from transforms.records import Article

CHARACTERS = 2500


def article(number: int, title: str, text: str, published: str) -> Article:
    """An article with nothing but what the coder reads."""
    name = str(number)
    return Article(name, name, name, None, None, title, (), published, None, None, None, "hi", 1.0, "Deva", text, (), (), ())


def main() -> None:
    """Reads the pages three times and prints the figures of the fastest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=400)
    args = parser.parse_args()
    articles = [article(p.number, p.title, "\n".join(p.paragraphs), p.published.isoformat()) for p in pages(args.pages)]
    found = sum(len(extract_events(a)) for a in articles)
    characters = sum(len(a.text) for a in articles)
    sentences = sum(len(split_sentences(a.text, "hi")) for a in articles)
    seconds = []
    for _ in range(3):
        start = time.process_time()
        for a in articles:
            extract_events(a)
        seconds.append(time.process_time() - start)
    best = min(seconds)
    coder = "as Python" if extract.__file__.endswith(".py") else "compiled"
    print(f"{len(articles)} pages, {characters} characters, {found} events in {best:.2f} CPU seconds, the coder {coder}")
    print(f"{characters / CHARACTERS / best:.0f} articles of {CHARACTERS} characters a second, {sentences / best:.0f} sentences a second")


if __name__ == "__main__":
    main()
