"""What the names of an element's classes say about it, as a set of bits: one bit for each group of `html_hints.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources

_DATA = tomllib.loads((resources.files("transforms.clean") / "html_hints.toml").read_text(encoding="utf-8"))
_TAGS: dict[str, str] = _DATA.pop("tags")
GROUPS: tuple[str, ...] = tuple(_DATA)
BITS: dict[str, int] = {name: 1 << i for i, name in enumerate(GROUPS)}
TAG_BITS: dict[str, int] = {tag: BITS[group] for tag, group in _TAGS.items()}

_WORD_BITS: dict[str, int] = {}
for _group, _words in _DATA.items():
    for _word in _words.split():
        _WORD_BITS[_word] = _WORD_BITS.get(_word, 0) | BITS[_group]

_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# "category-ads", "has-sidebar": said of the page or of the article, not of the element
_NOT_OF_ELEMENT = re.compile(r"(?:tag|category|post_tag|status|format|type|hentry|post|page|has|no|js|is)[-_]", re.I)
_MAX_CHARS = 300


def bits(*names: str) -> int:
    """The groups whose words occur among BITS' names: `bits("nav", "footer")`."""
    return sum(BITS[name] for name in names)


@lru_cache(maxsize=1 << 15)
def class_bits(names: str) -> int:
    """The groups of the words in the value of a class, id or role attribute."""
    found = 0
    for name in names[:_MAX_CHARS].split():
        found |= _name_bits(name)
    return found


@lru_cache(maxsize=1 << 15)
def _name_bits(name: str) -> int:
    found = 0
    if not _NOT_OF_ELEMENT.match(name):
        for piece in _PIECE.findall(name):
            found |= _WORD_BITS.get(piece.lower(), 0)
    return found
