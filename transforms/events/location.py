"""Where an act happened: which of the places that a text tells is that of an act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from transforms import language_data
from transforms.events.analysis import ArticleAnalysis, SentenceAnalysis
from transforms.events.candidates import Candidate
from transforms.events.circumstances import reachable
from transforms.events.clauses import case_at
from transforms.events.lazy import lazy
from transforms.events.places import Fact, PlaceMention, apart, find_places
from transforms.events.sites import Site, find_sites
from transforms.events.tokens import key, tokenize
from transforms.records import Place

# Acts that happen where their sentence says; of other acts, the place may be that of what they are about.
_PHYSICAL = frozenset({"HAZARD", "ASSAULT", "PROTEST", "MOBILIZE", "COERCE"})
# Acts that consist of words about something.
_WORDS = frozenset({"SUPPORT", "ACCUSE", "REQUEST", "REJECT", "THREATEN"})
# Acts that take somebody or something from their place.
_FROM = frozenset({"COERCE"})
# How sure a place is, the surest first: a phrase of the act's clause, a name beside its noun, a phrase of the sentence, a mere name there …
_CLAUSE, _BESIDE, _SENTENCE, _NAME_CLAUSE, _NAME_SENTENCE, _BEFORE, _AFTER, _GENERAL_CLAUSE, _GENERAL_SENTENCE = range(9)
_TOLD, _GENERAL = (_CLAUSE, _SENTENCE), (_GENERAL_CLAUSE, _GENERAL_SENTENCE)
_BESIDE_WORDS = 2
# Modes of disasters that reach far, and those that are felt in many countries at once.
_WIDE = frozenset({"flood", "storm", "heat", "cold", "drought", "epidemic"})
_EVERYWHERE = frozenset({"earthquake", "tsunami"})
_AROUND = 4  # countries and divisions that an article is about


class _Told(NamedTuple):
    """The place that a telling of an act gives, and how sure it is."""

    tier: int
    site: Site
    text: str

    @property
    def vague(self) -> bool:
        """Whether it says no more than "a house" or "the area"."""
        return self.site.bare or self.site.general

    def agrees(self, other: _Told) -> bool:
        """Whether one text holds the other, or both name one place."""
        one, two = self.site.named, other.site.named
        return self.text in other.text or other.text in self.text or (one is not None and two is not None and one.fact == two.fact)


class Locator:
    """Places of one article; what it finds in a sentence is kept."""

    def __init__(self, analysis: ArticleAnalysis) -> None:
        self.analysis = analysis
        self._around: frozenset[str] | None = None
        self._mentions: dict[int, list[PlaceMention]] = {}
        self._sites: dict[int, list[Site]] = {}
        self._best: dict[tuple[int, int], _Told | None] = {}

    def place_of(self, candidates: list[Candidate]) -> Place | None:
        """The place of the act that `candidates` tell: the one that most of the surest tellings agree on; None if none gives any."""
        told = list(filter(None, map(self._told, candidates)))
        if not told:
            return None
        best = min(told, key=lambda x: (x.vague, x.tier > _BESIDE, x.site.named is None, -sum(map(x.agrees, told))))
        return best.site.named.fact.place(best.text) if best.site.named else Place(best.text)

    def apart(self, one: Candidate, other: Candidate) -> bool:
        """Whether two candidates tell acts in places that contradict each other."""
        if one.mode in _EVERYWHERE:
            return False
        places = [self._sure(one), self._sure(other)]
        return places[0] is not None and places[1] is not None and apart(places[0], places[1], wide=one.mode in _WIDE)

    def _sure(self, candidate: Candidate) -> Fact | None:
        """The known place that the candidate's own clause gives it."""
        told = self._told(candidate)
        return told.site.named.fact if told and told.site.named and told.tier <= _BESIDE else None

    def _told(self, candidate: Candidate) -> _Told | None:
        """The surest place that the candidate gives."""
        at = (candidate.index, candidate.hit.start)
        if at not in self._best:
            best = min(self._options(candidate), key=lambda x: x[0], default=None)
            if best is None or best[0][0] > _AFTER:
                best = min((*self._options_near(candidate), *filter(None, [best])), key=lambda x: x[0], default=None)
            self._best[at] = best and _Told(best[0][0], best[2], self.analysis.sentences[best[1]].words(best[2].start, best[2].end))
        return self._best[at]

    def _options(self, candidate: Candidate) -> Iterator[tuple[tuple[int, ...], int, Site]]:
        """The places in the candidate's sentence that may be its own, each with its rank and the number of the sentence."""
        index, hit = candidate.index, candidate.hit
        sentence = self.analysis.sentences[index]
        clause = sentence.clauses[sentence.clause_at(hit.start)]
        noun = hit.group is None or hit.reversed

        for site in self.sites(index):
            inside = clause.start <= site.start < clause.end
            if site.mark == "name":
                beside = 0 <= hit.start - site.end <= _BESIDE_WORDS
                physical = noun and candidate.event_type in _PHYSICAL
                alone = candidate.event_type == "HAZARD" or self._scene(sentence, site, candidate)
                if (alone or (beside and (candidate.mode == "visit" or physical))) and not self._acts(sentence, site):
                    yield self._rank(candidate, _BESIDE if beside else _NAME_CLAUSE if inside else _NAME_SENTENCE, site), index, site
            elif candidate.event_type in _PHYSICAL:
                shared = candidate.event_type == "HAZARD" or any(a <= site.start < b for a, b in reachable(sentence, hit.start))
                if shared and (site.mark != "inst" or candidate.event_type in _FROM):
                    tiers = _TOLD if site.named or not site.general else _GENERAL
                    yield self._rank(candidate, tiers[0] if inside else tiers[1], site), index, site
            elif (
                inside
                and site.mark == "in"
                and (site.named or candidate.event_type == "CONSULT")
                and self._belongs(sentence, site, candidate)
            ):
                yield self._rank(candidate, _CLAUSE, site), index, site
        if self.dateline and candidate.event_type in _PHYSICAL:
            for i in range(clause.start, min(hit.start, clause.end)):
                if sentence.tokens[i].key in self.here:
                    site = Site(i, i + 1, i + 1, "here", PlaceMention(i, i + 1, self.dateline), False, False)
                    yield self._rank(candidate, _BESIDE, site), index, site

    def _rank(self, candidate: Candidate, tier: int, site: Site) -> tuple[int, ...]:
        """How sure a place is as that of the candidate: the lowest is the surest."""
        start = candidate.hit.start
        return (tier, (site.named is None) + site.bare, site.end > start, abs(start - site.end))

    def _options_near(self, candidate: Candidate) -> Iterator[tuple[tuple[int, ...], int, Site]]:
        """The places that the sentences before and after name, for what has none of its own."""
        noun = candidate.hit.group is None or candidate.hit.reversed
        if candidate.event_type == "HAZARD" or (noun and candidate.event_type in _PHYSICAL):
            for tier, near in ((_BEFORE, candidate.index - 1), (_AFTER, candidate.index + 1)):
                if 0 <= near < len(self.analysis.sentences):
                    for site in self.sites(near):
                        if site.named and site.mark != "name":
                            yield self._rank(candidate, tier, site), near, site

    def _belongs(self, sentence: SentenceAnalysis, site: Site, candidate: Candidate) -> bool:
        """Whether a phrase belongs to a predicate: it is the next, and what words are about is no thing in that place ("the war in X")."""
        hit = candidate.hit
        for other in sentence.hits:
            behind = hit.end <= other.start < site.start and other.frame.event_type != hit.frame.event_type
            if behind or site.end <= other.start < hit.start:
                return False
        if candidate.event_type not in _WORDS:
            return True
        if sentence.grammar.order == "svo" and site.start >= hit.end:
            return False  # "rejected calls for a truce in X"
        parties = {m.end for m in sentence.parties}
        return not any(sentence.grammar.is_genitive(sentence.tokens[i].key) and i not in parties for i in range(site.after + 1, hit.start))

    def _scene(self, sentence: SentenceAnalysis, site: Site, candidate: Candidate) -> bool:
        """Whether a mere name tells where violence was done; a country is mostly a party, and an English name mostly a dateline or owner."""
        local = site.named is not None and site.named.fact.kind != "country"
        return candidate.event_type == "ASSAULT" and local and sentence.grammar.order == "verb-last"

    def _acts(self, sentence: SentenceAnalysis, site: Site) -> bool:
        """Whether the name stands for somebody who does or says something."""
        if site.end >= len(sentence.tokens) or sentence.tokens[site.end].key not in sentence.grammar.cases:
            return False
        mark = case_at(sentence.tokens, site.end, sentence.grammar)
        return mark is not None and mark[1] in ("erg", "by", "source")

    # --- what a sentence holds

    def mentions(self, index: int) -> list[PlaceMention]:
        """The places that a sentence names."""
        if index not in self._mentions:
            sentence = self.analysis.sentences[index]
            self._mentions[index] = sentence.places and find_places(
                sentence.tokens, sentence.matches, sentence.article.language, self.around()
            )
        return self._mentions[index]

    @lazy
    def here(self) -> frozenset[str]:
        """The words that point to where the text was written."""
        return frozenset(map(key, language_data.toml(self.analysis.article.language, "places.toml").get("here", ())))

    @lazy
    def dateline(self) -> Fact | None:
        """The place of the dateline."""
        tokens = tokenize(self.analysis.article.dateline or "")
        found = find_places(tokens, [], self.analysis.article.language, self.around())
        return found[0].fact if found else None

    def around(self) -> frozenset[str]:
        """The countries and divisions that most names of places of the article belong to."""
        if self._around is None:
            counts: Counter[str] = Counter()
            for sentence in self.analysis.sentences:
                for mention in sentence.places:
                    counts.update({mention.fact.country, mention.fact.division()} - {""})
            self._around = frozenset(name for name, _ in counts.most_common(_AROUND))
        return self._around

    def sites(self, index: int) -> list[Site]:
        """The phrases of place of a sentence, from left to right."""
        if index not in self._sites:
            sentence = self.analysis.sentences[index]
            self._sites[index] = find_sites(sentence, self.mentions(index))
        return self._sites[index]
