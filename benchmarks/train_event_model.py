"""Learns the weights of the event decision from gold: train_event_model.py [--gold ../shared/gold] [--language hi] [--all]

Every candidate of `find_candidates` is an example: right when it is the best candidate of a gold event in one of its sentences, wrong when
no gold event accounts for it, left out when a gold event that is not required does. Logistic regression with an L2 penalty, by Newton's
method. Articles with sha1(doc_id) mod 3 == 0 are the check part and are never learned from, unless --all asks for the shipped model to be
learned from everything after the figures are taken.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from transforms import language_data
from transforms.events import decide
from transforms.events.analysis import ArticleAnalysis
from transforms.events.candidates import Candidate, find_candidates
from transforms.records import Article

FOLDS = 5
PENALTY_SCALE = 4.0
THRESHOLD = 0.48
NEWTON_STEPS = 8
# A feature that names one predicate, or one of its type only, is held closer to zero than the general ones.
PENALTY = {
    "frame": 3.0,
    "mode": 2.0,
    "kind,form,type": 2.0,
    "governor,type": 6.0,
    "passive,type": 6.0,
    "after,type": 6.0,
    "before,type": 6.0,
    "actor_sector,type": 5.0,
    "verb,form": 3.0,
    "noun": 3.0,
    "word before": 3.0,
    "word after": 3.0,
}


class Example(NamedTuple):
    """A candidate with its label; `weight` is its share in the loss."""

    doc_id: str
    features: list[str]
    label: float
    weight: float


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


# EDNIL's event types, as far as they are not named like a mode of HAZARD.
MODES = {
    "FLOODS": "flood", "CYCLONE": "storm", "HURRICANE": "storm", "TORNADO": "storm", "HAIL_STORMS": "storm", "BLIZZARD": "storm", "STORM": "storm",
    "LAND_SLIDE": "landslide", "AVALANCHES": "landslide", "ROCK_FALL": "landslide", "HEAT_WAVE": "heat", "COLD_WAVE": "cold", "DROUGHT": "drought",
    "FIRE": "fire", "FOREST_FIRE": "fire", "EPIDEMIC": "epidemic", "VEHICULAR_COLLISION": "transport-accident", "TSUNAMI": "tsunami",
    "TRAIN_COLLISION": "transport-accident", "TRANSPORT_HAZARDS": "transport-accident", "AVIATION_HAZARD": "transport-accident",
    "INDUSTRIAL_ACCIDENT": "industrial-accident", "EARTHQUAKE": "earthquake",
}  # fmt: skip
VIOLENCE = {"SUICIDE_ATTACK", "TERRORIST_ATTACK", "SHOOT_OUT", "NORMAL_BOMBING", "ARMED_CONFLICTS", "SURGICAL_STRIKES"}
# An EDNIL article marks every mention, so that its candidates are many and alike: each counts for less.
EDNIL_WEIGHT = 0.35


def hazard_labels(candidates: list[Candidate], analysis: ArticleAnalysis, events: list[dict]) -> list[float | None]:
    """Labels against the mentions of `ednil_dev.jsonl`; candidates of other kinds than disasters and violence are left out."""
    found: list[float | None] = []
    for candidate in candidates:
        if candidate.event_type not in ("HAZARD", "ASSAULT", "PROTEST"):
            found.append(None)
            continue
        sentence = analysis.sentences[candidate.index]
        start = sentence.sentence.start + sentence.tokens[candidate.hit.start].start
        end = sentence.sentence.start + sentence.tokens[candidate.hit.end - 1].end
        found.append(0.0)
        for event in events:
            kind = event["type_orig"].split(".")[-1]
            wanted = (
                ("ASSAULT", None) if kind in VIOLENCE else ("PROTEST", None) if kind == "RIOTS" else ("HAZARD", MODES.get(kind, "other"))
            )
            mode = candidate.mode if candidate.event_type == "HAZARD" else None
            if (candidate.event_type, mode) == wanted and event["span"][0] < end and start < event["span"][1]:
                found[-1] = 1.0
    return found


class Design:
    """The features of examples as a sparse matrix of ones: for each example the columns that it has, the first of them the constant."""

    def __init__(self, examples: list[Example], names: list[str]) -> None:
        column = {name: i + 1 for i, name in enumerate(names)}
        rows = [[0, *{column[f] for f in example.features if f in column}] for example in examples]
        sizes = [len(row) for row in rows]
        self.columns = np.array([c for row in rows for c in row])
        self.owners = np.repeat(np.arange(len(rows)), sizes)
        self.starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        self.width = len(names) + 1

    def times(self, weights: np.ndarray) -> np.ndarray:
        """The sum of the weights of each example's features."""
        return np.add.reduceat(weights[self.columns], self.starts)

    def gather(self, values: np.ndarray) -> np.ndarray:
        """The sum of the values of all examples that have a feature, for each feature."""
        return np.bincount(self.columns, weights=values[self.owners], minlength=self.width)


def fit(examples: list[Example], penalty: float) -> dict[str, float]:
    """L2 logistic regression by Newton's method; features seen less than twice are left out."""
    counts = Counter(f for e in examples for f in e.features)
    names = sorted(f for f, n in counts.items() if n >= 2)
    x = Design(examples, names)
    y = np.array([e.label for e in examples])
    c = np.array([e.weight for e in examples])
    ridge = np.array([1e-3, *(penalty * PENALTY.get(f.split("=")[0], 1.0) for f in names)])
    w = np.zeros(x.width)
    for _ in range(NEWTON_STEPS):
        p = 1.0 / (1.0 + np.exp(-x.times(w)))
        w -= _solve(x, c * p * (1 - p), ridge, x.gather(c * (p - y)) + ridge * w)
    learned = {f: round(float(w[i + 1]), 3) for i, f in enumerate(names) if abs(w[i + 1]) >= 0.02}
    return {"bias": round(float(w[0]), 3), **learned}


def _solve(x: Design, curvature: np.ndarray, ridge: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The Newton step, by conjugate gradients scaled by the diagonal of the Hessian, which is never formed."""
    scale = 1.0 / (x.gather(curvature) + ridge)
    step, residual = np.zeros_like(right), right.copy()
    direction = scale * residual
    norm = first = residual @ direction
    for _ in range(60):
        if norm <= 1e-8 * first:
            break
        image = x.gather(curvature * x.times(direction)) + ridge * direction
        length = norm / (direction @ image)
        step += length * direction
        residual -= length * image
        scaled = scale * residual
        norm, last = residual @ scaled, norm
        direction = scaled + norm / last * direction
    return step


def examples_of(docs: list[dict], language: str, weight: float, label_of: Callable) -> Iterator[Example]:
    """All candidates of the articles that carry a label."""
    for doc in docs:
        analysis = ArticleAnalysis(article_of(doc["doc_id"], doc["text"], doc.get("published"), language))
        candidates = [c for c in find_candidates(analysis) if c.probability]
        for candidate, label in zip(candidates, label_of(candidates, analysis, doc["events"]), strict=True):
            if label is not None and candidate.status not in ("hypothetical", "negated"):
                yield Example(doc["doc_id"], candidate.features, label, weight)


def main() -> None:
    """Learns and writes the weights; prints the out-of-fold loss."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, default=ROOT.parent / "shared" / "gold")
    parser.add_argument("--language", default="hi")
    parser.add_argument("--penalty", type=float, default=PENALTY_SCALE)
    parser.add_argument("--threshold", type=float, default=THRESHOLD)
    parser.add_argument("--all", action="store_true")
    args = parser.parse_args()
    docs = json.loads((args.gold / "events_dev.json").read_text(encoding="utf-8"))
    with gzip.open(args.gold / "ednil_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        hazards = [{**row, "doc_id": row["id"]} for row in map(json.loads, lines)]
    if not args.all:
        docs, hazards = ([d for d in part if not is_check(d["doc_id"])] for part in (docs, hazards))
    examples = [*examples_of(docs, args.language, 1.0, labels), *examples_of(hazards, args.language, EDNIL_WEIGHT, hazard_labels)]
    print(f"{len(examples)} candidates, {sum(e.label for e in examples):.0f} right")
    loss = right = total = 0.0
    for fold in range(FOLDS):
        inside = [int(hashlib.sha1(e.doc_id.encode()).hexdigest(), 16) // 3 % FOLDS == fold for e in examples]
        weights = fit([e for e, out in zip(examples, inside, strict=True) if not out], args.penalty)
        for example, out in zip(examples, inside, strict=True):
            if out and example.weight == 1.0:
                p = decide.probability(example.features, weights)
                loss -= float(np.log(p if example.label else 1 - p))
                right += (p >= 0.5) == bool(example.label)
                total += 1
    print(f"out of fold: loss {loss / total:.3f}, right {right / total:.3f}")
    weights = fit(examples, args.penalty)
    path = language_data.data_file(args.language, decide.MODEL)
    path.write_text(json.dumps({"threshold": args.threshold, **weights}, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{len(weights)} weights in {path.name}")


if __name__ == "__main__":
    main()
