"""Parts of a text in another language than the text as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from transforms.language.detect import UNDETERMINED, LanguageGuess, detect_language
from transforms.records import Article, LanguageShare

_SHARE = 0.2  # smaller parts are quotations and furniture
_CHARACTERS = 100  # a shorter paragraph says too little of its own …
_ENOUGH = 200  # … and so much of it tells its language
_SURE = 0.9


def other_languages(text: str, language: str, detect: Callable[[str], LanguageGuess] = detect_language) -> tuple[LanguageShare, ...]:
    """The languages other than `language` that paragraphs of `text` are written in, if they make up more than a fifth of it, largest first.

    Paragraphs that are short, or of which `detect` is not sure, count as written in `language`.
    """
    lines = text.split("\n")
    if len(lines) == 1:
        return ()
    characters: Counter[str] = Counter()
    for line in lines:
        guess = detect(line[:_ENOUGH]) if len(line) >= _CHARACTERS else None
        sure = guess and guess.confidence >= _SURE and guess.language != UNDETERMINED
        characters[guess.language if guess and sure else language] += len(line)
    shares = {tag: round(count / characters.total(), 4) for tag, count in characters.items() if tag != language}
    large = sorted((-share, tag) for tag, share in shares.items() if share > _SHARE)
    return tuple(LanguageShare(tag, -share) for share, tag in large)


def with_language(article: Article, detect: Callable[[str], LanguageGuess] = detect_language) -> Article:
    """The article with the language of its body, and those of large parts in another one."""
    guess = detect(article.text)
    others = other_languages(article.text, guess.language, detect)
    return replace(article, language=guess.language, language_confidence=guess.confidence, script=guess.script, other_languages=others)
