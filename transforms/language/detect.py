"""Language of a text: script first, then n-grams."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.language.profiles import profiles
from transforms.language.scripts import code_points, script_counts, scripts

UNDETERMINED = "und"
_LATIN = 1  # its number among the scripts
_CAP = 600  # letters that are scored: more change no answer
_NON_LATIN = 0.2  # Latin menus and names stand on every page; the other script is the article's from this share of all letters


class LanguageGuess(NamedTuple):
    """What `detect_language` found."""

    language: str
    confidence: float
    script: str | None


def detect_language(text: str) -> LanguageGuess:
    """Finds the language of `text`.

    The script is told first; a script that one language writes decides. Between the languages of one script langdetect's own
    profiles decide, summed over all n-grams of the first 600 letters of that script (langdetect itself draws n-grams by chance).

    Returns a BCP 47 tag (`und` when it cannot be told), a confidence from 0 to 1, and the ISO 15924 code of the main script.
    The same text has the same answer in every process and thread.
    """
    known = scripts()
    points = code_points(text)
    numbers, number, share = _main_script(points)
    if not number:
        return LanguageGuess(UNDETERMINED, 0.0, None)
    script = known.codes[number]
    only = known.languages[number]
    if only:
        return LanguageGuess(only, round(share, 4), script)
    profile = profiles().get(script)
    if profile is None:
        return LanguageGuess("zh", 1.0, script)
    letters = np.flatnonzero(numbers == number)
    scores, _ = profile.score(points[: letters[_CAP]] if len(letters) > _CAP else points)
    best = int(scores.argmax())
    total = sum(math.exp(min(0.0, (int(s) - int(scores[best])) / 6000)) for s in scores)
    return LanguageGuess(profile.languages[best], round(1 / total, 4), script)


def main_script(text: str) -> str | None:
    """ISO 15924 code of the script that the text is written in, None without letters. Latin menus do not outweigh another script."""
    return scripts().codes[_main_script(code_points(text))[1]] or None


def _main_script(points: NDArray[np.uint32]) -> tuple[NDArray[np.uint8], int, float]:
    """The script number of every code point, the main script's number (0: no letters) and its share of the letters."""
    numbers, counts = script_counts(points)
    counts[0] = 0
    letters = int(counts.sum())
    if not letters:
        return numbers, 0, 0.0
    others = counts.copy()
    others[_LATIN] = 0
    number = int(others.argmax())
    if others[number] < _NON_LATIN * letters:
        number = _LATIN
    return numbers, number, float(counts[number]) / letters
