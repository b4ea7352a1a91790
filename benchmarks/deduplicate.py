#!/usr/bin/env python3
"""Near-duplicate articles: quality and speed beside datatrove and rensa, short pairs, and growth.

    python benchmarks/deduplicate.py                        quality on the gold of ../shared, in memory
    python benchmarks/deduplicate.py --peers PYTHON         the same for datatrove's and rensa's defaults, run by PYTHON, an interpreter of
                                                            a venv with `pip install "datatrove[processing]" spacy rensa`
    python benchmarks/deduplicate.py --growth 10000 100000  CPU time per article and peak memory of DeduplicateArticles on the local runner
    python benchmarks/deduplicate.py --seen 10000 100000    the same of DropSeen for a crawl of 5,000, half of it known, by size of the index

Quality is pair F1 over rewritten copies of news stories (`near_duplicates_dev`); pairs of two originals count neither way. Speed is documents
per CPU second from text to decision, reading aside, in one process.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT.parent / "shared" / "gold"
PEERS = ("datatrove", "rensa")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", metavar="PYTHON")
    parser.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)  # this script, run by the peers' interpreter
    parser.add_argument("--growth", type=int, nargs="+", metavar="N")
    parser.add_argument("--seen", type=int, nargs="+", metavar="N")
    args = parser.parse_args()
    if args.growth or args.seen:
        in_processes(_grow, args.growth or [])
        in_processes(_seen, args.seen or [])
        return 0
    if not GOLD.exists():
        print(f"skipped: {GOLD} is not here")
        return 0
    with gzip.open(GOLD / "near_duplicates_dev.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    if args.peer:
        peer = globals()[args.peer]
        for field in ("text", "page"):
            report(args.peer, field, rows, *peer([row[field] for row in rows]))
        return 0
    sys.path.insert(0, str(ROOT))
    for field in ("text", "page"):
        report("khabar", field, rows, *khabar([row[field] for row in rows]))
    same_text_pairs()
    if args.peers:
        for name in PEERS:
            subprocess.run([args.peers, __file__, "--peer", name], check=True)
    return 0


def report(name: str, field: str, rows: Sequence[dict[str, Any]], groups: Sequence[Sequence[int]], seconds: float) -> None:
    """Prints precision, recall and F1 over pairs, as `score_duplicates.py` counts them, and documents per CPU second."""
    counts: Counter[str] = Counter()
    for group in groups:
        for a, b in itertools.combinations(group, 2):
            same = rows[a]["story"] == rows[b]["story"]
            counts["right"] += same
            counts["wrong"] += not same and not rows[a]["level"] == rows[b]["level"] == "orig"
    stories = Counter(row["story"] for row in rows)
    pairs = sum(n * (n - 1) // 2 for n in stories.values())
    precision, recall = counts["right"] / max(1, counts["right"] + counts["wrong"]), counts["right"] / pairs
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    print(f"{name:10} {field:5} P {precision:.3f} R {recall:.3f} F1 {f1:.3f}  {len(rows) / seconds:,.0f} documents/CPU s")


def khabar(texts: list[str]) -> tuple[list[list[int]], float]:
    from transforms.deduplicate import deduplicate_articles

    articles = [_article(text, str(n)) for n, text in enumerate(texts)]
    deduplicate_articles(articles[:5])  # tables are built once
    start = time.process_time()
    kept = deduplicate_articles(articles)
    return [[int(a.uri), *(int(d.uri) for d in a.duplicates)] for a in kept], time.process_time() - start


def datatrove(texts: list[str]) -> tuple[list[list[int]], float]:
    """datatrove's signatures as they come (5-grams, 14 buckets of 8 hashes); documents that share a bucket are joined."""
    import tempfile

    from datatrove.pipeline.dedup.minhash import MinhashDedupSignature

    step = MinhashDedupSignature(tempfile.mkdtemp())
    step.get_signature(step.get_shingles(texts[0]))
    start = time.process_time()
    buckets: dict[Any, list[int]] = defaultdict(list)
    for n, text in enumerate(texts):
        shingles = step.get_shingles(text)
        if shingles.size:
            for number, bucket in enumerate(step.get_signature(shingles)):
                buckets[number, tuple(bucket)].append(n)
    groups = _joined(len(texts), ((group[0], other) for group in buckets.values() for other in group[1:]))
    return groups, time.process_time() - start


def rensa(texts: list[str]) -> tuple[list[list[int]], float]:
    """rensa as its README shows it: 128 permutations over words, 16 bands, Jaccard 0.8."""
    from rensa import RMinHash, RMinHashLSH

    start = time.process_time()
    lsh = RMinHashLSH(threshold=0.8, num_perm=128, num_bands=16)
    sketches = []
    for n, text in enumerate(texts):
        sketch = RMinHash(num_perm=128, seed=42)
        sketch.update(text.split())
        lsh.insert(n, sketch)
        sketches.append(sketch)
    links = (
        (n, other)
        for n, sketch in enumerate(sketches)
        for other in lsh.query(sketch)
        if other > n and sketch.jaccard(sketches[other]) >= 0.8
    )
    return _joined(len(texts), links), time.process_time() - start


def _joined(size: int, links: Iterator[tuple[int, int]]) -> list[list[int]]:
    parent = list(range(size))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = n = parent[parent[n]]
        return n

    for a, b in links:
        parent[root(a)] = root(b)
    groups = defaultdict(list)
    for n in range(size):
        groups[root(n)].append(n)
    return list(groups.values())


def same_text_pairs() -> None:
    """Short passages, two by two: the same text or part of it (S, P), against the same template, the same fact or another (U, E, D)."""
    from transforms.deduplicate import deduplicate_articles

    counts: Counter[str] = Counter()
    for pair in json.loads((GOLD / "same_text_pairs_dev.json").read_text("utf-8")):
        one = len(deduplicate_articles([_article(pair[side][2], side) for side in "ab"])) == 1
        same = pair["label"] in "SP"
        counts["tp"] += one and same
        counts["fp"] += one and not same
        counts["fn"] += same and not one
    print(f"same-text pairs F1 {2 * counts['tp'] / (2 * counts['tp'] + counts['fp'] + counts['fn']):.3f}  {dict(counts)}")


def in_processes(measure: Callable[[int], None], sizes: Sequence[int]) -> None:
    """Each size in a process of its own, for its peak memory."""
    for size in sizes:
        child = os.fork()
        if child == 0:
            sys.path.insert(0, str(ROOT))
            measure(size)
            os._exit(0)
        os.waitpid(child, 0)


def _grow(size: int) -> None:
    import apache_beam as beam

    from transforms.deduplicate.beam import DeduplicateArticles

    def run(method: str) -> tuple[float, dict[str, int]]:
        start = time.process_time()
        pipeline = beam.Pipeline("FnApiRunner")
        articles = _crawl(pipeline, range(size))
        _ = articles | DeduplicateArticles(method) | beam.combiners.Count.Globally()
        result = pipeline.run()
        result.wait_until_finish()
        counters = {c.key.metric.name: c.committed for c in result.metrics().query()["counters"] if c.key.metric.namespace == "deduplicate"}
        return time.process_time() - start, counters

    without, _ = run("none")
    near, counters = run("near")
    print(
        f"{size:,} articles: {1e6 * (near - without) / size:.0f} µs each (making them: {1e6 * without / size:.0f}), peak {_peak():.2f} GB, "
        f"{counters.get('candidates', 0) / size:.3f} candidates each, {counters}",
        flush=True,
    )


def _seen(size: int) -> None:
    import tempfile

    import apache_beam as beam

    from transforms.ledger import entry
    from transforms.ledger.beam import DropSeen
    from transforms.ledger.store import Part, seal_part, write_file, write_part

    with tempfile.TemporaryDirectory() as ledger:
        count = write_file(ledger, "1", "part.parquet", (entry(generated(number)) for number in range(size)))
        write_part(ledger, Part("1", ledger, ("part.parquet",), count))
        seal_part(ledger, "1")
        start = time.process_time()
        with beam.Pipeline("FnApiRunner") as pipeline:
            _ = _crawl(pipeline, range(size - 2500, size + 2500)) | DropSeen(ledger)
        seconds = time.process_time() - start
        stored = sum(file.stat().st_size for file in Path(ledger).rglob("*.parquet"))
    print(f"5,000 articles against {size:,}: {seconds:.1f} CPU s, peak {_peak():.2f} GB, {stored / size:,.0f} bytes an entry", flush=True)


def _crawl(pipeline: Any, numbers: range) -> Any:
    """The generated articles of `numbers`, made by the workers."""
    import apache_beam as beam

    from transforms.records import Article

    starts = pipeline | beam.Create(list(numbers[::100])) | beam.Reshuffle()
    return starts | beam.FlatMap(lambda first: map(generated, range(first, min(first + 100, numbers.stop)))).with_output_types(Article)


def _peak() -> float:
    """Peak memory of this process in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def generated(number: int) -> Any:
    """A made-up article of about 2,000 characters; every tenth is a lightly edited copy of the one before."""
    copy = number % 10 == 9
    chance = random.Random(number - copy)
    words = ["".join(chance.choices(_SYLLABLES, k=3)) if chance.random() < 0.5 else chance.choice(_COMMON) for _ in range(380)]
    if copy:
        edits = random.Random(number)
        words = [word if edits.random() > 0.03 else edits.choice(_COMMON) for word in words]
    return _article(" ".join(words), str(number))


_SYLLABLES = [consonant + vowel for consonant in "कगजतदनपबमरलवसह" for vowel in ("", "ा", "ि", "ी", "ु", "े", "ो")]
_COMMON = [
    "के",
    "में",
    "की",
    "है",
    "से",
    "को",
    "का",
    "और",
    "ने",
    "हैं",
    "पर",
    "कि",
    "लिए",
    "भी",
    "नहीं",
    "कर",
    "हो",
    "एक",
    "कहा",
    "इस",
    "साथ",
    "किया",
    "गई",
    "तक",
    "तो",
    "रहे",
    "था",
    "बाद",
    "हुए",
    "यह",
]


def _article(text: str, uri: str) -> Any:
    from transforms.normalise import text_hash
    from transforms.records import Article

    nothing = {"url": None, "publisher": None, "title": None, "published_at": None, "modified_at": None, "agency": None, "dateline": None}
    lists: dict[str, Any] = {"byline": (), "tags": (), "removed": (), "duplicates": ()}
    return Article(text_hash(text), uri, uri, language="hi", language_confidence=1.0, script="Deva", text=text, **nothing, **lists)


if __name__ == "__main__":
    sys.exit(main())
