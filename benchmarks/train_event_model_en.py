"""Learns the weights of the English event decision: train_event_model_en.py [--gold ../shared/gold] [--all]

No gold marks every event of English articles. The right examples are candidates of the labelled sentences (`plover_sentences_en_dev.jsonl.gz`)
that have the sentence's type and one of its parties; the other ones are all candidates of general web pages (`article_html_gold.json`),
few of which are news of events, at a low weight: learning from positive and unlabelled examples. What only tells sentences from pages
(position, length, candidates around) is no feature. Sentences with sha1(id) mod 3 == 0 are the check part and are left out without --all.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from train_event_model import Example, article_of, fit, is_check

from transforms import language_data
from transforms.events import decide
from transforms.events.analysis import ArticleAnalysis
from transforms.events.candidates import Candidate, find_candidates
from transforms.language import detect_language

LANGUAGE = "en"
UNLABELLED_WEIGHT = 0.5
# The sentences hold none of these types. Disasters are told by nouns without any party: their weight makes up for that.
_UNSEEN = frozenset({"HAZARD", "RETREAT", "CONCEDE"})
HAZARD_WEIGHT = 2.5
# Features that tell where an example comes from rather than whether it is an event.
_LEFT_OUT = (
    "parties=",
    "position",
    "length",
    "others",
    "seen_type",
    "seen_frame",
    "same_type_here",
    "sentence:",
    "topic",
    "quiet",
    "same",
    "passive",
    "opener",
    "actor=by",
    "actor_kind=capital",
    "recipient_kind=capital",
)
# Every labelled sentence has a pair of parties, so that what it says of acts without them is no evidence.
_ABSENT = frozenset({"actor=", "actor_kind=none", "recipient=", "recipient_kind=none", "actor=implied", "actor_kind=implied"})
_RECALL = 0.97  # share of the right examples that the threshold keeps


def features(candidate: Candidate) -> list[str]:
    """The features that are learned from."""
    return [f for f in candidate.features if not f.startswith(_LEFT_OUT) and f not in _ABSENT]


def candidates_of(doc_id: str, text: str) -> list[Candidate]:
    """The candidates of a text that no rule turned away."""
    found = find_candidates(ArticleAnalysis(article_of(doc_id, text, None, LANGUAGE)))
    return [c for c in found if c.probability and c.status not in ("hypothetical", "negated")]


def words(parties: list[str]) -> set[str]:
    """The words of party texts, without function words."""
    return {w.lower() for p in parties for w in p.replace("'s", "").split()} - {"the", "a", "of", "and", "in"}


def right(rows: list[dict]) -> Iterator[Example]:
    """The candidates that the labelled sentences show to be right."""
    for row in rows:
        gold = row["events"][0]
        parties = words([p["text"] for p in (*gold["source"], *gold["target"])])
        for c in candidates_of(row["id"], row["text"]):
            named = words([n.party.text for n in (*c.roles.actors, *c.roles.recipients)])
            if c.event_type == gold["type"] and named & parties:
                yield Example(row["id"], features(c), 1.0, 1.0)


def unlabelled(pages: dict[str, dict]) -> Iterator[Example]:
    """The candidates of general pages in English."""
    for name, page in pages.items():
        text = page["articleBody"].replace("\n\n", "\n")
        if detect_language(text)[0] == LANGUAGE:
            for c in (c for c in candidates_of(name, text) if c.event_type not in _UNSEEN):
                yield Example(name, features(c), 0.0, UNLABELLED_WEIGHT)


def main() -> None:
    """Learns and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, default=Path(__file__).parent.parent.parent / "shared" / "gold")
    parser.add_argument("--penalty", type=float, default=1.0)
    parser.add_argument("--all", action="store_true")
    args = parser.parse_args()
    with gzip.open(args.gold / "plover_sentences_en_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["events"][0]["type"] and (args.all or not is_check(row["id"]))]
    pages = json.loads((args.gold / "article_html_gold.json").read_text(encoding="utf-8"))
    examples = [*right(rows), *unlabelled(pages)]
    weights = fit(examples, args.penalty) | {"type=HAZARD": HAZARD_WEIGHT}
    scores = sorted(decide.probability(e.features, weights) for e in examples if e.label)
    threshold = round(scores[int(len(scores) * (1 - _RECALL))], 3)
    kept = sum(decide.probability(e.features, weights) >= threshold for e in examples if not e.label)
    print(f"{len(scores)} right, {len(examples) - len(scores)} unlabelled, of which {kept} are kept at {threshold}")
    path = language_data.data_file(LANGUAGE, decide.MODEL)
    path.write_text(json.dumps({"threshold": threshold, **weights}, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
