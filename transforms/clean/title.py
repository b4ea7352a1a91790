"""Which block is the headline."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.clean.lines import TIMES, Line
from transforms.clean.model import LABELS
from transforms.clean.phrases import Phrases

TITLE, BODY = LABELS.index("title"), LABELS.index("body")
MAX_CHARS = 300
MIN_WORDS = 2
REACH = 40  # blocks before the text in which the headline is looked for
_ENOUGH = 1.0
_SEPARATORS = ("|", " - ", " – ", " — ", " :: ", "»")


def find_title(
    lines: Sequence[Line], labels: Sequence[int], scores: Sequence[tuple[float, float, float]], table: Phrases, bonus: Sequence[float]
) -> int | None:
    """The index of the headline, or None when the page has none.

    Weighs what the block model thinks of a block as a title, whether its words come back in the text, how near to the text it stands, and whether it is
    repeated; `bonus` adds what the markup says.
    """
    body = [i for i, label in enumerate(labels) if label == BODY]
    if not body or len(lines) < 2:
        return None
    first = body[0]
    vocabulary = {word for i in body for word in lines[i].words}
    keys = [line.key for line in lines[: first + REACH]]
    best, best_score = None, _ENOUGH
    for i in range(max(0, first - REACH), min(len(lines), body[-1] + 2)):
        line = lines[i]
        titled = labels[i] == TITLE
        if i > first and not titled:
            continue
        if (
            labels[i] == BODY
            or len(line.words) < MIN_WORDS
            or len(line.text) > MAX_CHARS
            or (line.hit and line.hit.mode in ("line", "heading") and not titled)
            or _is_time(line, table)
        ):
            continue
        content = [w for w in line.words if w not in table.function_words]
        overlap = sum(w in vocabulary for w in content) / len(content) if content else 0.0
        noise, title, _ = scores[i]
        score = 3.0 * titled + 4.0 * overlap + 0.5 * max(-4.0, min(4.0, title - noise)) - 0.1 * _distance(lines, i, first) + bonus[i]
        score += 1.5 * (i + 1 == first and len(line.words) >= 4)
        score -= 1.5 * (line.text[-1] in ".।") + 1.5 * (len(line.words) < 4)
        score += (
            1.0 * (keys.count(line.key) > 1 and len(line.words) >= 4)
            + 0.5 * (len(line.words) >= 5)
            - 3.0 * (i > first)
            - 1.5 * (line.hit is not None and line.hit.mode != "inside")
        )
        if score > best_score:
            best, best_score = i, score
    return _headline_of_text(lines, body) if best is None else best


def _is_time(line: Line, table: Phrases) -> bool:
    """Whether the line tells a day and a time of day, as bylines do and headlines do not."""
    return line.shape == "D" and not table.months.keys().isdisjoint(line.words) and not TIMES.isdisjoint(line.words)


def _headline_of_text(lines: Sequence[Line], body: Sequence[int]) -> int | None:
    """The first block of the text when it looks like a headline over running text."""
    if len(body) < 2:
        return None
    first, second = lines[body[0]], lines[body[1]]
    headline = (
        (first.shape in "hv" or first.text[-1] in "?!")
        and len(first.words) >= 4
        and len(first.text) < min(MAX_CHARS, len(second.text))
        and first.stop != ":"
    )
    return body[0] if headline and second.shape == "S" else None


def _distance(lines: Sequence[Line], i: int, first: int) -> int:
    """How many blocks stand between the headline and the text, bylines, dates and labels not counted."""
    return sum(line.shape not in "DPpm" for line in lines[min(i, first) + 1 : max(i, first)])


def without_site(title: str, others: Sequence[str]) -> str:
    """The title without a site name after it, if the page also prints it bare."""
    for other in others:
        if (
            len(other) >= 12
            and title.startswith(other)
            and any(title[len(other) :].strip().startswith(mark.strip()) for mark in _SEPARATORS)
        ):
            return other
    return title
