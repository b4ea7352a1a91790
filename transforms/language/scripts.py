"""Which script a text is written in, told from its code points."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_LIMIT = 0x30000  # no living script has letters above the third plane


class Scripts(NamedTuple):
    """The table of scripts: `codes[table[cp]]` is the script of the code point `cp`; number 0 is no letter."""

    codes: tuple[str, ...]
    number: dict[str, int]
    languages: tuple[str | None, ...]
    table: NDArray[np.uint8]


@lru_cache(maxsize=1)
def scripts() -> Scripts:
    """The scripts of `scripts.tsv`."""
    codes: list[str] = [""]
    languages: list[str | None] = [None]
    table = np.zeros(_LIMIT, np.uint8)
    for line in resources.files(__package__).joinpath("scripts.tsv").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        code, ranges, language = line.split("\t")
        for first, _, last in (r.partition("-") for r in ranges.split()):
            table[int(first, 16) : int(last or first, 16) + 1] = len(codes)
        codes.append(code)
        languages.append(None if language == "-" else language)
    return Scripts(tuple(codes), {code: number for number, code in enumerate(codes)}, tuple(languages), table)


def code_points(text: str) -> NDArray[np.uint32]:
    """The code points of `text`; what lies above the known scripts is clipped to a code point without a script."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.minimum(points, _LIMIT - 1)


def script_counts(points: NDArray[np.uint32]) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    """The script number of every code point, and how many there are of each."""
    table = scripts()
    numbers = table.table[points]
    return numbers, np.bincount(numbers, minlength=len(table.codes))
