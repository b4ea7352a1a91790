#!/usr/bin/env python3
"""Language detection beside langdetect and CLD2, on the gold of `../shared`: `python benchmarks/language.py`.

Accuracy and speed are the scorer's own, each peer in a run of its own beside the project (pycld2: `pip install pycld2`).
Here besides: the answers of 12 threads that start together, and articles in two languages.
"""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
_MIXED = 500
_THREADS = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from transforms.language import detect_language
texts = json.load(sys.stdin)
with ThreadPoolExecutor(12) as pool:
    print(json.dumps([guess.language for guess in pool.map(detect_language, texts)]))
"""


def main() -> int:
    gold = SHARED / "gold" / "language_dev.jsonl.gz"
    if not gold.exists():
        print(f"skipped: {gold} is not here")
        return 0
    for peer in ("langdetect", "pycld2"):
        subprocess.run([sys.executable, str(SHARED / "score" / "score_language.py"), str(gold), "--peer", peer], cwd=ROOT, check=False)
    with gzip.open(gold, "rt", encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file][:2000]
    # a fresh process, so that the threads meet tables that nobody has built yet
    done = subprocess.run([sys.executable, "-c", _THREADS], input=json.dumps(texts), capture_output=True, text=True, cwd=ROOT, check=True)
    sys.path.insert(0, str(ROOT))
    from transforms.language import detect_language

    wrong = sum(a != detect_language(text).language for a, text in zip(json.loads(done.stdout), texts, strict=True))
    print(f"12 threads that start together: {wrong} of {len(texts)} answers differ")
    mixed_articles(gold)
    return 0


def mixed_articles(gold: Path) -> None:
    """Articles of eight paragraphs put together from the gold: none or three of the eight in another language, all orders."""
    from transforms.language import detect_language, other_languages

    paragraphs: dict[str, list[str]] = {}
    with gzip.open(gold, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            if row["set"] == "P500" and row["lang"] in ("hi", "mr", "ne", "en"):
                paragraphs.setdefault(row["lang"], []).append(" ".join(row["text"].split())[:300])
    chance = random.Random(1)
    noted, found = 0, 0
    for _ in range(_MIXED):
        main, other = chance.sample(sorted(paragraphs), 2)
        for strangers in (0, 3):
            chosen = chance.sample(paragraphs[main], 8 - strangers) + chance.sample(paragraphs[other], strangers)
            chance.shuffle(chosen)
            text = "\n".join(chosen)
            guess = detect_language(text)
            languages = {guess.language, *(o.language for o in other_languages(text, guess.language))}
            if strangers:
                found += languages == {main, other}
            else:
                noted += languages != {main}
    print(f"other_languages: {noted} of {_MIXED} articles in one language are wrong, {found} of {_MIXED} in two are right")


if __name__ == "__main__":
    sys.exit(main())
