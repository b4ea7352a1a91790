"""Watching: new files under a prefix, cut into windows by processing time; each window becomes a run of its own."""

from transforms.watch.plan import State, Window, changed, look, next_state
from transforms.watch.source import Superseded, Wait, Watch, next_window
from transforms.watch.store import read_control, read_state, release, start, stop

__all__ = [
    "State",
    "Superseded",
    "Wait",
    "Watch",
    "Window",
    "changed",
    "look",
    "next_state",
    "next_window",
    "read_control",
    "read_state",
    "release",
    "start",
    "stop",
]
