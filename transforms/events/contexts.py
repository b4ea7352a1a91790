"""What an act is about beside its type: PLOVER contexts, from the words of the sentences that tell it and from the record itself."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from transforms import language_data
from transforms.events.analysis import SentenceAnalysis
from transforms.events.gazetteer import WORLD
from transforms.events.grammar import grammar
from transforms.events.tokens import tokenize
from transforms.records import Party


class _Words(NamedTuple):
    single: dict[str, frozenset[str]]  # word -> contexts
    phrases: dict[str, list[tuple[str, str]]]  # first word -> phrases with their contexts


@lru_cache(maxsize=16)
def _words(language: str) -> _Words:
    rules = grammar(language)
    single: dict[str, set[str]] = {}
    phrases: dict[str, list[tuple[str, str]]] = {}
    for context, terms in language_data.toml(language, "contexts.toml").items():
        for term in terms:
            *head, last = [token.key for token in tokenize(term)]
            for form in rules.noun_forms(last):
                if head:
                    phrases.setdefault(head[0], []).append((" ".join((*head, form)), context))
                else:
                    single.setdefault(form, set()).add(context)
    return _Words({word: frozenset(names) for word, names in single.items()}, phrases)


def contexts_of(event_type: str, mode: str | None, parties: Iterable[Party], sentences: Iterable[SentenceAnalysis]) -> tuple[str, ...]:
    """The contexts of an act, sorted.

    Args:
        event_type: its type.
        mode: its mode.
        parties: its actors and recipients.
        sentences: the sentences that tell it.
    """
    facts = language_data.toml(WORLD, "contexts.toml")
    found = {*facts["types"].get(event_type, ()), *facts["modes"].get(f"{event_type}/{mode}", ())}
    for party in parties:
        found.update(facts["sectors"].get(party.sector, ()))
    for sentence in sentences:
        words = _words(sentence.article.language)
        for word in words.single.keys() & sentence.keys:
            found |= words.single[word]
        for word in words.phrases.keys() & sentence.keys:
            found.update(context for phrase, context in words.phrases[word] if sentence.contains(phrase))
    return tuple(sorted(found))
