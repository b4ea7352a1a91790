"""Text pages: what is kept, what is removed as what, and what the lines around a text say about it."""

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.clean import clean_article, clean_articles
from transforms.clean.beam import CleanArticles
from transforms.records import Article, RawDocument, Reject

TITLE = "गांव में खुला पहला पुस्तकालय, छात्रों में खुशी"
TEXT = [
    "गांव के प्रधान ने रविवार को पंचायत भवन में पहले पुस्तकालय का उद्घाटन किया। इसमें दो हजार से ज्यादा किताबें रखी गई हैं।",
    "प्रधान ने कहा कि छात्रों को अब परीक्षा की तैयारी के लिए शहर नहीं जाना पड़ेगा। पुस्तकालय सुबह आठ बजे से शाम सात बजे तक खुला रहेगा।",
    "गांव के शिक्षक ने बताया कि किताबें दान में मिली हैं और आगे भी लोग किताबें दे सकते हैं। बच्चों के लिए अलग कमरा बनाया गया है।",
]
ENGLISH_TITLE = "Village opens its first library in the old council hall"
ENGLISH = [
    "The village head opened the first library on Sunday in the old council hall, which now holds more than two thousand books.",
    "He said that students would no longer have to travel to the town to prepare for their exams, and that the library would stay open late.",
    "A teacher told residents that most of the books had been donated and that people could bring more of them at any time.",
]


def clean(*lines: str, **fields: str) -> Article:
    result = clean_article(RawDocument("u", "u", "\n".join(lines), "text", **fields))
    assert isinstance(result, Article), result
    return result


def kinds(article: Article) -> dict[str, str]:
    return {removed.text: removed.kind for removed in article.removed}


@pytest.mark.parametrize(("title", "text"), [(TITLE, TEXT), (ENGLISH_TITLE, ENGLISH)])
def test_a_clean_article_survives_whole(title, text):
    article = clean(title, *text)
    assert article.title == title
    assert article.text.split("\n") == text
    assert article.removed == ()


def test_also_read_inside_a_paragraph_is_cut_out():
    article = clean(TITLE, TEXT[0] + " ये भी पढ़ें: नई सड़क पर बस चलेगी", *TEXT[1:])
    assert article.text.split("\n") == TEXT
    assert kinds(article) == {"ये भी पढ़ें: नई सड़क पर बस चलेगी": "related"}


def test_also_read_is_found_in_every_spelling():
    for label in ("ये भी पढ़ें :", "ये भी पढ़ें-", "ये भी पढें:", "यह भी पढ़े:"):
        assert clean(TITLE, TEXT[0], f"{label} नई सड़क पर बस चलेगी", *TEXT[1:]).text.split("\n") == TEXT


def test_also_read_in_english():
    article = clean(ENGLISH_TITLE, ENGLISH[0], "Also Read: Town plans a new bus line", *ENGLISH[1:])
    assert article.text.split("\n") == ENGLISH


def test_advertisements_menus_and_share_bars_go_with_their_kinds():
    article = clean("होम", "देश", "खेल", TITLE, "शेयर करें", TEXT[0], "विज्ञापन", *TEXT[1:], "हमारे बारे में", "गोपनीयता नीति")
    assert article.text.split("\n") == TEXT
    found = kinds(article)
    assert {found["होम"], found["शेयर करें"], found["विज्ञापन"], found["गोपनीयता नीति"]} == {"nav", "share", "ad", "footer"}


def test_glued_topics_are_parted_by_the_words_of_the_text():
    assert clean(TITLE, *TEXT, "टॅग्स :पुस्तकालयपरीक्षाशिक्षक").tags == ("पुस्तकालय", "परीक्षा", "शिक्षक")


def test_topics_with_marks_between_are_taken_as_they_stand():
    article = clean(TITLE, *TEXT, "टैग्स: पुस्तकालय, ग्राम पंचायत")
    assert article.tags == ("पुस्तकालय", "ग्राम पंचायत")
    assert article.text.split("\n") == TEXT


def test_teasers_of_other_stories_are_removed():
    teasers = [
        "जिले में दो नए स्कूल खुलेंगे",
        "शिक्षा विभाग ने बताया कि अगले महीने से जिले के दो गांवों में नए…",
        "मेले में उमड़ी भीड़",
        "रविवार को मेले में आसपास के गांवों से बड़ी संख्या में लोग…",
    ]
    article = clean(TITLE, *TEXT, "संबंधित खबरें", *teasers)
    assert article.text.split("\n") == TEXT
    assert set(teasers) <= set(kinds(article))


def test_a_repeated_standfirst_stands_once():
    article = clean(TITLE, TEXT[0], TEXT[0] + " " + TEXT[1], TEXT[2])
    assert article.text.split("\n") == [TEXT[0] + " " + TEXT[1], TEXT[2]]
    assert kinds(article)[TEXT[0]] == "repeat"


def test_the_label_of_a_highlights_box_goes_and_its_sentences_stay():
    box = "पुस्तकालय में दो हजार से ज्यादा किताबें हैं।"
    article = clean(TITLE, "मुख्य बातें: " + box, *TEXT)
    assert article.text.split("\n")[-3:] == TEXT
    assert "मुख्य बातें" not in article.text


@pytest.mark.parametrize(("line", "agency"), [("(एजेंसी इनपुट के साथ)", "एजेंसी"), ("(भाषा)", "पीटीआई"), ("(एएनआई)", "एएनआई")])
def test_an_agency_sign_off_names_the_agency_and_is_no_text(line, agency):
    for lines in ((*TEXT, line), (*TEXT[:2], f"{TEXT[2]} {line}")):
        article = clean(TITLE, *lines)
        assert article.agency == agency
        assert article.text.split("\n") == TEXT


def test_byline_and_times_are_read_with_their_zone():
    article = clean(TITLE, "By मनीषा त्रिपाठी | Updated: March 5, 2024 07:40 IST", *TEXT)
    assert article.byline == ("मनीषा त्रिपाठी",)
    assert article.modified_at == "2024-03-05T07:40:00+05:30"
    assert article.published_at is None


def test_a_date_has_the_precision_that_the_page_gives():
    assert clean(TITLE, "प्रकाशित: 5 मार्च 2024", *TEXT).published_at == "2024-03-05"
    assert clean(TITLE, "प्रकाशित: 5 मार्च 2024, 18:05", *TEXT).published_at == "2024-03-05T18:05:00"


def test_a_day_without_a_year_is_completed_near_the_crawl():
    assert clean(TITLE, "मंगलवार (5 मार्च)", *TEXT, crawled_at="2024-03-06T10:00:00Z").published_at == "2024-03-05"
    assert clean(TITLE, "मंगलवार (5 मार्च)", *TEXT).published_at is None


def test_the_place_in_front_of_the_text_is_the_dateline():
    article = clean(TITLE, "पटना: " + TEXT[0], *TEXT[1:])
    assert article.dateline == "पटना"
    assert article.text.startswith("पटना: ")


@pytest.mark.parametrize(
    ("head", "place", "agency"),
    [
        ("राज्य ब्यूरो, जम्मू। ", "जम्मू", None),
        ("लंदन [प्रेट्र]। ", "लंदन", "पीटीआई"),
        ("HAYWARD, Calif. (AP) — ", "HAYWARD", "AP"),
        ("संवाद सूत्र, नयापुरवा (बलिया) : ", "बलिया", None),
        ("नयापुरवा, एएनआइ। ", "नयापुरवा", "एएनआई"),
        ("Meeting: ", None, None),
        ("बैठक: ", None, None),
    ],
)
def test_a_label_is_no_dateline_but_a_place_behind_a_desk_is(head, place, agency):
    article = clean(TITLE, head + TEXT[0], *TEXT[1:])
    assert (article.dateline, article.agency) == (place, agency)


def test_one_line_is_a_text():
    assert clean(TEXT[0]).text == TEXT[0]
    assert clean("नगर में आज मेला").text == "नगर में आज मेला"


def test_white_space_is_empty():
    result = clean_article(RawDocument("u", "u", " \n\t\u200b\n", "text"))
    assert isinstance(result, Reject)
    assert result.reason == "empty"


@pytest.mark.parametrize(
    "line",
    [
        "महापालिकेने सोमवारी जुन्या बाजारातील रस्त्याचे काम सुरू केले आणि ते तीन महिन्यांत पूर्ण होईल असे सांगितले.",
        "پرانے بازار کی سڑک پر کام پیر کو شروع ہوا اور تین مہینوں میں مکمل ہوگا۔",
        "সোমবার পুরোনো বাজারের রাস্তার কাজ শুরু হয়েছে এবং তিন মাসে শেষ হবে।",
        "பழைய சந்தை சாலைப் பணி திங்கட்கிழமை தொடங்கியது.",
    ],
)
def test_languages_without_data_keep_their_text(line):
    assert line in clean(line, line[::-1], line + " " + line).text


SENTENCES = st.sampled_from(
    [
        "मंत्री ने बुधवार को नए अस्पताल का दौरा किया और डॉक्टरों से बात की",
        "किसानों ने कहा कि बारिश से उनकी फसल को बहुत नुकसान हुआ है",
        "पुलिस ने बताया कि दोनों लोगों को सुबह छोड़ दिया गया था",
        "नदी का पानी गांव के खेतों तक पहुंच गया और सड़क बंद हो गई",
        "कंपनी इस साल के अंत तक शहर में अपना दफ्तर खोलने वाली है",
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(SENTENCES, min_size=2, max_size=4, unique=True).map(lambda s: "। ".join(s) + "।"), min_size=1, max_size=8, unique=True
    )
)
def test_paragraphs_of_plain_sentences_come_out_as_they_went_in(paragraphs):
    if any(a != b and b.startswith(a) for a in paragraphs for b in paragraphs):
        return  # a standfirst, which is cut
    assert clean(*paragraphs).text.split("\n") == paragraphs


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\n\n  ()[]:|।.०12ये भी पढ़ें"))), st.sampled_from(("text", "html")))
def test_any_input_gives_an_article_or_a_reject(content, format):
    assert isinstance(clean_article(RawDocument("u", "u", content, format, url="http://[")), Article | Reject)


@pytest.mark.parametrize(
    "content", ["क" * 300_000, "(" * 100_000, "होम\n" * 20_000, "12 मार्च 2024 " * 10_000, TEXT[0] * 2_000, "\x00" * 1_000 + TEXT[0]]
)
def test_hostile_pages_are_survived(content):
    assert isinstance(clean_article(RawDocument("u", "u", content, "text")), Article | Reject)


def site(count: int) -> list[RawDocument]:
    """Pages of one publisher: a text of their own, and one line that is on all of them."""
    slogan = "हर सुबह आपके गांव और शहर की बात सबसे पहले आपके सामने रखते हैं हम।"
    pages = []
    for n in range(count):
        title, *text = [f"{sentence.rstrip('।')}, {n} को मिलाकर।" for sentence in (TITLE, *TEXT)]
        pages.append(RawDocument(f"u{n}", f"u{n}", "\n".join((title, text[0], slogan, *text[1:])), "text", url=f"https://news.example/{n}"))
    return pages


def test_a_line_on_many_pages_of_a_site_is_furniture():
    for article in clean_articles(site(6)):
        assert isinstance(article, Article)
        assert "हर सुबह" not in article.text
        assert len(article.text.split("\n")) == 3


def test_a_line_on_few_pages_stays_and_so_does_a_page_that_was_crawled_often():
    assert all("हर सुबह" in a.text for a in clean_articles(site(3)) if isinstance(a, Article))
    copies = site(1) * 9
    assert [a.text for a in clean_articles(copies) if isinstance(a, Article)] == [clean_article(copies[0]).text] * 9


def test_the_pipeline_gives_what_the_plain_function_gives():
    pages = [*site(6), RawDocument("e", "e", " ", "text", url="https://news.example/e")]
    expected = list(clean_articles(pages))
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        result = pipeline | beam.Create(pages) | CleanArticles()
        assert_that(result.articles, equal_to([a for a in expected if isinstance(a, Article)]), "articles")
        assert_that(result.rejects, equal_to([r for r in expected if isinstance(r, Reject)]), "rejects")
