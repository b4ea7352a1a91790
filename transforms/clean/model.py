"""The block model: a linear-chain CRF that labels the blocks of a page as title, body or noise.

Its weights were trained by `benchmarks/train_blocks.py`; decoding needs nothing but this module.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

LABELS = ("noise", "title", "body")


class Weights(NamedTuple):
    """Weights of the model, in the order of LABELS."""

    state: dict[str, tuple[float, ...]]  # feature -> weight per label
    step: tuple[tuple[float, ...], ...]  # [from][to]


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The shipped weights."""
    data = json.loads((resources.files("transforms.clean") / "blocks.json").read_text(encoding="utf-8"))
    return Weights({name: tuple(row) for name, row in data["state"].items()}, tuple(tuple(row) for row in data["step"]))


Scores = tuple[float, float, float]  # in the order of LABELS


def decode(page: Sequence[Sequence[str]], model: Weights, bias: Sequence[Scores] | None = None) -> tuple[list[int], list[Scores]]:
    """The most likely labels of a page's blocks (Viterbi), as indices into LABELS, and every block's own scores; `bias` is added to these."""
    state, step = model
    zero = (0.0, 0.0, 0.0)
    scores = []
    for i, found in enumerate(page):
        a, b, c = bias[i] if bias else zero
        for name in found:
            x, y, z = state.get(name, zero)
            a += x
            b += y
            c += z
        scores.append((a, b, c))
    if not scores:
        return [], []
    best = list(scores[0])
    trail: list[list[int]] = []
    for own in scores[1:]:
        came, reached = [], []
        for to in range(3):
            options = [best[start] + step[start][to] for start in range(3)]
            top = max(options)
            came.append(options.index(top))
            reached.append(top + own[to])
        trail.append(came)
        best = reached
    label = best.index(max(best))
    path = [label]
    for came in reversed(trail):
        label = came[label]
        path.append(label)
    return path[::-1], scores
