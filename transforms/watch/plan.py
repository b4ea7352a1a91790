"""Which files the next window takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from transforms.read.listing import list_inputs
from transforms.read.store import filesystem

MAX_FILES = 10_000  # of one window: a crawl that stood there before becomes several runs


@dataclass(frozen=True)
class Window:
    """What came between two looks.

    Args:
        number: counted from 1.
        begin: seconds since 1970; no two windows have the same, and the run is named from it.
        files: to be read by this window.
    """

    number: int
    begin: int
    files: tuple[str, ...]


@dataclass(frozen=True)
class State:
    """What is remembered from look to look.

    Args:
        window: the last one; None before the first.
        taken: the version of each file that some window has taken, as long as the file stands there.
        ended_by: the owner that was last told to stop, once its last run is published.
    """

    window: Window | None = None
    taken: Mapping[str, str] = field(default_factory=dict)
    ended_by: str = ""


def look(inputs: Sequence[str]) -> dict[str, str]:
    """The files that stand there, and the version of each; without those of which the store does not tell it."""
    for entry in inputs:
        filesystem(entry.removeprefix("@"))[0].invalidate_cache()  # object stores remember listings
    return {file.uri: file.version for file in list_inputs(inputs) if file.found and file.version}


def changed(taken: Mapping[str, str], listed: Mapping[str, str]) -> list[str]:
    """The files of `listed` that were not taken yet, or are replaced since, by name."""
    return sorted(uri for uri, version in listed.items() if taken.get(uri) != version)


def next_state(state: State, ready: Iterable[str], listed: Mapping[str, str], now: float) -> State:
    """The state after a window that takes `ready`, at most MAX_FILES of them, of the files that stand there.

    `now`: seconds since 1970. What no longer stands there is forgotten: `taken` never outgrows the listing.
    """
    files = tuple(sorted(ready)[:MAX_FILES])
    last = state.window or Window(0, 0, ())
    window = Window(last.number + 1, max(int(now), last.begin + 1), files)
    still = {uri: version for uri, version in state.taken.items() if uri in listed}
    return State(window, still | {uri: listed[uri] for uri in files})
