"""Places: which names of places are found, what they resolve to, and which of them is the place of an act."""

from __future__ import annotations

import itertools
from collections import Counter

import pycountry
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.records_factory import article
from transforms import language_data
from transforms.events.explain import explain_text
from transforms.events.extract import extract_events
from transforms.events.gazetteer import WORLD, gazetteer
from transforms.events.places import find_places, place_names, places_apart
from transforms.events.tokens import tokenize
from transforms.records import Place


def places(text: str, around: frozenset[str] = frozenset(), language: str = "hi") -> dict[str, Place]:
    """The places found in a sentence, by their text."""
    tokens = tokenize(text)
    matches = gazetteer(language).find(tokens)
    found = find_places(tokens, matches, language, around)
    texts = [text[tokens[m.start].start : tokens[m.end - 1].end] for m in found]
    return {words: m.fact.place(words) for words, m in zip(texts, found, strict=True)}


@pytest.mark.parametrize(
    ("text", "name", "country", "admin1"),
    [
        ("ग्वालियर में बारिश हुई।", "Gwalior", "IND", "Madhya Pradesh"),
        ("बैठक कज़ान में होगी।", "Kazan", "RUS", "Tatarstan"),
        ("वॉशिंगटन में बर्फ गिरी।", "Washington", "USA", "Washington, D.C."),
        ("टेक्सास में आग लगी।", "Texas", "USA", "Texas"),
        ("यह घटना किन्नौर जिले में हुई।", "Kinnaur", "IND", "Himachal Pradesh"),
        ("रूस में चुनाव हुए।", "Russia", "RUS", None),
    ],
)
def test_names_resolve_to_their_place(text: str, name: str, country: str, admin1: str | None) -> None:
    (place,) = places(text).values()
    assert (place.name, place.country, place.admin1) == (name, country, admin1)


def test_towns_have_coordinates_and_a_geonames_id() -> None:
    place = places("दरभंगा में बाढ़ आई।")["दरभंगा"]
    assert place.geonameid == 1273491
    assert place.lat == pytest.approx(26.15, abs=0.1) and place.lon == pytest.approx(85.9, abs=0.1)


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("हैदराबाद में धमाका हुआ।", "Hyderabad", "IND"),
        ("पाकिस्तान के सिंध के हैदराबाद में धमाका हुआ।", "Hyderabad", "PAK"),
        ("हिमाचल प्रदेश के बिलासपुर में बस गिरी।", "Bilaspur", "IND"),
        ("भारत ने कहा कि पाकिस्तान के हैदराबाद में धमाका हुआ।", "Hyderabad", "PAK"),
    ],
)
def test_shared_names_are_told_by_what_stands_beside_them(text: str, name: str, country: str) -> None:
    *_, place = places(text).values()
    assert (place.name, place.country) == (name, country)


def test_shared_names_are_told_by_the_article() -> None:
    assert places("औरंगाबाद में बाढ़ आई।", frozenset({"IND/Bihar"}))["औरंगाबाद"].admin1 == "Bihar"
    assert places("औरंगाबाद में बाढ़ आई।", frozenset({"IND/Maharashtra"}))["औरंगाबाद"].admin1 == "Maharashtra"


@pytest.mark.parametrize("text", ["वह घर गया।", "राजेश खन्ना ने गाना गाया।", "एक बार में सब हो गया।", "उसकी सूरत अच्छी है।"])
def test_other_words_are_no_places(text: str) -> None:
    assert places(text) == {}


def test_words_that_are_also_names_count_before_a_mark_of_place() -> None:
    assert places("आग गया जिले में लगी।")["गया"].admin1 == "Bihar"


def place_of(text: str, **fields: str) -> Place | None:
    """The place of the only event of a text."""
    (event,) = extract_events(article(text=text, language="hi", **fields))
    return event.place


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        ("बिहार के दरभंगा जिले में मंगलवार को भूकंप आया।", "बिहार के दरभंगा जिले", "Darbhanga"),
        ("पाकिस्तान के क्वेटा शहर में आत्मघाती हमला हुआ।", "पाकिस्तान के क्वेटा शहर", "Quetta"),
        ("मेरठ के रसूलपुर गांव में एक मकान में आग लग गई।", "मेरठ के रसूलपुर गांव में एक मकान", "Meerut"),
        ("मेरठ में दिल्ली रोड पर रसूलपुर गांव के पास दो बसों की टक्कर हो गई।", "मेरठ में दिल्ली रोड पर रसूलपुर गांव के पास", "Meerut"),
        ("मेरठ के सोनखेत और बेलवाड़ में बाढ़ आई।", "मेरठ के सोनखेत और बेलवाड़", "Meerut"),
        ("आगरा, सोनखेत और बेलवाड़ जिलों में बाढ़ आई।", "आगरा, सोनखेत और बेलवाड़ जिलों", "Agra"),
        ("हरियाणा के रोहतक के हिसार में आग लग गई।", "हरियाणा के रोहतक के हिसार", "Hisar"),
        ("आगरा और मथुरा के बीच एक बस पलट गई।", "आगरा और मथुरा के बीच", "Agra"),
    ],
)
def test_the_longest_phrase_is_the_text_and_its_narrowest_known_part_the_place(text: str, words: str, name: str) -> None:
    place = place_of(text)
    assert place is not None
    assert (place.text, place.name) == (words, name)


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        ("Police arrested 12 protesters in Lahore, Pakistan on Monday.", "Lahore, Pakistan", "Lahore"),
        ("Gunmen attacked a patrol near the town of Aleppo in northern Syria.", "Aleppo in northern Syria", "Aleppo"),
        ("Gunmen attacked a patrol in Pakistan's restive city of Quetta.", "Pakistan's restive city of Quetta", "Quetta"),
        ("Police arrested 12 protesters in the Kenyan capital Nairobi.", "Nairobi", "Nairobi"),
        ("Police arrested 12 protesters in the northern Philippines.", "Philippines", "Philippines"),
        ("Gunmen attacked a patrol in the Red Sea city of Jeddah.", "Jeddah", "Jeddah"),
    ],
)
def test_english_places_go_with_those_that_hold_them(text: str, words: str, name: str) -> None:
    (event,) = extract_events(article(text=text, language="en"))
    assert event.place is not None
    assert (event.place.text, event.place.name) == (words, name)


@pytest.mark.parametrize(
    "text",
    [
        "France condemned the killing of two monks in Lahore.",  # what the words are about
        "France rejected calls for a truce in Syria.",
        "Police arrested 12 protesters at the Delhi University.",  # part of another name
    ],
)
def test_english_names_that_are_no_place_of_the_act(text: str) -> None:
    assert [event.place for event in extract_events(article(text=text, language="en")) if event.event_type != "ASSAULT"] == [None]


def test_violence_takes_a_mere_name_of_a_town_for_its_place_but_no_country() -> None:
    assert place_of("गोरखपुर पुलिस और बदमाशों के बीच मुठभेड़ हुई।") is not None
    assert place_of("सीरिया पुलिस और बदमाशों के बीच मुठभेड़ हुई।") is None


def test_here_is_the_place_of_the_dateline() -> None:
    place = place_of("यहां मंगलवार रात भूकंप आया।", dateline="कराची")
    assert place is not None and (place.text, place.name) == ("यहां", "Karachi")


def test_unknown_places_keep_their_text() -> None:
    assert place_of("रसूलपुर गांव में आग लग गई।") == Place("रसूलपुर गांव")


def test_the_dateline_is_no_place() -> None:
    assert place_of("नई दिल्ली: भूकंप आया।") is None
    assert place_of("भूकंप आया।", dateline="नई दिल्ली") is None


def test_accidents_in_far_places_are_two_events() -> None:
    text = "केरल के कोच्चि में एक गोदाम में आग लग गई। पंजाब के अमृतसर में भी एक गोदाम में आग लग गई।"
    events = extract_events(article(text=text, language="hi"))
    assert [e.place.name for e in events if e.place] == ["Kochi", "Amritsar"]


def test_the_place_is_the_one_that_most_tellings_agree_on() -> None:
    place = place_of("भूकंप से नेपाल में तबाही मची। भूकंप से बिहार के पटना में 2 लोग मारे गए। पटना में भूकंप से मकान गिरे।")
    assert place is not None and place.name == "Patna"


@settings(deadline=None)  # the first example reads the tables
@given(st.text(alphabet="दिल्लीपटना में के,जिलाa 1।\n", max_size=60))
def test_mentions_lie_in_the_text_and_do_not_overlap(text: str) -> None:
    tokens = tokenize(text)
    found = find_places(tokens, gazetteer("hi").find(tokens), "hi")
    assert all(0 <= m.start < m.end <= len(tokens) for m in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


def test_every_name_belongs_to_a_known_place() -> None:
    known = {tuple(row[:3]) for row in language_data.rows(WORLD, "places.tsv")}
    for file in ("places.tsv", "places_geonames.tsv"):
        assert {tuple(row[:3]) for row in language_data.rows("hi", file)} <= known


def test_a_language_without_names_of_its_own_uses_the_canonical_ones() -> None:
    assert place_names("en")
    assert places("A fire broke out in Gwalior.", language="en")["Gwalior"].country == "IND"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Place("पटना", "Patna", "IND", "Bihar"), Place("बिहार", "Bihar", "IND", "Bihar"), False),
        (Place("पटना", "Patna", "IND", "Bihar"), Place("भारत", "India", "IND"), False),
        (Place("पटना", "Patna", "IND", "Bihar"), Place("कोच्चि", "Kochi", "IND", "Kerala"), True),
        (Place("पटना", "Patna", "IND", "Bihar"), Place("नेपाल", "Nepal", "NPL"), True),
        (Place("पटना", "Patna", "IND", "Bihar"), Place("एक गांव"), False),
        (Place("पटना", "Patna", "IND", "Bihar"), None, False),
    ],
)
def test_a_place_contradicts_neither_what_holds_it_nor_the_unknown(one: Place, other: Place | None, expected: bool) -> None:
    assert places_apart(one, other) is expected


def test_a_visit_happens_in_the_country_that_is_visited() -> None:
    place = place_of("प्रधानमंत्री ने शुक्रवार को नेपाल का दौरा किया।")
    assert place is not None and place.country == "NPL"


def test_where_somebody_lives_is_not_where_an_act_happens() -> None:
    assert place_of("इंदौर में रहने वाले एक युवक को पुलिस ने गिरफ्तार किया।") is None


def test_explain_shows_the_places_and_the_phrase_that_was_taken() -> None:
    (sentence,) = explain_text("बिहार के दरभंगा जिले में भूकंप आया।", "hi")
    assert "दरभंगा = Darbhanga / IND / Bihar / town" in sentence.places
    assert [frame.place for frame in sentence.frames if frame.place] == ["बिहार के दरभंगा जिले"]


@pytest.mark.parametrize("spelling", ["सीवान", "सिवान", "फूजियान", "फुजियान", "गाज़ियाबाद", "गाजियाबाद"])
def test_spellings_of_one_place_are_one(spelling: str) -> None:
    assert len(places(f"{spelling} में बाढ़ आई।")) == 1


def test_names_have_capitals_where_the_language_writes_them() -> None:
    assert places("He was reading a nice book.", language="en") == {}


def test_facts_about_places_are_plausible() -> None:
    states = {country.alpha_3 for country in pycountry.countries} | {"XKX", ""}
    for name, country, _, kind, *rest in language_data.rows(WORLD, "places.tsv"):
        assert name and country in states, name
        assert kind in ("country", "state", "district", "area", "town"), name
        lat, lon, people, *ids = rest
        assert not lat or (-90 <= float(lat) <= 90 and -180 <= float(lon) <= 180), name
        assert int(people) >= 0 and all(int(i) > 0 for i in ids if i), name


def test_a_town_has_one_name() -> None:
    ids = [row[7] for row in language_data.rows(WORLD, "places.tsv") if row[7:] and row[7]]
    assert [i for i, count in Counter(ids).items() if count > 1] == []


def test_the_place_of_what_words_are_about_is_not_that_of_the_words() -> None:
    assert place_of("नेपाल ने गाजा में जंग का समर्थन किया।") is None
