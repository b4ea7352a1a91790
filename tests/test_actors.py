"""Names, and the parties composed of them."""

import re

import pycountry
import pytest

from transforms import language_data
from transforms.events.gazetteer import gazetteer
from transforms.events.parties import find_parties
from transforms.events.tokens import tokenize


def parties(text, day=None):
    return [m.party for m in find_parties(tokenize(text), "hi", day, source=text)]


@pytest.mark.parametrize("word", ["अमरीका", "अमेरिका", "यूएस"])
def test_spellings_of_a_state_are_one(word):
    assert gazetteer("hi").entries(word)[0].country == "USA"


@pytest.mark.parametrize(
    ("text", "country", "sector"),
    [
        ("रूसी राष्ट्रपति", "RUS", "GOV"),
        ("अमेरिका के राष्ट्रपति", "USA", "GOV"),
        ("उत्तर कोरिया के नेता किम जोंग-उन", "PRK", "GOV"),
        ("दक्षिण कोरियाई सैनिकों", "KOR", "MIL"),
        ("कनाडा की पुलिस", "CAN", "COP"),
        ("भाजपा", "IND", "PTY"),
        ("हमास", "PSE", "REB"),
    ],
)
def test_a_party_is_read_as_one_with_its_state(text, country, sector):
    (party,) = parties(text + " ने कहा")
    assert (party.text, party.country, party.sector) == (text, country, sector)


def test_an_unknown_person_keeps_the_text_and_takes_the_state_of_the_office():
    (party,) = parties("जापान के विदेश मंत्री अकीरा मोरी ने कहा")
    assert (party.text, party.name, party.country) == ("जापान के विदेश मंत्री अकीरा मोरी", None, "JPN")


def test_international_bodies_have_a_code_and_no_state():
    (party,) = parties("संयुक्त राष्ट्र के महासचिव ने कहा")
    assert (party.country, party.code) == (None, "UNO")


def test_a_leader_out_of_office_is_no_longer_the_government():
    assert [p.sector for p in parties("ओबामा ने कहा", "2012-05-01")] == ["GOV"]
    assert [p.sector for p in parties("ओबामा ने कहा", "2020-05-01")] == ["ELI"]


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("भाजपा नेता", "PTY"),
        ("सेना के प्रवक्ता", "MIL"),
        ("पुलिस अधिकारी", "COP"),
        ("हमास नेता", "REB"),
        ("अमेरिकी अधिकारियों", "GOV"),
        ("संयुक्त राष्ट्र महासचिव", None),
    ],
)
def test_an_office_of_any_body_takes_the_sector_of_its_body(text, sector):
    assert [p.sector for p in parties(text + " ने कहा")] == [sector]


@pytest.mark.parametrize(("text", "name"), [("उत्तर कोरिया", "North Korea"), ("रूस", "Russia"), ("म्यांमार", "Myanmar"), ("ईरान", "Iran")])
def test_states_have_their_short_names(text, name):
    assert [p.name for p in parties(text + " ने कहा")] == [name]


@pytest.mark.parametrize(("one", "other"), [("इंडिगो", "एयर इंडिया"), ("जेएनयू", "एएमयू"), ("एनडीआरएफ", "एसडीआरएफ"), ("यूजीसी", "सीबीएसई")])
def test_bodies_of_one_kind_are_not_one_body(one, other):
    assert gazetteer("hi").entries(one)[0].name != gazetteer("hi").entries(other)[0].name


def test_of_two_holders_of_a_name_the_one_in_office_is_meant():
    find = gazetteer("hi").find
    assert find(tokenize("बुश"), "1990-08-02")[0].entry.name == "George H. W. Bush"
    assert find(tokenize("बुश"), "2003-03-20")[0].entry.name == "George W. Bush"


def test_similar_words_are_no_names():
    assert parties("रूसा में नाटक हुआ") == []


def test_a_name_of_two_actors_has_a_rule():
    """A shared name is decided by kind, or by terms of office; anything else would be a guess."""
    undecided = []
    for name, entries in gazetteer("hi").shared_names():
        kinds = [entry.kind for entry in entries]
        if len(set(kinds)) < len(kinds) and not all(entry.terms for entry in entries):
            undecided.append((name, [entry.name for entry in entries]))
    assert undecided == []


def test_every_named_body_and_leader_has_its_facts():
    for file in ("leaders.tsv", "bodies.tsv"):
        facts = {row[0] for row in language_data.rows("world", file)}
        assert {row[0] for row in language_data.rows("hi", file)} <= facts


def test_terms_of_office_are_dates_in_order():
    for row in language_data.rows("world", "leaders.tsv"):
        for term in filter(None, (part.strip() for part in (row[4] if len(row) > 4 else "").split(","))):
            start, end = term.split("..")
            assert all(re.fullmatch(r"(\d{4}(-\d\d(-\d\d)?)?)?", day) for day in (start, end)), row
            assert not (start and end) or start <= end, row


STATES = {country.alpha_3 for country in pycountry.countries} | {"XKX"}
# PLOVER's codes of bodies without a state, and its sectors.
CODES = {"UNO", "NATO", "EUR", "IGO", "NGO", "MNC", "IMG"}
SECTORS = {
    "",
    *[
        "GOV",
        "MIL",
        "COP",
        "JUD",
        "LEG",
        "PTY",
        "REB",
        "PRM",
        "SPY",
        "UAF",
        "UNK",
        "OPP",
        "PRE",
        "AGR",
        "BUS",
        "CRM",
        "CVL",
        "EDU",
        "ELI",
        "JRN",
        "LAB",
        "MED",
        "REF",
        "REL",
        "SOC",
    ],
}


@pytest.mark.parametrize("file", ["leaders.tsv", "bodies.tsv"])
def test_facts_about_actors_are_plausible(file):
    for row in language_data.rows("world", file):
        name, country, code, sector, *rest = row + [""] * (6 - len(row))
        assert name and len(row) <= 6, row
        assert not country or country in STATES, row
        assert not code or code in CODES, row
        assert sector in SECTORS, row
        assert country or code or sector in ("CVL", "GOV"), row  # peoples and "the West" belong to no state
        if file == "leaders.tsv":
            assert rest[1] in SECTORS and (rest[1] != sector or not sector), row
            assert not rest[1] or rest[0], row
        else:
            assert rest[0] in ("organisation", "media"), row
