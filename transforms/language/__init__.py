"""Which language an article is written in."""

from collections.abc import Callable

from transforms.language.detect import UNDETERMINED, LanguageGuess, detect_language, main_script
from transforms.language.parts import other_languages, with_language
from transforms.language.peer import detect_language_langdetect

DETECTORS: dict[str, Callable[[str], LanguageGuess]] = {"khabar": detect_language, "langdetect": detect_language_langdetect}

__all__ = [
    "DETECTORS",
    "UNDETERMINED",
    "LanguageGuess",
    "detect_language",
    "detect_language_langdetect",
    "main_script",
    "other_languages",
    "with_language",
]
