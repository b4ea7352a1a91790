"""Learns the weights of the event decision from gold: train_event_model.py [--gold ../shared/gold] [--language hi] [--all]

Every candidate of `find_candidates` is an example: right when it is the best candidate of a gold event in one of its sentences, wrong when
no gold event accounts for it, left out when a gold event that is not required does. Logistic regression with an L2 penalty, by Newton's
method. Articles with sha1(doc_id) mod 3 == 0 are the check part and are never learned from, unless --all asks for the shipped model to be
learned from everything after the figures are taken.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from pathlib import Path

import numpy as np

from transforms.events import data, decide
from transforms.events.analysis import ArticleAnalysis
from transforms.events.candidates import Candidate, find_candidates
from transforms.records import Article

FOLDS = 5
# A feature that names one predicate is held closer to zero than the general ones.
PENALTY = {"frame": 3.0, "kind,form,type": 2.0, "mode": 2.0}


def article_of(doc_id: str, text: str, published: str | None, language: str) -> Article:
    """An article that holds nothing but a gold text."""
    return Article(
        doc_id, doc_id, doc_id, None, None, None, (), published, None, None, None, language, 1.0, None, text, (), (), ()
    )  # fmt: skip


def is_check(doc_id: str) -> bool:
    """Whether a gold article belongs to the part that is only checked on."""
    return int(hashlib.sha1(doc_id.encode()).hexdigest(), 16) % 3 == 0


def labels(candidates: list[Candidate], analysis: ArticleAnalysis, events: list[dict]) -> list[float | None]:
    """1.0 right, 0.0 wrong, None left out, for each candidate, against gold events of `events_dev.json`."""
    text = analysis.article.text
    pairs = []
    for g, event in enumerate(events):
        trigger = event["trigger"]
        for told in (event["sentence"], *(event.get("other_sentences") or ())):
            at = text.find(told) if told else -1
            if at < 0:
                continue
            where = told.find(trigger)
            span = (at + where, at + where + len(trigger)) if where >= 0 else None
            for c, candidate in enumerate(candidates):
                if candidate.event_type not in (event["event_type"], *(event.get("alt_types") or ())):
                    continue
                sentence = analysis.sentences[candidate.index]
                s = sentence.sentence
                if s.start >= at + len(told) or s.end <= at:
                    continue
                start = s.start + sentence.tokens[candidate.hit.start].start
                end = s.start + sentence.tokens[candidate.hit.end - 1].end
                common = min(end, span[1]) - max(start, span[0]) if span else 0
                pairs.append((common <= 0, not event["required"], candidate.event_type != event["event_type"], c, g, candidate.index))
    found: dict[int, float | None] = {}
    used: set[tuple[int, int]] = set()
    for _, neutral, _, c, g, index in sorted(pairs):
        if c not in found and (g, index) not in used:
            found[c] = None if neutral else 1.0
            used.add((g, index))
    return [found.get(c, 0.0) for c in range(len(candidates))]


def fit(examples: list[tuple[list[str], float]], penalty: float) -> dict[str, float]:
    """L2 logistic regression by Newton's method; features seen less than twice are left out."""
    counts = Counter(f for features, _ in examples for f in features)
    names = sorted(f for f, n in counts.items() if n >= 2)
    column = {f: i + 1 for i, f in enumerate(names)}
    x = np.zeros((len(examples), len(names) + 1))
    x[:, 0] = 1.0
    for row, (features, _) in enumerate(examples):
        for f in features:
            if f in column:
                x[row, column[f]] = 1.0
    y = np.array([label for _, label in examples])
    ridge = np.array([1e-3, *(penalty * PENALTY.get(f.split("=")[0], 1.0) for f in names)])
    w = np.zeros(x.shape[1])
    for _ in range(15):
        p = 1.0 / (1.0 + np.exp(-x @ w))
        gradient = x.T @ (p - y) + ridge * w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        w -= np.linalg.solve(hessian, gradient)
    return {"bias": round(float(w[0]), 3), **{f: round(float(w[column[f]]), 3) for f in names if abs(w[column[f]]) >= 0.02}}


def examples_of(docs: list[dict], language: str) -> list[tuple[str, list[str], float]]:
    """(doc_id, features, label) of all candidates that carry a label."""
    found = []
    for doc in docs:
        analysis = ArticleAnalysis(article_of(doc["doc_id"], doc["text"], doc.get("published"), language))
        candidates = [c for c in find_candidates(analysis) if c.features and c.probability]
        for candidate, label in zip(candidates, labels(candidates, analysis, doc["events"]), strict=True):
            if label is not None and candidate.status not in ("hypothetical", "negated"):
                found.append((doc["doc_id"], candidate.features, label))
    return found


def main() -> None:
    """Learns and writes the weights; prints the out-of-fold loss."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, default=Path(__file__).parent.parent.parent / "shared" / "gold")
    parser.add_argument("--language", default="hi")
    parser.add_argument("--penalty", type=float, default=1.0)
    parser.add_argument("--threshold", type=float, default=0.42)
    parser.add_argument("--all", action="store_true")
    args = parser.parse_args()
    docs = json.loads((args.gold / "events_dev.json").read_text(encoding="utf-8"))
    if not args.all:
        docs = [d for d in docs if not is_check(d["doc_id"])]
    examples = examples_of(docs, args.language)
    print(f"{len(examples)} candidates, {sum(label for _, _, label in examples):.0f} right")
    loss, right = 0.0, 0
    for fold in range(FOLDS):
        inside = [int(hashlib.sha1(d.encode()).hexdigest(), 16) // 3 % FOLDS == fold for d, _, _ in examples]
        weights = fit([(f, y) for (_, f, y), out in zip(examples, inside, strict=True) if not out], args.penalty)
        for (_, features, label), out in zip(examples, inside, strict=True):
            if out:
                p = decide.probability(features, weights)
                loss -= np.log(p if label else 1 - p)
                right += (p >= 0.5) == bool(label)
    print(f"out of fold: loss {loss / len(examples):.3f}, right {right / len(examples):.3f}")
    weights = fit([(f, y) for _, f, y in examples], args.penalty)
    path = data.data_file(args.language, decide.MODEL)
    path.write_text(json.dumps({"threshold": args.threshold, **weights}, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{len(weights)} weights in {path.name}")


if __name__ == "__main__":
    main()
