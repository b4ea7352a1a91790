"""Parties to an act: names with the offices, bodies and states that belong to them, read as one.

"उत्तर कोरिया के नेता किम जोंग उन" is one party. An office takes its state from the adjective, the genitive or the body before it; a person
whom the gazetteer does not know is taken from the words after an office, or before a family name, and keeps the text with no name.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from transforms import language_data
from transforms.events.gazetteer import Entry, NameMatch, gazetteer
from transforms.events.grammar import grammar
from transforms.events.numbers import number_words
from transforms.events.spans import span_text
from transforms.events.tokens import Token, key
from transforms.records import Party

_MAX_NAME = 4  # words of a person's name that the gazetteer does not hold
_MAX_BETWEEN = 3  # modifiers between the parts of one party
_NATION = frozenset({"state", "capital", "demonym", "place"})


class PartyMention(NamedTuple):
    """A party in tokens `start` to `end` (exclusive); `head` is the token that says what it is, `kind` what its head is.

    Kind "person" without a name in the party is somebody unknown. A "place", "capital" or "demonym" is a party only in the role of one.
    `office` is that of a role (`Entry.office`).
    """

    start: int
    end: int
    party: Party
    head: int
    kind: Literal["state", "capital", "demonym", "person", "organisation", "media", "role", "place"]
    office: str | None = None


class _Words(NamedTuple):
    """How a language joins the parts of a party; sets of folded words."""

    genitive: frozenset[str]
    modifiers: frozenset[str]
    former: frozenset[str]
    closing: frozenset[str]
    not_names: frozenset[str]
    surnames: frozenset[str]
    initials: frozenset[str]
    comparison: tuple[tuple[str, ...], ...]
    capitalised: bool  # names are told by their capital letters
    particles: frozenset[str]  # parts of names without a capital
    articles: frozenset[str]
    between: frozenset[str]  # between the parts of a party
    counted: frozenset[str]  # the same and number words
    owner_after: frozenset[str]  # between an office and its owner behind it: "president of France"


@lru_cache(maxsize=16)
def _words(language: str) -> _Words:
    source = language_data.toml(language, "names.toml")
    initials = language_data.toml(language, "sentences.toml").get("initials", [])
    rules = grammar(language)
    genitive = [words[0] for first in rules.cases.values() for words, mark in first if mark == "gen" and len(words) == 1]
    capitalised = source.get("capitalised", False)
    verbs = frozenset() if capitalised else rules.inflected  # "करते हुए कादर खान": without capitals a verb says where a name begins

    def folded(name: str) -> frozenset[str]:
        return frozenset(key(word) for word in source.get(name, ()))

    between = folded("modifiers") | folded("former")
    return _Words(
        frozenset(genitive),
        folded("modifiers"),
        folded("former"),
        folded("closing"),
        folded("not_names").union(verbs, rules.words["time"], rules.words["weekdays"]),
        folded("surnames"),
        frozenset(map(key, initials)),
        tuple(tuple(key(word) for word in phrase) for phrase in source.get("comparison", ())),
        capitalised,
        folded("particles"),
        folded("articles"),
        between,
        between | number_words(language),
        folded("owner_after"),
    )


def find_parties(
    tokens: Sequence[Token], language: str, day: str | None = None, matches: list[NameMatch] | None = None, source: str | None = None
) -> list[PartyMention]:
    """The parties named in the tokens of a sentence, from left to right, without overlap.

    `day` is the ISO date of the text: who is in office depends on it. `matches` are the names found before, if any; `source` is the text
    that the token offsets count in, for a verbatim `text` of each party.
    """
    if matches is None:
        matches = gazetteer(language).find(tokens, day)
    return _Reader(tokens, matches, _words(language), day, source).read()


class _Reader:
    def __init__(self, tokens: Sequence[Token], matches: list[NameMatch], words: _Words, day: str | None, source: str | None) -> None:
        self.tokens = tokens
        self.keys = [token.key for token in tokens]
        self.words = words
        starts = {match.start for match in matches}
        self.at = {match.start: match for match in matches if match.end in starts or not self._namesake(match)}
        self.day = day
        self.source = source

    def read(self) -> list[PartyMention]:
        found: list[PartyMention] = []
        surnames = [j for j, key in enumerate(self.keys) if key in self.words.surnames]
        before_surname = {i for j in surnames for i in range(j - _MAX_NAME + 1, j)}
        i = 0
        while i < len(self.keys):
            mention = None
            if i in self.at:
                mention = self._party(i, found[-1].end if found else 0)
            elif i in before_surname:
                mention = self._unknown_person(i)
            if mention:
                found.append(mention)
                i = max(mention.end, i + 1)
            else:
                i = self.at[i].end if i in self.at else i + 1
        return found

    def _party(self, i: int, floor: int) -> PartyMention | None:
        chain = [self.at[i]]
        while (following := self._linked(chain[-1])) is not None:
            chain.append(following)
        head = chain[-1]
        end = head.end
        unknown = False
        entries = [match.entry for match in chain]
        owners = self._owners_after(head)
        if owners:
            entries, end = [*(m.entry for m in owners), *entries], owners[-1].end
            person = self.at.get(end)
            if person and person.entry.kind == "person" and _joins(head.entry, person.entry, False):
                head, end = person, person.end
                entries.append(person.entry)
        if head.entry.kind == "role" and head.entry.office in ("title", "honorific"):
            end, named_from = self._name_after(end), end
            unknown = end > named_from
        if head.entry.office == "honorific" and not unknown:
            return None
        former = self.keys[i - 1] in self.words.former if i > floor else False
        start = self._start(i, floor, head.entry)
        end = self._closed(end)
        party = self._compose(entries, start, end, former, unknown)
        return PartyMention(start, end, party, head.end - 1, "person" if unknown else head.entry.kind, head.entry.office)

    def _namesake(self, match: NameMatch) -> bool:
        """Whether a short name of somebody known is only the first name of somebody else: a family name follows."""
        return match.entry.kind == "person" and match.end - match.start == 1 and self._key(match.end) in self.words.surnames

    def _key(self, i: int) -> str:
        return self.keys[i] if i < len(self.keys) else ""

    def _linked(self, left: NameMatch) -> NameMatch | None:
        """The next part of the same party, after `left`: adjacent, or joined by a genitive mark, with modifiers between."""
        j = left.end
        genitive = j < len(self.keys) and self.keys[j] in self.words.genitive
        if genitive:
            j += 1
        limit = j + _MAX_BETWEEN
        # "three" and "3" count whoever belongs to the owner before them
        between = self.words.counted if genitive else self.words.between
        while j < min(limit, len(self.keys)) and j not in self.at and (self.keys[j] in between or (genitive and self.keys[j][0].isdigit())):
            j += 1
        right = self.at.get(j)
        if right is None or not _joins(left.entry, right.entry, genitive):
            return None
        return right

    def _owners_after(self, role: NameMatch) -> list[NameMatch]:
        """The state or body that an office belongs to, behind it: "spokesman for the French foreign ministry"."""
        j = role.end
        if role.entry.kind != "role" or j >= len(self.keys) or self.keys[j] not in self.words.owner_after:
            return []
        j += 1
        while j < len(self.keys) and j not in self.at and self.keys[j] in self.words.modifiers | self.words.articles:
            j += 1
        first = self.at.get(j)
        if first is None or first.entry.kind in ("person", "media") or first.entry.office in ("title", "honorific"):
            return []
        owners = [first]
        while (following := self._linked(owners[-1])) is not None:
            if following.entry.office in ("title", "people", "honorific"):
                return []  # "a group of British lawmakers"
            owners.append(following)
        return owners

    def _name_after(self, start: int) -> int:
        """The end of an unknown person's name that begins at `start`; `start` when there is none."""
        j = start
        while j < len(self.keys) and j - start < _MAX_NAME and j not in self.at and self._may_be_name(j, start):
            j += 1
        while j > start and self.keys[j - 1] in self.words.particles:
            j -= 1
        if j == start or (j < len(self.keys) and not self.words.capitalised and self.keys[j] not in self.words.closing):
            return start
        return j

    def _may_be_name(self, j: int, start: int) -> bool:
        word = self.keys[j]
        if self.words.capitalised:
            return word not in self.words.not_names and (self.tokens[j].text[0].isupper() or (j > start and word in self.words.particles))
        if word in self.words.initials and j > start and self.keys[j - 1] in self.words.initials:
            return True  # "आर के गर्ग": an initial that is also a case mark
        return word[0].isalpha() and word not in self.words.closing and word not in self.words.not_names

    def _unknown_person(self, i: int) -> PartyMention | None:
        """A run of unknown words from `i` that ends with a family name."""
        j = i
        while j < len(self.keys) and j - i < _MAX_NAME and j not in self.at and self._may_be_name(j, i):
            if j > i and self.keys[j] in self.words.surnames and (j + 1 == len(self.keys) or self.keys[j + 1] not in self.words.surnames):
                return PartyMention(i, j + 1, Party(self._text(i, j + 1), None, None, None, None), j, "person")
            j += 1
        return None

    def _start(self, i: int, floor: int, head: Entry) -> int:
        """The start of the party with the modifiers and numbers before it."""
        if head.kind != "role":
            return i
        while i > floor:
            word = self.keys[i - 1]
            if word in self.words.modifiers or word in self.words.former or word[0].isdigit():
                i -= 1
                continue
            phrase = next((p for p in self.words.comparison if tuple(self.keys[max(floor, i - len(p)) : i]) == p), None)
            if phrase is None:
                break
            i -= len(phrase)
        return i

    def _closed(self, end: int) -> int:
        """The end with a short name in brackets after it: "केंद्रीय सूचना आयोग (सीआइसी)"."""
        if end + 2 < len(self.keys) and self.keys[end] == "(":
            match = self.at.get(end + 1)
            close = match.end if match else end + 2
            if close < len(self.keys) and self.keys[close] == ")" and not self.keys[end + 1][0].isdigit():
                return close + 1
        return end

    def _compose(self, chain: list[Entry], start: int, end: int, former: bool, unknown: bool) -> Party:
        head = chain[-1]
        country = next((entry.country for entry in reversed(chain) if entry.country), None)
        code = next((entry.code for entry in reversed(chain) if entry.code), None)
        sector = head.sector_on(self.day)
        if head.kind == "role":
            owner = next((e for e in reversed(chain[:-1]) if e.kind in ("organisation", "media", "role")), None)
            if head.of_body and owner:
                sector = owner.sector
            if former and sector == "GOV":
                sector = "ELI"
        elif head.kind == "demonym":
            sector = "CVL"
        name: str | None = head.name
        if unknown:
            name = None
        elif head.kind == "role":
            owners = [entry.name for entry in chain[:-1] if entry.kind != "role"]
            name = f"{head.name} of {owners[-1]}" if owners else None
        if country is not None and head.country is None and code in ("IMG",):
            code = None
        return Party(self._text(start, end), name, country, code, sector)

    def _text(self, start: int, end: int) -> str:
        return span_text(self.tokens, start, end, self.source)


def _joins(left: Entry, right: Entry, genitive: bool) -> bool:
    """Whether `right` goes on with the party that `left` began."""
    if right.kind in ("role", "organisation", "media"):
        if right.code and left.kind == "state" and not genitive:
            return False  # "India, BIMSTEC": an international body is of no state
        return right.country is None or right.country == left.country or left.country is None
    if right.kind != "person":
        return False
    if genitive:
        return left.kind in _NATION or left.kind == "organisation"
    return left.kind in ("role", "demonym", "organisation", "state") and (left.country in (None, right.country))


def in_country(party: Party, country: str | None, assumed: bool = True) -> Party:
    """The party with the state that the context gives, if it has neither a state nor the code of a stateless body.

    `assumed`: whether it is the article's; False when the text tells it of the party elsewhere.
    """
    if country is None or party.country or party.code:
        return party
    return Party(party.text, party.name, country, party.code, party.sector, assumed)
