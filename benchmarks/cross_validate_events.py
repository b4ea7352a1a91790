#!/usr/bin/env python3
"""The Hindi event coder on gold, each article with weights that were learned from other articles only.

    python benchmarks/cross_validate_events.py [--shared ../shared]

Five folds over the documents of `events_dev.json` and `ednil_dev.jsonl.gz`. Matching is that of the scorers in `../shared/score`; the
coder reads the gold texts themselves, without the cleaner.
"""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import hashlib
import json
import sys
from collections import Counter
from pathlib import Path

import train_event_model as training

from transforms.events import decide, extract_events

ROOT = Path(__file__).resolve().parent.parent
FOLDS = 5
SURE = 0.8
Counts = Counter[tuple[str, str]]  # (what, tp | fp | fn) -> number


def fold_of(doc_id: str) -> int:
    """The fold of a document."""
    return int(hashlib.sha1(f"fold {doc_id}".encode()).hexdigest(), 16) % FOLDS


def learned(docs: list[dict], hazards: list[dict], threshold: float, penalty: float) -> dict[str, float]:
    """Weights learned from some documents alone; twice, since a few features depend on earlier decisions."""
    weights = {"bias": 0.5, "threshold": threshold}
    for _ in range(2):
        use(weights)
        examples = [
            *training.examples_of(docs, "hi", 1.0, training.labels),
            *training.examples_of(hazards, "hi", training.EDNIL_WEIGHT, training.hazard_labels),
        ]
        weights = {"threshold": threshold, **training.fit(examples, penalty)}
    return weights


def use(weights: dict[str, float]) -> None:
    """Lets the coder decide with these weights."""
    decide.model = lambda language: weights  # type: ignore[assignment]


def score(doc: dict, part: str, counts: Counts) -> None:
    """Counts an article of `events_dev.json`."""
    from score_events import match

    article = training.article_of(doc["doc_id"], doc["text"], doc.get("published"), "hi")
    events = [dataclasses.asdict(e) for e in extract_events(article)]
    for name, full in (("type", False), ("type and parties", True)):
        gold, found = match(doc["events"], events, doc["text"], full)
        right = sum(g["required"] and i in gold for i, g in enumerate(doc["events"]))
        counts[f"{name}, {part}", "tp"] += right
        counts[f"{name}, {part}", "fn"] += sum(g["required"] for g in doc["events"]) - right
        for j, event in enumerate(events):
            if event["status"] in ("hypothetical", "negated"):
                continue
            counts[f"{name}, {part}", "fp"] += j not in found
            if not full and event["confidence"] >= SURE and not (j in found and not doc["events"][found[j]]["required"]):
                counts[f"confidence ≥ {SURE}, {part}", "tp" if j in found else "fp"] += 1


def score_hazards(doc: dict, counts: Counts) -> None:
    """Counts the mentions of an EDNIL article."""
    from score_ednil import label

    found = []
    for event in extract_events(training.article_of(doc["doc_id"], doc["text"], None, "hi")):
        if event.event_type in ("HAZARD", "ASSAULT", "PROTEST"):
            name = f"HAZARD/{event.mode or 'other'}" if event.event_type == "HAZARD" else event.event_type
            found += [(name, m.trigger_start, m.trigger_end) for m in event.mentions]
    right = 0
    for gold in doc["events"]:
        start, end = gold["span"]
        hit = next((m for m in found if m[0] == label(gold["type_orig"]) and m[1] < end and start < m[2]), None)
        if hit:
            found.remove(hit)
            right += 1
    counts["EDNIL mentions", "tp"] += right
    counts["EDNIL mentions", "fn"] += len(doc["events"]) - right
    counts["EDNIL mentions", "fp"] += len(found)


def main() -> None:
    """Learns and scores fold by fold, and prints precision, recall and F1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--penalty", type=float, default=training.PENALTY_SCALE)
    parser.add_argument("--threshold", type=float, default=training.THRESHOLD)
    args = parser.parse_args()
    sys.path.insert(0, str(args.shared / "score"))
    docs = json.loads((args.shared / "gold" / "events_dev.json").read_text(encoding="utf-8"))
    with gzip.open(args.shared / "gold" / "ednil_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        hazards = [{**row, "doc_id": row["id"]} for row in map(json.loads, lines)]
    counts: Counts = Counter()
    for fold in range(FOLDS):
        inside, outside = (
            [[d for d in part if (fold_of(d["doc_id"]) == fold) == own] for part in (docs, hazards)] for own in (True, False)
        )
        use(learned(*outside, args.threshold, args.penalty))
        for doc in inside[0]:
            score(doc, "check part" if training.is_check(doc["doc_id"]) else "tuned part", counts)
        for doc in inside[1]:
            score_hazards(doc, counts)
    for name in dict.fromkeys(name for name, _ in counts):
        tp, fp, fn = (counts[name, outcome] for outcome in ("tp", "fp", "fn"))
        if name.startswith("confidence"):
            print(f"{name}: {tp / (tp + fp):.2f} right of {tp + fp}")
        else:
            print(f"{name}: P {tp / (tp + fp):.3f} R {tp / (tp + fn):.3f} F1 {2 * tp / (2 * tp + fp + fn):.3f}")


if __name__ == "__main__":
    main()
