"""When the next window begins: one at a time, written down before its files and messages are read.

The state is written before a window goes out, and the next window waits for the run of this one. So a job that an engine takes back to a
checkpoint, or that is started anew, gives the same files to the same run again; and a run that is finished already stays as it is.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from transforms.ledger import expire, prepare_part
from transforms.read.kafka import is_topic
from transforms.watch.plan import Window, changed, look, next_state
from transforms.watch.store import read_control, read_state, write_state
from transforms.write.run_directory import is_finished, prepare, run_id_of, run_path

SETTLE_SECONDS = 2.0  # a file that changes within this time is being written
_BUSY_SECONDS = 1.0


class Superseded(Exception):
    """The state belongs to nobody, or to another job."""


@dataclass(frozen=True)
class Watch:
    """What a job has to know.

    Args:
        inputs: see `list_inputs`.
        output: the directory of the runs.
        state: the directory of what the watch remembers.
        owner: as `start` has given it.
        every: seconds from look to look.
        remember: hours after which an article may be taken as new again.
    """

    inputs: tuple[str, ...]
    output: str
    state: str
    owner: str
    every: float
    remember: float

    @property
    def ledger(self) -> str:
        """The index of the articles of earlier windows."""
        return f"{self.state}/seen"

    def run_id(self, window: Window) -> str:
        """The id of a window's run."""
        return run_id_of(window.begin)

    def is_published(self, window: Window) -> bool:
        """Whether a window's run is complete."""
        return is_finished(run_path(self.output, self.run_id(window)))


@dataclass(frozen=True)
class Wait:
    """Nothing to do for so many seconds."""

    seconds: float


def next_window(watch: Watch, number: int, not_before: float = 0.0) -> Window | Wait:
    """The window to send out now, or how long to wait. Once told to stop, a job says so when its last run is published, and waits to be ended.

    Args:
        watch: what is watched.
        number: of the first window that this job, as far as its engine knows, has not sent out.
        not_before: seconds since 1970 at which a new window may begin at the earliest.

    Raises: Superseded when this job is to end, or another one has taken over.
    """
    control, state = read_control(watch.state), read_state(watch.state)
    if control["owner"] != watch.owner:
        raise Superseded(f"this watch has ended, or another one has taken over {watch.state}")
    last = state.window
    if last and not watch.is_published(last):
        return Wait(_BUSY_SECONDS) if number > last.number else _send(watch, last)
    if control["stop"]:
        if state.ended_by != watch.owner:
            write_state(watch.state, replace(state, ended_by=watch.owner))
        return Wait(watch.every)
    listed = look(watch.inputs)
    if not (new := changed(state.taken, listed)):
        return Wait(watch.every)
    time.sleep(SETTLE_SECONDS)
    again = look(watch.inputs)
    if not (ready := [uri for uri in new if again.get(uri) == listed[uri] or (is_topic(uri) and uri in again)]):
        return Wait(_BUSY_SECONDS)
    state = next_state(state, ready, again, max(time.time(), not_before))
    write_state(watch.state, state)
    assert state.window
    return _send(watch, state.window)


def _send(watch: Watch, window: Window) -> Window:
    expire(watch.ledger, datetime.now(UTC) - timedelta(hours=watch.remember))
    prepare(run_path(watch.output, watch.run_id(window)))
    prepare_part(watch.ledger, watch.run_id(window))
    return window
