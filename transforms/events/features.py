"""What is known about a predicate and its surroundings, as features that a reader can name: the decision weighs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transforms.events.analysis import ArticleAnalysis, SentenceAnalysis
from transforms.events.clauses import FINITE_FORMS

if TYPE_CHECKING:
    from transforms.events.candidates import Candidate

# Classes of nouns whose content is not told as a fact.
UNASSERTED = frozenset({"agent", "allegation", "attempt", "order", "permission", "purpose", "refusal", "threat", "possibility"})
# The feature of a predicate behind a demonstrative: "this attack".
POINTS_BACK = "before=demonstrative"
_QUOTES = "\"“”‘’'"


def features_of(candidate: Candidate, article: ArticleAnalysis, here: list[Candidate], seen: dict[str, int]) -> list[str]:
    """The features of a candidate.

    Args:
        candidate: the candidate, with its roles.
        article: its article.
        here: all candidates of its sentence.
        seen: how often each type and frame came before.
    """
    sentence = article.sentences[candidate.index]
    event_type = candidate.event_type
    return [
        f"type={event_type}",
        f"mode={event_type}/{candidate.mode}",
        f"frame={candidate.hit.frame.name}/{candidate.hit.frame.event_type}",
        f"status={candidate.status}",
        *_predicate(candidate, sentence),
        *_parties(candidate),
        *_clause(candidate, sentence),
        *_text(candidate, sentence, article),
        *_neighbours(candidate, here, seen),
    ]


def _predicate(candidate: Candidate, sentence: SentenceAnalysis) -> list[str]:
    """How the predicate is built, and what stands beside it."""
    hit, grammar, event_type = candidate.hit, sentence.grammar, candidate.event_type
    group = hit.group
    kind = "noun" if not group else "verb" if not hit.noun else "reversed" if hit.reversed else "both"
    form = group.form if group else "noun"
    found = [f"kind={kind}", f"form={form}", f"kind,form,type={kind},{form},{event_type}"]
    if group and group.passive:
        found.append("passive")
        found.append(f"passive,type={event_type}")
    before = _before(sentence, hit.start)
    found += [f"before={before}", f"before,type={before},{event_type}"]
    if group:
        found.append(f"verb,form={group.lemma},{form}")
    if hit.noun:
        found.append(f"noun={sentence.tokens[hit.noun[1] - 1].key}")
    found.append(f"word before={sentence.tokens[hit.start - 1].key if hit.start else ''}")
    after = sentence.tokens[hit.end].key if hit.end < len(sentence.tokens) else ""
    found.append(f"word after={after}")
    if not any(g.start >= hit.end and g.form in FINITE_FORMS for g in sentence.groups):
        found.append(f"last,kind={kind}")
    if kind == "noun":
        mark = grammar.cases.get(after)
        case = mark[-1][1] if mark else "word" if after[:1].isalnum() else "end"
        found += [f"after={case}", f"after,type={case},{event_type}"]
    if hit.frame.event_type == "SAME":
        found.append("same")
    return found


def _before(sentence: SentenceAnalysis, start: int) -> str:
    """What stands right before the predicate: a case mark, one behind an infinitive ("… करने की"), a demonstrative or another word."""
    if start == 0:
        return "start"
    word, grammar = sentence.tokens[start - 1].key, sentence.grammar
    if word in grammar.words["demonstratives"]:
        return "demonstrative"
    if word not in grammar.cases:
        return "word" if word[:1].isalnum() else "mark"
    verb = grammar.forms.get(sentence.tokens[start - 2].key) if start > 1 else None
    case = "gen" if grammar.is_genitive(word) else grammar.cases[word][-1][1]
    return f"infinitive {case}" if verb and verb[0].form == "infinitive" else case


def _parties(candidate: Candidate) -> list[str]:
    roles = candidate.roles
    found = [
        f"actor={roles.actor_mark}",
        f"recipient={roles.recipient_mark}",
        f"actor_kind={roles.actors[0].kind if roles.actors else 'none'}",
        f"recipient_kind={roles.recipients[0].kind if roles.recipients else 'none'}",
        f"parties={min(2, len(roles.actors))},{min(1, len(roles.recipients))}",
    ]
    if roles.partners:
        found.append("partners")
    if roles.actors:
        found.append(f"actor_sector,type={roles.actors[0].party.sector},{candidate.event_type}")
        if roles.actors[0].party.name:
            found.append("actor_named")
        if roles.recipients and roles.actors[0].party.country != roles.recipients[0].party.country:
            found.append("states differ")
    return found


def _clause(candidate: Candidate, sentence: SentenceAnalysis) -> list[str]:
    """The clause of the predicate and the one whose content it is."""
    hit, words = candidate.hit, sentence.grammar.words
    at = sentence.clause_at(hit.start)
    clause = sentence.clauses[at]
    found = [f"clause_length={min(5, (clause.end - clause.start) // 5)}"]
    if clause.opener in words["complementizer"]:
        content = _content(sentence, at)
        found += ["opener=that", f"content={content}"]
        if content in UNASSERTED:
            found.append("unasserted")
    elif clause.opener:
        found.append("opener=relative" if clause.opener in words["relative"] else "opener=other")
    if sentence.has_word(clause, words["weekdays"]):
        found.append("weekday")
    return found


def _content(sentence: SentenceAnalysis, clause: int) -> str:
    """What the clause before says about the one that it introduces: an allegation, a demand, a threat … or just that it is said."""
    if clause == 0:
        return "none"
    bounds = sentence.clauses[clause - 1]
    for token in reversed(sentence.tokens[bounds.start : bounds.end]):
        governor = sentence.grammar.governors.get(token.key)
        if governor and len(governor[-1][0]) == 1:
            return governor[-1][1]
    return "said" if sentence.has_verb(bounds, sentence.grammar.saying) else "none"


def _text(candidate: Candidate, sentence: SentenceAnalysis, article: ArticleAnalysis) -> list[str]:
    """The sentence and the article around the clause."""
    hit, words, topics = candidate.hit, sentence.grammar.words, candidate.hit.frame.topics
    found = [f"position={_position(sentence, article)}", f"sentences={min(6, len(article.sentences) // 6)}"]
    if topics:
        found.append("topic_here" if any(sentence.contains(word) for word in topics) else "topic_in_lead")
    if sentence.quiet:
        found.append("quiet:sentence")
    if article.quiet:
        found.append("quiet:text")
    found += [
        f"sentence:{name}"
        for name in ("speculation", "questions", "conditional", "background")
        if not words[name].isdisjoint(sentence.keys)
    ]
    if sum(map(sentence.sentence.text[: sentence.tokens[hit.start].start].count, _QUOTES)) % 2:
        found.append("quoted")
    return found


def _position(sentence: SentenceAnalysis, article: ArticleAnalysis) -> str:
    if sentence.in_title:
        return "title"
    if sentence.position < 2:
        return "lead"
    return "early" if sentence.position < len(article.sentences) / 3 else "late"


def _neighbours(candidate: Candidate, here: list[Candidate], seen: dict[str, int]) -> list[str]:
    """The other predicates of the sentence, and those told before."""
    hit = candidate.hit
    others = [c for c in here if c is not candidate and not c.reason]
    found = [
        f"others={min(4, len(others))}",
        f"seen_type={min(3, seen.get(candidate.event_type, 0))}",
        f"seen_frame={min(2, seen.get(hit.frame.name, 0))}",
    ]
    if hit.frame.event_type == "SAME" and not seen.get(candidate.event_type):
        found.append("same:first")
    if any(c.event_type == candidate.event_type and (c.hit.start, c.hit.end) != (hit.start, hit.end) for c in others):
        found.append("same_type_here")
    return found
