#!/usr/bin/env python3
"""How far states can be trusted that only the article as a whole gives: `python benchmarks/assumed_states.py [--shared ../shared]`.

Runs the pipeline on `events_dev.json`, counts the parties whose state is assumed (`country_assumed`) and told, and, on the events that the scorer
matches, how many of either are states of gold's parties of the same side. The weights were learned from the same articles.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Prints the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    shared = parser.parse_args().shared
    sys.path.insert(0, str(shared / "score"))
    from common import run_pipeline, table
    from score_events import match

    docs = json.loads((shared / "gold" / "events_dev.json").read_text(encoding="utf-8"))
    rows = [{"id": doc["doc_id"], "text": doc["text"], "published_at": doc.get("published")} for doc in docs]
    with tempfile.TemporaryDirectory() as work:
        run = run_pipeline(rows, work, str(ROOT))
        sources = {article["article_id"]: article["source_id"] for article in table(run, "articles")}
        written = table(run, "events")
    events = defaultdict(list)
    for event in written:
        for source in {sources[mention["article_id"]] for mention in event["mentions"]}:
            events[source].append(event)

    parties = [party for event in written for party in event["actors"] + event["recipients"]]
    stated = [party for party in parties if party["country"]]
    print(f"{len(parties)} parties, {len(stated)} with a state, {sum(party['country_assumed'] for party in stated)} of them assumed")
    counts: Counter[tuple[str, str]] = Counter()
    for doc in docs:
        for gold, found in match(doc["events"], events[doc["doc_id"]], doc["text"], False)[0].items():
            for side in ("actors", "recipients"):
                known = {party["country"] or party["code"] for party in doc["events"][gold][side]}
                for party in events[doc["doc_id"]][found][side]:
                    if party["country"]:
                        verdict = "not known" if not known else "right" if party["country"] in known else "wrong"
                        counts["assumed" if party["country_assumed"] else "told", verdict] += 1
    for kind in ("assumed", "told"):
        print(kind, {verdict: counts[kind, verdict] for verdict in ("right", "wrong", "not known")})


if __name__ == "__main__":
    main()
