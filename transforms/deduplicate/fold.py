"""Which of the texts that match each other are folded into which."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from transforms.deduplicate.compare import Match

Neighbours = dict[bytes, dict[bytes, Match]]


class Folded(NamedTuple):
    """The text `rank` is folded into the text `into`."""

    rank: bytes
    into: bytes
    match: Match


def fold(matches: Mapping[tuple[bytes, bytes], Match]) -> list[Folded]:
    """Folds every text into the first one, by rank, that it matches and that is kept itself.

    `matches`: by pair of ranks (`transforms.deduplicate.rank`). A text is only ever folded into one that it matches directly, so that chains
    of resemblance draw no strangers together. The answer depends on nothing but the matches, whatever their order.
    """
    neighbours: Neighbours = {}
    for (a, b), match in matches.items():
        neighbours.setdefault(a, {})[b] = match
        neighbours.setdefault(b, {})[a] = match
    _part_roundups(neighbours)
    into: dict[bytes, bytes] = {}
    for rank in sorted(neighbours):
        if rank not in into:
            into[rank] = rank
            for other in neighbours[rank]:
                into.setdefault(other, rank)
    return [Folded(rank, kept, neighbours[kept][rank]) for rank, kept in sorted(into.items()) if kept != rank]


def _part_roundups(neighbours: Neighbours) -> None:
    """A text that shares parts with stories which have nothing in common is a round-up; only one of its links stays.

    That is the one to the story of which it tells the smallest part. Whichever is chosen, all the stories are kept.
    Copies of one text count as one (`Match.same`).
    """
    cut: set[tuple[bytes, bytes]] = set()
    for text in components(neighbours, lambda rank: [other for other, match in neighbours[rank].items() if match.same]):
        links = {(rank, other): match for rank in text for other, match in neighbours[rank].items() if other not in text}
        stories = components({other for _, other in links}, neighbours.__getitem__)
        if len(stories) > 1:
            told = [{link: match.similarity for link, match in links.items() if link[1] in story} for story in stories]
            told.sort(key=lambda story: (max(story.values()), min(other for _, other in story)))
            cut.update(link for story in told[1:] for link in story)
    for rank, other in cut:
        neighbours[rank].pop(other, None)
        neighbours[other].pop(rank, None)


def components(nodes: Collection[bytes], linked: Callable[[bytes], Iterable[bytes]]) -> list[set[bytes]]:
    """The connected parts of the graph on `nodes`; `linked` names a node's neighbours, those outside `nodes` are passed over."""
    left, parts = set(nodes), []
    for node in sorted(nodes):
        if node not in left:
            continue
        left.discard(node)
        part, waiting = {node}, [node]
        while waiting:
            near = left.intersection(linked(waiting.pop()))
            left -= near
            part |= near
            waiting.extend(near)
        parts.append(part)
    return parts
