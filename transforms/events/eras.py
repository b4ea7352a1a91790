"""Whether two tellings speak of acts of different times: they name other years, or one alone is told as past history ("last year, too")."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from transforms import language_data
from transforms.events.analysis import ArticleAnalysis
from transforms.events.candidates import Candidate
from transforms.events.circumstances import reachable
from transforms.events.date_words import is_year
from transforms.events.features import POINTS_BACK
from transforms.events.tokens import key

# Acts that happen again and again, so that "before that" tells another one; of other acts it often repeats the news.
_RECURRING = frozenset({"HAZARD", "ASSAULT", "PROTEST"})


class _Era(NamedTuple):
    years: frozenset[int]
    earlier: bool


class Eras:
    """The times of the tellings in one article, as far as their clauses tell them without a calendar."""

    def __init__(self, analysis: ArticleAnalysis) -> None:
        self.analysis = analysis
        self._eras: dict[tuple[int, int], _Era] = {}

    def apart(self, one: Candidate, other: Candidate) -> bool:
        """Whether two candidates, in the order of the text, cannot tell one act."""
        first, second = self._era(one), self._era(other)
        if first.years and second.years and first.years.isdisjoint(second.years):
            return True
        return one.event_type in _RECURRING and first.earlier != second.earlier and POINTS_BACK not in other.features

    def _era(self, candidate: Candidate) -> _Era:
        at = (candidate.index, candidate.hit.start)
        if at not in self._eras:
            sentence = self.analysis.sentences[candidate.index]
            keys = [t.key for start, end in reachable(sentence, candidate.hit.start) for t in sentence.tokens[start:end]]
            years = frozenset(int(word) for word in keys if is_year(word))
            text = f" {' '.join(keys)} "
            self._eras[at] = _Era(years, any(f" {phrase} " in text for phrase in _earlier(self.analysis.article.language)))
        return self._eras[at]


@lru_cache(maxsize=16)
def _earlier(language: str) -> tuple[str, ...]:
    return tuple(
        " ".join(map(key, phrase.split())) for phrase in language_data.toml(language, "dates.toml").get("eras", {}).get("earlier", ())
    )
