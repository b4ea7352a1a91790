"""The event coder: sentences to records. The examples are written for these tests; five pages of seeds/ are read as well."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.events import deduplicate_events, event_key, extract_events, plover
from transforms.events.clauses import verb_groups
from transforms.events.grammar import grammar
from transforms.events.sentences import split_sentences
from transforms.events.tokens import tokenize
from transforms.records import Article, Event, EventType, Mention, Party

QUIET = Path(__file__).parent / "data" / "quiet_hi.txt"


def article(text: str, published_at: str | None = "2024-06-20", title: str | None = None, language: str = "hi") -> Article:
    """An article with nothing but a text."""
    return Article(
        "a1", "s1", "u1", None, None, title, (), published_at, None, None, None, language, 1.0, "Deva", text, (), (), ()
    )  # fmt: skip


def events(text: str, **kwargs: str | None) -> list[Event]:
    """The events of a text."""
    return extract_events(article(text, **kwargs))  # type: ignore[arg-type]


def only(found: list[Event], event_type: EventType) -> Event:
    """The one event of a type."""
    of_type = [e for e in found if e.event_type == event_type]
    assert len(of_type) == 1, [(e.event_type, e.mode) for e in found]
    return of_type[0]


def countries(parties: tuple[Party, ...]) -> set[str | None]:
    """The states and codes of parties."""
    return {p.country or p.code for p in parties}


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("मंत्री ने बैठक की। फिर वे लौट गए।", ["मंत्री ने बैठक की।", "फिर वे लौट गए।"]),
        ("मंत्री ने बैठक की.फिर वे लौट गए.", ["मंत्री ने बैठक की.", "फिर वे लौट गए."]),
        ("डॉ. वर्मा ने एस. के. शर्मा को 3.5 लाख दिए।", ["डॉ. वर्मा ने एस. के. शर्मा को 3.5 लाख दिए।"]),
        ("टोक्यो: मंत्री लौटे।", ["मंत्री लौटे।"]),
    ],
)
def test_sentences_end_in_every_house_style(text: str, sentences: list[str]) -> None:
    assert [s.text for s in split_sentences(text, "hi")] == sentences


@given(st.text(alphabet="कखगि।. \n\t\u00a0“”\"'-12abA?!", max_size=80))
def test_sentences_and_tokens_give_their_own_offsets(text: str) -> None:
    for sentence in split_sentences(text, "hi"):
        assert text[sentence.start : sentence.end] == sentence.text
        assert all(sentence.text[t.start : t.end] == t.text for t in tokenize(sentence.text))


def test_case_marks_say_who_does_it_to_whom() -> None:
    event = only(events("जापान के प्रधानमंत्री ने चीन की कड़ी आलोचना की।"), "ACCUSE")
    assert (countries(event.actors), countries(event.recipients), event.mode) == ({"JPN"}, {"CHN"}, "disapprove")


def test_a_state_that_only_the_article_gives_is_marked_as_assumed() -> None:
    text = "जापान के प्रधानमंत्री ने चीन की कड़ी आलोचना की। टोक्यो में पुलिस ने दो प्रदर्शनकारियों को गिरफ्तार किया। जापान की पुलिस ने पांच लोगों को हिरासत में लिया।"
    found = events(text)
    critic = only(found, "ACCUSE")
    assert not any(party.country_assumed for party in critic.actors + critic.recipients)
    arrests = [event for event in found if event.event_type == "COERCE"]
    assert [(countries(e.actors), [p.country_assumed for p in e.actors]) for e in arrests] == [({"JPN"}, [True]), ({"JPN"}, [False])]


def test_who_will_meet_somebody_promises_it_to_them() -> None:
    event = only(events("फ्रांस के राष्ट्रपति सोमवार को जर्मनी के चांसलर से मुलाकात करेंगे।"), "AGREE")
    assert (countries(event.actors), countries(event.recipients)) == ({"FRA"}, {"DEU"})
    event = only(events("सोमवार को फ्रांस के राष्ट्रपति और जर्मनी के चांसलर की मुलाकात होगी।"), "AGREE")
    assert (countries(event.actors), event.recipients) == ({"FRA", "DEU"}, ())


def test_whose_paper_says_it_says_it() -> None:
    event = only(events("जापान की रिपोर्ट में ईरान की कड़ी आलोचना की गई है।"), "ACCUSE")
    assert (countries(event.actors), countries(event.recipients)) == ({"JPN"}, {"IRN"})


def test_a_pronoun_behind_a_name_and_and_is_of_that_name() -> None:
    event = only(events("भारत के प्रधानमंत्री ने नेपाल के राष्ट्रपति और उनकी सरकार को धन्यवाद दिया।"), "SUPPORT")
    assert [p.country for p in event.recipients] == ["NPL", "NPL"]


def test_a_noun_that_is_spelled_like_a_verb_is_no_verb_before_is() -> None:
    event = only(events("शिवसेना की मांग है कि सरकार कर्ज माफ करे।"), "REQUEST")
    assert [p.name for p in event.actors] == ["Shiv Sena"]


def test_those_who_are_counted_belong_to_the_owner_before_the_number() -> None:
    event = only(events("सेना ने लश्कर के तीन आतंकियों को मार गिराया।"), "ASSAULT")
    assert countries(event.recipients) == {"IMG"}


def test_names_that_several_states_share_do_not_tell_whose_news_it_is() -> None:
    text = "पाकिस्तान में बाढ़ आई है। पाकिस्तान की सेना राहत में लगी है। पंजाब सरकार ने बैठक बुलाई। पंजाब में राहत शिविर लगे हैं। सुप्रीम कोर्ट ने पंजाब सरकार को नहरें साफ करने का आदेश दिया।"
    event = only(events(text), "REQUEST")
    assert countries(event.actors) == {"PAK"}


def test_those_who_meet_are_all_actors() -> None:
    event = only(events("फ्रांस के राष्ट्रपति ने जर्मनी के चांसलर से मुलाकात की।"), "CONSULT")
    assert (countries(event.actors), event.recipients) == ({"FRA", "DEU"}, ())


def test_a_passive_without_doer_gives_the_sector_that_the_act_implies() -> None:
    event = only(events("कानपुर में तीन तस्करों को गिरफ्तार कर लिया गया।"), "COERCE")
    assert [p.sector for p in event.actors] == ["COP"]


@pytest.mark.parametrize(
    ("text", "event_type", "status"),
    [
        ("भारत ने नेपाल को आर्थिक मदद दी।", "AID", "occurred"),
        ("भारत नेपाल को आर्थिक मदद देगा।", "AGREE", "occurred"),
        ("भारत ने नेपाल को आर्थिक मदद नहीं दी।", "AID", "negated"),
    ],
)
def test_tense_and_negation_decide_type_and_status(text: str, event_type: str, status: str) -> None:
    assert (event_type, status) in {(e.event_type, e.status) for e in events(text)}


def test_a_disaster_carries_its_casualties_and_date() -> None:
    event = only(events("नेपाल में मंगलवार को आए भूकंप में 12 लोगों की मौत हो गई और 40 घायल हो गए।"), "HAZARD")
    assert event.mode == "earthquake"
    assert event.casualties is not None
    assert (event.casualties.dead, event.casualties.injured) == (12, 40)
    assert (event.event_date, event.date_type) == ("2024-06-18", "exact")


def test_an_act_without_a_date_says_that_it_takes_that_of_publication() -> None:
    event = only(events("जापान ने चीन की कड़ी आलोचना की।"), "ACCUSE")
    assert (event.event_date, event.date_type) == ("2024-06-20", "publication")


@pytest.mark.parametrize(
    ("text", "event_type", "date"),
    [
        ("2013 में अदालत ने सुनवाई की, लेकिन पुलिस को पता चला कि गवाह लापता हैं तो पुलिस ने मंत्री को गिरफ्तार कर लिया।", "COERCE", "2013"),
        ("यह साल 1977 की बात है। एक भीषण चक्रवात में सैकड़ों लोग मारे गए थे।", "HAZARD", "1977"),
        ("मई में फ्रांस ने ईरान पर नए प्रतिबंध लगाए। इस कदम पर ईरान ने फ्रांस से तुरंत संबंध तोड़ लिए।", "SANCTION", "2024-05"),
    ],
)
def test_an_act_without_a_date_takes_the_one_its_story_is_told_under(text: str, event_type: str, date: str) -> None:
    assert {(e.event_date, e.date_type) for e in events(text) if e.event_type == event_type} == {(date, "approximate")}


def test_one_act_told_twice_is_one_event_with_two_mentions() -> None:
    found = events("जापान ने चीन की कड़ी आलोचना की।\nजापान ने कहा कि स्थिति गंभीर है।\nजापान ने चीन की आलोचना की है।")
    assert only(found, "ACCUSE").mention_count == 2


@pytest.mark.parametrize(
    "text",
    [
        "गुजरात में 2001 में भूकंप आया था। गुजरात में 2011 में भी भूकंप आया था।",
        "पटना के बाजार में मंगलवार को आग लग गई। पिछले साल भी पटना के बाजार में आग लगी थी।",
    ],
)
def test_disasters_of_other_years_are_other_events(text: str) -> None:
    assert len(events(text)) == 2


def test_a_trigger_is_found_in_its_sentence_by_its_words() -> None:
    event = only(events("भूकंप से घर गिरे और दूसरे भूकंप से पुल टूट गया।"), "HAZARD")
    assert [m.trigger for m in event.mentions] == ["भूकंप", "दूसरे भूकंप"]
    assert [m.sentence.find(m.trigger) for m in event.mentions] == [m.trigger_start for m in event.mentions]


@pytest.mark.parametrize(
    ("text", "event_type"),
    [
        ("भारत ने पाकिस्तान के राजदूत को तलब किया।", "ACCUSE"),
        ("भाजपा ने रोजगार के मुद्दे पर विपक्ष को घेरा।", "ACCUSE"),
        ("ईरान ने बातचीत से इनकार किया।", "REJECT"),
        ("फ्रांस ने नेपाल के साथ समझौता ज्ञापन पर हस्ताक्षर किए।", "SUPPORT"),
        ("कांग्रेस ने विधेयक के पक्ष में मतदान किया।", "SUPPORT"),
        ("जर्मनी ने यूक्रेन को टैंक दिए।", "AID"),
        ("रूस ने खारकीव पर मिसाइलें दागीं।", "ASSAULT"),
        ("उत्तर कोरिया ने समुद्र की ओर मिसाइल दागी।", "MOBILIZE"),
        ("विद्रोहियों ने शहर पर कब्जा कर लिया।", "ASSAULT"),
        ("प्रशासन ने सड़क किनारे की जमीन पर कब्जा किया।", "COERCE"),
        ("ईरान ने अमेरिका को अंजाम भुगतने की चेतावनी दी।", "THREATEN"),
        ("डॉक्टरों ने चेतावनी दी कि अस्पताल में दवाएं नहीं हैं।", "ACCUSE"),
        ("भारत ने पड़ोसी देश के साथ संधि स्थगित कर दी।", "SANCTION"),
        ("किसानों ने राजधानी में अपना धरना खत्म किया।", "RETREAT"),
        ("पाकिस्तान ने संघर्षविराम पर सहमति जताई।", "CONCEDE"),
    ],
)
def test_the_words_beside_a_predicate_tell_its_type(text: str, event_type: str) -> None:
    assert [e.event_type for e in events(text)] == [event_type]


@pytest.mark.parametrize(
    "text",
    [
        "कंपनी ने सभी आरोपों को नकारा है।",
        "पार्टी के प्रवक्ता ने रिश्वत लेने के आरोपों से इनकार किया।",
        "बीबीसी ने गांव की महिलाओं से बातचीत की।",
        "लोगों ने मंदिर में दुआ मांगी।",
    ],
)
def test_denials_interviews_and_prayers_are_no_events(text: str) -> None:
    assert events(text) == []


def test_a_demonstrative_points_to_the_act_told_before() -> None:
    found = events("जापान के प्रधानमंत्री ने चीन के राष्ट्रपति से फोन पर बातचीत की।\nयह बातचीत आधे घंटे तक चली और दोनों ओर से संतोष जताया गया।")
    meeting = only(found, "CONSULT")
    assert countries(meeting.actors) == {"JPN", "CHN"}


def test_what_only_takes_place_has_no_subject_from_before() -> None:
    found = events("जापान के मंत्री ने संवाददाताओं को बताया कि दिल्ली में नेपाल और भूटान के बीच वार्ता हुई।")
    assert countries(only(found, "CONSULT").actors) == {"NPL", "BTN"}


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("सरकार को फैसला वापस लेना पड़ा।", "past"),
        ("सरकार को फैसला वापस लेना पड़ेगा।", "obligation"),
        ("दौरा कर रहे मंत्री ने भाषण दिया।", "participle"),
        ("मंत्री दौरा कर रहे हैं।", "progressive"),
        ("आरोपी को रिहा किया जाए।", "subjunctive"),
    ],
)
def test_auxiliaries_tell_the_form_of_a_verb(text: str, form: str) -> None:
    assert form in {g.form for g in verb_groups(tokenize(text), grammar("hi"))}


def test_the_mark_of_an_infinitive_is_no_verb() -> None:
    assert "लेना" not in {g.lemma for g in verb_groups(tokenize("उनके लिए और शांति लाने के लिए बैठक हुई।"), grammar("hi"))}


def test_a_short_title_has_the_state_told_before() -> None:
    found = events("टोगो के राष्ट्रपति फ़ौरे भारत पहुंचे। भारत में भारत के मंत्री मिले। राष्ट्रपति ने फ्रांस की कड़ी निंदा की।")
    assert countries(only(found, "ACCUSE").actors) == {"TGO"}


def test_a_side_that_one_telling_leaves_open_comes_from_another() -> None:
    event = only(events("रूस पर हमला किया गया। यूक्रेन ने यह हमला किया।"), "ASSAULT")
    assert (countries(event.actors), countries(event.recipients)) == ({"UKR"}, {"RUS"})


def test_a_text_without_a_day_of_publication_counts_from_the_day_it_gives() -> None:
    found = events("रूस ने 2022 में यूक्रेन पर हमला किया। चीन ने मंगलवार (18 जून) को अमेरिका की निंदा की।", published_at=None)
    assert [(e.event_type, e.event_date) for e in found] == [("ASSAULT", "2022"), ("ACCUSE", "2024-06-18")]


def test_both_leaders_are_the_last_two_persons() -> None:
    found = events("रूस के राष्ट्रपति व्लादिमीर पुतिन उत्तर कोरिया के नेता किम जोंग उन से मिले।\nदोनों नेताओं ने जापान की आलोचना की।")
    event = only(found, "ACCUSE")
    assert (countries(event.actors), countries(event.recipients)) == ({"RUS", "PRK"}, {"JPN"})


def test_texts_without_events_give_none() -> None:
    texts = [line for line in QUIET.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    false = [t for t in texts if any(e.status not in ("hypothetical", "negated") for e in events(t))]
    assert len(texts) == 100
    assert len(false) <= 3, false


def test_the_title_counts_but_has_no_offsets_in_the_text() -> None:
    event = only(events("यह खबर अभी आई है।", title="जापान ने चीन की कड़ी आलोचना की"), "ACCUSE")
    assert (event.mentions[0].sentence_start, event.mentions[0].trigger_start) == (None, None)


def test_a_language_without_grammar_has_no_events() -> None:
    assert events("Der Minister trat zurück.", language="de") == []


@pytest.mark.parametrize("page", sorted((Path(__file__).parent.parent / "seeds").glob("*.txt")), ids=lambda p: p.name[:3])
def test_every_record_carries_verbatim_evidence(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    found = extract_events(article(text))
    assert found
    assert len({e.event_id for e in found}) == len(found)
    for event in found:
        assert event.mode is None or event.event_type == "HAZARD" or event.mode in plover.modes(event.event_type)
        for m in event.mentions:
            assert m.sentence_start is not None
            assert m.trigger_start is not None
            assert text[m.sentence_start : m.sentence_end] == m.sentence
            assert text[m.trigger_start : m.trigger_end] == m.trigger


def test_a_letter_between_heads_of_state_is_found_in_a_page() -> None:
    page = next((Path(__file__).parent.parent / "seeds").glob("000*"))
    letters = [e for e in extract_events(article(page.read_text(encoding="utf-8"))) if (e.event_type, e.mode) == ("CONSULT", "phone")]
    assert any(countries(e.actors) == {"RUS"} and countries(e.recipients) == {"PRK"} for e in letters)


def telling(day: str | None, number: int, dead: int | None = None, country: str = "JPN") -> Event:
    """One telling of one act in an article of its own."""
    from transforms.records import Casualties

    published = f"2024-06-{number + 10}"
    mention = Mention(f"a{number}", None, f"p{number}", published, "s", 0, 1, "s", 0, 1)
    return Event(
        event_id=f"e{number}", event_type="ASSAULT", mode=None, quad=None, score=None, contexts=(), status="occurred",
        actors=(Party(country, country, country, None, "MIL"),), recipients=(Party("चीन", "China", "CHN", None, "GOV"),),
        event_date=day, date_start=day, date_end=day, date_type="exact" if day else "publication", date_text=None, place=None,
        casualties=Casualties(dead=dead, text=(f"{dead} मरे",)) if dead else None, amounts=(), attribution=(), mentions=(mention,),
        mention_count=1, source_count=1, first_seen=published, last_seen=published, confidence=0.5,
    )  # fmt: skip


def test_a_follow_up_keeps_the_later_figure_beside_the_earlier() -> None:
    (event,) = deduplicate_events([telling("2024-06-11", 2, dead=9), telling("2024-06-10", 1, dead=5)])
    assert event.casualties is not None
    assert (event.casualties.dead, event.casualties.text) == (9, ("5 मरे", "9 मरे"))
    assert (event.mention_count, event.source_count, event.event_id) == (2, 2, "e1")


def test_days_are_not_chained() -> None:
    week = [telling(f"2024-06-{10 + n}", n) for n in range(6)]
    assert len(deduplicate_events(week)) == 3


def test_other_parties_are_another_event() -> None:
    assert len(deduplicate_events([telling("2024-06-10", 1), telling("2024-06-10", 2, country="FRA")])) == 2


@settings(max_examples=30)
@given(st.permutations(range(6)), st.integers(0, 3))
def test_deduplication_does_not_depend_on_order(order: list[int], undated: int) -> None:
    tellings = [telling(None if n < undated else f"2024-06-{10 + n // 2}", n) for n in range(6)]
    assert deduplicate_events(tellings[n] for n in order) == deduplicate_events(tellings)
    assert len({event_key(replace(e, event_date="2020-01-01")) for e in tellings}) == 1


def test_extraction_is_deterministic() -> None:
    text = "जापान ने चीन की कड़ी आलोचना की।\nफ्रांस के राष्ट्रपति ने जर्मनी के चांसलर से मुलाकात की।"
    found = events(text)
    random.shuffle(found)
    assert sorted(found, key=lambda e: e.event_id) == sorted(events(text), key=lambda e: e.event_id)
