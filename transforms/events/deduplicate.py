"""Tellings of one act, in one article or many, become one event with all its mentions.

Two events are the same act when type, mode, standing (real, hypothetical or negated) and parties are the same, their places do not
contradict each other and their days differ by one at most. The days of a group are compared with its first day and never chained, so a
week of daily shelling stays several events. Text similarity never merges anything.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace

from transforms.events.places import is_local, places_apart
from transforms.normalise import fold
from transforms.records import Casualties, Event, Mention, Party

_DAYS_APART = 1
# An event without a day of its own is only compared by publication day: follow-ups come within this many days.
_PUBLICATION_DAYS_APART = 2


def event_key(event: Event) -> str:
    """The key that all events share that could ever be merged with `event`: for a GroupByKey.

    Acts between states are told with changing names (Putin, Moscow, Russia): their parties count by country or code. Acts within one
    country are told apart by the names of the parties. An event without any party counts by its resolved place, and one without that,
    or with a whole country as its place, stays alone.
    """
    if event.actors or event.recipients:
        crossing = len({_body(p) for p in (*event.actors, *event.recipients)} - {None}) > 1
        sides = "|".join(",".join(sorted({_identity(p, crossing) for p in side})) for side in (event.actors, event.recipients))
    elif event.place and is_local(event.place):
        sides = f"place:{event.place.geonameid or event.place.name}"
    else:
        sides = f"alone:{event.event_id}"
    return "|".join((event.event_type, event.mode or "", _standing(event), sides))


def deduplicate_events(events: Iterable[Event]) -> list[Event]:
    """Merges the events that tell one act. The result is sorted by id and does not depend on the order of `events`."""
    groups: dict[str, list[Event]] = {}
    for event in events:
        groups.setdefault(event_key(event), []).append(event)
    return sorted((merged for group in groups.values() for merged in merge_group(group)), key=lambda e: e.event_id)


def merge_group(events: Iterable[Event]) -> list[Event]:
    """Merges the events of one `event_key`."""
    clusters: list[list[Event]] = []
    by_time: dict[object, list[int]] = {}  # a busy pair of states has thousands of acts: only those near in time are looked at
    for event in sorted(events, key=lambda e: (e.date_start or "9", e.date_end or "9", e.first_seen or "9", e.event_id)):
        near = (clusters[i] for i in sorted({i for time in _times_near(event) for i in by_time.get(time, ())}))
        home = next((c for c in near if _same_time(c[0], event) and not any(places_apart(e.place, event.place) for e in c)), None)
        if home is None:
            by_time.setdefault(_time(event), []).append(len(clusters))
            clusters.append([event])
        else:
            home.append(event)
    return [_merge(cluster) for cluster in clusters]


def _time(event: Event) -> object:
    """What tells the time of an event: its range, or its day, or that of its first publication."""
    if event.date_type == "approximate":
        return event.date_start, event.date_end
    day = _day(event.event_date or event.first_seen)
    return day and day.toordinal()


def _times_near(event: Event) -> list[object]:
    """The times of all events that `_same_time` may find the same as that of `event`."""
    time = _time(event)
    if isinstance(time, int):
        return list(range(time - _PUBLICATION_DAYS_APART, time + _PUBLICATION_DAYS_APART + 1))
    return [time] if time else []


def _standing(event: Event) -> str:
    return event.status if event.status in ("hypothetical", "negated") else "real"


def _body(party: Party) -> str | None:
    return party.country or party.code


def _identity(party: Party, crossing: bool) -> str:
    return (_body(party) if crossing else None) or fold(party.name or party.text)


def _same_time(first: Event, other: Event) -> bool:
    if "exact" in (first.date_type, other.date_type) and first.date_type == other.date_type:
        return _days_between(first.event_date, other.event_date) <= _DAYS_APART
    if "approximate" in (first.date_type, other.date_type):
        return (first.date_start, first.date_end) == (other.date_start, other.date_end)
    return _days_between(first.event_date or first.first_seen, other.event_date or other.first_seen) <= _PUBLICATION_DAYS_APART


def _days_between(one: str | None, other: str | None) -> float:
    days = [_day(one), _day(other)]
    return abs((days[0] - days[1]).days) if days[0] and days[1] else float("inf")


def _day(iso: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(iso[:10]) if iso else None
    except ValueError:  # a month or a year
        return None


def _merge(cluster: list[Event]) -> Event:
    if len(cluster) == 1:
        return cluster[0]
    by_age = sorted(cluster, key=lambda e: (e.first_seen or "9", e.event_id))
    dated = min(
        cluster, key=lambda e: (("exact", "approximate", "publication", "unresolved").index(e.date_type), e.first_seen or "9", e.event_id)
    )
    mentions = sorted({m for e in cluster for m in e.mentions}, key=_mention_order)
    return replace(
        by_age[0],
        contexts=tuple(sorted({c for e in cluster for c in e.contexts})),
        event_date=dated.event_date,
        date_start=dated.date_start,
        date_end=dated.date_end,
        date_type=dated.date_type,
        date_text=dated.date_text,
        place=next((e.place for e in by_age if e.place and e.place.name), by_age[0].place),
        casualties=merge_casualties([e.casualties for e in by_age]),
        amounts=tuple(dict.fromkeys(a for e in by_age for a in e.amounts)),
        attribution=tuple(dict.fromkeys(a for e in by_age for a in e.attribution)),
        confidence=max(e.confidence for e in cluster),
        **count_mentions(mentions),
    )


def _mention_order(mention: Mention) -> tuple[str, str, int, int, str]:
    return (mention.published_at or "9", mention.article_id, mention.sentence_start or 0, mention.trigger_start or 0, mention.trigger)


def count_mentions(mentions: list[Mention]) -> dict:
    """The fields of an event that follow from its mentions, which are in order of publication."""
    seen = sorted(m.published_at for m in mentions if m.published_at)
    return {
        "mentions": tuple(mentions),
        "mention_count": len(mentions),
        "source_count": len({m.publisher or m.article_id for m in mentions}),
        "first_seen": seen[0] if seen else None,
        "last_seen": seen[-1] if seen else None,
    }


def merge_casualties(tellings: list[Casualties | None]) -> Casualties | None:
    """The figures of the latest telling that gives them, with the words of all tellings; `tellings` are in order of age."""
    known = [c for c in tellings if c]
    if not known:
        return None
    latest = {
        name: next((getattr(c, name) for c in reversed(known) if getattr(c, name) is not None), None)
        for name in ("dead", "injured", "missing", "affected", "arrested")
    }
    return Casualties(**latest, text=tuple(dict.fromkeys(t for c in known for t in c.text)))
