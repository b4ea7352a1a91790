"""Who does what to whom where verbs stand between subject and object: the parties of a predicate from subject, object and prepositions."""

from __future__ import annotations

from transforms.events.analysis import ArticleAnalysis, SentenceAnalysis
from transforms.events.clauses import FINITE_FORMS, Phrase
from transforms.events.clauses_svo import Span
from transforms.events.lexicon import Hit
from transforms.events.named import ACTING, Named, implied, is_time
from transforms.events.parties import in_country
from transforms.events.roles import IMPLIED, ON_PERSONS, RoleFinder, Roles
from transforms.events.standing_svo import content_of
from transforms.records import Party

_BACK_SENTENCES = 3
_MAX_BEFORE = 5  # tokens of a noun phrase before its head noun
_SUBJECT = frozenset({"erg", "nom"})
# Marks that do not end a noun phrase.
_INSIDE = frozenset(",&'$€£-.")
_STOPS = frozenset(';:?!—"')


class SvoRoleFinder:
    """Finds the parties of predicates in one article; keeps no state between calls but the article."""

    def __init__(self, article: ArticleAnalysis) -> None:
        self.article = article

    def fill(self, index: int, hit: Hit) -> Roles:
        """The roles of `hit` in sentence number `index` of the article."""
        sentence = self.article.sentences[index]
        roles = Roles()
        for mark in hit.frame.actors:
            roles.actors = self._find(index, sentence, hit, mark, acting=True)
            if roles.actors:
                roles.actor_mark = mark
                break
        sector = IMPLIED.get((hit.frame.event_type, hit.frame.mode or ""))
        if not roles.actors and sector:
            roles.actors = [implied(sector, self.article.country, hit.start)]
            roles.actor_mark = "implied"
        for mark in hit.frame.partners:
            partners = self._find(index, sentence, hit, mark)
            if partners:
                roles.join(partners)
                roles.actor_mark = roles.actor_mark or mark
                break
        if not roles.partners and len(roles.actors) > 1:
            roles.partners = roles.actors  # "X and Y met"
        taken = {(a.start, a.end) for a in roles.actors}
        for mark in hit.frame.recipients:
            roles.recipients = [r for r in self._find(index, sentence, hit, mark) if (r.start, r.end) not in taken]
            if roles.recipients:
                roles.recipient_mark = mark
                break
        if not roles.recipients and (hit.frame.recipients or hit.frame.event_type == "HAZARD"):
            roles.recipients = self._nearby(sentence, hit, roles.actors)
            roles.recipient_mark = "nearby" if roles.recipients else ""
        return roles

    # -- one role ------------------------------------------------------------------------------------------------------------------------

    def _find(self, index: int, sentence: SentenceAnalysis, hit: Hit, mark: str, acting: bool = False) -> list[Named]:
        group = hit.group
        loose = acting or hit.frame.event_type in ON_PERSONS
        if mark in _SUBJECT:
            if group is None:
                return self._owner(index, sentence, hit) if mark == "erg" else self._governing_subject(index, sentence, hit)
            return [] if group.passive else self._subject(index, sentence, hit)
        if mark == "by":
            return self._under(sentence, hit, "by", loose)
        if mark == "gen":
            return self._owner(index, sentence, hit)
        if mark == "content":
            number = content_of(sentence, hit)
            span = None if number is None else sentence.subjects[number]
            return self._parties(index, sentence, span, not loose) if span else []
        if mark == "obj":
            if group and group.passive and hit.noun is None:
                return self._subject(index, sentence, hit, strict=not loose)
            if group and hit.noun and hit.noun[0] > group.end:  # "found him guilty", "gave Ukraine arms"
                named = self._parties(index, sentence, (group.end, hit.noun[1]), strict=True)
                if named:
                    return named
            return self._parties(index, sentence, self._object(sentence, hit.end), not loose)
        return self._under(sentence, hit, mark, loose)

    def _subject(self, index: int, sentence: SentenceAnalysis, hit: Hit, strict: bool = False) -> list[Named]:
        assert hit.group is not None
        number = sentence.groups.index(hit.group)
        span = sentence.subjects[number]
        named = self._parties(index, sentence, span, strict) if span else []
        if hit.group.form == "conjunctive" and not any(n.kind in ACTING for n in named):  # "issued a statement accusing …"
            main = next((n for n in range(number - 1, -1, -1) if sentence.groups[n].form in FINITE_FORMS), None)
            span = None if main is None else sentence.subjects[main]
            named = (self._parties(index, sentence, span, strict) if span else []) or named
        return named

    def _governing_subject(self, index: int, sentence: SentenceAnalysis, hit: Hit) -> list[Named]:
        """Who acts in a noun is often the subject of its verb: "Iran and Russia concluded talks"."""
        governor = next((n for n in range(len(sentence.groups) - 1, -1, -1) if sentence.groups[n].end <= hit.start), None)
        if governor is None or sentence.groups[governor].passive or not self._open(sentence, sentence.groups[governor].end, hit.start):
            return []
        if sentence.groups[governor].lemma in sentence.grammar.saying:
            return []
        span = sentence.subjects[governor]
        return self._parties(index, sentence, span, strict=False) if span else []

    def _owner(self, index: int, sentence: SentenceAnalysis, hit: Hit) -> list[Named]:
        """The party in the noun phrase before its head: "Israeli air strikes", "the army's offensive"."""
        noun = hit.noun[0] if hit.noun else hit.start
        lower = max(0, noun - _MAX_BEFORE)
        inside = [m for m in sentence.parties if lower <= m.start and m.end <= noun and m.kind in ACTING]
        if inside and self._same_phrase(sentence, inside[-1].end, noun):
            m = inside[-1]
            return [Named(in_country(m.party, self.article.country), m.kind, m.start, m.end)]
        for at in range(noun - 1, lower - 1, -1):
            pronoun = sentence.grammar.pronoun(sentence.tokens[at])
            if pronoun and pronoun[1] == "gen" and self._same_phrase(sentence, at + 1, noun):
                return self._antecedents(index, sentence, at, pronoun[0])
        return []

    def _same_phrase(self, sentence: SentenceAnalysis, start: int, end: int) -> bool:
        words = sentence.grammar.words
        keys = [t.key for t in sentence.tokens[start:end]]
        in_group = any(g.start < end and start < g.end for g in sentence.groups)
        return not in_group and not any(
            sentence.grammar.parts(k, owners=True)
            or k in words["coordination"]
            or k in words["complementizer"]
            or not k[:1].isalnum()
            and not sentence.grammar.is_genitive(k)
            for k in keys
        )

    def _under(self, sentence: SentenceAnalysis, hit: Hit, mark: str, loose: bool) -> list[Named]:
        """The parties under a preposition behind the predicate."""
        start = hit.noun[1] if hit.noun else hit.end
        tokens, grammar = sentence.tokens, sentence.grammar
        for i in range(start, self._limit(sentence, hit)):
            if any(g.start <= i < g.end for g in sentence.groups):
                continue
            for words, name in grammar.cases.get(tokens[i].key, ()):
                if name == mark and tuple(t.key for t in tokens[i : i + len(words)]) == words:
                    named = self._parties(-1, sentence, self._object(sentence, i + len(words)), not loose)
                    if named:
                        return named
        return []

    def _limit(self, sentence: SentenceAnalysis, hit: Hit) -> int:
        """Where the phrases of a predicate end: before the next finite verb, a complement or a strong mark."""
        words = sentence.grammar.words
        start = hit.noun[1] if hit.noun else hit.end
        for i in range(start, len(sentence.tokens)):
            key = sentence.tokens[i].key
            if i >= hit.end and (key in words["complementizer"] or key in words["relative"] or key in _STOPS):
                return i
            if any(g.start == i and g.form in FINITE_FORMS and g is not hit.group for g in sentence.groups):
                return i
        return len(sentence.tokens)

    def _object(self, sentence: SentenceAnalysis, start: int) -> Span | None:
        """The noun phrase that begins at `start`, with its list and its "of" phrases."""
        tokens, grammar, words = sentence.tokens, sentence.grammar, sentence.grammar.words
        while start < len(tokens) and (tokens[start].key in words["particles"] or tokens[start].key == "-"):
            start += 1
        end = start
        while end < len(tokens):
            key = tokens[end].key
            if any(g.start == end for g in sentence.groups):
                break
            if grammar.parts(key):
                break
            if key in words["complementizer"] or key in words["relative"] or key in words["subordinators"] or key in words["adversative"]:
                break
            if key == "," and not self._in_list(sentence, end):
                break
            if not key[:1].isalnum() and key not in _INSIDE and not grammar.is_genitive(key):
                break
            if key in words["weekdays"] and end > start:
                break
            end += 1
        return (start, end) if start < end else None

    def _in_list(self, sentence: SentenceAnalysis, comma: int) -> bool:
        """Whether a comma parts the members of a list: a conjunction follows before the next mark but one."""
        for i in range(comma + 1, min(comma + 9, len(sentence.tokens))):
            key = sentence.tokens[i].key
            if key in sentence.grammar.words["coordination"]:
                return not any(g.start == i + 1 for g in sentence.groups)
            if any(g.start == i for g in sentence.groups) or sentence.grammar.parts(key):
                return False
        return False

    def _nearby(self, sentence: SentenceAnalysis, hit: Hit, actors: list[Named]) -> list[Named]:
        """The first party behind the predicate, or the last one before it, that does not act."""
        taken = {(a.start, a.end) for a in actors}
        texts = {a.party.text for a in actors}
        fit = [m for m in sentence.parties if m.kind in ACTING and (m.start, m.end) not in taken and m.party.text not in texts]
        after = [m for m in fit if m.start >= (hit.noun[1] if hit.noun else hit.end) and not self._parted(sentence, hit.end, m.start)]
        before = [m for m in fit if m.end <= hit.start and self._same_phrase(sentence, m.end, hit.start)]
        m = after[0] if after else before[-1] if before else None
        return [Named(in_country(m.party, self.article.country), m.kind, m.start, m.end)] if m else []

    def _parted(self, sentence: SentenceAnalysis, start: int, end: int) -> bool:
        return any(t.key in _STOPS for t in sentence.tokens[start:end])

    def _open(self, sentence: SentenceAnalysis, start: int, end: int) -> bool:
        """Whether the tokens hold one object and its phrases: no mark and no clause."""
        words = sentence.grammar.words
        return end - start <= 12 and not any(
            t.key in words["complementizer"] or t.key in words["relative"] or t.key in ",;:" or sentence.grammar.parts(t.key)
            for t in sentence.tokens[start:end]
        )

    # -- from words to parties -----------------------------------------------------------------------------------------------------------

    def _parties(self, index: int, sentence: SentenceAnalysis, span: Span | None, strict: bool) -> list[Named]:
        """The parties that a noun phrase names; coordinated ones are several. With `strict` only names and roles count."""
        if span is None:
            return []
        start, end = span
        pronoun = sentence.grammar.pronoun(sentence.tokens[start])
        if pronoun and pronoun[1] != "gen":
            return self._antecedents(index, sentence, start, pronoun[0]) if index >= 0 else []
        if index >= 0 and any(t.key in sentence.grammar.both for t in sentence.tokens[start:end]):
            both = RoleFinder(self.article).both(index, Phrase(start, end, "", end, ""))
            if both:
                return both
        words = sentence.grammar.words
        parts, first = [], start
        for i in range(start, end + 1):
            if i == end or sentence.tokens[i].key in words["coordination"] or sentence.tokens[i].key == ",":
                if first < i and (i == end or not self._inside_party(sentence, i)):
                    parts.append((first, i))
                    first = i + 1
                elif first >= i:
                    first = i + 1
        found: list[Named] = []
        for part in parts:
            named = self._party(sentence, *part, strict=strict or bool(found) or len(parts) > 1)
            if named:
                found.append(named)
            elif found and found[-1].kind not in ACTING:
                break
        if not found and not strict and parts:
            named = self._party(sentence, *parts[0], strict=False)
            found = [named] if named else []
        return found

    def _inside_party(self, sentence: SentenceAnalysis, token: int) -> bool:
        return any(m.start < token < m.end for m in sentence.parties)

    def _party(self, sentence: SentenceAnalysis, start: int, end: int, strict: bool) -> Named | None:
        """One party: the last name of the head of the phrase, else of its "of" phrase, else the words as they stand."""
        tokens, grammar = sentence.tokens, sentence.grammar
        while start < end and not tokens[start].key[:1].isalnum():
            start += 1
        if start >= end:
            return None
        cut = next((i for i in range(start + 1, end) if grammar.parts(tokens[i].key, owners=True)), end)
        if cut + 1 < end and grammar.marks(tokens[cut].key, "of") and tokens[cut - 1].key in grammar.words["quantities"]:
            start = cut + 1  # "a group of British lawmakers"
            cut = next((i for i in range(start + 1, end) if grammar.parts(tokens[i].key, owners=True)), end)
        number = sentence.next_group(start)
        verb = min(sentence.groups[number].start, end) if number < len(sentence.groups) else end
        pieces = [(start, min(cut, verb)), (min(cut, verb), end)]
        for first, last in pieces:
            inside = [m for m in sentence.parties_between(first, last) if m.kind in ACTING]
            if inside:
                m = inside[-1] if first == start else inside[0]
                return Named(in_country(m.party, self.article.country), m.kind, m.start, m.end)
        head_end = pieces[0][1]
        if head_end <= start or is_time(sentence, start, head_end):
            return None
        proper = any(t.text[0].isupper() for t in tokens[start + (start == 0) : head_end]) and not self._is_thing(sentence, start, head_end)
        if strict and not proper:
            return None
        return Named(Party(sentence.words(start, head_end), None, None, None, None), "unknown", start, head_end)

    def _is_thing(self, sentence: SentenceAnalysis, start: int, end: int) -> bool:
        return sentence.tokens[end - 1].text[0].islower() or sentence.tokens[end - 1].key in sentence.grammar.words["time"]

    def _antecedents(self, index: int, sentence: SentenceAnalysis, token: int, number: str) -> list[Named]:
        """Whom a pronoun names: the nearest subject before it; for "we" and "I" the speaker."""
        for back in range(index, max(-1, index - _BACK_SENTENCES - 1), -1):
            other = self.article.sentences[back]
            order = [n for n, g in enumerate(other.groups) if g.form in FINITE_FORMS and (back < index or g.start < token)]
            if number == "speaker" and back == index:
                order = [n for n, g in enumerate(other.groups) if g.form in FINITE_FORMS and g.lemma in other.grammar.saying]
            for n in reversed(order) if back == index else order:
                span = other.subjects[n]
                if span is None or span[0] <= token < span[1] and back == index or other.grammar.pronoun(other.tokens[span[0]]):
                    continue
                named = self._parties(-1, other, span, strict=False)
                if named:
                    return named
        return []
