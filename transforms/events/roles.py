"""Who does what to whom: fills the actors and recipients of a predicate from the case-marked phrases around it."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.events.analysis import ArticleAnalysis, SentenceAnalysis
from transforms.events.clauses import FINITE_FORMS, Phrase
from transforms.events.lexicon import Hit
from transforms.events.named import ACTING, Named, implied, is_time, parties_in
from transforms.events.parties import PartyMention, in_country
from transforms.events.places import PlaceMention
from transforms.records import Party

_BACK_SENTENCES = 3
# How far before a noun its owner may stand, in tokens, and the marks of a place or time between them: "रूस की मॉस्को में बैठक".
_OWNER_DISTANCE = 7
_CIRCUMSTANTIAL = frozenset({"in", "on", "dat"})
# Marks under which an unknown phrase is taken for a person; under the others it may as well be a thing.
_PERSONAL = frozenset({"erg", "by", "dat", "com"})
# The sector that an act implies when nobody is named as its doer.
IMPLIED = {
    ("COERCE", "arrest"): "COP",
    ("COERCE", "seize"): "COP",
    ("COERCE", "curfew"): "GOV",
    ("COERCE", "censor"): "GOV",
    ("ACCUSE", "investigate"): "COP",
    ("SANCTION", "convict"): "JUD",
}
# Acts that are done to people: whoever is named there is one, known or not.
ON_PERSONS = frozenset({"ASSAULT", "COERCE", "RETREAT", "SANCTION"})
# Marks of an actor that the clause of the act names.
OWN_DOER = frozenset({"erg", "by", "nom", "gen"})
# Marks of recipients that no case mark points to.
BY_NEARNESS = frozenset({"nearby", "before", "complement"})
_ACTIVE = frozenset({"person", "state", "organisation", "role"})
_PEOPLE = frozenset({"person"})
_EITHER = frozenset({"person", "state", "capital", "organisation"})
_SIDES = frozenset({"organisation", "role"})
# Finite forms in which a clause without a subject goes on with the one before.
_TELLING = frozenset({"past", "perfect", "pluperfect", "progressive", "future"})
# Types whose acts are words.
_UTTERED = frozenset({"ACCUSE", "SUPPORT", "REQUEST", "REJECT", "THREATEN", "AGREE", "CONCEDE"})
_NONFINITE = frozenset({"infinitive", "conjunctive", "participle"})


@dataclass(slots=True)
class Roles:
    """The parties of one predicate, and how its actor was found: erg, by, nom, gen …, pronoun, shared, or "" for none."""

    actors: list[Named] = field(default_factory=list)
    recipients: list[Named] = field(default_factory=list)
    partners: list[Named] = field(default_factory=list)  # those of the actors whom the others act with
    actor_mark: str = ""
    recipient_mark: str = ""

    def join(self, partners: list[Named]) -> None:
        """Lets partners act beside the actors."""
        self.partners = partners
        own = {actor.party.text for actor in self.actors}
        self.actors = [*self.actors, *(partner for partner in partners if partner.party.text not in own)]

    def promise(self) -> None:
        """Makes partners the recipients: who will meet somebody promises it to them. Where nobody acts but partners, all stay actors."""
        own = [actor for actor in self.actors if actor not in self.partners]
        if own and self.partners:
            self.actors, self.recipients, self.recipient_mark = own, self.partners, "partner"


def _state(party: Party) -> str | None:
    return party.country or party.code


def _name(party: Party) -> str | None:
    return party.name


def _side(party: Party) -> str | None:
    return f"{_state(party)} {party.sector}" if party.sector not in (None, "CVL") else None


class RoleFinder:
    """Finds the parties of predicates in one article."""

    def __init__(self, article: ArticleAnalysis) -> None:
        self.article = article
        self._cut: dict[tuple[int, int], list[Phrase]] = {}  # by sentence and clause

    def fill(self, index: int, hit: Hit) -> Roles:
        """The roles of `hit` in sentence number `index` of the article."""
        sentence = self.article.sentences[index]
        clause = sentence.clause_at(hit.group.start if hit.group and not hit.reversed else hit.start)
        found = self._phrases(sentence, clause)
        roles = Roles()
        for mark in hit.frame.actors:
            roles.actors = self._find(index, clause, found, hit, mark)
            if roles.actors:
                roles.actor_mark = mark
                break
        if not roles.actors and "erg" in hit.frame.actors and not self._is_passive(hit) and not self._happens(sentence, hit):
            roles.actors = self._shared_subject(index, clause)
            roles.actor_mark = "shared" if roles.actors else ""
        if not roles.actors and "erg" in hit.frame.actors and self._is_passive(hit) and hit.frame.event_type in _UTTERED:
            roles.actors = self._author(sentence, found, hit)
            roles.actor_mark = "author" if roles.actors else ""
        if (
            not roles.actors
            and "erg" in hit.frame.actors
            and hit.group
            and hit.group.form in _TELLING
            and not hit.reversed
            and not self._happens(sentence, hit)
        ):
            roles.actors = self._back(index, clause)
            roles.actor_mark = "elided" if roles.actors else ""
        sector = IMPLIED.get((hit.frame.event_type, hit.frame.mode or ""))
        if not roles.actors and sector:
            roles.actors = [implied(sector, self.article.country, hit.start)]
            roles.actor_mark = "implied"
        if not roles.actors and "erg" in hit.frame.actors and hit.group and hit.group.form in _NONFINITE and not hit.group.passive:
            roles.actors = self._following_subject(sentence, found, hit)
            roles.actor_mark = "following" if roles.actors else ""
        for mark in hit.frame.partners:
            partners = self._find(index, clause, found, hit, mark)
            if partners:
                roles.join(partners)
                roles.actor_mark = roles.actor_mark or mark
                break
        taken = {(a.start, a.end) for a in roles.actors}
        for mark in hit.frame.recipients:
            roles.recipients = [r for r in self._find(index, clause, found, hit, mark) if (r.start, r.end) not in taken]
            if roles.recipients:
                roles.recipient_mark = mark
                break
        if not roles.recipients and hit.frame.recipients:
            roles.recipients = self._complement(index, clause, taken)
            roles.recipient_mark = "complement" if roles.recipients else ""
        if not roles.recipients and (hit.frame.recipients or hit.frame.event_type == "HAZARD"):
            roles.recipients = self._nearby(index, clause, hit, taken)
            roles.recipient_mark = "nearby" if roles.recipients else ""
        if not roles.recipients and hit.frame.recipients and index:
            actors = {a.party.name or a.party.text for a in roles.actors}
            before = [
                m for m in self.article.sentences[index - 1].parties if m.kind in _ACTIVE and (m.party.name or m.party.text) not in actors
            ]
            roles.recipients = [Named(in_country(m.party, self.article.country), m.kind, m.start, m.end) for m in before[-1:]]
            roles.recipient_mark = "before" if roles.recipients else ""
        return roles

    def _author(self, sentence: SentenceAnalysis, found: list[Phrase], hit: Hit) -> list[Named]:
        """Whose paper or body it is said in, where the passive names no speaker: "सरकार की रिपोर्ट में … कहा गया", "महासभा में … पारित किया गया"."""
        papers = sentence.grammar.words["papers"]
        for phrase in reversed([p for p in found if p.case == "in" and p.end <= hit.start]):
            paper = next((i for i in range(phrase.start, phrase.end) if sentence.tokens[i].key in papers), None)
            named = parties_in(sentence, phrase.start, phrase.end if paper is None else paper, self.article.country, strict=True)
            if named and (paper is not None or named[-1].party.code):
                return named
        return []

    def _nearby(self, index: int, clause: int, hit: Hit, taken: set[tuple[int, int]]) -> list[Named]:
        """The party of the clause nearest to the predicate, whatever its mark; sources and doers of other acts do not count."""
        sentence = self.article.sentences[index]
        unfit = [(p.start, p.after) for p in sentence.phrases(sentence.clauses[clause]) if p.case in ("erg", "by", "source", "between")]
        bounds = sentence.clauses[clause]
        fit = [
            m
            for m in sentence.parties
            if m.kind in _ACTIVE and (m.start, m.end) not in taken and not any(a <= m.start < b for a, b in unfit)
        ]
        before = [m for m in fit if bounds.start <= m.start and m.end <= hit.start]
        after = [m for m in fit if hit.end <= m.start and (m.end <= bounds.end or hit.group is None)]
        earlier = [m for m in fit if m.end <= bounds.start]
        m = before[-1] if before else after[0] if after else earlier[-1] if earlier else None
        return [Named(in_country(m.party, self.article.country), m.kind, m.start, m.end)] if m else []

    def _complement(self, index: int, clause: int, taken: set[tuple[int, int]]) -> list[Named]:
        """The first party of the clause that says what was asked or alleged: "आरोप लगाया कि सरकार …"."""
        sentence = self.article.sentences[index]
        if clause + 1 < len(sentence.clauses) and sentence.clauses[clause + 1].opener in sentence.grammar.words["complementizer"]:
            bounds = sentence.clauses[clause + 1]
            mention = next((m for m in sentence.parties if bounds.start <= m.start < bounds.end and m.kind in ACTING), None)
            if mention and (mention.start, mention.end) not in taken:
                return [Named(in_country(mention.party, self.article.country), mention.kind, mention.start, mention.end)]
        return []

    def _happens(self, sentence: SentenceAnalysis, hit: Hit) -> bool:
        """Whether the verb says that an act takes place, so that nobody is its subject: "बैठक हुई"."""
        return bool(hit.group and hit.noun and hit.group.lemma in sentence.grammar.happening)

    def _is_passive(self, hit: Hit) -> bool:
        return bool(hit.group and hit.group.passive)

    def _phrases(self, sentence: SentenceAnalysis, clause: int) -> list[Phrase]:
        """The phrases of a clause, with unmarked subjects cut off the phrases that they lean on."""
        at = (sentence.position, clause)
        if at not in self._cut:
            found = self._cut[at] = []
            for phrase in sentence.phrases(sentence.clauses[clause]):
                cut = self._hidden_subject(sentence, phrase)
                if cut:
                    found.append(Phrase(phrase.start, cut, "bare", cut, ""))
                    phrase = phrase._replace(start=cut)
                found.append(phrase)
        return self._cut[at]

    def _hidden_subject(self, sentence: SentenceAnalysis, phrase: Phrase) -> int | None:
        if phrase.pronoun or phrase.case in ("erg", "bare") or phrase.end - phrase.start < 2:
            return None
        inside = [m for m in sentence.parties if phrase.start <= m.start and m.end <= phrase.end and m.kind in ACTING]
        for one in inside:
            if one.end < phrase.end and self._begins(sentence, one.end):  # "दिल्ली सरकार उसके संपर्क में"
                return one.end
        if inside and inside[-1].end < phrase.end and is_time(sentence, inside[-1].end, phrase.end):
            return inside[-1].end
        places = [m for m in sentence.places if phrase.start <= m.start and m.end <= phrase.end]
        followers: list[PartyMention | PlaceMention] = [*inside[1:], *places[-1:]]
        for one, other in zip(inside, followers, strict=False):
            between = [t.key for t in sentence.tokens[one.end : other.start]]
            if other.start >= one.end and not any(
                k in sentence.grammar.cases or k in sentence.grammar.words["coordination"] or k == "," for k in between
            ):
                return one.end
        return None

    def _begins(self, sentence: SentenceAnalysis, token: int) -> bool:
        """Whether a word can only begin a phrase: a demonstrative or a genitive pronoun."""
        word, grammar = sentence.tokens[token].key, sentence.grammar
        return word in grammar.words["demonstratives"] or word in grammar.words["reflexive"] or grammar.is_possessive(word)

    def _find(self, index: int, clause: int, found: list[Phrase], hit: Hit, mark: str) -> list[Named]:
        if mark == "gen":
            return self._genitive(index, clause, hit)
        if mark == "speaker":
            return self._back(index, clause, saying=True)
        if mark == "nom":
            return [] if self._is_passive(hit) else self._bare(index, found, hit, first=True)
        if mark == "obj":
            return self._bare(index, found, hit, first=False)
        if mark == "erg" and (self._is_passive(hit) or (hit.group is None and hit.frame.event_type in ON_PERSONS)):
            return []  # "हमलों को देखते हुए सरकार ने …": the subject of the verb is not the doer of an act that a noun names
        left = [p for p in found if p.case == mark and (p.end <= hit.start or (mark == "erg" and p.after <= hit.end))]
        if mark == "erg" and not left and (hit.group is None or hit.reversed or hit.group.form in _NONFINITE):
            left = [p for p in found if p.case == mark and p.start >= hit.end][:1]
        if hit.reversed or (hit.group is None and not left):
            left = left or [p for p in found if p.case == mark and p.start >= hit.end][:1]
        # those with a verb between belong to it, if they are the nearest: "मंत्री से अधिकारी से बात करके … अपील की"
        sentence = self.article.sentences[index]
        verbs = [g.start for g in sentence.groups if g.start < hit.start]
        far = [p for p in left if any(p.after <= start for start in verbs)]
        for phrase in [*reversed([p for p in left if p not in far]), *far]:
            named = self._named(index, phrase, strict=mark not in _PERSONAL)
            if named:
                return named
        return []

    def _named(self, index: int, phrase: Phrase, strict: bool) -> list[Named]:
        sentence = self.article.sentences[index]
        if phrase.pronoun:
            return self.antecedents(index, phrase)
        if any(t.key in sentence.grammar.both for t in sentence.tokens[phrase.start : phrase.end]):
            both = self.both(index, phrase)
            if both:
                return both
        return [self._owned(index, named) for named in parties_in(sentence, phrase.start, phrase.end, self.article.country, strict)]

    def _owned(self, index: int, named: Named) -> Named:
        """A party behind a genitive pronoun has the state of whom that names: "उनकी सरकार"."""
        sentence = self.article.sentences[index]
        pronoun = sentence.grammar.pronouns.get(sentence.tokens[named.start - 1].key) if named.start else None
        told = next((m.party for m in sentence.parties if m.start == named.start), named.party)
        if pronoun and pronoun[1] == "gen" and not told.country and not told.code:
            joined = named.start > 1 and sentence.tokens[named.start - 2].key in sentence.grammar.words["coordination"]
            owner: list[PartyMention] | list[Named] = [m for m in sentence.parties if joined and m.end == named.start - 2]
            if not owner:  # not "the minister and his government"
                owner = self.antecedents(index, Phrase(named.start - 1, named.start, "gen", named.start, pronoun[0]))
            state = owner[-1].party.country if owner else None
            return named._replace(party=in_country(in_country(told, state, assumed=False), self.article.country))
        return named

    def _genitive(self, index: int, clause: int, hit: Hit) -> list[Named]:
        """The owner right before the noun: "पुलिस की कड़ी आलोचना"."""
        sentence = self.article.sentences[index]
        lower = sentence.clauses[clause].start
        noun = hit.noun[0] if hit.noun else hit.start
        for at in range(noun - 1, max(lower - 1, noun - _OWNER_DISTANCE), -1):
            pronoun = sentence.grammar.pronouns.get(sentence.tokens[at].key)
            if pronoun and pronoun[1] == "gen":
                return self.antecedents(index, Phrase(at, at + 1, "gen", at + 1, pronoun[0]))
            if sentence.tokens[at].key not in sentence.grammar.cases:
                continue
            if not sentence.grammar.is_genitive(sentence.tokens[at].key):
                if sentence.grammar.cases[sentence.tokens[at].key][-1][1] in _CIRCUMSTANTIAL:
                    continue
                return []
            start = at
            while start > lower and not self._closes(sentence, start - 1):
                start -= 1
            return parties_in(sentence, start, at, self.article.country, strict=hit.frame.event_type not in ON_PERSONS)
        return []

    def _closes(self, sentence: SentenceAnalysis, token: int) -> bool:
        """Whether a phrase cannot reach back over this token."""
        word = sentence.tokens[token].key
        return (word in sentence.grammar.cases and not sentence.grammar.is_genitive(word)) or any(
            g.start <= token < g.end for g in sentence.groups
        )

    def _bare(self, index: int, found: list[Phrase], hit: Hit, first: bool) -> list[Named]:
        sentence = self.article.sentences[index]
        spans = []
        for p in found:
            if p.pronoun and p.case == "nom":
                spans.append(p)
            elif p.case == "bare" and p.start < hit.start:
                spans.append(p._replace(end=min(p.end, hit.start)))
            elif first and p.case == "bare" and hit.noun and hit.group and hit.noun[1] < p.end <= hit.group.start:
                spans.append(p._replace(start=max(p.start, hit.noun[1])))  # "के समर्थन में लोग जुटे"
        for phrase in spans if first else reversed(spans):
            if phrase.end - phrase.start < 1:
                continue
            if sentence.grammar.is_genitive(sentence.tokens[phrase.end - 1].key):
                continue
            named = self._named(index, phrase, strict=True)
            if named:
                return named
        return []

    def _following_subject(self, sentence: SentenceAnalysis, found: list[Phrase], hit: Hit) -> list[Named]:
        """The unmarked subject after a subordinate verb: "हमला करने के बाद रूस …"."""
        for phrase in found:
            if phrase.case == "bare" and phrase.start >= hit.end:
                named = parties_in(sentence, phrase.start, phrase.end, self.article.country, strict=True)
                if named:
                    return named
        return []

    def _shared_subject(self, index: int, clause: int) -> list[Named]:
        """The subject of an earlier clause that this one does not repeat.

        That is the clause before a coordinated one, or a main clause that a subordinate one interrupted before its verb.
        """
        sentence = self.article.sentences[index]
        coordinated = True
        for earlier in range(clause - 1, -1, -1):
            coordinated = coordinated and not sentence.clauses[earlier + 1].opener
            bounds = sentence.clauses[earlier]
            subject = next((p for p in self._phrases(sentence, earlier) if p.case == "erg"), None)
            if subject is None:
                continue
            interrupted = not any(g.form in FINITE_FORMS for g in sentence.groups if subject.after <= g.start < bounds.end)
            if coordinated or interrupted:
                return self._named(index, subject, strict=False)
        return []

    def both(self, index: int, phrase: Phrase) -> list[Named]:
        """The two parties that "both" are: persons of different states, else parties of different states, names or offices.

        Of those named in the last few sentences they are the two that the article names most, of these those named last.
        """
        for kinds, tell in ((_PEOPLE, _state), (_EITHER, _state), (_EITHER, _name), (_SIDES, _side)):
            found: dict[str, Named] = {}
            for back in range(index, max(-1, index - _BACK_SENTENCES - 1), -1):
                sentence = self.article.sentences[back]
                for m in reversed(sentence.parties):
                    key = tell(m.party)
                    if key and m.kind in kinds and (back < index or m.end <= phrase.start):
                        found.setdefault(key, Named(m.party, m.kind, m.start, m.end))
            if len(found) > 1:
                most = sorted(found.values(), key=lambda named: -self.article.named[named.party.name])[:2]
                return [named for named in reversed(found.values()) if named in most]
        return []

    def antecedents(self, index: int, phrase: Phrase) -> list[Named]:
        """Whom a pronoun names: the nearest subject before it."""
        return self._back(index, self.article.sentences[index].clause_at(phrase.start), saying=phrase.pronoun == "speaker")

    def _back(self, index: int, clause: int, saying: bool = False) -> list[Named]:
        """The nearest subject before a clause; with `saying`, the nearest of a verb of saying."""
        for back in range(index, max(-1, index - _BACK_SENTENCES - 1), -1):
            sentence = self.article.sentences[back]
            earlier_ones = range((clause if back == index else len(sentence.clauses)) - 1, -1, -1)
            # a quotation that goes on is of whoever speaks in the main clause of the sentence before
            for earlier in reversed(earlier_ones) if saying and back < index else earlier_ones:
                subject = self._subject(sentence, earlier, saying)
                if subject:
                    return subject
        return []

    def _subject(self, sentence: SentenceAnalysis, clause: int, saying: bool) -> list[Named]:
        bounds = sentence.clauses[clause]
        if saying and not sentence.has_verb(bounds, sentence.grammar.saying):
            return []
        for phrase in self._phrases(sentence, clause):
            if phrase.case == "erg" and not phrase.pronoun:
                return parties_in(sentence, phrase.start, phrase.end, self.article.country, strict=False)
        felt = sentence.has_verb(bounds, sentence.grammar.experienced)
        for phrase in self._phrases(sentence, clause):
            if not phrase.pronoun and (phrase.case == "bare" or (felt and phrase.case == "dat")):
                named = parties_in(sentence, phrase.start, phrase.end, self.article.country, strict=True)
                if named and named[-1].kind in ("person", "role", "state", "organisation"):
                    return named
        return []
