"""What a watch leaves on disk, beside its index of earlier articles: `state.json`, written by the job, and `control.json`, by the command."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict
from typing import Any

from fsspec.core import url_to_fs

from transforms.watch.plan import State, Window
from transforms.write.run_directory import write_json

_STATE, _CONTROL = "state.json", "control.json"


def read_state(directory: str) -> State:
    """The state that the last window left; an empty one before the first."""
    row = _read(directory, _STATE) or {"window": None}
    if window := row["window"]:
        row["window"] = Window(**{**window, "files": tuple(window["files"])})
    return State(**row)


def write_state(directory: str, state: State) -> None:
    """Replaces the state in one step."""
    write_json(directory, _STATE, asdict(state))


def start(directory: str) -> str:
    """Gives the watch to a new owner, whose name is the result: a job of an earlier owner takes no further window."""
    fs, path = url_to_fs(directory)
    fs.makedirs(path, exist_ok=True)
    owner = secrets.token_hex(8)
    write_json(directory, _CONTROL, {"owner": owner, "stop": False})
    return owner


def stop(directory: str, owner: str) -> None:
    """Asks the owner's job to take no further window, and to say so (`State.ended_by`) when the last run is published."""
    write_json(directory, _CONTROL, {"owner": owner, "stop": True})


def release(directory: str) -> None:
    """Takes the watch from its owner: a job that its engine has not ended fails at its next look, and so frees what it holds there."""
    write_json(directory, _CONTROL, {"owner": "", "stop": True})


def read_control(directory: str) -> dict[str, Any]:
    """`owner`, and whether it is to `stop`."""
    return _read(directory, _CONTROL) or {"owner": "", "stop": True}


def _read(directory: str, name: str) -> dict[str, Any] | None:
    fs, path = url_to_fs(directory)
    fs.invalidate_cache(path)  # object stores remember listings
    try:
        row: dict[str, Any] = json.loads(fs.cat_file(f"{path}/{name}"))
    except FileNotFoundError:
        return None
    return row
