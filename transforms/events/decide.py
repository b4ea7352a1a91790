"""Whether a predicate that was found tells an event: a logistic model over features that a reader can name.

The weights of a language stand in `event_model.json` of its folder; `benchmarks/train_event_model.py` learns them.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache

from transforms import language_data

MODEL = "event_model.json"


@lru_cache(maxsize=16)
def model(language: str) -> dict[str, float]:
    """Feature weights; "bias" for the constant, "threshold" for the probability from which an event is written."""
    path = language_data.data_file(language, MODEL)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"bias": 0.5, "threshold": 0.5}


def probability(features: list[str], weights: dict[str, float]) -> float:
    """The probability that a candidate with these features is an event."""
    return 1.0 / (1.0 + math.exp(-weights["bias"] - sum([weights[f] for f in features if f in weights])))
