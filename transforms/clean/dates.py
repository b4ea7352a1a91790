"""Dates as pages print them, read without inventing anything: a date is as precise as its text, and a time has a zone only if the page names one.

Own code instead of dateparser, which reads any number as a date when it searches, completes missing parts from the clock of the machine,
and takes milliseconds a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import regex

from transforms.clean.phrases import phrases

# Zone names as news pages use them; a region where the name alone does not give the offset.
_OFFSETS = {
    "ist": "+05:30", "gmt": "+00:00", "utc": "+00:00", "z": "+00:00", "bst": "+01:00", "cet": "+01:00", "cest": "+02:00", "est": "-05:00",
    "edt": "-04:00", "cst": "-06:00", "cdt": "-05:00", "mst": "-07:00", "mdt": "-06:00", "pst": "-08:00", "pdt": "-07:00",
}  # fmt: skip
_REGIONS = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
MAX_CHARS = 300  # of a line that is searched


class Found(NamedTuple):
    """A date in a text."""

    start: int  # offset into the text
    end: int
    iso: str  # YYYY-MM-DD, with Thh:mm:ss and an offset when the text gives them


@lru_cache(maxsize=1)
def _patterns() -> tuple[regex.Pattern[str], ...]:
    month = "|".join(sorted(map(regex.escape, phrases().months), key=len, reverse=True))
    name = rf"(?P<month>{month})\.?"
    day, year = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?", r"(?P<year>(?:19|20)\d\d)"
    edge = r"(?<![\p{L}\p{M}\d])"
    end = r"(?![\p{L}\p{M}\d])"
    return (
        regex.compile(rf"{edge}{year}-(?P<number>[01]?\d)-(?P<day>[0-3]?\d)(?!\d)"),
        regex.compile(rf"{edge}{day}[ \-]?(?:of )?{name}{end}[ ,\-]{{0,3}}{year}{end}"),
        regex.compile(rf"{edge}{name}[ \-]{day}{end},? ?{year}{end}"),
        regex.compile(rf"{edge}(?P<day>[0-3]?\d)[-.](?P<number>[01]?\d)[-.]{year}{end}"),
        regex.compile(rf"{edge}(?P<a>[0-3]?\d)/(?P<b>[0-3]?\d)/{year}{end}"),
    )


@lru_cache(maxsize=1)
def _without_year() -> regex.Pattern[str]:
    month = "|".join(sorted(map(regex.escape, phrases().months), key=len, reverse=True))
    edge, end = r"(?<![\p{L}\p{M}\d])", r"(?![\p{L}\p{M}\d])"
    return regex.compile(rf"{edge}(?:(?P<day>[0-3]?\d)(?:st|nd|rd|th)? (?P<month>{month})|(?P<month>{month})\.? (?P<day>[0-3]?\d)){end}")


_TIME = regex.compile(r"(?<!\d)(?P<hour>[0-2]?\d):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.\d+)?)? ?(?P<half>[ap]\.?m\.?)?")
_ZONE = regex.compile(r" ?\(?(?P<zone>[+-]\d\d:?\d\d|[a-z]{1,4})(?![\p{L}\d])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BORDER = regex.compile(r"[|•·]")
_TIME_REACH = 24  # characters between a date and its time


def find_dates(folded: str) -> Iterator[Found]:
    """The dates in a line (folded by `normalise.fold`), in its own order, with their times. Dates without a year are passed over."""
    folded = folded[:MAX_CHARS]
    if not _YEAR.search(folded):
        return
    spans: list[tuple[int, int, Any]] = []
    for pattern in _patterns():
        for match in pattern.finditer(folded):
            day = _day(match.groupdict())
            if day and not any(match.start() < end and start < match.end() for start, end, _ in spans):
                spans.append((match.start(), match.end(), day))
    spans.sort()
    for i, (start, end, day) in enumerate(spans):
        limit = spans[i + 1][0] if i + 1 < len(spans) else len(folded)
        time = _TIME.search(folded, end, min(limit, end + _TIME_REACH)) or (
            _TIME.search(folded, max(0, start - _TIME_REACH), start) if i == 0 else None
        )
        if time and time.start() >= end and _BORDER.search(folded, end, time.start()):
            time = None
        yield Found(start, max(end, time.end() if time else 0), day.isoformat() + (_time(folded, time, day) if time else ""))


def _day(found: dict[str, str | None]) -> date | None:
    year = int(found["year"] or 0)
    if found.get("a"):
        a, b = int(found["a"] or 0), int(found["b"] or 0)
        if a <= 12 and b <= 12 and a != b:
            return None  # 03/04/2024 is April in India and March in America
        day, month = (a, b) if a > 12 or a == b else (b, a)
    else:
        day = int(found["day"] or 0)
        month = phrases().months[str(found["month"])] if found.get("month") else int(found["number"] or 0)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _time(text: str, match: regex.Match[str], day: date) -> str:
    hour, half = int(match["hour"]), (match["half"] or "")[:1]
    if hour > 23 or (half and not 1 <= hour <= 12):
        return ""
    hour = hour % 12 + 12 * (half == "p") if half else hour
    clock = f"T{hour:02}:{match['minute']}:{match['second'] or '00'}"  # RFC 3339 has no time without seconds
    zone = _ZONE.match(text, match.end())
    if not zone:
        return clock
    name = zone["zone"]
    if name[0] in "+-":
        return clock + name[:3] + ":" + name[-2:]
    if name in _OFFSETS:
        return clock + _OFFSETS[name]
    if name in _REGIONS:
        offset = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(_REGIONS[name])).strftime("%z")
        return f"{clock}{offset[:3]}:{offset[3:]}"
    return clock


def complete_date(folded: str, reference: str | None) -> str | None:
    """The day that a folded line names without a year ("Tuesday (18 June)"), completed near `reference` (ISO 8601: crawl or publication time).

    The latest such day that is not after the reference; a weekday beside it must agree, else None.
    """
    if not reference:
        return None
    folded = folded[:MAX_CHARS]
    match = _without_year().search(folded)
    if not match:
        return None
    weekdays = [number for name, number in phrases().weekdays.items() if len(name) > 3 and name in folded]
    limit = date.fromisoformat(reference[:10]) + timedelta(days=1)
    for year in range(limit.year, limit.year - 8, -1):
        try:
            day = date(year, phrases().months[match["month"]], int(match["day"]))
        except ValueError:
            continue
        if day <= limit and (not weekdays or day.weekday() in weekdays):
            return day.isoformat()
    return None


_URL_DATE = regex.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/-])")


def url_date(url: str | None) -> str | None:
    """The day in a web address like …/2024/08/29/…"""
    match = _URL_DATE.search(url or "")
    if not match:
        return None
    try:
        return date(*map(int, match.groups())).isoformat()
    except ValueError:
        return None
