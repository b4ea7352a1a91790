"""Language of a text: script first, then n-grams."""

from __future__ import annotations

import math
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.language.profiles import SCALE, profiles
from transforms.language.scripts import code_points, script_counts, scripts
from transforms.language.second import second_opinion
from transforms.language.words import count_words, languages

UNDETERMINED = "und"

_CAP = 600  # letters that are scored; more change no answer
_NON_LATIN = 0.2  # Latin menus and names stand on every page; the other script is the article's from this share of all letters
_KANA = 0.05  # Japanese mixes Chinese characters with this much kana and more
_OWN_LETTERS = 0.01  # share of a language's own letters that proves it
_TEMPER = 8.0  # neighbouring n-grams repeat each other: so many nats of evidence count as one
_CLOSE = 0.9  # below this confidence the second detector is asked about the profiles' own languages too
_LEAST = 0.5  # below this confidence there is no answer
_SECOND = {"Deva": {"sa"}, "Arab": {"ug", "ku"}}  # languages with neither profile nor word list that CLD2 knows well, by script


class LanguageGuess(NamedTuple):
    """What `detect_language` found."""

    language: str
    confidence: float
    script: str | None


def detect_language(text: str) -> LanguageGuess:
    """Finds the language of `text`.

    The script is told first; a script that one language writes decides. Between the languages of one script their own letters decide, then
    langdetect's profiles, summed over all n-grams of the first 600 letters of that script (langdetect itself draws n-grams by chance).
    Languages without a profile come from CLD2 where it is installed.

    Returns a BCP 47 tag (`und` when it cannot be told), a confidence from 0 to 1, and the ISO 15924 code of the main script.
    The same text has the same answer in every process and thread.
    """
    known = scripts()
    points = code_points(text)
    numbers, number, share = _main_script(points)
    if not number:
        return LanguageGuess(UNDETERMINED, 0.0, None)
    script = known.codes[number]
    letters = np.flatnonzero(numbers == number)[: _CAP + 1]
    if len(letters) > _CAP:
        points = points[: letters[_CAP]]
    only = _by_own_letters(script, points, len(letters)) or known.languages[number]
    if only:
        return LanguageGuess(only, round(share, 4), script)
    return _by_profile(script, points, text[: len(points)])


def main_script(text: str) -> str | None:
    """ISO 15924 code of the script that the text is written in, None without letters. Latin menus do not outweigh another script."""
    return scripts().codes[_main_script(code_points(text))[1]] or None


def _main_script(points: NDArray[np.uint32]) -> tuple[NDArray[np.uint8], int, float]:
    """The script number of every code point, the main script's number (0: no letters) and its share of the letters."""
    known = scripts()
    numbers, counts = script_counts(points)
    counts[0] = 0
    letters = int(counts.sum())
    if not letters:
        return numbers, 0, 0.0
    latin = known.number["Latn"]
    others = counts.copy()
    others[latin] = 0
    number = int(others.argmax())
    if others[number] < _NON_LATIN * letters:
        return numbers, latin, float(counts[latin]) / letters
    kana = known.number["Kana"]
    if number == known.number["Hani"] and counts[kana] >= _KANA * counts[number]:
        number = kana
    return numbers, number, float(counts[number]) / letters


def _by_own_letters(script: str, points: NDArray[np.uint32], letters: int) -> str | None:
    for language, own in _own_letters().get(script, {}).items():
        if np.isin(points, own).sum() >= max(1, _OWN_LETTERS * letters):
            return language
    return None


@lru_cache(maxsize=1)
def _own_letters() -> dict[str, dict[str, NDArray[np.uint32]]]:
    found: dict[str, dict[str, NDArray[np.uint32]]] = {}
    for line in resources.files(__package__).joinpath("letters.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            script, language, letters = line.split("\t")
            found.setdefault(script, {})[language] = code_points(letters)
    return found


def _by_profile(script: str, points: NDArray[np.uint32], text: str) -> LanguageGuess:
    profile = profiles()[script]
    by_profile = {language: int(score) / _TEMPER for language, score in zip(profile.languages, profile.score(points), strict=True)}
    hits, words = count_words(text, script == "Latn")
    best = max(by_profile.values())
    scores = dict(by_profile)
    for listed in languages()[0]:
        if listed.script == script:
            scores[listed.tag] = (by_profile[listed.profile] if listed.profile else best) + listed.score(hits[listed.tag], words)
    language = max(scores, key=scores.__getitem__)
    confidence = 1 / sum(math.exp((score - scores[language]) / SCALE) for score in scores.values())
    if script in _SECOND or confidence < _CLOSE:
        second = second_opinion(text)
        if second and (second in _SECOND.get(script, ()) or (confidence < _CLOSE and second in profile.languages)):
            language, confidence = second, _CLOSE
    return LanguageGuess(language if confidence >= _LEAST else UNDETERMINED, round(confidence, 4), script)
