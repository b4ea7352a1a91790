"""Reads the data files of a language: `transforms/languages/<language>/<name>`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

_LANGUAGES = Path(__file__).parent / "languages"


def folders() -> list[Path]:
    """The folders of all languages, and of what is known of the world, by name."""
    return sorted(_LANGUAGES.iterdir())


def data_file(language: str, name: str) -> Path:
    """The path of a data file, in the folder of `language` (a BCP 47 tag) or, when it has none, of its primary subtag."""
    own = _LANGUAGES / language
    return (own if own.is_dir() else _LANGUAGES / language.split("-")[0].lower()) / name


@lru_cache(maxsize=64)
def toml(language: str, name: str) -> dict[str, Any]:
    """A TOML file of the language; empty when the language has none of that name."""
    path = data_file(language, name)
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def rows(language: str, name: str) -> Iterator[list[str]]:
    """The rows of a TSV file of the language, cells stripped, without comment lines (#) and blank lines; none when it has no such file."""
    path = data_file(language, name)
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        if line.strip() and not line.startswith("#"):
            yield [cell.strip() for cell in line.split("\t")]
