"""Events across runs: a later telling of a known act is a new version of the same event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from transforms.events.deduplicate import event_key, merge_group
from transforms.records import Event


def update_events(events: Iterable[Event], known: Iterable[Event]) -> list[Event]:
    """What is to be written of `events`, the deduplicated events of a new crawl, when earlier runs have written `known`.

    A new act is written as it is. A further telling of a known act is written as that event, under its `event_id`, with all mentions old
    and new: loaded over the older row it replaces it. A telling that adds no mention is not written. `known` may hold several versions of
    an event. The result is sorted by id and depends on no order.
    """
    groups: dict[str, tuple[list[Event], list[Event]]] = {}
    for event in events:
        groups.setdefault(event_key(event), ([], []))[0].append(event)
    for event in known:
        if event_key(event) in groups:
            groups[event_key(event)][1].append(event)
    return sorted((row for new, old in groups.values() for row in update_group(new, old)), key=lambda e: e.event_id)


def update_group(events: Iterable[Event], known: Iterable[Event]) -> list[Event]:
    """`update_events` for the events of one `event_key`."""
    versions: dict[str, Event] = {}
    for event in sorted(known, key=lambda e: e.mention_count):
        versions[event.event_id] = event  # the one with most mentions is the last
    written = []
    for merged in merge_group([*versions.values(), *events]):
        mentions = set(merged.mentions)
        old = [event for event in versions.values() if mentions.issuperset(event.mentions)]
        first = min(old, key=lambda e: (e.first_seen or "9", e.event_id), default=None)
        if first is None:
            written.append(merged)
        elif mentions != set(first.mentions):
            written.append(replace(merged, event_id=first.event_id))
    return written
