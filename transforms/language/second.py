"""The second detector, for languages that langdetect's profiles lack: CLD2, if the extra `cld2` is installed."""

from __future__ import annotations

try:
    import pycld2
except ImportError:
    pycld2 = None

_TAGS = {"bh": "bho", "iw": "he", "no": "nb", "zh-Hant": "zh"}  # CLD2 has one code for the Bihari languages; Bhojpuri has most readers


def second_opinion(text: str) -> str | None:
    """The BCP 47 tag that CLD2 gives `text`; None when it is not sure, or not installed."""
    if pycld2 is None:
        return None
    try:
        sure, _, found = pycld2.detect(text)
    except (pycld2.error, UnicodeEncodeError):  # code points that are no characters
        return None
    return _TAGS.get(found[0][1], found[0][1]) if sure else None
