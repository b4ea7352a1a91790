"""The n-gram profiles that the langdetect package ships, as one table per script.

langdetect multiplies the probabilities of randomly drawn n-grams; the same profiles, summed over all n-grams of a text,
need no chance. Weights are integers (thousandths of a natural logarithm), so that sums are exact on every machine.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.language.scripts import code_points, script_counts, scripts

_FLOOR = 1e-5  # share of an n-gram that a profile leaves out; langdetect takes 5e-5, which tells Nepali headlines apart less well
SCALE = 1000
_PAD, _BOUNDARY, _OTHER, _FIRST = 0, 1, 2, 3  # symbols: nothing before, edge of a word, a letter that no profile knows


class Profiles(NamedTuple):
    """What one script's languages look like: `weights[rows[key]]` holds an n-gram's weight for each of `languages`."""

    languages: tuple[str, ...]
    symbols: NDArray[np.intp]
    size: int
    rows: NDArray[np.uint16]
    weights: NDArray[np.int32]

    def score(self, points: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Sum of the weights of all 1-, 2- and 3-grams for each language: its log-likelihood times SCALE, up to a constant."""
        ids = np.full(len(points) + 2, _BOUNDARY, np.intp)
        ids[1:-1] = self.symbols[points]
        pairs = ids[:-1] * self.size + ids[1:]
        rows = self.rows[np.concatenate((ids, pairs, pairs[:-1] * self.size + ids[2:]))]
        return self.weights[rows].sum(axis=0, dtype=np.int64)


@lru_cache(maxsize=1)
def profiles() -> dict[str, Profiles]:
    """Profiles by script (ISO 15924), for every script that more than one of langdetect's languages writes."""
    by_script: dict[str, dict[str, dict[str, float]]] = {}
    for file in sorted(resources.files("langdetect.profiles").iterdir(), key=lambda f: f.name):
        if not file.is_file() or file.name.startswith("__"):
            continue
        profile = json.loads(file.read_text("utf-8"))
        totals = profile["n_words"]
        shares = {gram: count / totals[len(gram) - 1] for gram, count in profile["freq"].items()}
        by_script.setdefault(_main_script(shares), {})[profile["name"]] = shares
    return {script: _table(script, languages) for script, languages in by_script.items() if len(languages) > 1 and script != "Hani"}


def _main_script(shares: dict[str, float]) -> str:
    letters = "".join(gram for gram in shares if len(gram) == 1)
    numbers, _ = script_counts(code_points(letters))
    counts = np.bincount(numbers, weights=[shares[letter] for letter in letters], minlength=len(scripts().codes))
    counts[0] = 0
    return scripts().codes[int(counts.argmax())]


def _table(script: str, languages: dict[str, dict[str, float]]) -> Profiles:
    known = scripts()
    number = known.number[script]
    grams = sorted({gram for shares in languages.values() for gram in shares if _belongs(gram, number)})
    letters = sorted({letter for gram in grams for letter in gram} - {" "})
    size = _FIRST + len(letters)
    symbols = np.where(known.table == number, _OTHER, _BOUNDARY).astype(np.intp)
    symbols[code_points("".join(letters))] = np.arange(_FIRST, size)
    for written, read in _same_letter(script):
        symbols[written] = symbols[ord(read)]
    rows = np.zeros(size**3, np.uint16)
    weights = np.zeros((len(grams) + 1, len(languages)), np.int32)
    for row, gram in enumerate(grams, 1):
        key = 0
        for symbol in symbols[code_points(gram)]:
            key = key * size + int(symbol)
        rows[key] = row
        weights[row] = [round(SCALE * math.log(1 + shares.get(gram, 0.0) / _FLOOR)) for shares in languages.values()]
    return Profiles(tuple(languages), symbols, size, rows, weights)


def _belongs(gram: str, script: int) -> bool:
    """Profiles hold a few n-grams of foreign scripts; pages in this script are scored without them."""
    return all(c == " " or scripts().table[ord(c)] == script or (c > "\x7f" and not scripts().table[ord(c)]) for c in gram)


def _same_letter(script: str) -> list[tuple[int, str]]:
    """Letters that langdetect's profiles write as another one (langdetect.utils.ngram.NGram.normalize)."""
    if script == "Arab":
        return [(0x06CC, "\u064a")]
    if script == "Latn":
        return [(0x0219, "\u015f"), (0x021B, "\u0163"), *((point, "\u1ec3") for point in range(0x1EA0, 0x1F00))]
    return []
