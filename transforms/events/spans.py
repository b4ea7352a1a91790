"""Verbatim words of a span of tokens."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.events.tokens import Token


def span_text(tokens: Sequence[Token], start: int, end: int, source: str | None = None) -> str:
    """The text of tokens `start` to `end`. Without `source`, the text their offsets count in, spaces and dropped hyphens become one blank."""
    if source is not None:
        return source[tokens[start].start : tokens[end - 1].end]
    gaps = ["" if i == start or tokens[i].start == tokens[i - 1].end else " " for i in range(start, end)]
    return "".join(gap + token.text for gap, token in zip(gaps, tokens[start:end], strict=True))
