"""Function words: they tell a language from its relatives, and stand in for profiles that langdetect does not ship."""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

import regex

from transforms import language_data
from transforms.language.profiles import SCALE

_LATIN_WORD = regex.compile(r"\p{Latin}+")
_WORD = regex.compile(r"[\p{L}--\p{Latin}][\p{L}\p{M}ʼ]*", regex.V1)
_ELSEWHERE = 0.02  # share that a language's function words have in texts of other languages
_RARE = 4.0  # nats that a language without a profile must be ahead: such pages are rarer


class Language(NamedTuple):
    """A language that has a list. `profile`: the language of langdetect's profiles that is scored for it; None: whichever fits best."""

    tag: str
    script: str
    profile: str | None
    hit: int
    miss: int
    prior: int

    def score(self, hits: int, words: int) -> int:
        """Log-likelihood ratio times SCALE that `hits` of `words` words in a text stand in the language's list."""
        return hits * self.hit + (words - hits) * self.miss + self.prior


@lru_cache(maxsize=1)
def languages() -> tuple[tuple[Language, ...], dict[str, tuple[str, ...]]]:
    """The languages with a file `transforms/languages/*/function_words.toml`; and, by word, which of them list it."""
    found: list[Language] = []
    lists: dict[str, list[str]] = {}
    for folder in language_data.folders():
        data = language_data.toml(folder.name, "function_words.toml")
        if not data:
            continue
        hit, miss = (round(SCALE * math.log(share)) for share in (data["share"] / _ELSEWHERE, (1 - data["share"]) / (1 - _ELSEWHERE)))
        prior = 0 if data.get("profile") == folder.name else -round(SCALE * _RARE)
        found.append(Language(folder.name, data["script"], data.get("profile"), hit, miss, prior))
        for word in data["words"]:
            lists.setdefault(word, []).append(folder.name)
    return tuple(found), {word: tuple(tags) for word, tags in lists.items()}


def count_words(text: str, latin: bool) -> tuple[Counter[str], int]:
    """How many words of `text` stand in the list of each language, and how many words it has; only words in Latin letters, or only others."""
    _, lists = languages()
    words = _LATIN_WORD.findall(text.lower()) if latin else _WORD.findall(text)
    return Counter(tag for word in words for tag in lists.get(word, ())), len(words)
