"""Dates in a sentence: absolute, with gaps, and relative to the day of publication.

What a date points to is never more exact than the text and the publication date make it: "in July" is a month, "last week" a week, and a
weekday in an article without a publication date stays unresolved.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import date, timedelta
from typing import NamedTuple

from transforms.events import calendar
from transforms.events.calendar import Span
from transforms.events.date_words import DIRECTIONS, YEARS, DateWords, date_words, is_year
from transforms.events.numbers import ordinal, parse_number
from transforms.events.spans import span_text
from transforms.events.tokens import Token
from transforms.records import DateType

# How far a day without a year may lie from one whose year the text gives.
_NEAR_KNOWN = timedelta(days=31)
_MAX_COUNT = 200  # "500 days ago" is no date


class DateMention(NamedTuple):
    """A date in tokens `start` to `end`. `date` is an ISO day, month or year; `date_start` and `date_end` bound it."""

    start: int
    end: int
    date: str | None
    date_start: str | None
    date_end: str | None
    date_type: DateType
    text: str
    vague: bool = False  # "recently": nothing in the text can pin it down


def find_dates(
    tokens: Sequence[Token],
    reference: str | None,
    language: str,
    past: bool | None = None,
    anchor: str | None = None,
    source: str | None = None,
    known: Sequence[str] = (),
) -> list[DateMention]:
    """The dates that the tokens of a sentence name, from left to right.

    Args:
        tokens: the tokens of a sentence.
        reference: ISO 8601 date or time of publication; a year alone helps as far as it goes.
        language: BCP 47 tag.
        past: whether the clause tells the past (True) or the future (False); None if it is not known. It decides words with two readings.
        anchor: ISO day, month or year told last before, for "the next day", "five years later", and days without a year when the
            reference is not known.
        source: the text that the token offsets count in, for verbatim texts.
        known: ISO days that the text gives in full; when the reference is not known, a day without a year lies near one of these.
    """
    words = date_words(language)
    starts = [i for i, token in enumerate(tokens) if token.key in words.starts or token.key[:1].isdigit()]
    if not starts:
        return []
    reader = _Reader(tokens, reference, words, language, past, anchor, known)
    found: list[DateMention] = []
    for i in starts:
        hit = reader.at(i) if not found or i >= found[-1].end else None
        if hit is None:
            continue
        end, span = hit
        end = reader.with_daypart(end)
        text = span_text(tokens, i, end, source)
        if span is None:
            found.append(DateMention(i, end, None, None, None, "unresolved", text, reader.vague(i) is not None))
        else:
            found.append(DateMention(i, end, span.common, span.start.isoformat(), span.end.isoformat(), span.date_type, text))
    return found


def points_back(keys: Set[str], language: str) -> bool:
    """Whether a sentence with these keys may name a time by one told before: "the same day", "two weeks later"."""
    words = date_words(language)
    return not words.units.keys().isdisjoint(keys) and not words.pointing_back.isdisjoint(keys)


# (token after the date, the days it means or None)
_Hit = tuple[int, Span | None]


class _Reader:
    """Reads one date at a given token."""

    def __init__(
        self,
        tokens: Sequence[Token],
        reference: str | None,
        words: DateWords,
        language: str,
        past: bool | None,
        anchor: str | None,
        known: Sequence[str],
    ) -> None:
        self.tokens = tokens
        self.keys = [token.key for token in tokens]
        self.words = words
        self.language = language
        self.today = calendar.reference_day(reference)
        self.year = calendar.reference_year(reference)
        self.anchor = calendar.reference_day(anchor)
        self.anchor_year = calendar.reference_year(anchor)
        self.known = [day for day in map(calendar.reference_day, known) if day]
        self.past = past

    def at(self, i: int) -> _Hit | None:
        for reading in (
            self._numeric,
            self.vague,
            self._weekday,
            self._modified,
            self._day_month,
            self._month,
            self._ago,
            self._decade,
            self._year,
            self._near,
        ):
            hit = reading(i)
            if hit is not None:
                return hit
        return None

    def _is(self, i: int, name: str) -> bool:
        return 0 <= i < len(self.keys) and self.keys[i] in self.words.lists[name]

    def _key(self, i: int) -> str:
        return self.keys[i] if 0 <= i < len(self.keys) else ""

    def with_daypart(self, end: int) -> int:
        """The end with the time of day after the date: "की रात", "देर शाम"."""
        last = end
        while self._is(last, "dayparts") or (self._is(last, "of") and self._is(last + 1, "dayparts")):
            last += 1
        return last

    # -- readings ------------------------------------------------------------------------------------------------------------------------

    def _numeric(self, i: int) -> _Hit | None:
        """18/06/2024, 18-06-2024, 18.06.2024, 2024-06-18."""
        parts, end = self._key(i).split("."), i + 1
        if len(parts) == 1 and self._key(i + 1) in ("/", "-") and self._key(i + 3) == self._key(i + 1):
            parts, end = [self._key(i), self._key(i + 2), self._key(i + 4)], i + 5
        if len(parts) != 3 or not all(part.isdigit() for part in parts):
            return None
        first, month, last = (int(part) for part in parts)
        year, day = (first, last) if len(parts[0]) == 4 else (last, first)
        if year < 100 and len(parts[2]) == 2:
            year += 2000
        found = calendar.make_day(year, month, day) if year in YEARS else None
        return (end, calendar.day_span(found)) if found else None

    def vague(self, i: int) -> _Hit | None:
        for phrase in self.words.vague.get(self.keys[i], ()):
            if self.keys[i : i + len(phrase)] == list(phrase):
                return i + len(phrase), None
        return None

    def _weekday(self, i: int) -> _Hit | None:
        """A weekday, alone or with day and month beside it: मंगलवार (18 जून)."""
        weekday = self.words.weekdays.get(self._key(i))
        if weekday is None:
            return None
        j = i + 1
        bracket = self._key(j) == "("
        if bracket or self._key(j) == "," or self._is(j, "closing"):
            j += 1
        inner = self._day_month_parts(j)
        if inner:
            end, days, month, year = inner
            if bracket and self._key(end) == ")":
                end += 1
            return end, self._resolve_day(days, month, year, weekday)
        return i + 1, self._resolve_weekday(weekday, 0)

    def _resolve_weekday(self, weekday: int, direction: int) -> Span | None:
        if self.today is None:
            return None
        if direction < 0:  # "last Monday" is before today
            return calendar.day_span(calendar.nearest_weekday(self.today - timedelta(days=1), weekday, past=True))
        if direction > 0:
            return calendar.day_span(calendar.nearest_weekday(self.today + timedelta(days=1), weekday, past=False))
        return calendar.day_span(calendar.nearest_weekday(self.today, weekday, past=self.past is not False))

    def _modified(self, i: int) -> _Hit | None:
        """Previous, this, next, the same: with a weekday, day and month, month, or unit of time after it."""
        name = next((name for name in DIRECTIONS if self._is(i, name)), None)
        if name is None:
            return None
        direction = DIRECTIONS[name]
        j = i + 1
        while self._is(j, "particles"):
            j += 1
        weekday = self.words.weekdays.get(self._key(j))
        if weekday is not None:
            return j + 1, self._resolve_weekday(weekday, direction)
        inner = self._day_month_parts(j)
        if inner:
            end, days, month, year = inner
            return end, self._resolve_day(days, month, year, None, past=direction <= 0)
        if self._key(j) in self.words.months:
            return self._month(j, past=direction <= 0 if direction else None)
        unit = self.words.units.get(self._key(j))
        if unit is not None:
            return self._modified_unit(j, unit, direction, name == "same")
        if name == "previous" and self._is(j, "dayparts"):  # "बीती रात": the one before today, or of today
            return j + 1, self._offset_day(-1)
        number = parse_number(self.tokens, j, self.language)
        if number and name in ("previous", "next"):  # "पिछले तीन दिनों में": a span up to now
            value, end = number
            unit = self.words.units.get(self._key(end))
            if unit and unit != "hour" and value <= _MAX_COUNT:
                if self.today is None:
                    return end + 1, None
                far = calendar.shifted(self.today, direction * int(value), unit)
                return end + 1, Span(far.start, self.today) if direction < 0 else Span(self.today, far.end)
            if unit == "hour":
                return end + 1, self._offset_day(direction)
        return None

    def _modified_unit(self, j: int, unit: str, direction: int, same: bool) -> _Hit | None:
        end = j + 1
        if unit == "day":
            if same or direction:
                return (end, self._anchored(direction)) if same or direction > 0 else (end, None)
            return None
        if same or unit == "hour":
            return (end, None) if same else None
        if unit == "year":
            after = end
            while self._is(after, "particles") or self._is(after, "of"):
                after += 1
            year = self._relative_year(direction)
            inner = self._day_month_parts(after)
            if inner:
                last, days, month, _ = inner
                return last, self._resolve_day(days, month, year, None) if year else None
            if self._key(after) in self.words.months:
                return self._month(after, year=year or 0)
            return self._with_part(end, calendar.year_span(year) if year else None)
        if self.today is None:
            return self._with_part(end, None)
        if unit == "week":
            return end, calendar.week_span(self.today, direction)
        if unit == "month":
            return self._month_day(end, calendar.month_span(self.today.year, self.today.month + direction))
        return end, calendar.shifted(self.today, direction, unit)

    def _month_day(self, end: int, span: Span) -> _Hit:
        """A day of the month after it: "पिछले महीने की 18 तारीख"."""
        j = end + 1 if self._is(end, "of") else end
        if self._key(j).isdigit() and self._is(j + 1, "date"):
            day = calendar.make_day(span.start.year, span.start.month, int(self._key(j)))
            return j + 2, calendar.day_span(day) if day else span
        return self._with_part(end, span)

    def _relative_year(self, direction: int) -> int | None:
        return self.year + direction if self.year else None

    def _anchored(self, direction: int) -> Span | None:
        return calendar.day_span(self.anchor + timedelta(days=direction)) if self.anchor else None

    def _offset_day(self, direction: int) -> Span | None:
        if self.today is None:
            return None
        other = self.today + timedelta(days=direction)
        return Span(min(other, self.today), max(other, self.today))

    def _day_month(self, i: int) -> _Hit | None:
        inner = self._day_month_parts(i)
        if inner is None:
            return None
        end, days, month, year = inner
        return end, self._resolve_day(days, month, year, None)

    def _day_month_parts(self, i: int) -> tuple[int, tuple[int, int], int, int | None] | None:
        """(end, (first day, last day), month, year): 18 जून 2024; 18 से 20 अगस्त, 2018; June 18, 2024."""
        month = self.words.months.get(self._key(i))
        if month is not None:  # month first
            first = self._day(i + 1)
            if first is None or self._key(i + 2) in self.words.units:
                return None
            last, j = first, i + 2
            if self._is(j, "suffix"):
                j += 1
            if self._is(j, "to") and (other := self._day(j + 1)):
                last, j = other, j + 2
        else:
            first = self._day(i)
            if first is None:
                return None
            last, j = first, i + 1
            if self._is(j, "suffix"):  # "5th of March"
                j += 1
            if self._is(j, "to") and (other := self._day(j + 1)):
                last, j = other, j + 2
            if self._is(j, "of"):
                j += 1
            month = self.words.months.get(self._key(j))
            if month is None or last < first:
                return None
            j += 1
        year, end = self._year_after(j)
        return end, (first, last), month, year

    def _day(self, i: int) -> int | None:
        word = self._key(i)
        digits = word.rstrip("stndrh") if word[:1].isdigit() else word
        if digits.isdigit():
            return int(digits) if 1 <= int(digits) <= 31 and len(digits) <= 2 else None
        number = parse_number(self.tokens, i, self.language)
        value = int(number[0]) if number and number[1] == i + 1 else ordinal(word, self.language)
        return value if value and 1 <= value <= 31 else None

    def _year_after(self, j: int) -> tuple[int | None, int]:
        k = j + 1 if self._key(j) == "," else j
        k = k + 1 if self._is(k, "year") else k
        if self._is_year(k) and not (k < len(self.keys) and self._key(k + 1) in self.words.months):
            return int(self._key(k)), k + 1
        return None, j

    def _is_year(self, i: int) -> bool:
        return is_year(self._key(i))

    def _resolve_day(
        self, days: tuple[int, int], month: int, year: int | None, weekday: int | None, past: bool | None = None
    ) -> Span | None:
        past = self.past if past is None else past
        if year is None and self.today is not None:
            day = calendar.nearest_day(self.today, month, days[0], past, weekday)
            year = day.year if day else None
        elif year is None and self.year is not None:
            year = self._year_of(days[0], month, weekday)
        elif year is None and (near := self._near_known(month, days[0])):
            year = near.year
        elif year is None and self.anchor is not None:  # "from 25 October 2017 … on 31 October"
            day = calendar.nearest_day(self.anchor, month, days[0], None, weekday)
            year = day.year if day else None
        if year is None:
            return None
        start, end = calendar.make_day(year, month, days[0]), calendar.make_day(year, month, days[1])
        return Span(start, end) if start and end else None

    def _near_known(self, month: int, day: int | None) -> date | None:
        """The day (or the middle of the month) in the year that brings it within a month of a day that the text gives in full."""
        near = [
            (abs(other - found), found)
            for other in self.known
            for year in (other.year - 1, other.year, other.year + 1)
            if (found := calendar.make_day(year, month, day or 15)) and abs(other - found) <= _NEAR_KNOWN
        ]
        return min(near)[1] if near else None

    def _year_of(self, day: int, month: int, weekday: int | None) -> int | None:
        """The year when only a year is known that the text is about: that one, unless the weekday pins the next."""
        assert self.year is not None
        if weekday is None:
            return self.year
        years = [
            y for y in (self.year, self.year + 1, self.year - 1) if (d := calendar.make_day(y, month, day)) and d.isoweekday() == weekday
        ]
        return years[0] if years else None

    def _month(self, i: int, year: int | None = None, past: bool | None = None) -> _Hit | None:
        """A month, with a year beside it or without: जुलाई में, फरवरी 2022 के अंत में, 2012 जुलाई."""
        j = i
        if self._is_year(i) and self._key(i + 1) in self.words.months:
            year, j = int(self._key(i)), i + 1
        month = self.words.months.get(self._key(j))
        if month is None or (year is None and not self._may_be_month(j)):
            return None
        end = j + 1
        if self.words.units.get(self._key(end)) == "month":
            end += 1
        other = end + 1 if self._is(end, "to") else end
        last = self.words.months.get(self._key(other)) if year is None else None
        if last and (both := self._year_after(other + 1))[0]:  # "अक्टूबर-नवंबर 2015"
            first, final = (calendar.month_span(both[0], number) for number in (month, last))
            return both[1], Span(first.start, final.end) if month < last else None
        if year is None:
            year, end = self._year_after(end)
        if year:
            span: Span | None = calendar.month_span(year, month)
        elif self.today is not None and year is None:
            span = calendar.nearest_month(self.today, month, self.past if past is None else past)
        elif self.year is not None and year is None:
            span = calendar.month_span(self.year, month)
        elif year is None and (near := self._near_known(month, None)):
            span = calendar.month_span(near.year, month)
        elif self.anchor is not None and year is None:
            span = calendar.nearest_month(self.anchor, month, past)
        else:
            span = None
        return self._with_part(end, span)

    def _may_be_month(self, i: int) -> bool:
        # May and March are words of their own in English; there a preposition must stand before them
        before = self.words.lists["before_year"]
        return not before or self._key(i - 1) in before or self._is_year(i + 1)

    def _with_part(self, end: int, span: Span | None) -> _Hit:
        """Start, middle or end of the span after it: "के अंत में", "के दूसरे सप्ताह"."""
        j = end + 1 if self._is(end, "of") else end
        for part in ("start", "middle", "end"):
            if self._is(j, part) and not (part == "start" and self._is(j, "ago")):
                return j + 1, calendar.part_of(span, part) if span else None
        number = ordinal(self._key(j), self.language)
        if number and self.words.units.get(self._key(j + 1)) == "week" and j > end:
            if span is None:
                return j + 2, None
            start = span.start + timedelta(weeks=number - 1)
            return j + 2, Span(start, min(start + timedelta(days=6), span.end))
        return end, span

    def _ago(self, i: int) -> _Hit | None:
        """तीन दिन पहले, two weeks later."""
        number = parse_number(self.tokens, i, self.language)
        value, j = number if number else (1.0, i + 1 if self._is(i, "articles") else i)
        unit = self.words.units.get(self._key(j)) if number or j > i else None
        if unit is None or unit == "hour" or value > _MAX_COUNT:
            return None
        if self._is(j + 1, "ago"):
            if value % 1 and unit == "year":  # "डेढ़ साल पहले"
                value, unit = 12 * value, "month"
            if self.today is None and self.year is not None and unit in ("year", "decade"):
                return j + 2, calendar.year_span(self.year - int(value) * (10 if unit == "decade" else 1))
            return j + 2, calendar.shifted(self.today, -int(value), unit) if self.today else None
        if self._is(j + 1, "later"):
            if self.anchor is None and self.anchor_year is not None and unit == "year":
                return j + 2, calendar.year_span(self.anchor_year + int(value))
            return j + 2, calendar.shifted(self.anchor, int(value), unit) if self.anchor else None
        return None

    def _decade(self, i: int) -> _Hit | None:
        """1990 के दशक, नब्बे के दशक."""
        number = parse_number(self.tokens, i, self.language)
        if not number or not self._is(number[1], "of") or self.words.units.get(self._key(number[1] + 1)) != "decade":
            return None
        year = int(number[0]) + (1900 if number[0] < 100 else 0)
        return (number[1] + 2, Span(date(year, 1, 1), date(year + 9, 12, 31))) if year in YEARS and year % 10 == 0 else None

    def _year(self, i: int) -> _Hit | None:
        """साल 2013, 2019 में, 1910-45."""
        if self._is(i, "year") and self._is_year(i + 1):
            i, named = i + 1, True
        else:
            named = self._is(i - 1, "before_year")
        if not self._is_year(i):
            return None
        year, end = int(self._key(i)), i + 1
        if self._key(end) == "-" and self._key(end + 1).isdigit() and len(self._key(end + 1)) in (2, 4):
            last = int(self._key(end + 1)) if len(self._key(end + 1)) == 4 else year // 100 * 100 + int(self._key(end + 1))
            if year < last <= YEARS[-1]:
                return end + 2, Span(date(year, 1, 1), date(last, 12, 31))
        if not named and end < len(self.keys) and not self._is(end, "after_year") or self._is(end + 1, "more"):
            return None
        return self._in_year(end, year) or self._with_part(end, calendar.year_span(year))

    def _in_year(self, end: int, year: int) -> _Hit | None:
        """The day or month of a year told before it: "साल 2013 के मई महीने में", "2013 में 5 मई को"."""
        j = end + 1 if self._is(end, "of") or self._is(end, "closing") or self._key(end) == "," else end
        inner = self._day_month_parts(j)
        if inner and inner[3] is None:
            return inner[0], self._resolve_day(inner[1], inner[2], year, None)
        if self._key(j) in self.words.months and self._year_after(j + 1)[0] is None:
            return self._month(j, year=year)
        return None

    def _near(self, i: int) -> _Hit | None:
        """Today, yesterday, tomorrow; a word for both takes the tense, and without it means both days."""
        word = self._key(i)
        if word in self.words.today:
            return i + 1, calendar.day_span(self.today) if self.today else None
        back, ahead = self.words.past.get(word), self.words.future.get(word)
        if back is None and ahead is None:
            return None
        if self.today is None:
            return i + 1, None
        if back is not None and (ahead is None or self.past):
            return i + 1, calendar.day_span(self.today - timedelta(days=back))
        if ahead is not None and (back is None or self.past is False):
            return i + 1, calendar.day_span(self.today + timedelta(days=ahead))
        assert back is not None and ahead is not None
        return i + 1, Span(self.today - timedelta(days=back), self.today + timedelta(days=ahead))
