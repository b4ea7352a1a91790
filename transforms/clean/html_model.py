"""The block model of HTML pages: boosted oblivious trees that say how likely a block belongs to the article.

Its weights (`html_model.json`) were trained by `benchmarks/train_html.py`; scoring them takes a handful of array operations.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from transforms.clean.html_features import Floats


class Trees:
    """An ensemble of trees of one depth. All nodes of a level ask the same question, so that a leaf's number is the binary number of the answers."""

    def __init__(self, features: Any, borders: Any, leaves: Any, bias: float) -> None:
        """Takes arrays of [tree][level], [tree][level], [tree][leaf], and the value that all leaves are added to."""
        self.features = np.array(features, dtype=np.intp).T.copy()
        self.borders = np.array(borders, dtype=np.float32).T.copy()[:, :, None]
        leaf_values = np.array(leaves, dtype=np.float32)
        self.leaves = leaf_values.ravel()
        self.offsets = (np.arange(len(leaf_values)) * leaf_values.shape[1]).astype(np.int32)[:, None]
        self.bias = bias

    def probabilities(self, rows: Floats) -> npt.NDArray[np.float64]:
        """The probability of each row, 0 to 1."""
        columns = np.ascontiguousarray(rows.T)
        leaf = np.repeat(self.offsets, len(rows), axis=1)
        for level, (features, borders) in enumerate(zip(self.features, self.borders, strict=True)):
            leaf += (columns[features] > borders).astype(np.int32) << level
        values = self.leaves[leaf].sum(axis=0, dtype=np.float64) + self.bias
        result: npt.NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(values, -30, 30)))
        return result


@lru_cache(maxsize=1)
def trees() -> Trees:
    """The shipped model."""
    data = json.loads((resources.files("transforms.clean") / "html_model.json").read_text(encoding="utf-8"))
    return Trees(data["features"], data["borders"], data["leaves"], data["bias"])
