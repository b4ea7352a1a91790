"""Deduplication of articles: what is folded, what is not, and that nothing is lost or depends on order."""

from __future__ import annotations

import random

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given, settings
from hypothesis import strategies as st
from records_factory import article

from transforms.deduplicate import METHODS, deduplicate_articles, rank
from transforms.deduplicate.beam import DeduplicateArticles
from transforms.records import Article

SYLLABLES = ["का", "मि", "रो", "ला", "ने", "सू", "ता", "पी", "दा", "गो", "वे", "जा", "ची", "बु", "हा"]


def story(seed: int, sentences: int = 14) -> list[str]:
    """Sentences that no other seed shares, in words of a language that nobody speaks."""
    chance = random.Random(seed)
    return [" ".join("".join(chance.choices(SYLLABLES, k=3)) for _ in range(12)) + "।" for _ in range(sentences)]


def folded(kept: list[Article]) -> dict[str, list[tuple[str, str]]]:
    return {a.uri: [(d.uri, d.kind) for d in a.duplicates] for a in kept}


def test_an_exact_copy_is_folded_into_the_earliest() -> None:
    text = " ".join(story(1))
    rows = [
        article(text, uri="late", published_at="2024-06-19"),
        article(text.replace("।", " ।"), uri="unknown"),
        article(text, uri="early", published_at="2024-06-18T23:00:00+05:30"),
    ]
    for method in ("exact", "near"):
        assert folded(deduplicate_articles(rows, method)) == {"early": [("late", "exact"), ("unknown", "exact")]}


def test_without_times_the_longest_is_kept() -> None:
    whole = story(2)
    rows = [article(" ".join(whole[:8]), uri="cut"), article(" ".join(whole), uri="whole")]
    assert folded(deduplicate_articles(rows)) == {"whole": [("cut", "contained")]}
    assert len(deduplicate_articles(rows, "exact")) == 2


def test_an_edited_copy_is_folded() -> None:
    text = " ".join(story(3))
    rows = [article(text, uri="a"), article(text.replace("।", " भी।", 6), uri="b")]
    (kept,) = deduplicate_articles(rows)
    assert kept.duplicates[0].kind == "near"
    assert 0.5 < kept.duplicates[0].similarity < 1


def test_spelling_variants_are_one_text() -> None:
    rows = [article("सड़क पर पाँच गाड़ियाँ टकरा गयीं और लोग आये", uri="a"), article("सड़क पर पांच गाड़ियां टकरा गईं और लोग आए।", uri="b")]
    assert len(deduplicate_articles(rows)) == 1


def test_the_same_template_with_other_figures_is_another_article() -> None:
    def bulletin(new: int, dead: int, total: int) -> str:
        return (
            f"स्वास्थ्य विभाग ने शाम को जारी बयान में बताया कि बीते दिन राज्य में {new} नए मरीज मिले और {dead} लोगों की जान चली गई। "
            f"इसके साथ ही राज्य में अब तक मिले मरीजों की संख्या {total} हो गई है और सभी जिलों में जांच जारी है।"
        )

    rows = [
        article(bulletin(41, 3, 8120), uri="mon"),
        article(bulletin(57, 9, 8177), uri="tue"),
        article(bulletin(41, 3, 8120) + " विभाग सतर्क है।", uri="copy"),
    ]
    assert folded(deduplicate_articles(rows)) == {"copy": [("mon", "near")], "tue": []}


def test_a_round_up_of_two_stories_does_not_make_them_one() -> None:
    one, two = story(4), story(5)
    rows = [
        article(" ".join(one), uri="one", published_at="2024-06-18"),
        article(" ".join(two), uri="two", published_at="2024-06-18"),
        article(" ".join(one[:8] + two[:6]), uri="both", published_at="2024-06-19"),
    ]
    kept = deduplicate_articles(rows)
    assert {a.uri for a in kept} == {"one", "two"}
    assert [d.uri for a in kept for d in a.duplicates] == ["both"]


def test_furniture_that_a_site_prints_on_every_page_makes_no_duplicates() -> None:
    menu = " ".join(story(6, 6))
    rows = [article(f"{menu} {' '.join(story(100 + n, 8))}", uri=str(n)) for n in range(30)]
    assert len(deduplicate_articles(rows)) == 30


def crawl(seed: int) -> list[Article]:
    chance = random.Random(seed)
    rows = []
    for n in range(8):
        whole = story(200 + n)
        for copy in range(chance.randrange(1, 5)):
            text = " ".join(whole[: chance.choice([14, 14, 9])] + (story(200 + (n + 1) % 8)[:7] if chance.random() < 0.2 else []))
            rows.append(article(text, uri=f"{n}/{copy}", published_at=chance.choice([None, "2024", "2024-06-18"])))
    return rows


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_nothing_is_lost_and_order_does_not_matter(seed: int, chance: random.Random) -> None:
    rows = crawl(seed)
    kept = deduplicate_articles(rows)
    uris = [a.uri for a in kept] + [d.uri for a in kept for d in a.duplicates]
    assert sorted(uris) == sorted(a.uri for a in rows)
    chance.shuffle(rows)
    assert deduplicate_articles(rows) == kept


@pytest.mark.parametrize("method", METHODS)
def test_the_transform_gives_what_the_function_gives(method: str) -> None:
    rows = crawl(7)
    with beam.Pipeline("FnApiRunner") as pipeline:
        assert_that(pipeline | beam.Create(rows) | DeduplicateArticles(method), equal_to(deduplicate_articles(rows, method)))


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(ValueError, match="none, exact, near"):
        DeduplicateArticles("fuzzy")


def test_ranks_follow_time_then_length_then_id() -> None:
    order = [
        article("अ", published_at="1969-12-31"),
        article("अ", published_at="2024"),
        article("अ", published_at="2024-01-01T06:00:00+05:30"),
        article("अ ब", published_at="2024-06"),
        article("अ", published_at="2024-06-01"),
        article("अ ब स", published_at="soon"),
        article("अ", published_at=None),
    ]
    assert [rank(a) for a in order] == sorted(rank(a) for a in order)
