"""Which files, and which messages, the next window takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from transforms.read.kafka import is_topic
from transforms.read.listing import list_inputs
from transforms.read.store import filesystem

MAX_FILES = 10_000  # of one window: a crawl that stood there before becomes several runs
MAX_MESSAGES = 10_000  # of one window and partition


@dataclass(frozen=True)
class Window:
    """What came between two looks.

    Args:
        number: counted from 1.
        begin: seconds since 1970; no two windows have the same, and the run is named from it.
        files: to be read by this window: files, and ranges of messages.
    """

    number: int
    begin: int
    files: tuple[str, ...]


@dataclass(frozen=True)
class State:
    """What is remembered from look to look.

    Args:
        window: the last one; None before the first.
        taken: the version of each file that some window has taken, as long as the file stands there; of each partition the offset of the next message.
        ended_by: the owner that was last told to stop, once its last run is published.
    """

    window: Window | None = None
    taken: Mapping[str, str] = field(default_factory=dict)
    ended_by: str = ""


def look(inputs: Sequence[str]) -> dict[str, str]:
    """What stands there: each file with its version, each partition of a topic with the offsets it holds; "" for what the store does not tell."""
    for entry in inputs:
        if not is_topic(entry):
            filesystem(entry.removeprefix("@"))[0].invalidate_cache()  # object stores remember listings
    told = {file.uri: file.version or "" for file in list_inputs(inputs) if file.found}
    return {uri.rpartition("/")[0] if version and is_topic(uri) else uri: version for uri, version in told.items()}


def changed(taken: Mapping[str, str], listed: Mapping[str, str]) -> list[str]:
    """What of `listed` was not taken yet, or is replaced or has grown since, by name."""
    return sorted(uri for uri, version in listed.items() if _next(uri, taken.get(uri), version) is not None)


def next_state(state: State, ready: Iterable[str], listed: Mapping[str, str], now: float) -> State:
    """The state after a window that takes `ready`, at most MAX_FILES of them, of the files that stand there.

    `now`: seconds since 1970. A file that no longer stands there, as far as all stores tell, is forgotten: `taken` never outgrows the listing.
    """
    silent = "" in listed.values()
    files, taken = [], {uri: version for uri, version in state.taken.items() if silent or uri in listed or is_topic(uri)}
    for uri in sorted(ready)[:MAX_FILES]:
        if part := _next(uri, taken.get(uri), listed[uri]):
            file, taken[uri] = part
            files.append(file)
    last = state.window or Window(0, 0, ())
    return State(Window(last.number + 1, max(int(now), last.begin + 1), tuple(files)), taken)


def _next(uri: str, taken: str | None, version: str) -> tuple[str, str] | None:
    """What a window takes of a file or partition, and what is taken of it then; None when there is nothing new."""
    if not version:
        return None
    if not is_topic(uri):
        return (uri, version) if taken != version else None
    first, end = map(int, version.split("-"))
    begin = int(taken) if taken else first
    if begin > end:  # another topic of the same name
        begin = first
    end = min(end, max(begin, first) + MAX_MESSAGES)
    return (f"{uri}/{begin}-{end}", str(end)) if begin < end else None
