"""The analysis of a sentence and of an article that the later steps read: tokens, names, verb groups, clauses, predicates."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from functools import lru_cache

from transforms import language_data
from transforms.events import clauses_svo
from transforms.events.clauses import Clause, Phrase, VerbGroup, clauses, phrases, verb_groups
from transforms.events.dates import DateMention, find_dates, points_back
from transforms.events.gazetteer import NameMatch, gazetteer
from transforms.events.grammar import Grammar, grammar
from transforms.events.lazy import lazy
from transforms.events.lexicon import Hit, Lexicon, lexicon
from transforms.events.lexicon_svo import find_predicates
from transforms.events.parties import PartyMention, find_parties, in_country
from transforms.events.places import Fact, PlaceMention, find_places
from transforms.events.reference import reference_of
from transforms.events.sentences import Sentence, split_sentences
from transforms.events.tokens import Token, key, tokenize
from transforms.events.verbs_svo import verb_groups as verb_groups_svo
from transforms.records import Article

_LEAD = 3
# The bodies that every state has: without a state named, a text means those of the state that it is about.
_OWN_STATE = frozenset({"GOV", "MIL", "COP", "JUD", "LEG"})
# The share of sentences with a word of a quiet subject that makes a text quiet.
_QUIET_SHARE = 0.5
# A town says more than the name of its state, which may be that of the other side.
_PLACE_WEIGHT = 2
# What is named over and over is where it happened; whose people are told of, other names say as well.
_PLACE_TIMES = 2
# A text is about the language's own country unless more names than this point elsewhere.
_HOME_NAMES = 2


@lru_cache(maxsize=16)
def topics(language: str) -> dict[str, frozenset[str]]:
    """The words of subjects that tell no events in a language, by subject."""
    return {name: frozenset(map(key, words)) for name, words in language_data.toml(language, "topics.toml").items()}


class SentenceAnalysis:
    """One sentence. Every layer is computed when it is first asked for, since most sentences of most pages hold no event."""

    def __init__(self, sentence: Sentence, position: int, in_title: bool, article: Article, before: SentenceAnalysis | None) -> None:
        self.sentence = sentence
        self.before = before
        self.position = position
        self.in_title = in_title
        self.article = article
        self.grammar: Grammar = grammar(article.language)
        self.lexicon: Lexicon = lexicon(article.language)

    @lazy
    def tokens(self) -> list[Token]:
        """The tokens; their offsets count from the start of the sentence."""
        return tokenize(self.sentence.text)

    @lazy
    def keys(self) -> frozenset[str]:
        """The keys of the tokens."""
        return frozenset(token.key for token in self.tokens)

    @lazy
    def timed(self) -> bool:
        """Whether a word or figure of the sentence may belong to a date."""
        return not self.grammar.words["time"].isdisjoint(self.keys) or any(k.isdigit() for k in self.keys)

    @lazy
    def folded(self) -> str:
        """The keys in their order, parted by blanks."""
        return f" {' '.join(token.key for token in self.tokens)} "

    @lazy
    def matches(self) -> list[NameMatch]:
        """The names that the gazetteer finds."""
        return gazetteer(self.article.language).find(self.tokens, self.article.published_at)

    @lazy
    def named(self) -> list[PartyMention]:
        """The parties that are named, in their order, as the sentence itself tells them."""
        return find_parties(self.tokens, self.article.language, self.article.published_at, self.matches, self.sentence.text)

    @lazy
    def parties(self) -> list[PartyMention]:
        """The parties that are named, in their order; an office or body without a state has that of the last one of its name."""
        return [m._replace(party=in_country(m.party, self._state_told(m), assumed=False)) for m in self.named]

    def _state_told(self, mention: PartyMention) -> str | None:
        """The state that the text has told of the office or body of a mention: "the president" after "the president of Togo"."""
        if mention.party.country or not (mention.office == "title" or mention.office == "body" and mention.party.sector not in _OWN_STATE):
            return None
        head = self.tokens[mention.head].key
        sentence: SentenceAnalysis | None = self
        while sentence:
            if head in sentence.keys:
                for other in reversed(sentence.named):
                    inside = sentence is not self or other.end <= mention.start
                    if inside and other.party.country and any(t.key == head for t in sentence.tokens[other.start : other.end]):
                        return other.party.country
            sentence = sentence.before
        return None

    @lazy
    def places(self) -> list[PlaceMention]:
        """The places that are named, as far as the sentence itself tells them apart."""
        return find_places(self.tokens, self.matches, self.article.language)

    @lazy
    def topics(self) -> dict[str, frozenset[str]]:
        """The words of quiet subjects, by subject."""
        return topics(self.article.language)

    @lazy
    def quiet(self) -> bool:
        """Whether the sentence has a word of a subject that only borrows the words of events."""
        return not all(words.isdisjoint(self.keys) for words in self.topics.values())

    @lazy
    def groups(self) -> list[VerbGroup]:
        """The verb groups."""
        if self.grammar.order == "svo":
            return verb_groups_svo(self.tokens, self.grammar, self.sentence.text)
        return verb_groups(self.tokens, self.grammar)

    @lazy
    def subjects(self) -> list[tuple[int, int] | None]:
        """The tokens of each verb group's subject, in a language with verbs between subject and object."""
        return clauses_svo.subjects(self.tokens, self.groups, self.grammar)

    @lazy
    def clauses(self) -> list[Clause]:
        """The clauses, each with at least one word."""
        split = clauses_svo.clauses if self.grammar.order == "svo" else clauses
        return [c for c in split(self.tokens, self.groups, self.grammar) if any(t.key[:1].isalnum() for t in self.tokens[c.start : c.end])]

    @lazy
    def hits(self) -> list[Hit]:
        """The predicates of the lexicon."""
        if self.lexicon.cues.isdisjoint(self.keys):
            return []
        if self.grammar.order == "svo":
            return find_predicates(self.lexicon, self.tokens, self.groups)
        return self.lexicon.find(self.tokens, self.groups)

    @lazy
    def _phrases(self) -> dict[int, list[Phrase]]:
        return {}

    def phrases(self, clause: Clause) -> list[Phrase]:
        """The phrases of a clause."""
        if clause.start not in self._phrases:
            cut = clauses_svo.phrases if self.grammar.order == "svo" else phrases
            self._phrases[clause.start] = list(cut(self.tokens, clause, self.groups, self.grammar))
        return self._phrases[clause.start]

    def clause_at(self, token: int) -> int:
        """The index of the clause that holds a token."""
        return min(bisect_right(self.clauses, token, key=lambda clause: clause.end), len(self.clauses) - 1)

    def has_word(self, clause: Clause, words: frozenset[str]) -> bool:
        """Whether a clause has one of the folded words."""
        return not words.isdisjoint(self.keys) and any(t.key in words for t in self.tokens[clause.start : clause.end])

    def has_verb(self, clause: Clause, lemmas: frozenset[str]) -> bool:
        """Whether a clause has a verb group of one of the lemmas."""
        return any(group.lemma in lemmas for group in self.verbs(clause))

    def verbs(self, clause: Clause) -> list[VerbGroup]:
        """The verb groups that begin in a clause."""
        return [group for group in self.groups if clause.start <= group.start < clause.end]

    def next_group(self, token: int) -> int:
        """The index of the first verb group that begins at or behind a token; the number of groups when none does."""
        return bisect_left(self.groups, token, key=lambda group: group.start)

    def parties_between(self, start: int, end: int) -> list[PartyMention]:
        """The parties whose head stands in the tokens `start` to `end`."""
        first, last = (bisect_left(self.parties, token, key=lambda party: party.head) for token in (start, end))
        return self.parties[first:last]

    def words(self, start: int, end: int) -> str:
        """The verbatim text from token `start` to before token `end`."""
        return self.sentence.text[self.tokens[start].start : self.tokens[end - 1].end]

    def contains(self, phrase: str) -> bool:
        """Whether folded words stand in the sentence."""
        return phrase in self.keys if " " not in phrase else f" {phrase} " in self.folded


class ArticleAnalysis:
    """The sentences of an article in order, the title first unless the body repeats it, and the country it is mostly about."""

    def __init__(self, article: Article) -> None:
        self.article = article
        body = split_sentences(article.text, article.language)
        known = {s.text for s in body}
        title = [s for s in split_sentences(article.title or "", article.language) if s.text not in known]
        self.sentences: list[SentenceAnalysis] = []
        for n, sentence in enumerate((*title, *body)):
            before = self.sentences[-1] if n else None
            self.sentences.append(SentenceAnalysis(sentence, n - len(title), n < len(title), article, before))

    @lazy
    def quiet(self) -> bool:
        """Whether the whole text is about a subject that only borrows the words of events: sport, films, prices …"""
        marked = [s.keys for s in self.sentences if s.quiet]
        needed = _QUIET_SHARE * len(self.sentences)
        return any(sum(not words.isdisjoint(keys) for keys in marked) >= needed for words in topics(self.article.language).values())

    @lazy
    def reference(self) -> str | None:
        """The day that relative dates count from: that of publication, else the day, month or year that the text itself tells."""
        published = self.article.published_at or self.article.modified_at
        return published or reference_of([(s.tokens, s.keys) for s in self.sentences], self.article.language)

    @lazy
    def days(self) -> list[str]:
        """The days that a text without a day of publication gives in full, as ISO 8601."""
        if self.reference:
            return []
        dated = (s for s in self.sentences if any(len(word) == 4 and word.isdigit() for word in s.keys))
        found = (date for s in dated for date in find_dates(s.tokens, None, self.article.language))
        return sorted({date.date for date in found if date.date and date.date_type == "exact"})

    @lazy
    def dates(self) -> list[list[DateMention]]:
        """The dates of each sentence, told as past; "the next day" is the one after the day told before."""
        found: list[list[DateMention]] = []
        anchor: str | None = None
        for sentence in self.sentences:
            here: list[DateMention] = []
            if sentence.timed:
                here = find_dates(sentence.tokens, self.reference, self.article.language, True, anchor, None, self.days)
            found.append(here)
            anchor = next((date.date for date in reversed(here) if date.date), anchor)
        return found

    def anchor(self, index: int) -> str | None:
        """The day, month or year told last before a sentence, if it points back to one ("the next day", "five years later")."""
        if points_back(self.sentences[index].keys, self.article.language):
            for here in reversed(self.dates[:index]):
                if told := next((date.date for date in reversed(here) if date.date), None):
                    return told
        return None

    @lazy
    def lead(self) -> list[SentenceAnalysis]:
        """The sentences that say what the article is about: the first ones."""
        return self.sentences[:_LEAD]

    @lazy
    def named(self) -> Counter[str | None]:
        """How often the article names each name."""
        return Counter(match.entry.name for sentence in self.sentences for match in sentence.matches)

    @lazy
    def country(self) -> str | None:
        """The state that most names of the article belong to; the home of the language when it names none."""
        home = grammar(self.article.language).home
        counts: Counter[str | None] = Counter({home: _HOME_NAMES})
        told: Counter[Fact] = Counter()
        for sentence in self.sentences:
            weight = 2 if sentence in self.lead else 1
            for match in sentence.matches:
                if match.entry.country and match.entry.kind != "media" and match.entry.sector != "BUS":  # firms are named everywhere
                    counts[match.entry.country] += weight
            for mention in sentence.places:
                if mention.fact.country and mention.fact.kind != "country" and not mention.shared and told[mention.fact] < _PLACE_TIMES:
                    told[mention.fact] += 1
                    counts[mention.fact.country] += _PLACE_WEIGHT * weight
        best = max(counts, key=lambda c: (counts[c], c == home, c or ""))
        tied = home is None and sum(n == counts[best] for n in counts.values()) > 1
        return None if tied else best
