"""The langdetect package's own answers, for those who need exactly them."""

from __future__ import annotations

import threading

import langdetect
from langdetect import detector_factory

from transforms.language.detect import UNDETERMINED, LanguageGuess, main_script

_LOCK = threading.Lock()  # langdetect's factory fails when several threads use it for the first time at once
_TAGS = {"zh-cn": "zh-Hans", "zh-tw": "zh-Hant"}


def detect_language_langdetect(text: str) -> LanguageGuess:
    """What `langdetect.detect_langs` says about `text` with seed 0, as a BCP 47 tag."""
    with _LOCK:
        if detector_factory._factory is None:
            langdetect.DetectorFactory.seed = 0
            detector_factory.init_factory()
    try:
        first = langdetect.detect_langs(text)[0]
    except langdetect.LangDetectException:  # no letters
        return LanguageGuess(UNDETERMINED, 0.0, None)
    return LanguageGuess(_TAGS.get(first.lang, first.lang), round(first.prob, 4), main_script(text))
