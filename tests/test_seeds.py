"""The main job on the five seed pages, against what a reader of these pages says is right."""

import pytest
from conftest import rows

TITLES = {
    "000_1ca48a4bd88a22bf.txt": "पुतिन ने किम जोंग उन को लिखा पत्र, कही रूस और उत्तर कोरिया द्विपक्षीय संबंधों का विस्तार करने की बात: रिपोर्ट",
    "001_88b47a99c5f52606.txt": "उत्तर कोरिया के दौरे पर जाएंगे रूसी राष्ट्रपति पुतिन, किम जोंग उन के निमंत्रण को किया स्वीकार",
    "002_113e99c0f29b87b9.txt": "यूक्रेन के खिलाफ पुतिन को मिला तानाशाह का फुल सपोर्ट, हर कदम पर रूस के साथ किम जोंग",
    "003_67527859dcb3fa44.txt": "अलास्का शिखर सम्मेलन से पहले पुतिन के साथ फोन पर बातचीत में किम ने रूस के लिए ‘पूर्ण समर्थन’ जताया",
    "004_b809a8d0328b69a2.txt": "‘मेरे प्यारे कॉमरेड व्लादिमीर’, किम जोंग उन का पुतिन को संदेश- हमेशा रूस के साथ खड़ा रहेगा उत्तर कोरिया",
}
# The lines of each page, counted from 1, that are the article's body.
BODY_LINES = {
    "000_1ca48a4bd88a22bf.txt": [7, 12, 14, 16, 18],
    "001_88b47a99c5f52606.txt": [3, 7, 9, 11, 13, 15, 17, 19, 21],
    "002_113e99c0f29b87b9.txt": [13, 15, 17],
    "003_67527859dcb3fa44.txt": [3, 5, 7, 9, 11, 13, 15, 17, 19],
    "004_b809a8d0328b69a2.txt": [11, 13, 17, 21],
}
# Words that stand only in the noise of the five pages.
NOISE = [
    "लाइव न्यूज़",
    "Open in App",
    "ठळक मुद्दे",
    "टॅग्स",
    "संबंधित खबरें",
    "शशि थरूर",
    "ग्वाडेलोप",
    "विज्ञापन",
    "Read Time",
    "ये भी पढ़ें",
    "यह भी पढ़ें",
    "Jalgaon",
    "Topics mentioned",
    "Advertisement",
    "trendingNow",
    "TAGS",
    "Trending news",
    "टैमी ब्रूस",
    "हूती",
    "असदुद्दीन",
    "Read Previous",
    "XYZScripts",
    "HomeHome",
    "spot_img",
    "Source link",
    "महादेव",
    "MSNBC",
    "एयरबेस पर हमले",
]
# (page, type, mode, actors' countries, recipients' countries) of acts that any reader finds.
ACTS = [
    ("000", "CONSULT", "phone", {"RUS"}, {"PRK"}),  # Putin's letter to Kim
    ("000", "CONSULT", "phone", {"PRK"}, {"RUS"}),  # Kim's letter to Putin
    ("000", "SANCTION", "discontinue", {"UKR"}, {"PRK"}),  # Ukraine breaks off relations
    ("001", "AGREE", None, {"PRK"}, {"RUS"}),  # Kim invites Putin
    ("001", "AGREE", None, {"RUS"}, {"PRK"}),  # Putin accepts
    ("001", "MOBILIZE", "weapons", {"PRK"}, set()),  # two ballistic missiles fired
    ("003", "CONSULT", "phone", {"PRK", "RUS"}, set()),  # the phone call
    ("003", "SUPPORT", None, {"PRK", "RUS"}, set()),  # the treaty signed in Pyongyang
    ("003", "AID", None, {"PRK"}, {"RUS"}),  # troops and arms sent
    ("004", "AID", None, {"PRK"}, {"RUS"}),  # a hundred missiles sent
]


@pytest.fixture(scope="module")
def articles(seed_run):
    return {a["source_id"].rsplit("/", 1)[-1]: a for a in rows(seed_run, "articles")}


@pytest.mark.parametrize("name", TITLES)
def test_the_title_is_exact(name, articles):
    assert articles[name]["title"] == TITLES[name]


@pytest.mark.parametrize("name", BODY_LINES)
def test_every_body_paragraph_is_kept_whole(name, articles, seeds):
    page = (seeds / name).read_text(encoding="utf-8").split("\n")
    text = " ".join(articles[name]["text"].split())
    for number in BODY_LINES[name]:
        assert " ".join(page[number - 1].split()) in text


@pytest.mark.parametrize("name", TITLES)
def test_no_noise_is_kept(name, articles):
    article = articles[name]
    assert [n for n in NOISE if n in article["text"] or n in article["title"]] == []
    assert article["removed"]


def test_metadata_of_the_page_is_found(articles):
    first = articles["000_1ca48a4bd88a22bf.txt"]
    assert first["byline"] == ["मनाली रस्तोगी"]
    updated = first["modified_at"] or first["published_at"]
    assert updated.startswith("2022-08-15T07:40") and updated.endswith("+05:30")
    assert first["dateline"] == "सियोल"
    assert articles["003_67527859dcb3fa44.txt"]["agency"] == "आईएएनएस"


def test_all_five_are_hindi(articles):
    assert {(a["language"], a["script"]) for a in articles.values()} == {("hi", "Deva")}


@pytest.mark.parametrize("act", ACTS, ids=lambda a: f"{a[0]}-{a[1]}")
def test_the_act_is_found_with_its_parties(act, articles, seed_run):
    page, *expected = act
    ids = {a["article_id"] for name, a in articles.items() if name.startswith(page)}
    found = [
        [e["event_type"], e["mode"], {p["country"] for p in e["actors"]}, {p["country"] for p in e["recipients"]}]
        for e in rows(seed_run, "events")
        if ids & {m["article_id"] for m in e["mentions"]}
    ]
    assert expected in found


def test_every_event_quotes_its_evidence(articles, seed_run):
    bodies = {a["article_id"]: a for a in articles.values()}
    for event in rows(seed_run, "events"):
        for m in event["mentions"]:
            body = bodies[m["article_id"]]
            if m["sentence_start"] is None:
                assert m["sentence"] in body["title"]
                continue
            assert body["text"][m["sentence_start"] : m["sentence_end"]] == m["sentence"]
            assert body["text"][m["trigger_start"] : m["trigger_end"]] == m["trigger"]
