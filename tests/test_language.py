"""Language detection: answers that any reader would give, and that never depend on chance, order or threads."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to
from conftest import ingest, rows
from hypothesis import given
from hypothesis import strategies as st
from records_factory import article

from transforms.language import DETECTORS, detect_language, detect_language_langdetect, main_script, other_languages
from transforms.language.beam import DetectLanguage

TEXTS = {
    "hi": "सरकार ने कहा कि बाढ़ से प्रभावित लोगों के लिए राहत शिविर खोले गए हैं और दवाइयां भेजी जा रही हैं।",
    "mr": "सरकारने सांगितले की पुरामुळे बाधित झालेल्या लोकांसाठी मदत केंद्रे सुरू करण्यात आली आहेत आणि औषधे पाठवली आहेत.",
    "ne": "सरकारले बाढीबाट प्रभावित मानिसहरूका लागि राहत शिविर खोलिएको र औषधि पठाइएको जानकारी दिएको छ।",
    "bho": "सरकार कहलस कि बाढ़ में फँसल लोग खातिर राहत शिविर खोलल गइल बा आ दवाई भेजल जा रहल बा।",
    "bn": "সরকার বলেছে বন্যা কবলিত মানুষের জন্য ত্রাণ শিবির খোলা হয়েছে।",
    "as": "চৰকাৰে কৈছে যে বানপানীত ক্ষতিগ্ৰস্ত লোকৰ বাবে শিবিৰ খোলা হৈছে।",
    "or": "ସରକାର କହିଛନ୍ତି ଯେ ବନ୍ୟା ପାଇଁ ଶିବିର ଖୋଲାଯାଇଛି।",
    "ur": "حکومت نے کہا ہے کہ سیلاب سے متاثرہ لوگوں کے لیے کیمپ کھولے گئے ہیں۔",
    "sd": "حڪومت چيو آهي ته ٻوڏ کان متاثر ماڻهن لاءِ ڪئمپون کوليون ويون آهن.",
    "en": "The government said relief camps had been opened for people hit by the floods.",
    "ja": "政府は洪水の被災者のために避難所を開いたと発表した。",
    "zh": "政府表示已为受洪水影响的民众开设救济营。",
    "hi-Latn": "sarkar ne kaha hai ki baadh ke baad logon ke liye shivir khole gaye hain aur dawa bhi bheji ja rahi hai",
}


@pytest.mark.parametrize("language", TEXTS)
def test_the_language_of_a_sentence(language: str) -> None:
    assert detect_language(TEXTS[language]).language == language


@pytest.mark.parametrize("text", ["", "   \n", "2024-06-18 17:45 !?", "\x00"])
def test_text_without_letters_is_undetermined(text: str) -> None:
    assert detect_language(text) == ("und", 0.0, None)


def test_english_menus_do_not_make_a_hindi_page_english() -> None:
    menu = "Home\nLatest news\nSign in\nAbout us\nTerms of use\nPhotos\nDownload the app\nTrending\nContact us\n"
    guess = detect_language(menu * 2 + TEXTS["hi"] + menu)
    assert (guess.language, guess.script) == ("hi", "Deva")


def test_a_hindi_word_does_not_make_an_english_page_hindi() -> None:
    assert detect_language(TEXTS["en"] + " नमस्ते").language == "en"


def test_texts_in_any_order_and_any_thread_have_the_same_answer() -> None:
    texts = list(TEXTS.values()) * 20
    expected = [detect_language(text) for text in texts]
    order = list(range(len(texts)))
    random.Random(1).shuffle(order)
    with ThreadPoolExecutor(12) as pool:
        found = dict(zip(order, pool.map(lambda i: detect_language(texts[i]), order), strict=True))
    assert [found[i] for i in range(len(texts))] == expected


@given(st.text(st.characters()))
def test_any_text_has_an_answer(text: str) -> None:
    guess = detect_language(text)
    assert 0 <= guess.confidence <= 1
    assert guess.script == main_script(text)
    assert guess.language


def test_paragraphs_in_another_language_are_noted_when_they_are_many() -> None:
    hindi, english = TEXTS["hi"] + " " + TEXTS["hi"], TEXTS["en"] + " " + TEXTS["en"]
    (other,) = other_languages("\n".join([hindi, english, hindi]), "hi")
    assert other.language == "en"
    assert 0.2 < other.share < 0.5
    assert other_languages("\n".join([*[hindi] * 8, english]), "hi") == ()  # less than a fifth
    assert other_languages("\n".join([hindi, *["Read more"] * 40]), "hi") == ()  # too short to tell
    assert other_languages(hindi, "hi") == ()


def test_langdetect_itself_can_be_asked() -> None:
    assert DETECTORS["langdetect"](TEXTS["hi"]).language == "hi"
    assert DETECTORS["langdetect"]("123").language == "und"


@pytest.mark.parametrize("detector", DETECTORS)
def test_the_transform_fills_the_fields_of_language(detector: str) -> None:
    body = {"hi": TEXTS["hi"] * 2, "en": TEXTS["en"] * 2, "both": f"{TEXTS['hi'] * 3}\n{TEXTS['en'] * 2}"}
    articles = [article(text, uri=uri, language="und", language_confidence=0.0, script=None) for uri, text in body.items()]
    with beam.Pipeline("FnApiRunner") as pipeline:
        out = pipeline | beam.Create(articles) | DetectLanguage(detector)
        found = out.articles | beam.Map(lambda a: (a.uri, a.language, a.script, [o.language for o in a.other_languages]))
        assert_that(found, equal_to([("hi", "hi", "Deva", []), ("en", "en", "Latn", []), ("both", "hi", "Deva", ["en"])]))


def test_a_text_that_fails_is_rejected_and_the_others_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str) -> None:
        raise ValueError(json.dumps("no"))

    monkeypatch.setitem(DETECTORS, "khabar", broken)
    with beam.Pipeline("FnApiRunner") as pipeline:
        out = pipeline | beam.Create([article()]) | DetectLanguage()
        assert_that(out.rejects | beam.Map(lambda r: (r.stage, r.reason)), equal_to([("language", "language_error")]))


def test_a_run_can_give_the_answers_of_langdetect(seeds: Path, tmp_path: Path) -> None:
    assert ingest("--input", seeds, "--output", tmp_path, "--run_id", "1", "--language_detector", "langdetect") == 0
    articles = rows(tmp_path / "run=1", "articles")
    assert [a["language"] for a in articles] == ["hi"] * 5
    assert [a["language_confidence"] for a in articles] == [detect_language_langdetect(a["text"]).confidence for a in articles]
