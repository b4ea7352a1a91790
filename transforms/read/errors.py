"""The one exception of the reader: it carries the reject reason, so that every failure ends as a row of the rejects table."""

from __future__ import annotations

from transforms.records import ErrorReason, PolicyReason


class ReadError(Exception):
    """Input that cannot be read, or is not wanted, from here on.

    Args:
        reason: one of `transforms.records.REASONS`.
        message: what exactly was wrong, for the rejects table.
        sample: the beginning of the input, where it helps.
    """

    def __init__(self, reason: ErrorReason | PolicyReason, message: str, sample: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.sample = sample
