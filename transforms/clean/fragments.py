"""Sentences that were cut by a link or a bold word: plain-text exports of HTML give every inline element a line of its own."""

from __future__ import annotations

from transforms.clean.blocks import Block
from transforms.clean.phrases import Phrases

# The line before ends in the middle of a sentence, or the line itself goes on with one.
_GOES_ON = (*",.;:)’”%।", "'s ")
_GLUED = (*",;:)", "’s ", "'s ")
_ENDS = tuple('.!?।:…|"”')
_OPEN = (",", "(", "’s", "'s")
_MAX_LABEL_CHARS = 40
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
    if len(text) <= _MAX_LABEL_CHARS and text.casefold() in table.author_labels:
        return False
    lower = text[0].islower()
    if text.startswith(_GOES_ON) or (lower and not before.endswith(_ENDS)):
        return True
    if before.endswith(_OPEN) or before.rpartition(" ")[2].casefold() in table.open_ends:
        return True
    return text.partition(" ")[0] in table.open_starts and not before.endswith(_ENDS)


def _close(chain: list[Block], table: Phrases) -> list[Block]:
    if len(chain) < 2:
        return chain
    text = ""
    for block in chain:
        glue = "" if not text or text[-1] == "(" or block.text[0] in ",.;:)’”%।" else " "
        text += glue + block.text
    tokens = text.casefold().split()
    share = sum(token in table.function_words for token in tokens) / len(tokens)
    if (len(text) < _MIN_CHARS or share < _MIN_FUNCTION_SHARE) and not all(block.text.startswith(_GLUED) for block in chain[1:]):
        return chain
    return [Block(text)]
