"""Trains the block model of HTML pages: `python benchmarks/train_html.py` (needs `pip install catboost`).

Learns from article-extraction-benchmark (MIT licence): a block belongs to the article when most of its words stand in the benchmark's text, in order.
First prints the figures of pages whose publisher was left out of training, for several partitions of the publishers: of the blocks that the model alone
takes, and of the texts of the whole cleaner. Then trains on all pages and writes `transforms/clean/html_model.json`. With `--check` it only prints.
"""

from __future__ import annotations

import argparse
import difflib
import gzip
import hashlib
import json
import re
import statistics
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from transforms.clean import clean_article
from transforms.clean.html import THRESHOLD, open_page
from transforms.clean.html_model import Trees
from transforms.records import Article, RawDocument

TOKEN = re.compile(r"[\w\u0300-\u036f\u0900-\u0dff\u200c\u200d]+")
GOLD = ROOT.parent / "shared" / "gold"
PARTITIONS = ((2, 1), (2, 13), (6, 7), (6, 77))  # folds, divisor of the publisher's hash
OPTIONS = {
    "iterations": 200,
    "depth": 4,
    "learning_rate": 0.1,
    "l2_leaf_reg": 5,
    "rsm": 0.5,
    "border_count": 64,
    "random_seed": 1,
    "thread_count": 1,
    "verbose": 0,
    "allow_writing_files": False,
}


@dataclass
class Page:
    """A page of the benchmark, looked at."""

    publisher: int  # hash
    document: RawDocument
    gold: str
    texts: list[str]
    rows: np.ndarray
    labels: np.ndarray
    weights: np.ndarray


def read_pages(gold: Path) -> list[Page]:
    pages = []
    for key, row in sorted(json.loads((gold / "article_html_gold.json").read_text(encoding="utf-8")).items()):
        html = gzip.decompress((gold / "article_html" / f"{key}.html.gz").read_bytes()).decode("utf-8", "replace")
        opened = open_page(html, row.get("url"))
        texts = [piece.text for piece in opened.tree.pieces]
        tokens = [TOKEN.findall(text) for text in texts]
        sizes = np.array([len(t) for t in tokens], dtype=float)
        labels = aligned(tokens, TOKEN.findall(row["articleBody"])) > 0.5
        weights = 0.02 + 10 * np.minimum(sizes / max(1, sizes[labels].sum()), 1) ** 0.7  # every page counts the same, long blocks more
        site = ".".join((urlsplit(row.get("url") or key).hostname or key).split(".")[-2:])
        document = RawDocument(key, key, html, "html", url=row.get("url"))
        publisher = int(hashlib.sha1(site.encode()).hexdigest(), 16)
        pages.append(Page(publisher, document, row["articleBody"], texts, opened.seen.matrix, labels, weights))
    return pages


def aligned(blocks: list[list[str]], gold: list[str]) -> np.ndarray:
    """The share of each block's tokens that the longest common pieces of page and gold text cover."""
    owner = [i for i, tokens in enumerate(blocks) for _ in tokens]
    hits = np.zeros(len(blocks))
    for match in difflib.SequenceMatcher(None, [t for tokens in blocks for t in tokens], gold, autojunk=False).get_matching_blocks():
        for position in range(match.a, match.a + match.size):
            hits[owner[position]] += 1 if match.size >= 4 else 0.5
    return hits / np.maximum([len(tokens) for tokens in blocks], 1)


def train(pages: list[Page]) -> tuple[Trees, dict]:
    from catboost import CatBoostClassifier

    model = CatBoostClassifier(**OPTIONS)
    rows, labels, weights = (np.concatenate([getattr(page, name) for page in pages]) for name in ("rows", "labels", "weights"))
    model.fit(rows, labels.astype(int), sample_weight=weights)
    target = Path("/tmp/khabar_train_html.json")
    model.save_model(str(target), format="json")
    raw = json.loads(target.read_text())
    target.unlink()
    scale, (bias,) = raw["scale_and_bias"]
    data = {
        "bias": round(bias, 6),
        "features": [[s["float_feature_index"] for s in tree["splits"]] for tree in raw["oblivious_trees"]],
        "borders": [[float(f"{s['border']:.7g}") for s in tree["splits"]] for tree in raw["oblivious_trees"]],
        "leaves": [[round(scale * v, 5) for v in tree["leaf_values"]] for tree in raw["oblivious_trees"]],
    }
    return Trees(data["features"], data["borders"], data["leaves"], data["bias"]), data


def shingles(text: str) -> Counter:
    tokens = TOKEN.findall(text)
    return Counter([tuple(tokens)]) if 0 < len(tokens) < 4 else Counter(tuple(tokens[i : i + 4]) for i in range(len(tokens) - 3))


def score(pairs: list[tuple[str, str]]) -> float:
    """F1 of mean precision and mean recall over 4-token shingles, as the benchmark measures."""
    precisions, recalls = [], []
    for gold, found in pairs:
        a, b = shingles(gold), shingles(found)
        same = sum((a & b).values())
        if b:
            precisions.append(same / b.total())
        recalls.append(same / max(1, a.total()))
    p, r = statistics.mean(precisions), statistics.mean(recalls)
    return 2 * p * r / (p + r)


def text_of(page: Page, model: Trees, threshold: float = THRESHOLD) -> str:
    return (
        "\n".join(text for text, p in zip(page.texts, model.probabilities(page.rows), strict=True) if p >= threshold) if page.texts else ""
    )


def cleaned(page: Page, model: Trees) -> str:
    """The text that the whole cleaner gives with a model."""
    with patch("transforms.clean.html.trees", return_value=model):
        result = clean_article(page.document)
    return result.text if isinstance(result, Article) else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, default=GOLD)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    pages = read_pages(args.gold)
    for folds, divisor in PARTITIONS:
        alone: list[tuple[str, str]] = []
        whole: list[tuple[str, str]] = []
        for fold in range(folds):
            model, _ = train([p for p in pages if p.publisher // divisor % folds != fold])
            left_out = [p for p in pages if p.publisher // divisor % folds == fold]
            alone += [(page.gold, text_of(page, model)) for page in left_out]
            whole += [(page.gold, cleaned(page, model)) for page in left_out]
        print(f"publishers left out, {folds} folds: F1 of blocks alone {score(alone):.4f}, of the cleaner {score(whole):.4f}", flush=True)
    model, data = train(pages)
    print(f"all pages: F1 of blocks alone {score([(page.gold, text_of(page, model)) for page in pages]):.4f}")
    if not args.check:
        (ROOT / "transforms" / "clean" / "html_model.json").write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
