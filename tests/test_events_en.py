"""The event coder on English. The examples are written for these tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from transforms.events import extract_events, plover
from transforms.events.analysis import ArticleAnalysis
from transforms.events.dates import find_dates
from transforms.events.grammar import grammar
from transforms.events.numbers import find_casualties
from transforms.events.parties import find_parties
from transforms.events.tokens import tokenize
from transforms.records import Article, Event, EventType, Party

QUIET = Path(__file__).parent / "data" / "quiet_en.txt"


def article(text: str, published_at: str | None = "2024-06-20", language: str = "en") -> Article:
    """An article with nothing but a text."""
    return Article(
        "a1", "s1", "u1", None, None, None, (), published_at, None, None, None, language, 1.0, "Latn", text, (), (), ()
    )  # fmt: skip


def events(text: str) -> list[Event]:
    """The events of a text."""
    return extract_events(article(text))


def only(text: str, event_type: EventType) -> Event:
    """The one event of a type in a text."""
    found = [e for e in events(text) if e.event_type == event_type]
    assert len(found) == 1, [(e.event_type, e.mode, e.status) for e in events(text)]
    return found[0]


def countries(parties: tuple[Party, ...]) -> set[str | None]:
    """The states and codes of parties."""
    return {p.country or p.code for p in parties}


@pytest.mark.parametrize(
    ("text", "event_type", "mode", "actors", "recipients"),
    [
        ("Japan's prime minister sharply criticised China on Monday.", "ACCUSE", "disapprove", {"JPN"}, {"CHN"}),
        ("China was sharply criticised by Japan.", "ACCUSE", "disapprove", {"JPN"}, {"CHN"}),
        ("The European Union imposed new sanctions on Belarus.", "SANCTION", "discontinue", {"EUR"}, {"BLR"}),
        ("The French president met the German chancellor in Vienna.", "CONSULT", None, {"FRA", "DEU"}, set()),
        ("Norway and Chile held talks on fishing.", "CONSULT", None, {"NOR", "CHL"}, set()),
        ("Kenya sent food and tents to Somalia.", "AID", None, {"KEN"}, {"SOM"}),
        ("Egypt refused to open the border to Sudan.", "REJECT", "change", {"EGY"}, {"SDN"}),
        ("Turkey urged Greece to withdraw its ships.", "REQUEST", "change", {"TUR"}, {"GRC"}),
        ("Rebels in Mali attacked an army base near Gao.", "ASSAULT", None, {"MLI"}, {"MLI"}),
        ("Peru expelled two Ecuadorian diplomats.", "SANCTION", "expel", {"PER"}, {"ECU"}),
    ],
)
def test_word_order_and_prepositions_say_who_does_it_to_whom(
    text: str, event_type: EventType, mode: str | None, actors: set[str], recipients: set[str]
) -> None:
    event = only(text, event_type)
    assert (event.mode, countries(event.actors), countries(event.recipients)) == (mode, actors, recipients)


def test_the_subject_is_found_over_a_parenthesis_and_a_relative_clause() -> None:
    for between in (", the head of state,", ", who arrived late on Sunday,"):
        event = only(f"The president of Chile{between} condemned Peru.", "ACCUSE")
        assert (countries(event.actors), countries(event.recipients)) == ({"CHL"}, {"PER"})


def test_a_second_verb_shares_the_subject_of_the_first() -> None:
    event = only("Brazil thanked Uruguay and criticised Paraguay.", "ACCUSE")
    assert (countries(event.actors), countries(event.recipients)) == ({"BRA"}, {"PRY"})


@pytest.mark.parametrize(
    ("text", "event_type", "status"),
    [
        ("Canada sent aid to Haiti.", "AID", "occurred"),
        ("Canada will send aid to Haiti.", "AGREE", "occurred"),
        ("Canada will not send aid to Haiti.", "REJECT", "occurred"),
        ("Canada did not send aid to Haiti.", "AID", "negated"),
        ("Canada could send aid to Haiti.", "AID", "hypothetical"),
        ("Canada promised to send aid to Haiti.", "AGREE", "occurred"),
        ("Sudan threatened to attack Chad.", "THREATEN", "occurred"),
        ("Sudan vowed to attack Chad.", "THREATEN", "occurred"),
    ],
)
def test_the_verb_group_and_its_governor_decide_type_and_status(text: str, event_type: str, status: str) -> None:
    assert [(e.event_type, e.status) for e in events(text)] == [(event_type, status)]


def test_the_content_of_a_speech_act_is_no_act_beside_it() -> None:
    for text in (
        "Jordan accused Syria of shelling a village.",
        "Jordan condemned the attack on Syria.",
        "Jordan called on Syria to release the prisoners.",
    ):
        assert len(events(text)) == 1, text


def test_a_bare_report_is_no_event() -> None:
    assert events("The minister told reporters in Lima that the road was long.") == []


def test_a_passive_without_doer_gives_the_sector_that_the_act_implies() -> None:
    assert [p.sector for p in only("Three smugglers were arrested in Lagos.", "COERCE").actors] == ["COP"]


def test_us_is_a_state_only_in_capitals() -> None:
    assert countries(only("The US criticised Cuba.", "ACCUSE").actors) == {"USA"}
    assert [m.party.country for m in find_parties(tokenize("They told us about it."), "en")] == []


def test_an_office_takes_the_state_before_or_behind_it() -> None:
    for text in ("Kenya's foreign minister", "the Kenyan foreign minister", "the foreign minister of Kenya"):
        (mention,) = find_parties(tokenize(text), "en")
        assert (mention.party.country, mention.party.sector) == ("KEN", "GOV")


def test_an_unknown_person_behind_an_office_keeps_the_text() -> None:
    (mention,) = find_parties(tokenize("Kenyan lawmaker Wanjiru Adongo"), "en", source="Kenyan lawmaker Wanjiru Adongo")
    assert (mention.party.text, mention.party.name, mention.party.country) == ("Kenyan lawmaker Wanjiru Adongo", None, "KEN")


@pytest.mark.parametrize(
    ("verb", "form", "word"),
    [
        ("accuse", "gerund", "accusing"),
        ("ban", "past", "banned"),
        ("deny", "present", "denies"),
        ("free", "gerund", "freeing"),
        ("clash", "present", "clashes"),
        ("withdraw", "participle", "withdrawn"),
    ],
)
def test_forms_of_verbs_are_made(verb: str, form: str, word: str) -> None:
    assert word in grammar("en").conjugate(verb)[form]


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("Police have not yet been sent to the town", [("send", "perfect", True, True)]),
        ("The army will attack the port", [("attack", "future", False, False)]),
        ("The attack on the port", []),
        ("He didn't sign", [("sign", "past", False, True)]),
        ("A man accused of theft was freed", [("accuse", "participle", True, False), ("free", "past", True, False)]),
        ("Iran-backed fighters left", [("leave", "past", False, False)]),
    ],
)
def test_verb_groups_carry_tense_voice_and_negation(text: str, groups: list[tuple[str, str, bool, bool]]) -> None:
    sentence = ArticleAnalysis(article(text)).sentences[0]
    assert [(g.lemma, g.form, g.passive, g.negated) for g in sentence.groups] == groups


@pytest.mark.parametrize(
    ("text", "start", "end", "date_type"),
    [
        ("It happened on Tuesday", "2024-06-18", "2024-06-18", "exact"),
        ("It happened on June 5", "2024-06-05", "2024-06-05", "exact"),
        ("It happened on the 5th of May 2023", "2023-05-05", "2023-05-05", "exact"),
        ("It happened three days ago", "2024-06-17", "2024-06-17", "exact"),
        ("It happened in March", "2024-03-01", "2024-03-31", "approximate"),
        ("It happened in 2019", "2019-01-01", "2019-12-31", "approximate"),
        ("It happened last year", "2023-01-01", "2023-12-31", "approximate"),
        ("It happened recently", None, None, "unresolved"),
    ],
)
def test_dates_count_from_the_day_of_publication(text: str, start: str | None, end: str | None, date_type: str) -> None:
    (found,) = find_dates(tokenize(text), "2024-06-20", "en", past=True)
    assert (found.date_start, found.date_end, found.date_type) == (start, end, date_type)


def test_may_is_a_month_only_behind_a_preposition() -> None:
    assert find_dates(tokenize("They may leave"), "2024-06-20", "en") == []


@pytest.mark.parametrize(
    ("text", "dead", "injured"),
    [
        ("The blast killed at least 12 people and wounded 40 others", 12, 40),
        ("Two dozen people were killed and 1,200 injured", 24, 1200),
        ("The attack left three dead", 3, None),
        ("The death toll rose to 214", 214, None),
        ("The fire killed dozens of people", None, None),
    ],
)
def test_casualties_before_and_behind_the_word_of_harm(text: str, dead: int | None, injured: int | None) -> None:
    found = find_casualties(tokenize(text), "en")
    assert found is not None
    assert (found.dead, found.injured) == (dead, injured)


def test_a_disaster_needs_no_party() -> None:
    event = only("An earthquake hit eastern Nepal on Monday, killing 12 people.", "HAZARD")
    assert (event.mode, event.event_date) == ("earthquake", "2024-06-17")
    assert event.casualties is not None
    assert event.casualties.dead == 12


def test_texts_without_events_give_none() -> None:
    texts = [line for line in QUIET.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    false = [t for t in texts if any(e.status not in ("hypothetical", "negated") for e in events(t))]
    assert len(texts) == 40
    assert len(false) <= 1, false


def test_every_record_carries_verbatim_evidence() -> None:
    text = "Kenya sent food to Somalia on Friday.\nU.S. officials praised Kenya. Police arrested two men in Nairobi."
    found = events(text)
    assert {e.event_type for e in found} == {"AID", "SUPPORT", "COERCE"}
    for event in found:
        assert event.mode is None or event.mode in plover.modes(event.event_type)
        for m in event.mentions:
            assert text[m.sentence_start : m.sentence_end] == m.sentence
            assert text[m.trigger_start : m.trigger_end] == m.trigger


def test_only_languages_with_data_have_events() -> None:
    assert extract_events(article("जपानच्या पंतप्रधानांनी चीनवर टीका केली.", language="mr")) == []
