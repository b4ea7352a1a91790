"""A language's grammar as look-up tables, compiled from `grammar.toml`: case marks, verb forms, word classes."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from transforms import language_data
from transforms.events.tokens import Token, key

# Forms that a verb can take, as the endings in grammar.toml name them.
FINITE = frozenset({"perfective", "imperfective", "future", "subjunctive", "present", "past", "request"})

# The surest reading of an ambiguous word comes first.
_ORDER = (
    *("present", "past", "participle", "infinitive", "future", "perfective", "imperfective", "subjunctive", "conjunctive", "request"),
    *("gerund", "base", "root"),
)


class Reading(NamedTuple):
    """What a word can be as a verb: the dictionary form and the form it stands in."""

    lemma: str
    form: str


class _Endings(NamedTuple):
    """The endings of one kind of verb: of the verbs in `words`, or of those whose stem ends in one of `after`; "+" doubles its last letter."""

    after: tuple[str, ...]
    words: frozenset[str]
    drop: int
    forms: dict[str, list[str]]


def _endings(kind: dict[str, Any]) -> _Endings:
    forms = {form: endings for form, endings in kind.items() if form not in ("after", "words", "drop")}
    return _Endings(tuple(kind.get("after", ("",))), frozenset(map(key, kind.get("words", ()))), kind.get("drop", 0), forms)


class Grammar:
    """The grammar of one language. Words are held as the folded keys of `tokens.key`."""

    def __init__(self, language: str) -> None:
        source = language_data.toml(language, "grammar.toml")
        self.language = language
        self.home: str | None = source.get("home")
        self.order: str = source["order"]
        self.cases = phrase_table(source["cases"])
        #: the case marks by their first and second word, "" for none
        self.mark_table: dict[str, dict[str, list[tuple[tuple[str, ...], str]]]] = {}
        for first, entries in self.cases.items():
            for words, name in entries:
                self.mark_table.setdefault(first, {}).setdefault(words[1] if len(words) > 1 else "", []).append((words, name))
        genitive = set(source["cases"]["gen"])
        # what follows the genitive in a compound mark: "खिलाफ" in "के खिलाफ"
        self.tails = phrase_table(
            {m: [w.split(" ", 1)[1] for w in marks if " " in w and w.split()[0] in genitive] for m, marks in source["cases"].items()}
        )
        self.words = {name: frozenset(map(key, words)) for name, words in source["words"].items()}
        self.governors = phrase_table(source.get("governors", {}))
        self.pronouns = {
            key(word): (number, case) for number in ("singular", "plural", "speaker") for word, case in source["pronouns"][number].items()
        }
        self.both = frozenset(map(key, source["pronouns"]["both"]))
        verbs = source["verbs"]
        self.auxiliaries = frozenset(map(key, verbs["auxiliaries"]))
        self.vectors = frozenset(map(key, verbs["vectors"]))
        self.saying = frozenset(map(key, verbs["saying"]))
        self.happening = frozenset(map(key, verbs.get("happening", ())))
        self.experienced = frozenset(map(key, verbs.get("experienced", ())))
        self.passive, self.ability, self.perfect, self.progressive, self.wish = (
            key(verbs[name]) for name in ("passive", "ability", "perfect", "progressive", "wish")
        )
        self.obligation = frozenset(map(key, verbs["obligation"]))
        self.compelled = key(verbs.get("compelled", ""))
        self.obligation_words = frozenset(map(key, verbs["obligation_words"]))
        self.modals = {key(word): form for form in ("future", "ability", "obligation") for word in verbs.get("modals", {}).get(form, ())}
        self._endings: list[_Endings] = [_endings(kind) for kind in verbs["endings"].values()]
        self._irregular: dict[str, dict[str, list[str]]] = {key(verb): forms for verb, forms in verbs["irregular"].items()}
        self._noun_endings: list[tuple[str, list[str]]] = [(ending, forms) for ending, forms in source["nouns"]["endings"]]
        self.infinitive_ending: str = verbs["infinitive_ending"]
        self.infinitive_mark, self.prospective, self.emphatic = (
            key(verbs.get(name, "")) for name in ("infinitive_mark", "prospective", "emphatic")
        )
        self.adverb_ending: str = verbs.get("adverb_ending", "")
        self.participle_ending: str = verbs.get("participle_ending", "")
        self.plural_ending: str = source["nouns"].get("plural_ending", "")
        self.forms: dict[str, tuple[Reading, ...]] = {}
        for verb in (*verbs["auxiliaries"], *verbs["plain"]):
            self.add_verb(verb)
        #: forms of the common verbs, but for bare stems, which may be names or nouns
        self.inflected = frozenset(word for word, readings in self.forms.items() if readings[0].form != "root")

    def add_verb(self, verb: str) -> None:
        """Makes the forms of `verb` (its dictionary form) known."""
        lemma = key(verb)
        if self.forms.get(lemma) and any(r.lemma == lemma for r in self.forms[lemma]):
            return
        for form, words in self.conjugate(lemma).items():
            for word in words:
                known = self.forms.get(word, ())
                # The first form of a verb that a word can be is taken; in English ("put") the words around it decide.
                if self.order == "svo" or not any(r.lemma == lemma for r in known):
                    self.forms[word] = (*known, Reading(lemma, form))

    def conjugate(self, lemma: str) -> dict[str, list[str]]:
        """All forms of a verb, by the name of the form; `lemma` is a folded dictionary form."""
        stem = lemma.removesuffix(self.infinitive_ending)
        kind = next(k for k in self._endings if stem in k.words or (not k.words and stem.endswith(k.after)))
        stem = stem[: len(stem) - kind.drop]
        forms = {form: [key(stem + (stem[-1] + e[1:] if e[:1] == "+" else e)) for e in endings] for form, endings in kind.forms.items()}
        forms.update({form: [key(word) for word in words] for form, words in self._irregular.get(lemma, {}).items()})
        return {form: forms[form] for form in _ORDER if form in forms}

    def is_genitive(self, word: str) -> bool:
        """Whether a folded word alone is a genitive mark."""
        marks = self.cases.get(word)
        return marks is not None and marks[-1] == ((word,), "gen")

    def is_possessive(self, word: str) -> bool:
        """Whether a folded word is a genitive pronoun: "उनके", "their"."""
        return self.pronouns.get(word, ("", ""))[1] == "gen"

    def is_owner(self, word: str) -> bool:
        """Whether a folded word marks an owner: a genitive mark or a genitive pronoun."""
        return self.is_genitive(word) or self.is_possessive(word)

    def parts(self, word: str, owners: bool = False) -> bool:
        """Whether a folded word is a mark that parts phrases; a mark of owners behind a noun ("of") does so only with `owners`."""
        marks = self.cases.get(word)
        return marks is not None and (marks[-1][1] != "gen" and (owners or marks[-1][1] != "of"))

    def marks(self, word: str, *cases: str) -> bool:
        """Whether a folded word alone carries one of the cases."""
        return any(words == (word,) and name in cases for words, name in self.cases.get(word, ()))

    def pronoun(self, token: Token) -> tuple[str, str] | None:
        """Number and case of a pronoun; a word in capitals (US) is none."""
        return None if len(token.text) > 1 and token.text.isupper() else self.pronouns.get(token.key)

    def is_adverb(self, word: str) -> bool:
        """Whether a folded word is an adverb by its ending, or a particle."""
        return word in self.words["particles"] or (
            bool(self.adverb_ending) and word.endswith(self.adverb_ending) and len(word) > 4 and word not in self.forms
        )

    def noun_forms(self, word: str) -> list[str]:
        """All forms of a noun, folded; forms that do not exist do no harm."""
        word = key(word)
        for ending, forms in self._noun_endings:
            if word.endswith(key(ending) if ending else ""):
                stem = word[: len(word) - len(ending)] if ending else word
                return list(dict.fromkeys([word, *(key(stem + form) for form in forms)]))
        return [word]


def phrase_table(groups: dict[str, list[str]]) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """The table of `{name: phrases}` for look-ups: first word -> [(all words, name)], longest first."""
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, phrases in groups.items():
        for phrase in phrases:
            words = tuple(key(word) for word in phrase.split())
            table.setdefault(words[0], []).append((words, name))
    for entries in table.values():
        entries.sort(key=lambda e: -len(e[0]))
    return table


@lru_cache(maxsize=16)
def grammar(language: str) -> Grammar:
    """The grammar of a language, built once."""
    return Grammar(language)
