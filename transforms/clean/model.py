"""The block model: a linear-chain CRF that labels the blocks of a page as title, body or noise.

Its weights were trained by `benchmarks/train_blocks.py`; decoding needs nothing but this module.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources

from transforms.clean.lines import Evidence, names

LABELS = ("noise", "title", "body")
Scores = tuple[float, float, float]  # in the order of LABELS
_CACHED = 1 << 15  # groups of features whose sum is kept: pages repeat them all the time


class Weights:
    """Weights of the model, in the order of LABELS."""

    def __init__(self, state: Mapping[str, Scores], step: Sequence[Sequence[float]]) -> None:
        """Takes the weights of each feature, and those of each step [from][to]."""
        self.state = state
        self.step = step
        self.scores = lru_cache(_CACHED)(self._scores)

    def _scores(self, evidence: Evidence) -> Scores:
        """What a group of features says for each label."""
        found = [self.state[name] for name in names(evidence) if name in self.state]
        noise, title, body = map(sum, zip(*found, strict=True)) if found else (0.0, 0.0, 0.0)
        return noise, title, body


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The shipped weights."""
    data = json.loads((resources.files("transforms.clean") / "blocks.json").read_text(encoding="utf-8"))
    return Weights(data["state"], data["step"])


def decode(page: Sequence[Sequence[Evidence]], model: Weights, bias: Sequence[Scores]) -> tuple[list[int], list[Scores]]:
    """The most likely labels of a page's blocks (Viterbi), as indices into LABELS, and every block's own scores; `bias` is added to these."""
    lookup = model.scores
    scores: list[Scores] = []
    for found, (noise, title, body) in zip(page, bias, strict=True):
        for evidence in found:
            x, y, z = lookup(evidence)
            noise += x
            title += y
            body += z
        scores.append((noise, title, body))
    if not scores:
        return [], []
    columns = list(zip(*model.step, strict=True))  # [to][from]
    a, b, c = scores[0]
    trail: list[list[int]] = []
    for own in scores[1:]:
        came, reached = [], []
        for (from_a, from_b, from_c), score in zip(columns, own, strict=True):
            x, y, z = a + from_a, b + from_b, c + from_c
            if x >= y and x >= z:
                came.append(0)
                reached.append(x + score)
            elif y >= z:
                came.append(1)
                reached.append(y + score)
            else:
                came.append(2)
                reached.append(z + score)
        trail.append(came)
        a, b, c = reached
    label = max(range(len(LABELS)), key=(a, b, c).__getitem__)
    path = [label]
    for came in reversed(trail):
        label = came[label]
        path.append(label)
    return path[::-1], scores
