"""Reads the data files of a language: `transforms/languages/<language>/<name>`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

_LANGUAGES = Path(__file__).parent.parent / "languages"


def data_file(language: str, name: str) -> Path:
    """The path of a data file; `language` is a BCP 47 tag, of which the primary subtag counts."""
    return _LANGUAGES / language.split("-")[0].lower() / name


def supported(language: str) -> bool:
    """Whether events can be read in `language`: whether its folder holds a grammar."""
    return data_file(language, "grammar.toml").exists()


@lru_cache(maxsize=64)
def toml(language: str, name: str) -> dict[str, Any]:
    """A TOML file of the language; empty when the language has none of that name."""
    path = data_file(language, name)
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def rows(language: str, name: str) -> Iterator[list[str]]:
    """The rows of a TSV file of the language, cells stripped, without comment lines (#) and blank lines."""
    for line in data_file(language, name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield [cell.strip() for cell in line.split("\t")]
