"""Machine-readable times of web pages, as ISO 8601 with the precision that they have."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

import regex

_ISO = regex.compile(
    r"^\s*(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:(?:T|\s+|\s*,\s*)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(Z|UTC|GMT|IST|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?\s*$",
    regex.I,
)
_COMPACT = regex.compile(r"^\s*(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?)?\s*$")
_EPOCH = regex.compile(r"^\s*(\d{10})(\d{3})?\s*$")
_FIRST_YEAR = 1850  # newspapers are older, times in meta elements are not
_LAST_YEAR = 2099


def iso_time(value: str | None) -> str | None:
    """A time as pages write it for machines, as ISO 8601.

    Reads ISO 8601 and its usual misspellings, the compact form, RFC 2822, and seconds or milliseconds since 1970. The result has no more
    precision than the value: no time of day for a date, no zone when none is given (IST is India's). Midnight of 1970 and impossible dates give None.
    """
    if not value or len(value) > 60:
        return None
    if match := _ISO.match(value) or _COMPACT.match(value):
        return _format(*match.groups())
    if match := _EPOCH.match(value):
        return datetime.fromtimestamp(int(match[1]), UTC).isoformat().replace("+00:00", "Z")
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.isoformat().replace("+00:00", "Z") if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None


def _format(
    year: str, month: str, day: str | None, hour: str | None, minute: str | None, second: str | None, zone: str | None
) -> str | None:
    try:
        if not _FIRST_YEAR <= date(int(year), int(month), int(day or 1)).year <= _LAST_YEAR or (year, month, day) == ("1970", "01", "01"):
            return None
        if hour is not None:
            datetime(int(year), int(month), int(day or 1), int(hour), int(minute or 0), int(second or 0))
    except ValueError:
        return None
    text = f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")
    if hour is None or day is None:
        return text
    return text + f"T{int(hour):02}:{minute}" + (f":{second}" if second else "") + _zone(zone)


def _zone(zone: str | None) -> str:
    if not zone:
        return ""
    zone = zone.upper()
    if zone in ("Z", "UTC", "GMT"):
        return "Z"
    if zone == "IST":
        return "+05:30"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"


def most_precise(values: Iterable[str | None]) -> str | None:
    """The first readable time; a later one of the same day that says more replaces it."""
    best = None
    for value in values:
        found = iso_time(value)
        if found and (best is None or (len(found) > len(best) and _same_day(found, best))):
            best = found
    return best


def _same_day(a: str, b: str) -> bool:
    """Whether two times may name one moment: the same day, or, where a zone is left out, days next to each other."""
    if a[: min(len(a), len(b))][:10] == b[: min(len(a), len(b))][:10]:
        return True
    if len(a) < 10 or len(b) < 10:
        return False
    return abs(date.fromisoformat(a[:10]) - date.fromisoformat(b[:10])) <= timedelta(days=1) and len(b) > 10
