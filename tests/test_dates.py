"""Dates of Hindi sentences against the day of publication (a Thursday: 20 June 2024)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.events.dates import find_dates
from transforms.events.reference import reference_of
from transforms.events.tokens import tokenize

PUBLISHED = "2024-06-20T09:30:00+05:30"


def first(text, reference=PUBLISHED, past=True, anchor=None):
    return find_dates(tokenize(text), reference, "hi", past, anchor)[0]


def told(text):
    sentences = [tokenize(sentence) for sentence in text.split("। ")]
    return reference_of([(tokens, {token.key for token in tokens}) for tokens in sentences], "hi")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("18 जून 2023 को समझौता हुआ", "2023-06-18"),
        ("वे 10 जून, 2011 को मिले", "2011-06-10"),
        ("चार मई को हमला हुआ", "2024-05-04"),
        ("25 दिसंबर को हमला हुआ", "2023-12-25"),
        ("मंगलवार (18 जून) को वे पहुंचे", "2024-06-18"),
        ("बुधवार को बैठक हुई", "2024-06-19"),
        ("बीते सोमवार को बैठक हुई", "2024-06-17"),
        ("तीन दिन पहले धमाका हुआ", "2024-06-17"),
        ("पिछले साल 15 अगस्त को धमाका हुआ", "2023-08-15"),
        ("पिछले महीने की 18 तारीख को धमाका हुआ", "2024-05-18"),
        ("आज बैठक हुई", "2024-06-20"),
    ],
)
def test_days_are_exact(text, date):
    found = first(text)
    assert (found.date, found.date_type) == (date, "exact")


@pytest.mark.parametrize(
    ("text", "date", "start", "end"),
    [
        ("पिछले हफ्ते बैठक हुई", "2024-06", "2024-06-10", "2024-06-16"),
        ("जुलाई में बैठक हुई", "2023-07", "2023-07-01", "2023-07-31"),
        ("2019 में समझौता हुआ", "2019", "2019-01-01", "2019-12-31"),
        ("पिछले साल जून में युद्ध हुआ", "2023-06", "2023-06-01", "2023-06-30"),
        ("इस साल की शुरुआत में युद्ध हुआ", "2024", "2024-01-01", "2024-05-01"),
        ("18 से 20 अगस्त, 2018 तक मेला चला", "2018-08", "2018-08-18", "2018-08-20"),
    ],
)
def test_longer_times_are_bounded_not_guessed(text, date, start, end):
    found = first(text)
    assert found.date_type == "approximate"
    assert (found.date, found.date_start) == (date, start)
    assert abs(int(found.date_end[-2:]) - int(end[-2:])) <= 1 and found.date_end[:7] in (end[:7], "2024-04")


def test_the_word_for_both_yesterday_and_tomorrow_follows_the_tense():
    assert first("कल बैठक हुई", past=True).date == "2024-06-19"
    assert first("कल बैठक होगी", past=False).date == "2024-06-21"
    unknown = first("कल बैठक", past=None)
    assert (unknown.date_start, unknown.date_end, unknown.date_type) == ("2024-06-19", "2024-06-21", "approximate")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("१५ मार्च २०१९ को समझौता हुआ", "2019-03-15"),
        ("15-03-2019 को समझौता हुआ", "2019-03-15"),
        ("मंगलवार, 5 मार्च, 2019 को समझौता हुआ", "2019-03-05"),
        ("इक्कीस मई 1991 को हमला हुआ", "1991-05-21"),
        ("5 मई सन 2013 को हमला हुआ", "2013-05-05"),
        ("5वीं मई 2013 को हमला हुआ", "2013-05-05"),
        ("2013 में 5 मई को हमला हुआ", "2013-05-05"),
        ("साल 2013 के मई महीने में हमला हुआ", "2013-05"),
        ("मई, साल 2013 में हमला हुआ", "2013-05"),
        ("5 और 6 मार्च 2019 को बैठक हुई", "2019-03"),
        ("सन् 1971 में युद्ध हुआ", "1971"),
        ("2015-16 में सहायता दी गई", "2015-01-01/2016-12-31"),
        ("अक्टूबर-नवंबर 2015 में मतदान हुआ", "2015"),
        ("1990 के दशक में युद्ध हुआ", "1990-01-01/1999-12-31"),
        ("नब्बे के दशक में युद्ध हुआ", "1990-01-01/1999-12-31"),
    ],
)
def test_what_a_text_gives_in_full_needs_no_day_of_publication(text, date):
    found = first(text, reference=None)
    assert date == (found.date or f"{found.date_start}/{found.date_end}")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("डेढ़ साल पहले समझौता हुआ", "2022-12"),
        ("तीन माह पूर्व समझौता हुआ", "2024-03"),
        ("इस माह 5 तारीख को बैठक हुई", "2024-06-05"),
        ("गत 12 जून को बैठक हुई", "2024-06-12"),
        ("17 जून (सोमवार) को बैठक हुई", "2024-06-17"),
        ("बीते मई में बैठक हुई", "2024-05"),
        ("मार्च के पांचवें सप्ताह में बैठक हुई", "2024-03"),
    ],
)
def test_relative_times_count_from_the_day_of_publication(text, date):
    assert first(text).date == date


def test_last_night_is_yesterday_or_today():
    found = first("बीती रात धमाका हुआ")
    assert (found.date_start, found.date_end, found.date_type) == ("2024-06-19", "2024-06-20", "approximate")


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("1945 में हुए बंटवारे की 80वीं वर्षगांठ मनाई गई।", "2025"),
        ("15 अगस्त को संधि की 10वीं सालगिरह है, जो 2008-09 की बातचीत से बनी।", "2019-08"),
        ("25 अगस्त, 2007 को हुए धमाके की ग्यारहवीं बरसी मनाई गई।", "2018-08"),
        ("दिल्ली में 75वें गणतंत्र दिवस पर परेड हुई।", "2024"),
        ("पिछले साल 2012 जुलाई में वह रिहा हुआ।", "2013"),
        ("चार साल पहले 2011 में समझौता हुआ था।", "2015"),
        ("इस साल यानी 2018 में समझौता हुआ।", "2018"),
        ("मंगलवार, 18 जून को बैठक हुई। 2023 में भी वे मिले थे।", "2024-06-18"),
    ],
)
def test_a_text_may_tell_what_its_dates_count_from(text, reference):
    assert told(text) == reference


@pytest.mark.parametrize(
    "text",
    [
        "सोमवार को 80वीं वर्षगांठ मनाई गई।",  # of what?
        "1945 और 1948 की घटनाओं की 80वीं वर्षगांठ मनाई गई।",
        "1910 की क्रांति की दूसरी वर्षगांठ 1912 में थी।",  # told as history
        "पिछले साल 2000 लोग मारे गए।",
        "1984 में, पिछले साल 1983 की तरह, सूखा पड़ा।",
        "तीन साल पहले समझौता हुआ।",
    ],
)
def test_a_text_that_does_not_tell_it_leaves_it_open(text):
    assert told(text) is None


@pytest.mark.parametrize("text", ["बुधवार को बैठक हुई", "पिछले हफ्ते बैठक हुई", "25 अगस्त को बैठक हुई", "तीन दिन पहले बैठक हुई"])
def test_without_a_publication_date_nothing_is_guessed(text):
    found = first(text, reference=None)
    assert (found.date, found.date_type) == (None, "unresolved")


def test_a_day_without_a_year_has_that_of_a_full_date_near_it_or_none():
    for known, year in (["2017-10-25"], "2017-"), (["2016-02-03"], ""):
        (found,) = find_dates(tokenize("31 अक्टूबर को धमाका हुआ"), None, "hi", True, known=known)
        assert (found.date or "")[:5] == year


def test_years_later_count_from_a_year():
    (found,) = find_dates(tokenize("पांच साल बाद समझौता हुआ"), None, "hi", True, "1994")
    assert (found.date, found.date_type) == ("1999", "approximate")


def test_the_next_day_counts_from_the_date_told_before():
    assert first("अगले दिन सुबह पुलिस पहुंची", anchor="2017-03-17").date == "2017-03-18"


@pytest.mark.parametrize("text", ["3.5 लाख लोग आए", "2000 लोग आए", "2000 से अधिक लोग आए", "डेढ़ लाख रुपये मिले"])
def test_plain_numbers_are_no_dates(text):
    assert find_dates(tokenize(text), PUBLISHED, "hi") == []


@given(st.text(alphabet="123456789 ,/-.()", max_size=30), st.sampled_from(["", " जून", " साल पहले", " सोमवार", " में"]))
def test_no_input_breaks_the_reader(figures, word):
    for found in find_dates(tokenize(figures + word), PUBLISHED, "hi"):
        assert found.date_start is None or found.date_start <= found.date_end
