"""Arithmetic of partly known dates: from what a text says to a span of days, against the day it was published."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from transforms.records import DateType

_WEEK = 7
# A report may be dated a day ahead of the event it announces as past (time zones); so much future still counts as past.
_SLACK = timedelta(days=1)


class Span(NamedTuple):
    """A span of days, both ends included."""

    start: date
    end: date

    @property
    def exact(self) -> bool:
        """Whether the span is one day."""
        return self.start == self.end

    @property
    def common(self) -> str | None:
        """The day, month or year that the whole span lies in, as ISO 8601; None when it crosses a year."""
        start, end = self.start.isoformat(), self.end.isoformat()
        for length in (10, 7, 4):
            if start[:length] == end[:length]:
                return start[:length]
        return None

    @property
    def date_type(self) -> DateType:
        """How well the span is known."""
        return "exact" if self.exact else "approximate"


def reference_day(text: str | None) -> date | None:
    """The day in an ISO 8601 date or time; None for anything less than a day."""
    try:
        return date.fromisoformat(text[:10]) if text and len(text) >= 10 else None
    except ValueError:
        return None


def reference_year(text: str | None) -> int | None:
    """The year in an ISO 8601 date, also in one that gives no more than the year."""
    return int(text[:4]) if text and text[:4].isdigit() else None


def day_span(day: date) -> Span:
    """The span of one day."""
    return Span(day, day)


def make_day(year: int, month: int, day: int) -> date | None:
    """The day, or None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def year_span(year: int) -> Span:
    """The span of a year."""
    return Span(date(year, 1, 1), date(year, 12, 31))


def month_span(year: int, month: int) -> Span:
    """The span of a month; months beyond December run into the next year, those before January into the last."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def part_of(span: Span, part: str) -> Span:
    """The start, middle or end third of a span (months: ten days, years: four months)."""
    third = ((span.end - span.start) + timedelta(days=1)) // 3
    if part == "start":
        return Span(span.start, span.start + third - timedelta(days=1))
    if part == "end":
        return Span(span.end - third + timedelta(days=1), span.end)
    return Span(span.start + third, span.end - third)


def week_span(day: date, offset: int) -> Span:
    """The calendar week (Monday to Sunday) of `day`, `offset` weeks on."""
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=offset)
    return Span(monday, monday + timedelta(days=_WEEK - 1))


def nearest_weekday(reference: date, weekday: int, past: bool) -> date:
    """The last (or next) day with the ISO weekday, the reference day included."""
    back = (reference.isoweekday() - weekday) % _WEEK
    return reference - timedelta(days=back) if past else reference + timedelta(days=-back % _WEEK)


def nearest_day(reference: date, month: int, day: int, past: bool | None, weekday: int | None = None) -> date | None:
    """The day without a year that lies nearest to the reference day, on the side that the tense tells; a weekday pins the year."""
    years = range(reference.year - 6, reference.year + 7) if weekday else range(reference.year - 1, reference.year + 2)
    days = [found for year in years if (found := make_day(year, month, day)) and (weekday is None or found.isoweekday() == weekday)]
    if past is not None:
        days = [d for d in days if (d <= reference + _SLACK if past else d >= reference)] or days
    return min(days, key=lambda d: abs(d - reference), default=None)


def nearest_month(reference: date, month: int, past: bool | None) -> Span:
    """The month without a year that lies nearest to the reference day, on the side that the tense tells."""
    spans = [month_span(year, month) for year in (reference.year - 1, reference.year, reference.year + 1)]
    if past is not False:  # news tell what was
        return [span for span in spans if span.start <= reference][-1]
    return next(span for span in spans if span.end >= reference)


def shifted(reference: date, count: int, unit: str) -> Span:
    """The time `count` units on from the reference day: a day for days, else the week, month or year that it falls into."""
    if unit == "day":
        return day_span(reference + timedelta(days=count))
    if unit in ("week", "fortnight"):
        middle = reference + timedelta(weeks=count * (2 if unit == "fortnight" else 1))
        return Span(middle - timedelta(days=3), middle + timedelta(days=3))
    if unit == "month":
        return month_span(reference.year, reference.month + count)
    return year_span(reference.year + count * (10 if unit == "decade" else 1))
