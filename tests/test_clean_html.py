"""HTML pages: what is kept, what is removed as what, and what is no article."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.clean import clean_article
from transforms.records import Article, RawDocument, Reject

PARAGRAPHS = [
    "नगर निगम ने सोमवार को पुराने बाजार की सड़क चौड़ी करने का काम शुरू किया। व्यापारियों ने इसका स्वागत किया है।",
    "महापौर ने कहा कि काम तीन महीने में पूरा होगा और इस पर करीब दो करोड़ रुपये खर्च होंगे। दुकानदारों को हटाया नहीं जाएगा।",
    "पिछले साल बारिश के बाद यह सड़क कई जगह टूट गई थी, जिससे लोगों को परेशानी हो रही थी। अब यहां नाली भी बनेगी।",
]
TITLE = "पुराने बाजार की सड़क चौड़ी करने का काम शुरू"
MENU = "".join(f'<li><a href="/{n}">{name}</a></li>' for n, name in enumerate(("देश", "विदेश", "खेल", "मनोरंजन", "व्यापार")))
RELATED = "".join(f'<div class="card"><a href="/n/{n}">{n} नई खबरें जो शहर के लोग आज सबसे ज्यादा पढ़ रहे हैं</a></div>' for n in range(4))


def html(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html lang='hi'><head><title>{TITLE} | नगर समाचार</title>{head}</head><body>{body}</body></html>"


def news_page(head: str = "") -> str:
    text = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    return html(
        f"<nav class='menu'><ul>{MENU}</ul></nav><article><h1>{TITLE}</h1><figure><img src='x.jpg'><figcaption>बाजार में काम करते मजदूर</figcaption></figure>"
        f"{text}<p><strong>ये भी पढ़ें: <a href='/z'>शहर में पानी की नई टंकी बनेगी</a></strong></p></article>"
        f"<section class='related'><h3>संबंधित खबरें</h3>{RELATED}</section><footer>© नगर समाचार, सर्वाधिकार सुरक्षित</footer>",
        head,
    )


def clean(page: str, url: str | None = "https://example.com/a/1"):
    return clean_article(RawDocument("u", "u", page, "html", url=url))


def test_the_body_is_kept_and_everything_around_it_goes():
    article = clean(news_page())
    assert isinstance(article, Article)
    assert article.title == TITLE
    assert article.text.split("\n") == PARAGRAPHS
    removed = " ".join(r.text for r in article.removed)
    assert "टंकी" in removed and "नई खबरें" in removed and "मजदूर" in removed


def test_what_json_ld_declares_is_taken_whole_with_its_last_vowel_sign():
    ld = '{"@type":"NewsArticle","headline":"%s","datePublished":"2024-03-05T09:15:00+05:30","author":{"@type":"Person","name":"मनीषा त्रिपाठी"},"publisher":{"name":"नगर समाचार"}}'
    article = clean(news_page(f"<script type='application/ld+json'>{ld % TITLE}</script>"))
    assert (article.byline, article.publisher) == (("मनीषा त्रिपाठी",), "नगर समाचार")
    assert article.published_at == "2024-03-05T09:15:00+05:30"


def test_an_article_that_stands_only_in_json_ld_is_found():
    body = " ".join(PARAGRAPHS * 3)
    page = html(
        f"<div id='app'></div><nav>{MENU}</nav>",
        f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{TITLE}","articleBody":"{body}"}}</script>',
    )
    article = clean(page)
    assert isinstance(article, Article)
    assert PARAGRAPHS[0] in article.text


def test_a_list_of_teasers_is_no_article():
    cards = "".join(
        f"<div class='card'><h3><a href='/{n}'>शहर की {n} बड़ी खबरें जिन पर आज सबकी नजर रहेगी</a></h3><p>{PARAGRAPHS[n % 3]}</p></div>"
        for n in range(14)
    )
    result = clean(html(f"<nav>{MENU}</nav><main>{cards}</main>"), "https://example.com/category/city")
    assert isinstance(result, Reject)
    assert result.reason == "not_an_article"


def test_a_page_with_a_menu_only_has_no_content():
    result = clean(html(f"<nav><ul>{MENU}</ul></nav>"))
    assert isinstance(result, Reject)
    assert result.reason in ("no_content", "not_an_article")


@pytest.mark.parametrize("tag", ["div", "b", "table"])
def test_a_hundred_thousand_nested_tags_are_survived(tag):
    page = "<html><body>" + f"<{tag}>" * 100_000 + "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    assert isinstance(clean(page), Article | Reject)


def test_malformed_html_gives_its_text():
    broken = news_page().replace("</p>", "").replace("</article>", "</div></b>").replace("<body>", "<body><div><table><tr>")
    article = clean(broken)
    assert isinstance(article, Article)
    assert all(p in article.text for p in PARAGRAPHS)


@pytest.mark.parametrize("encoding", ["UTF-8", "utf-16", "iso-8859-1", "no such one"])
def test_an_encoding_that_decoded_text_declares_is_ignored(encoding):
    article = clean(f'<?xml version="1.0" encoding="{encoding}"?>\n' + news_page())
    assert article.text.split("\n") == PARAGRAPHS


def test_hidden_custom_elements_between_paragraphs_do_not_count():
    ad = "<amp-ad width='300'><div>प्रायोजित सामग्री</div></amp-ad>"
    article = clean(news_page().replace("</p><p>", f"</p>{ad * 20}<p>"))
    assert article.text.split("\n") == PARAGRAPHS
    assert "प्रायोजित" not in " ".join(r.text for r in article.removed)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div class=ad>",
                "</div>",
                "<script>",
                "</script>",
                "<!--",
                "-->",
                "शब्द। ",
                "<a href=x>",
                "<",
                "\x00",
                "&#55296;",
                "<?xml encoding='x'?>",
            ]
        )
    )
)
def test_any_tag_soup_gives_an_article_or_a_reject(pieces):
    assert isinstance(clean("".join(pieces), None), Article | Reject)
