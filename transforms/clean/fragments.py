"""Sentences that were cut by a link or a bold word: plain-text exports of HTML give every inline element a line of its own."""

from __future__ import annotations

import regex

from transforms.clean.blocks import Block
from transforms.clean.phrases import Phrases

# The line before ends in the middle of a sentence, or the line itself goes on with one.
_GOES_ON = regex.compile(r"^([\p{Ll},.;:)’”%।]|'s )")
_GLUED = regex.compile(r"^([,;:)]|[’']s )")
_ENDS = regex.compile(r"[.!?।:…|\"”]$")
_OPEN = regex.compile(r"([,(]|[’']s)$")
_MIN_CHARS = 60
_MIN_FUNCTION_SHARE = 0.2


def rejoin(blocks: list[Block], table: Phrases) -> list[Block]:
    """Puts the pieces of cut sentences together again. A chain of lines is joined only if the whole reads like running text, so that menus stay apart."""
    result: list[Block] = []
    chain: list[Block] = []
    for block in blocks:
        if chain and not _continues(chain[-1].text, block.text, table):
            result += _close(chain, table)
            chain = []
        chain.append(block)
    return result + _close(chain, table)


def _continues(before: str, text: str, table: Phrases) -> bool:
    if text.casefold() in table.author_labels:
        return False
    if _GOES_ON.match(text) and not (_ENDS.search(before) and text[0].islower()):
        return True
    if _OPEN.search(before) or before.rpartition(" ")[2].casefold() in table.open_ends:
        return True
    return text.partition(" ")[0] in table.open_starts and not _ENDS.search(before)


def _close(chain: list[Block], table: Phrases) -> list[Block]:
    if len(chain) < 2:
        return chain
    text = ""
    for block in chain:
        glue = "" if not text or text[-1] == "(" or block.text[0] in ",.;:)’”%।" else " "
        text += glue + block.text
    tokens = text.casefold().split()
    share = sum(token in table.function_words for token in tokens) / len(tokens)
    if (len(text) < _MIN_CHARS or share < _MIN_FUNCTION_SHARE) and not all(_GLUED.match(block.text) for block in chain[1:]):
        return chain
    return [Block(text)]
