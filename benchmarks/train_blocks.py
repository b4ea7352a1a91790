#!/usr/bin/env python3
"""Trains the block model of the cleaner: train_blocks.py [--gold ../shared/gold] [--out transforms/clean/blocks.json] [--check]

Needs `pip install python-crfsuite` (MIT), for training only. Pages to learn from:
* line gold (text pages, every line labelled), three times over, since it is what the model is for;
* HTML pages of the article-extraction benchmark (MIT), taken apart into lines of text and labelled by their gold body;
* clean articles of the event gold, headline first: what a cleaned text looks like, so that it survives a second cleaning;
* Hindi pages composed of those articles and the phrases of the language data.
Only weights are kept, no text. With `--check` it writes nothing, and instead prints how well pages of line gold are cleaned whose publisher was left
out of training: the publishers are parted in halves, and each half is judged by a model that was trained without it.
"""

from __future__ import annotations

import argparse
import collections
import difflib
import gzip
import json
import sys
import tempfile
import tomllib
import zlib
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from unittest.mock import patch

import pycrfsuite
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from transforms.clean import clean_article
from transforms.clean.blocks import Block, single_spaced, text_blocks
from transforms.clean.fragments import rejoin
from transforms.clean.lines import describe, features, names
from transforms.clean.model import LABELS, Weights
from transforms.clean.phrases import phrases
from transforms.normalise import words
from transforms.records import Article, RawDocument


class Page(NamedTuple):
    """A labelled page."""

    publisher: str
    lines: list[str]
    labels: list[str]  # of LABELS


def line_gold(gold: Path) -> list[Page]:
    """Text pages whose lines are labelled. Meta lines are noise to the model; repeated titles count as titles."""
    pages = []
    for name, page in gold_rows(gold).items():
        lines, labels = [], []
        for row in page:
            for block in text_blocks(row["text"]):
                lines.append(block.text)
                labels.append("noise" if row["label"] == "meta" else row["label"])
        pages.append(Page(publisher_of(name, page), lines, labels))
    return pages


def gold_rows(gold: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of line gold by page."""
    rows = collections.defaultdict(list)
    for line in (gold / "lines_dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        rows[row["file"]].append(row)
    return rows


def publisher_of(name: str, page: list[dict[str, Any]]) -> str:
    """The publisher of a page; a page of unknown origin stands for itself."""
    publisher = page[0].get("publisher")
    return publisher if publisher not in (None, "unknown") else name


def html_gold(gold: Path) -> list[Page]:
    """HTML pages as lines of text; a line is body when four fifths of its words align with the gold body."""
    pages = []
    for name, row in json.loads((gold / "article_html_gold.json").read_text(encoding="utf-8")).items():
        soup = BeautifulSoup(gzip.decompress((gold / "article_html" / f"{name}.html.gz").read_bytes()), "lxml")
        head_title = words(soup.title.get_text(" ")) if soup.title else []
        for element in soup(["script", "style", "noscript", "template", "head", "svg"]):
            element.decompose()
        headings = {tuple(words(h.get_text(" "))) for h in soup("h1")}
        lines = [block.text for block in text_blocks(soup.get_text("\n"))]
        tokens = [words(line) for line in lines]
        owner = [i for i, line in enumerate(tokens) for _ in line]
        aligned = [0] * len(lines)
        matcher = difflib.SequenceMatcher(None, [w for line in tokens for w in line], words(row["articleBody"]), autojunk=len(owner) > 6000)
        for match in matcher.get_matching_blocks():
            for i in range(match.a, match.a + match.size):
                aligned[owner[i]] += 1
        labels = ["body" if line and hits >= 0.8 * len(line) else "noise" for line, hits in zip(tokens, aligned, strict=True)]
        for i, line in enumerate(tokens):  # punctuation between two fragments of a sentence
            if not line and 0 < i < len(lines) - 1 and labels[i - 1] == labels[i + 1] == "body":
                labels[i] = "body"
        first = labels.index("body") if "body" in labels else 0
        for i, line in enumerate(tokens[: first + 1]):
            headline = len(line) >= 4 and (
                tuple(line) in headings or (len(line) >= len(head_title) / 2 and " ".join(line) in " ".join(head_title))
            )
            if headline and i >= first - 60:
                labels[i] = "title"
        if "title" in labels[:first]:  # the standfirst is part of the article here, unlike in that benchmark
            start = max(i for i in range(first) if labels[i] == "title")
            for i in range(start + 1, min(first, start + 5)):
                if len(tokens[i]) >= 12 and lines[i].endswith("."):
                    labels[i] = "body"
        pages.append(Page((row.get("url") or name).split("/")[2].removeprefix("www."), lines, labels))
    return pages


def clean_gold(gold: Path) -> list[Page]:
    """Clean articles of the event gold, the headline in the first line."""
    pages = []
    for row in json.loads((gold / "events_dev.json").read_text(encoding="utf-8")):
        lines = [block.text for block in text_blocks(row["text"])]
        if not row["doc_id"].startswith("seed"):
            headline = len(lines) > 1 and len(lines[0]) < 160 and lines[0][-1] not in ".।"
            pages.append(Page(row["doc_id"], lines, ["title" if headline else "body"] + ["body"] * (len(lines) - 1)))
    return pages


def composed(gold: Path, languages: Path, count: int = 300) -> list[Page]:
    """Hindi pages put together from clean articles and the phrases of the language data, as sites do it: menu, article with insertions, other stories, footer."""
    random = Random(1)
    data = tomllib.loads((languages / "hi" / "clean.toml").read_text(encoding="utf-8"))
    english = tomllib.loads((languages / "en" / "clean.toml").read_text(encoding="utf-8"))
    articles = [page for page in clean_gold(gold) if page.labels[0] == "title" and len(page.lines) > 3]
    titles = [page.lines[0] for page in articles]
    leads = [page.lines[1] for page in articles]

    def phrase(kind: str, mode: str) -> str:
        return str(
            random.choice((data if random.random() < 0.6 or mode not in english[kind] else english)[kind].get(mode) or data[kind]["line"])
        ).replace("#", "5")

    def teaser() -> list[str]:
        i = random.randrange(len(titles))
        return [titles[i], leads[i][: random.randint(70, 180)].rpartition(" ")[0] + random.choice(("...", "…", " ..."))]

    pages = []
    for number in range(count):
        page = random.choice(articles)
        before = [phrase("nav", "line") for _ in range(random.choice((0, 0, 1, 3, 12, 40)))]
        after: list[str] = []
        style = random.randrange(5)
        if style < 4 and random.random() < 0.7:
            after.append(phrase("related", "heading"))
        for _ in range(random.choice((1, 3, 6, 12))):
            after += {
                0: teaser(),
                1: teaser()[:1],
                2: [*teaser()[:1], f"{random.randint(1, 28)} {data['date']['months'][random.randrange(12)][0]} 2021"],
                3: [phrase("nav", "line"), *teaser()[:1]],
                4: [],
            }[style]
        after += [phrase("footer", "line") for _ in range(random.choice((0, 2, 8)))]
        size = random.choice((3, 5, len(page.lines)))
        lines, labels = [*before, page.lines[0]], ["noise"] * len(before) + ["title"]
        if random.random() < 0.4:
            lines.append(
                random.choice(titles).split()[0]
                + f" | {phrase('date', 'start')} {random.randint(1, 28)} {data['date']['months'][random.randrange(12)][0]} 2021, 10:12"
            )
            labels.append("noise")
        for line in page.lines[1:size]:
            lines.append(line)
            labels.append("body")
            if random.random() < 0.12:
                lines.append(
                    random.choice(
                        (
                            phrase("related", "start") + ": " + random.choice(titles),
                            phrase("ad", "line"),
                            phrase("promo", "line"),
                            random.choice(titles),
                        )
                    )
                )
                labels.append("noise")
        pages.append(Page(f"composed {number}", lines + after, labels + ["noise"] * len(after)))
    return pages


def joined(page: Page) -> Page:
    """The page with its cut sentences put together, as the cleaner sees it; a joined line takes the label of most of its characters."""
    lines, labels, i = [], [], 0
    for block in rejoin([Block(line) for line in page.lines], phrases()):
        weight: collections.Counter[str] = collections.Counter()
        left = len(block.text.replace(" ", ""))
        while left > 0:
            left -= len(page.lines[i].replace(" ", ""))
            weight[page.labels[i]] += len(page.lines[i])
            i += 1
        lines.append(block.text)
        labels.append(weight.most_common(1)[0][0])
    return Page(page.publisher, lines, labels)


def featurise(page: Page) -> list[list[str]]:
    """The features of a page's lines."""
    table = phrases()
    evidence = features([describe(line, table) for line in page.lines], table)
    return [[name for group in line for name in names(group)] for line in evidence]


def train(samples: list[tuple[list[list[str]], list[str]]], l1: float = 1.0, l2: float = 3.0, rounds: int = 120) -> Weights:
    """Fits a linear-chain CRF by L-BFGS (crfsuite) and returns its weights."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for found, labels in samples:
        trainer.append(found, labels)
    trainer.set_params({"c1": l1, "c2": l2, "max_iterations": rounds, "feature.possible_transitions": True})
    with tempfile.NamedTemporaryFile(suffix=".crf") as file:
        trainer.train(file.name)
        tagger = pycrfsuite.Tagger()
        tagger.open(file.name)
        info = tagger.info()
    state: dict[str, list[float]] = collections.defaultdict(lambda: [0.0] * len(LABELS))
    for (name, label), weight in info.state_features.items():
        state[name][LABELS.index(label)] = round(weight, 3)
    step = [[round(info.transitions.get((a, b), -10.0), 3) for b in LABELS] for a in LABELS]
    return Weights({name: (row[0], row[1], row[2]) for name, row in sorted(state.items()) if any(row)}, step)


def save(model: Weights, path: Path) -> None:
    """Writes the weights as JSON, a feature per line."""
    rows = ",\n".join(f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(row)}" for name, row in model.state.items())
    path.write_text(
        f'{{\n "labels": {json.dumps(LABELS)},\n "step": {json.dumps(model.step)},\n "state": {{\n{rows}\n }}\n}}\n', encoding="utf-8"
    )


def pages_of(gold: Path) -> list[Page]:
    """All pages to learn from."""
    return line_gold(gold) * 3 + html_gold(gold) + clean_gold(gold) + composed(gold, ROOT / "transforms" / "languages")


def check(gold: Path) -> None:
    """Prints line precision, recall and F1 (means over pages) of each half of the publishers, by the model that was trained without it."""
    pages = [joined(page) for page in pages_of(gold)]
    samples = [(half_of(page.publisher), featurise(page), page.labels) for page in pages if page.lines]
    rows: dict[tuple[str, int], list[tuple[float, float]]] = collections.defaultdict(list)
    for half in (0, 1):
        model = train([(found, labels) for other, found, labels in samples if other != half])
        with patch("transforms.clean.judge.weights", return_value=model):
            for name, page in gold_rows(gold).items():
                if half_of(publisher_of(name, page)) == half:
                    language = (
                        "hi" if any("\u0900" <= c <= "\u097f" for row in page if row["label"] == "body" for c in row["text"]) else "en"
                    )
                    rows[language, half].append(score(page))
    for (language, half), found in sorted(rows.items()):
        precision, recall = (sum(values) / len(found) for values in zip(*found, strict=True))
        f1 = 2 * precision * recall / (precision + recall)
        print(f"{language}, half {half}: {len(found)} pages, P {precision:.3f} R {recall:.3f} F1 {f1:.3f}")


def half_of(publisher: str) -> int:
    """The half of the publishers that one belongs to."""
    return zlib.crc32(publisher.casefold().encode()) % 2


def score(page: list[dict[str, Any]]) -> tuple[float, float]:
    """Precision and recall of the lines of a page that are title or text; meta lines and optional ones do not count."""
    result = clean_article(RawDocument("page", "page", "\n".join(row["text"] for row in page), "text"))
    kept = f"{result.title}\n{result.text}" if isinstance(result, Article) else ""
    kept_lines = set(kept.split("\n"))
    wanted = noise = found = 0
    for row in page:
        line = single_spaced(row["text"])
        if not line or row.get("optional") or row["label"] == "meta":
            continue
        if row["label"] == "noise":
            noise += line in kept_lines or (len(line) >= 25 and line in kept)
        else:
            wanted += 1
            found += line in kept
    return found / max(1, found + noise), found / max(1, wanted)


def main() -> None:
    """Trains on all pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, default=ROOT.parent / "shared" / "gold")
    parser.add_argument("--out", type=Path, default=ROOT / "transforms" / "clean" / "blocks.json")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    if args.check:
        check(args.gold)
        return
    pages = [joined(page) for page in pages_of(args.gold)]
    model = train([(featurise(page), page.labels) for page in pages if page.lines])
    save(model, args.out)
    print(f"{len(pages)} pages, {len(model.state)} features, {args.out.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
