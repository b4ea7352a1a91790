"""Verb groups of a language with verbs between subject and object, such as English.

No tagger: a word that can be a verb counts as one by the words beside it. After an auxiliary, a modal or "to" it is sure; a bare past, present
or -ing form is a verb unless a determiner, a possessive or a preposition makes it a noun or an adjective.
"""

from __future__ import annotations

from transforms.events.clauses import FINITE_FORMS, VerbGroup
from transforms.events.grammar import Grammar
from transforms.events.tokens import Token

_APOSTROPHE = "'"
_CLAUSE_MARKS = frozenset(",;:()\"'-–—")
_MAX_LIST = 8  # tokens of a coordinated subject
_CURRENCIES = frozenset("$€£¥")
_MIN_GUESSED = 5  # letters of an unknown word in -ed that is taken for a verb


def verb_groups(tokens: list[Token], grammar: Grammar, text: str) -> list[VerbGroup]:
    """The verb groups of a sentence, from left to right; `text` is the sentence, in which the token offsets count."""
    return _Tagger(tokens, grammar, text).groups()


class _Tagger:
    def __init__(self, tokens: list[Token], grammar: Grammar, text: str) -> None:
        self.tokens = tokens
        self.keys = [t.key for t in tokens]
        self.grammar = grammar
        self.text = text
        words = [t for t in tokens if t.text[:1].isalpha()]
        self.headline = sum(t.text[0].isupper() for t in words) > 0.7 * len(words) and len(words) > 3

    def groups(self) -> list[VerbGroup]:
        found: list[VerbGroup] = []
        weak: list[VerbGroup] = []
        i = 0
        while i < len(self.keys):
            after_verb = bool(found) and found[-1].end in (i, self._before(i) + 1)
            group = self._chain(i) or self._single(i, after_verb)
            if group is None:
                i += 1
                continue
            if self._is_weak(group):
                weak.append(group)
                i += 1
                continue
            found.append(group)
            i = max(group.end, i + 1)
        found = self._with_weak(found, weak)
        if found and found[0].form == "infinitive" and not any(g.form in FINITE_FORMS for g in found):
            found[0] = found[0]._replace(form="future")  # a headline: "Germany to send doctors"
        return [self._reduced(g, found) for g in found]

    # -- sure groups ---------------------------------------------------------------------------------------------------------------------

    def _forms(self, i: int, *wanted: str) -> str | None:
        """The dictionary form of the verb that token `i` is in one of the forms `wanted`."""
        if not 0 <= i < len(self.keys):
            return None
        for reading in self.grammar.forms.get(self.keys[i], ()):
            if reading.form in wanted:
                return reading.lemma
        word = self.keys[i]
        if (
            "past" in wanted
            and word.endswith(self.grammar.participle_ending)
            and len(word) >= _MIN_GUESSED
            and word not in self.grammar.forms
        ):
            return None if word in self.grammar.words["not_verbs"] else word
        return None

    def _skip(self, i: int) -> tuple[int, bool]:
        """The token after negations and adverbs from `i`, and whether a negation was among them."""
        negated = False
        words = self.grammar.words
        while i < len(self.keys):
            word = self.keys[i]
            if word in words["negation"]:
                negated = True
            elif word == _APOSTROPHE and i + 1 < len(self.keys) and self.keys[i + 1] == "t":
                negated = True
                i += 1
            elif not self.grammar.is_adverb(word):
                break
            i += 1
        return i, negated

    def _chain(self, start: int) -> VerbGroup | None:
        """A group that begins with a modal, "to" or an auxiliary."""
        word = self.keys[start]
        negated = self._negation_before(start) or word in self.grammar.words["negation"]
        if word == self.grammar.infinitive_mark or word in self.grammar.modals:
            i, negation = self._skip(start + 1)
            lemma = self._forms(i, "base")
            if lemma is None or self._is_noun_after_to(word, i):
                return None
            form = "infinitive" if word == self.grammar.infinitive_mark else self.grammar.modals[word]
            return self._rest(start, i, lemma, form, negated or negation)
        auxiliary = self._forms(start, "present", "past", "base", "gerund", "participle")
        if auxiliary not in self.grammar.auxiliaries:
            return None
        form = "present" if self._forms(start, "present", "base") and not self._forms(start, "past") else "past"
        if self._forms(start, "gerund"):
            form = "conjunctive"
        if self._forms(start, "participle") and not self._forms(start, "present", "past"):
            form = "participle"
        i, negation = self._skip(start + 1)
        negated = negated or negation
        if auxiliary == self.grammar.emphatic:
            lemma = self._forms(i, "base")
            return (
                self._plain(start, i + 1, lemma, form, False, negated)
                if lemma
                else self._plain(start, start + 1, auxiliary, form, False, negated)
            )
        return self._rest(start, start, auxiliary, form, negated)

    def _rest(self, start: int, at: int, lemma: str, form: str, negated: bool) -> VerbGroup:
        """Goes on from the verb at token `at`, an auxiliary or the main verb, to the end of the group."""
        be, have, to = self.grammar.passive, self.grammar.perfect, self.grammar.infinitive_mark
        passive = False
        while lemma in (be, have):
            i, negation = self._skip(at + 1)
            past = self._forms(i, "participle", "past")
            gerund = self._forms(i, "gerund")
            if i < len(self.keys) and self.keys[i] in self.grammar.cases and self.keys[i] != to:
                past = gerund = None
            if past and self._adjectival(i) and not (lemma == have and past == be):
                past = None
            if lemma == have and self.keys[i : i + 1] == [to] and self._forms(i + 1, "base"):
                return self._plain(start, i + 2, self._forms(i + 1, "base") or "", "obligation", False, negated or negation)
            if lemma == be and self.keys[i : i + 1] == [to] and self._forms(i + 1, "base"):
                return self._rest(start, i + 1, self._forms(i + 1, "base") or "", "future", negated or negation)
            if lemma == be and self.keys[i : i + 2] == [self.grammar.prospective, to] and self._forms(i + 2, "base"):
                return self._plain(start, i + 3, self._forms(i + 2, "base") or "", "future", False, negated or negation)
            if lemma == have and past:
                form = {"present": "perfect", "past": "pluperfect"}.get(form, form)
                lemma, at = past, i
            elif lemma == be and past:
                lemma, at, passive = past, i, True
                negated = negated or negation
                break
            elif lemma == be and gerund:
                form = "progressive" if form in ("present", "past", "perfect", "pluperfect") else form
                lemma, at = gerund, i
            else:
                break
            negated = negated or negation
        if lemma in (be, have):
            _, negation = self._skip(at + 1)
            negated = negated or negation
        return self._plain(start, at + 1, lemma, form, passive, negated)

    def _plain(self, start: int, end: int, lemma: str, form: str, passive: bool, negated: bool) -> VerbGroup:
        return VerbGroup(start, end, lemma, "", form, passive, negated)

    def _negation_before(self, i: int) -> bool:
        before = self.keys[i - 1] if i else ""
        return before in self.grammar.words["negation"] or " ".join(self.keys[max(0, i - 2) : i]) in self.grammar.words["negation"]

    def _is_noun_after_to(self, word: str, i: int) -> bool:
        return word == self.grammar.infinitive_mark and self.tokens[i].text[0].isupper() and not self.headline

    def _adjectival(self, i: int) -> bool:
        """Whether a participle stands before its noun: "has armed groups"."""
        following = self.keys[i + 1] if i + 1 < len(self.keys) else ""
        return self.keys[i] in self.grammar.words["not_verbs"] and following[:1].isalpha() and following not in self.grammar.cases

    # -- single words --------------------------------------------------------------------------------------------------------------------

    def _single(self, i: int, after_verb: bool) -> VerbGroup | None:
        word, token = self.keys[i], self.tokens[i]
        if not token.text[:1].isalpha() or word in self.grammar.cases or (token.text[0].isupper() and i and not self.headline):
            return None
        if word in self.grammar.words["not_verbs"] or word in self.grammar.modals:
            return None
        past, participle = self._forms(i, "past"), self._forms(i, "participle")
        present, gerund = self._forms(i, "present", "base"), self._forms(i, "gerund")
        if past and not present:
            return None if after_verb or self._is_modifier(i) else self._plain(i, i + 1, past, "past", False, self._negation_before(i))
        if gerund:
            return self._plain(i, i + 1, gerund, "conjunctive", False, self._negation_before(i)) if self._is_gerund(i) else None
        if participle:
            return None if self._is_modifier(i) else self._plain(i, i + 1, participle, "participle", True, False)
        if (present or past) and not after_verb and self._may_be_present(i):
            lemma = past if past and not self._forms(i, "present") else present
            return self._plain(i, i + 1, lemma or "", "past" if past and lemma == past else "present", False, self._negation_before(i))
        return None

    def _before(self, i: int) -> int:
        """The token before `i`, adverbs skipped; -1 at the start."""
        j = i - 1
        if j > 0 and self.keys[j] == ")":  # "the minister (left) holds talks"
            j = next((k for k in range(j, -1, -1) if self.keys[k] == "("), 0) - 1
        while j >= 0 and self.grammar.is_adverb(self.keys[j]):
            j -= 1
        return j

    def _is_modifier(self, i: int) -> bool:
        """Whether a past form is an adjective: after a determiner, a possessive or a preposition, or joined by a hyphen."""
        if self._hyphenated(i):
            return True
        j = self._before(i)
        before = self.keys[j] if j >= 0 else ""
        words = self.grammar.words
        if before in words["determiners"] or self._possessive(j):
            return before not in words["floating"]  # "they all condemned"
        if before in self.grammar.cases and before not in words["subordinators"]:
            return True
        if (
            before in words["coordination"] and j and self.keys[j - 1].endswith(self.grammar.participle_ending)
        ):  # "the dead and wounded", "armed and trained men"
            return self.keys[j - 2] in words["determiners"] or self.keys[j - 2] in self.grammar.cases
        return before[:1].isdigit() and self.keys[j - 1] not in words["time"]

    def _hyphenated(self, i: int) -> bool:
        joined = i > 0 and self.text[self.tokens[i].start - 1] in "-‐‑–"
        return joined and self.keys[i - 1] not in self.grammar.words["verb_prefixes"]

    def _possessive(self, j: int) -> bool:
        return j >= 0 and self.grammar.is_owner(self.keys[j])

    def _is_gerund(self, i: int) -> bool:
        j = i - 1
        if self._hyphenated(i) or self._possessive(j) or (j >= 0 and self.keys[j] in self.grammar.words["determiners"]):
            return False
        following = self.keys[i + 1] if i + 1 < len(self.keys) else ""
        return not self.grammar.marks(following, "of") and (
            self._opens_phrase(i + 1) or following in self.grammar.cases or following[:1].isalpha() or following in _CURRENCIES
        )

    def _may_be_present(self, i: int) -> bool:
        """Whether a present form, which could be a noun, has a subject before it and goes on like a verb."""
        if self._hyphenated(i):
            return False
        if self.keys[i] in self.grammar.words["always_verbs"]:
            return True
        j = self._before(i)
        if j < 0:
            return False
        before, words = self.keys[j], self.grammar.words
        pronoun = self.grammar.pronouns.get(before)
        if before in words["relative"] or before in words["complementizer"] or (pronoun and pronoun[1] == "nom"):
            return True
        if (
            not before[:1].isalpha()
            or before in words["determiners"]
            or self._possessive(j)
            or before in self.grammar.cases
            or before in words["coordination"]
            or before in words["clause_openers"]
            or before in words["time"]
        ):
            return before in words["time"] and self.tokens[j].text[0].isupper() and self._opens_phrase(i + 1)
        if (
            self._forms(i, "base")
            and not self._forms(i, "past")
            and not (before.endswith(self.grammar.plural_ending) or before in words["plurals"])
        ):
            # "the minister and the envoy hold talks"
            return any(k in words["coordination"] or k == "," for k in self.keys[max(0, j - _MAX_LIST) : j])
        return True

    def _opens_phrase(self, i: int) -> bool:
        """Whether token `i` opens a noun phrase or a complement."""
        if i >= len(self.keys):
            return False
        word, text = self.keys[i], self.tokens[i].text
        words = self.grammar.words
        if word in words["time"] and word not in words["determiners"]:
            return False
        return (
            word in words["determiners"]
            or word in self.grammar.pronouns
            or word in words["complementizer"]
            or (word == self.grammar.infinitive_mark and self._forms(i + 1, "base") is not None)
            or text[0].isupper()
            or text[0].isdigit()
        )

    # -- weak groups ---------------------------------------------------------------------------------------------------------------------

    def _is_weak(self, group: VerbGroup) -> bool:
        """A present form that may be a noun: not followed by what could only be an object."""
        if group.form != "present" or group.end - group.start > 1 or group.lemma in self.grammar.auxiliaries:
            return False
        if self.keys[group.start] in self.grammar.words["always_verbs"]:
            return False
        before = self._before(group.start)
        if before >= 0 and (self.keys[before] in self.grammar.words["relative"] or self.grammar.pronouns.get(self.keys[before])):
            return False
        return not self._opens_phrase(group.end)

    def _with_weak(self, found: list[VerbGroup], weak: list[VerbGroup]) -> list[VerbGroup]:
        """Weak groups count where no finite group stands between the same marks."""
        for group in weak:
            if not any(g.form in FINITE_FORMS and not self._parted(g, group) for g in found):
                found = sorted([*found, group])
        return found

    def _parted(self, one: VerbGroup, other: VerbGroup) -> bool:
        first, second = sorted((one, other))
        openers = self.grammar.words["subordinators"] | self.grammar.words["relative"] | self.grammar.words["complementizer"]
        return any(k in _CLAUSE_MARKS or k in openers for k in self.keys[first.end : second.start])

    def _reduced(self, group: VerbGroup, groups: list[VerbGroup]) -> VerbGroup:
        """A past form that only modifies the noun before it: "a man accused of spying was arrested", "sanctions imposed by the EU"."""
        if group.form != "past" or group.passive or group.end - group.start > 1 or group.lemma in self.grammar.saying:
            return group
        following = self.keys[group.end] if group.end < len(self.keys) else ""
        before = self.keys[group.start - 1] if group.start else ""
        reduced = self.grammar.marks(following, "by") or (before == "," and self.grammar.marks(following, "of", "about"))
        if not reduced and (following in self.grammar.cases or following == self.grammar.infinitive_mark):
            later = next((g for g in groups if g.start > group.start and g.form in FINITE_FORMS), None)
            words = self.grammar.words
            stops = words["coordination"] | words["clause_openers"] | words["relative"] | words["complementizer"] | _CLAUSE_MARKS
            reduced = later is not None and not any(k in stops for k in self.keys[group.end : later.start])
        return group._replace(form="participle", passive=True) if reduced else group
