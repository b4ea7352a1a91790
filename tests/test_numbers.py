"""Numbers in words and figures, and what they count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.events.numbers import find_amounts, find_casualties, parse_number
from transforms.events.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("डेढ़ लाख", 150_000),
        ("ढाई हज़ार", 2_500),
        ("साढ़े तीन लाख", 350_000),
        ("3.5 लाख", 350_000),
        ("11,000", 11_000),
        ("१२", 12),
        ("आधा दर्जन", 6),
        ("सवा सौ", 125),
        ("सवा दो लाख", 225_000),
        ("पौने दो करोड़", 17_500_000),
        ("दो हजार तीन सौ", 2_300),
        ("21 लाख 49 हजार", 2_149_000),
        ("छब्बीस", 26),
    ],
)
def test_numbers_are_read_to_their_last_word(text, value):
    tokens = tokenize(text)
    assert parse_number(tokens, 0, "hi") == (value, len(tokens))


def test_two_numbers_side_by_side_are_no_sum():
    assert parse_number(tokenize("दो तीन लोग"), 0, "hi") == (2, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("हादसे में तीन बच्चों सहित 14 लोग मारे गए और 20 से ज्यादा घायल हो गए।", {"dead": 14, "injured": 20}),
        ("बाढ़ में मृतकों की संख्या बढ़कर 116 हो गई", {"dead": 116}),
        ("दस लोगों की मौके पर ही मौत हो गई जबकि तीन लापता हैं", {"dead": 10, "missing": 3}),
        ("23 वर्षीय युवक की मौत हो गई", {"dead": 1}),
        ("पुलिस ने चार लुटेरों को गिरफ्तार किया", {"arrested": 4}),
    ],
)
def test_casualties_take_the_count_that_belongs_to_them(text, expected):
    found = find_casualties(tokenize(text), "hi")
    assert {k: getattr(found, k) for k in ("dead", "injured", "missing", "affected", "arrested") if getattr(found, k)} == expected


def test_vague_counts_stay_text():
    found = find_casualties(tokenize("दर्जनों लोग घायल हुए"), "hi")
    assert found.injured is None and found.text == ("दर्जनों लोग घायल",)


def test_a_sentence_without_harm_has_no_casualties():
    assert find_casualties(tokenize("बैठक में 20 लोग आए"), "hi") is None


def test_amounts_keep_their_words():
    assert find_amounts(tokenize("उसने करीब 100 मिसाइलें भेजीं"), "hi")[0].startswith("करीब 100 मिसाइलें")


@given(st.integers(0, 10**9))
def test_any_figure_is_its_own_value(number):
    assert parse_number(tokenize(f"{number:,}"), 0, "hi") == (number, 1)
