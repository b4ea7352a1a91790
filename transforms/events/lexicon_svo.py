"""Where the predicates of the lexicon stand in a sentence whose verbs stand between subject and object."""

from __future__ import annotations

from transforms.events.clauses import VerbGroup
from transforms.events.grammar import Grammar
from transforms.events.lexicon import Frame, Hit, Lexicon
from transforms.events.tokens import Token

# How far the head noun of an object may stand behind its verb, in tokens ("launched a series of deadly air strikes").
_MAX_GAP = 7
_MARKS = frozenset(',;:?!()—"')


def find_predicates(lexicon: Lexicon, tokens: list[Token], groups: list[VerbGroup]) -> list[Hit]:
    """All predicates of a sentence whose words stand there. A verb with its noun comes before the verb or the noun alone."""
    keys = [t.key for t in tokens]
    inside = {i for g in groups for i in range(g.start, g.end)}
    hits: list[Hit] = []
    taken: set[int] = set()  # nouns that a verb has
    for i, word in enumerate(keys):
        longest = 0
        for words, frame in lexicon.nouns.get(word, ()):
            n = len(words)
            if n < longest or i in inside or (n > 1 and tuple(keys[i : i + n]) != words):
                continue
            longest = n
            hit = _with_verb(frame, lexicon, keys, i, i + n, groups)
            if hit or frame.alone:
                hits.append(hit or Hit(frame, i, i + n, (i, i + n), None, False))
            if hit:
                taken.update(range(i, i + n))
    lights = {h.group.start for h in hits if h.group}
    for group in groups:
        longest = 0
        for words, frame in lexicon.verbs.get(group.lemma, ()):
            n = len(words)
            if n < longest or group.start in lights or tuple(keys[group.end : group.end + n]) != words:
                continue
            if n > longest:
                hits = [h for h in hits if h.group != group or h.noun]
            longest = n
            hits.append(Hit(frame, group.start, group.end + n, None, group, False))
    nouns = [h.noun for h in hits if h.noun]
    return [h for h in hits if not h.noun or ((h.group or h.noun[0] not in taken) and not _is_inner(h, nouns, hits, keys, lexicon.grammar))]


def _is_inner(hit: Hit, nouns: list[tuple[int, int]], hits: list[Hit], keys: list[str], grammar: Grammar) -> bool:
    """Whether a noun is part of a longer one ("hunger strike"), or stands under the head of its verb's object ("a suspension of aid")."""
    assert hit.noun
    start, end = hit.noun
    if any(a <= start and end <= b and (a, b) != (start, end) for a, b in nouns):
        return True
    return hit.group is not None and any(
        h.group == hit.group
        and h.noun
        and hit.group.end <= h.noun[0] < start
        and any(grammar.marks(k, "of") for k in keys[h.noun[1] : start])
        for h in hits
    )


def _with_verb(frame: Frame, lexicon: Lexicon, keys: list[str], start: int, end: int, groups: list[VerbGroup]) -> Hit | None:
    """The predicate of a noun and its light verb: the noun is in the verb's object, or the subject of its passive."""
    before = next((g for g in reversed(groups) if g.end <= start), None)
    if before and start - before.end <= _MAX_GAP:
        for words in frame.verbs.get(before.lemma, ()):
            after = before.end + len(words)
            if tuple(keys[before.end : after]) == words and not before.passive and _reaches(lexicon, keys, after, start):
                return Hit(frame, before.start, end, (start, end), before, False)
    behind = next((g for g in groups if g.start >= end), None)
    # "an earthquake hit …", "clashes between … erupted": what happens by itself is the subject of its verb
    if behind and (behind.passive or not frame.actors or frame.actors[0] == "between") and behind.start - end <= _MAX_GAP:
        for words in frame.verbs.get(behind.lemma, ()):
            if tuple(keys[behind.end : behind.end + len(words)]) == words and not any(k in _MARKS for k in keys[end : behind.start]):
                return Hit(frame, start, behind.end + len(words), (start, end), behind, False)
    return None


def _reaches(lexicon: Lexicon, keys: list[str], start: int, end: int) -> bool:
    """Whether the object that begins at `start` has its head at `end`: only "of" and genitives may stand between."""
    grammar = lexicon.grammar
    for k in keys[start:end]:
        if k in _MARKS or k in grammar.words["complementizer"] or k in grammar.words["relative"]:
            return False
        if grammar.parts(k):
            return False
    return True
