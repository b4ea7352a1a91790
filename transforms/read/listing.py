"""Which files the inputs stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from transforms.read.compression import CHUNK
from transforms.read.encoding import decode
from transforms.read.formats import KNOWN_SUFFIXES
from transforms.read.kafka import held, is_topic, parse_range
from transforms.read.store import Source, filesystem, retry

_MAGIC = re.compile(r"[*?\[]")
_VERSION = ("mtime", "ETag", "etag", "generation", "LastModified", "last_modified", "updated", "size")  # what stores call what changes


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read, or a range of messages.

    Args:
        uri: its path or address, written as the input was.
        size: bytes; None when the store does not say.
        version: other when the file is replaced or grows; None when the store does not answer, or does not say.
        found: False for an input that names nothing: reading it gives the reject `not_found`.
    """

    uri: str
    size: int | None = None
    version: str | None = None
    found: bool = True


def list_inputs(inputs: Sequence[str]) -> Iterator[InputFile]:
    """The files that the inputs stand for, each once, in a fixed order.

    Args:
        inputs: each the path or fsspec URL of a file, or of a directory (every file below it with a known extension), or a glob pattern (every file
            that matches), or a Kafka topic (what each partition holds), or `@path`: a file that lists one input a line. Hidden files are left out of directories
            and patterns.
    """
    seen: set[tuple[str, str]] = set()
    for entry in inputs:
        for uri in _read_list(entry) if entry.startswith("@") else [entry]:
            for file, key in _partitions(uri) if is_topic(uri) else _expand(uri):
                if key not in seen:
                    seen.add(key)
                    yield file


def any_input(inputs: Sequence[str]) -> bool:
    """Whether the inputs stand for at least one file that exists; stops at the first."""
    return any(file.found for file in list_inputs(inputs))


def _read_list(entry: str) -> list[str]:
    try:
        with Source(entry[1:]) as source:
            data = b"".join(iter(lambda: source.read(CHUNK), b""))
    except Exception:
        return [entry]  # no such file: ends as a reject under this name
    lines = (line.strip() for line in decode(data).split("\n"))
    return [line for line in lines if line and not line.startswith("#")]


def _partitions(uri: str) -> Iterator[tuple[InputFile, tuple[str, str]]]:
    """What each partition of a topic holds; a range is taken as it is. The version of a range are its offsets."""
    try:
        ranges = [messages] if (messages := parse_range(uri)) else held(uri)
    except Exception:
        ranges = None  # reading it will say what is wrong
    found = [str(messages) for messages in ranges or () if messages.begin < messages.end]
    for place in found:
        yield InputFile(place, version=place.rpartition("/")[2]), ("kafka", place)
    if not found:
        yield InputFile(uri, found=ranges is None), ("kafka", uri)


def _expand(uri: str) -> Iterator[tuple[InputFile, tuple[str, str]]]:
    """The files of one input, each with a key by which two inputs that name the same file are known."""
    fs, path = filesystem(uri)
    store = str(fs.protocol)
    info = _info(fs, path) if uri else None
    if info is not None and not _is_directory(fs, info):
        yield _input_file(uri, info), (store, path)
        return
    if info is not None:
        base, entries = uri, _walk(fs, path)
    elif magic := _MAGIC.search(uri):
        base = uri[: uri.rfind("/", 0, magic.start()) + 1]
        entries = _glob(fs, path)
    else:
        base, entries = uri, iter(())
    base_path = filesystem(base or ".")[1].rstrip("/")
    prefix = base if not base or base.endswith("/") else base + "/"
    empty = True
    for name, entry in entries:
        relative = name[len(base_path) :].lstrip("/")
        if not any(part.startswith(".") for part in relative.split("/")):
            empty = False
            yield _input_file(prefix + relative, entry), (store, name)
    if empty:
        yield InputFile(uri, found=False), (store, path)


def _input_file(uri: str, info: dict[str, Any]) -> InputFile:
    told = [f"{name}={info[name]}" for name in _VERSION if info.get(name) is not None]
    return InputFile(uri, info.get("size"), " ".join(told) or None)


def _info(fs: Any, path: str) -> dict[str, Any] | None:
    try:
        info: dict[str, Any] = retry(partial(fs.info, path))
    except FileNotFoundError:
        return None
    except Exception:
        return {"type": "file"}  # reading it will say what is wrong
    return info


def _is_directory(fs: Any, info: dict[str, Any]) -> bool:
    return info["type"] == "directory" or (info.get("islink", False) and fs.isdir(info["name"]))


def _is_file(fs: Any, info: dict[str, Any]) -> bool:
    """Whether a directory entry is a file: no pipe, no device, no link to a directory (it might lead in a circle)."""
    return info["type"] == "file" or (info.get("islink", False) and fs.isfile(info["name"]))


def _walk(fs: Any, top: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The files with a known extension below a directory, in order of their names, directory by directory."""
    waiting = [top]
    while waiting:
        directory = waiting.pop()
        try:
            entries = retry(partial(fs.ls, directory, detail=True))
        except Exception:
            yield directory, {}  # reading it will say what is wrong
            continue
        deeper = []
        for info in sorted(entries, key=lambda entry: entry["name"]):
            name = info["name"]
            if name.rstrip("/") == directory.rstrip("/") or name.rstrip("/").rpartition("/")[2].startswith("."):
                continue
            if info["type"] == "directory":
                deeper.append(name.rstrip("/"))
            elif name.lower().endswith(KNOWN_SUFFIXES) and _is_file(fs, info):
                yield name, info
        waiting += reversed(deeper)


def _glob(fs: Any, pattern: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The files that match, and the files in the directories that match."""
    try:  # some stores list directory by directory, and fail when one that they have seen is deleted meanwhile
        matches = retry(partial(fs.glob, pattern, detail=True), FileNotFoundError)
    except ValueError:  # no pattern to fsspec
        return
    except Exception:
        yield pattern, {}  # reading it will say what is wrong
        return
    for name, info in sorted(matches.items()):
        if _is_file(fs, info):
            yield name, info
        elif _is_directory(fs, info) and "**" not in pattern:  # `**` has matched what is below, too
            yield from _walk(fs, name)
