"""Writes a corpus of made-up Hindi news pages for benchmarks: any size, deterministic, no text by others.

    python benchmarks/corpus.py OUT --pages 100000 [--format jsonl|html-jsonl|text|html|warc] [--duplicates 0.1] [--seed 0]

`jsonl` and `html-jsonl` write one row a page, `warc` one response a page, `text` and `html` one file a page in directories of 1,000. OUT is a file
(gzip when its name ends with .gz) or a directory. Every sentence is filled from word lists, with a slot every few words and many made-up names:
two pages share few runs of five words, so that near-duplicate detection has no reason to fold them, unless `--duplicates` asks for copies: every second of them is
exact, the others leave out a sentence and carry another title. A text page has about 5 kB.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

WORDS: dict[str, tuple[str, ...]] = {
    name: tuple(entry.strip() for entry in entries.split(","))
    for name, entries in {
        "country": (
            "भारत, नेपाल, रूस, जापान, ब्राज़ील, मिस्र, केन्या, तुर्की, वियतनाम, इंडोनेशिया, फ्रांस, जर्मनी, कनाडा, ऑस्ट्रेलिया, दक्षिण कोरिया, बांग्लादेश, श्रीलंका, भूटान,"
            "मालदीव, कजाखस्तान, उज्बेकिस्तान, ईरान, इराक, सऊदी अरब, कतर, ओमान, इटली, स्पेन, पोलैंड, नॉर्वे, स्वीडन, मेक्सिको, चिली, पेरू, अर्जेंटीना, नाइजीरिया, घाना,"
            "इथियोपिया, थाईलैंड, मलेशिया, फिलीपींस, मंगोलिया, पुर्तगाल, यूनान, हंगरी, फिनलैंड, डेनमार्क, मोरक्को, ट्यूनीशिया, जॉर्डन"
        ),
        "office": (
            "राष्ट्रपति, प्रधानमंत्री, विदेश मंत्री, रक्षा मंत्री, वित्त मंत्री, गृह मंत्री, सेना प्रमुख, संसद अध्यक्ष, राजदूत, विशेष दूत, उप प्रधानमंत्री, ऊर्जा मंत्री, वाणिज्य मंत्री"
        ),
        "city": (
            "दिल्ली, मुंबई, कोलकाता, चेन्नई, लखनऊ, पटना, जयपुर, भोपाल, रांची, रायपुर, देहरादून, शिमला, श्रीनगर, गुवाहाटी, अहमदाबाद, सूरत, नागपुर, पुणे, इंदौर, कानपुर, वाराणसी,"
            "आगरा, मेरठ, जोधपुर, उदयपुर, कोटा, ग्वालियर, जबलपुर, धनबाद, जमशेदपुर, काठमांडू, ढाका, कोलंबो, टोक्यो, अंकारा, काहिरा, नैरोबी, जकार्ता, हनोई, मनीला, रोम, मैड्रिड,"
            "वारसॉ, ओस्लो, दोहा, मस्कट, तेहरान, बगदाद, बैंकॉक, सियोल, ओटावा, कैनबरा, लीमा, सैंटियागो, लिस्बन, एथेंस, बुडापेस्ट, हेलसिंकी, रबात, अम्मान"
        ),
        "first": (
            "अमित, सुनील, राजेश, मनोज, विकास, दीपक, संजय, अनिल, रमेश, सुरेश, महेश, दिनेश, मुकेश, नरेश, अजय, विजय, प्रकाश, आनंद, अशोक, मोहन, गोपाल, कैलाश, हरीश, गिरीश, रोहित,"
            "मोहित, सुमित, अंकित, निखिल, साहिल, कविता, सुनीता, अनीता, रेखा, सीमा, नीलम, पूनम, किरण, ज्योति, शोभा, मीना, गीता, राधा, लता, उषा, निशा, आशा, माया, छाया, वंदना, इमरान,"
            "सलमान, फरहान, रिजवान, आरिफ, नसीम, शबनम, रुखसार, जॉन, पीटर"
        ),
        "last": (
            "शर्मा, वर्मा, गुप्ता, मिश्रा, तिवारी, पांडे, दुबे, चौबे, त्रिपाठी, शुक्ला, सिंह, यादव, चौधरी, राठौर, चौहान, सोलंकी, परमार, जैन, अग्रवाल, बंसल, गोयल, मित्तल, खन्ना, कपूर,"
            "मल्होत्रा, चोपड़ा, भाटिया, सेठी, अरोड़ा, सक्सेना, श्रीवास्तव, माथुर, भटनागर, निगम, कुलकर्णी, देशपांडे, जोशी, पाटिल, नायर, मेनन, रेड्डी, राव, दास, घोष, बोस, सेन, खान, अंसारी,"
            "कुरैशी, सिद्दीकी, हुसैन, अहमद, डिसूजा, फर्नांडीस, मरांडी, सोरेन, मुंडा, लामा, थापा, गुरुंग"
        ),
        "role": (
            "अर्थशास्त्री, प्रोफेसर, वकील, इतिहासकार, शोधकर्ता, वैज्ञानिक, डॉक्टर, इंजीनियर, पत्रकार, किसान नेता, मजदूर नेता, व्यापारी, पूर्व राजनयिक, सेवानिवृत्त जनरल, पूर्व सचिव, प्रवक्ता"
        ),
        "topic": (
            "व्यापार, सीमा सुरक्षा, जल बंटवारे, ऊर्जा आपूर्ति, मछली पालन, रेल संपर्क, समुद्री सुरक्षा, साइबर सुरक्षा, जलवायु परिवर्तन, अंतरिक्ष अनुसंधान, कृषि निर्यात, वीजा नियमों, शिक्षा सहयोग,"
            "स्वास्थ्य सेवा, आतंकवाद, मानवाधिकार, परमाणु ऊर्जा, डिजिटल भुगतान, पर्यटन, विमान सेवा, श्रम सुधार, बैंकिंग नियमों, खनिज खोज, वन संरक्षण, आपदा प्रबंधन, सांस्कृतिक आदान-प्रदान"
        ),
        "goods": (
            "गेहूं, चावल, दालें, दवाइयां, टीके, कंबल, तंबू, दूध पाउडर, ईंधन, जनरेटर, नावें, एंबुलेंस, बीज, खाद, सौर पैनल, पुस्तकें, कंप्यूटर, पानी साफ करने की मशीनें, ऑक्सीजन सिलेंडर, खाने के पैकेट"
        ),
        "adjective": (
            "महत्वपूर्ण, ऐतिहासिक, व्यापक, विस्तृत, विवादित, बहुप्रतीक्षित, अनौपचारिक, आपात, उच्चस्तरीय, त्रिपक्षीय, गोपनीय, निर्णायक, अहम, लंबी, संक्षिप्त, सार्थक, रचनात्मक, असाधारण, वार्षिक, विशेष"
        ),
        "group": (
            "छात्रों, किसानों, मजदूरों, शिक्षकों, व्यापारियों, डॉक्टरों, नर्सों, पत्रकारों, वकीलों, मछुआरों, बुनकरों, ट्रक चालकों, कर्मचारियों, पेंशनभोगियों, दुकानदारों, आदिवासियों, महिलाओं, पूर्व सैनिकों"
        ),
        "cause": (
            "बढ़ती महंगाई, नए कर, जमीन अधिग्रहण, बिजली कटौती, पानी की कमी, नई भर्ती नीति, पेपर लीक, फसल की कम कीमत, ईंधन के दाम, वेतन में देरी, अस्पताल की बदहाली, सड़क हादसे, निजीकरण, नई पेंशन योजना"
        ),
        "building": (
            "सचिवालय, विधानसभा, जिला मुख्यालय, विश्वविद्यालय, रेलवे स्टेशन, दूतावास, बंदरगाह, हवाई अड्डे, उच्च न्यायालय, नगर निगम, संसद भवन, पुलिस मुख्यालय, थोक मंडी, बस अड्डे, स्टेडियम, संग्रहालय"
        ),
        "river": "गंगा, यमुना, कोसी, गंडक, घाघरा, सोन, नर्मदा, ताप्ती, गोदावरी, कृष्णा, कावेरी, महानदी, ब्रह्मपुत्र, चंबल, बेतवा, केन, सतलुज, ब्यास, रावी, झेलम",
        "day": "सोमवार, मंगलवार, बुधवार, गुरुवार, शुक्रवार, शनिवार, रविवार",
        "time": "सुबह, दोपहर, शाम, देर रात, तड़के, दोपहर बाद, आधी रात, दिन में",
        "month": "जनवरी, फरवरी, मार्च, अप्रैल, मई, जून, जुलाई, अगस्त, सितंबर, अक्टूबर, नवंबर, दिसंबर",
        "unit": "टन, क्विंटल, किलोग्राम, कंटेनर, ट्रक, पेटी, खेप, बोरी",
        "money": "करोड़ रुपये, अरब डॉलर, करोड़ डॉलर, लाख यूरो, अरब येन, करोड़ टका, लाख पाउंड, हजार करोड़ रुपये",
        "weapon": "बैलिस्टिक मिसाइल, क्रूज मिसाइल, पनडुब्बी रोधी मिसाइल, ड्रोन, रॉकेट प्रणाली, विमान भेदी मिसाइल, टॉरपीडो, लंबी दूरी की मिसाइल",
        "link": "इस बीच, उधर, वहीं, दूसरी ओर, इसके बाद, इससे पहले, गौरतलब है कि, उल्लेखनीय है कि, जानकारी के मुताबिक, सूत्रों के अनुसार, खबरों के मुताबिक, बाद में",
        "speech": "कहा, बताया, दोहराया, स्पष्ट किया, दावा किया, जोर देकर कहा, माना, जोड़ा, याद दिलाया",
        "hope": "बेहतर होंगे, आगे बढ़ेंगे, नई ऊंचाई छुएंगे, सामान्य होंगे, मजबूत होंगे, पटरी पर लौटेंगे, गहरे होंगे, टिकाऊ बनेंगे",
        "opinion": (
            "जल्दबाजी में लिया गया, दूरगामी असर वाला, अधूरा, साहसिक, चुनावी, जरूरी, अव्यावहारिक, संतुलित, महंगा, समय से पहले का, स्वागत योग्य, उलझा हुआ, दबाव में लिया गया, कागजी, दोनों पक्षों के हित का"
        ),
        "adverb": (
            "अचानक, आखिरकार, आधिकारिक तौर पर, चुपचाप, खुलकर, औपचारिक रूप से, तुरंत, दोबारा, पहली बार, धीरे-धीरे, जल्दी, देर से, एक साथ, अलग से, साफ तौर पर, कथित तौर पर, सीधे, मिलकर, बार-बार,"
            "लगभग, पूरी तरह, आंशिक रूप से, स्वेच्छा से, मजबूरन, नियमित रूप से, फिलहाल, लगातार, सार्वजनिक रूप से, बंद कमरे में, बिना शर्त, तय समय पर, उम्मीद से पहले, कड़ी सुरक्षा में, शांति से, तेजी से"
        ),
        "village start": (
            "राम, श्याम, गोविंद, हरि, माधव, केशव, नारायण, शंकर, महेश, गणेश, देव, इंद्र, सूरज, चंद्र, तारा, मोती, हीरा, सोना, चांद, फूल, कमल, केसर, चंदन, नीम, आम, बेल, पीपल, बड़, शेर, हाथी, नाग,"
            "मोर, हंस, भीम, अर्जुन, करण, विराट, जनक, वीर, धर्म, सत्य, प्रेम, आनंद, मंगल, बुध, शुक्र, अली, सुल्तान, नूर, करीम, फतेह, दौलत, इस्लाम, शाह, बेगम"
        ),
        "village end": "पुर, गंज, नगर, गढ़, पाड़ा, खेड़ा, टोला, वाड़ी, कोट, बाग, घाट, पट्टी, कुंड, सराय, डीह, चक, वाल, हाट, डांगा, पल्ली",
        "case": "में, से, तक, पर",
        "crop": "धान, सरसों, गन्ने, कपास, मक्का, बाजरे, चने, अरहर, आलू, प्याज, टमाटर, सेब, आम, केले, चाय, जूट",
        "site": "खबर सेतु, जनपथ समाचार, नया सवेरा, लोक वाणी, प्रभात रेखा, देश दर्पण, समय चक्र, जन संवाद, उत्तर टाइम्स, दैनिक प्रकाश",
        "agency": "एजेंसी, वार्ता सेवा, संवाद सूत्र, विशेष संवाददाता, डिजिटल डेस्क, ब्यूरो",
    }.items()
}

# {village} is a made-up name, one of 60,000, and {how} an adverb with one: names are what keeps real pages apart.
# {n} is a number below 100, {N} one below 10,000, {d} a magnitude, {D} a day of a month; the other slots are the lists above.
TITLES = (
    "{country} ने {country} को भेजी {n} {unit} {goods}, {topic} पर भी होगी बात",
    "{city}: {cause} के खिलाफ {N} {group} का प्रदर्शन, {building} घेरा",
    "{country} और {country} के बीच {topic} पर {adjective} समझौता, {n} {money} का निवेश",
    "{city} में {river} खतरे के निशान से {n} सेंटीमीटर ऊपर, {N} लोग बेघर",
    "{topic} पर {country} के {office} की {country} को चेतावनी",
    "{country} ने किया {weapon} का परीक्षण, {country} ने जताई नाराजगी",
    "{city} के {building} में आग, {n} लोग झुलसे",
    "{office} का {city} दौरा: {topic} और {topic} पर {adjective} चर्चा",
)
SENTENCES = (
    "{country} के {office} {first} {last} ने {day} को {village} में {country} के {office} {first} {last} से {how} मुलाकात की और {adjective} {topic} पर बातचीत की।",
    "{link} {country} ने {country} को {N} {unit} {goods} {how} भेजने की {adjective} घोषणा की, {village} में कीमत {n} {money} बताई गई।",
    "{city} में {village} {building} के बाहर {time} {N} {group} ने {cause} के विरोध में {how} {adjective} प्रदर्शन किया।",
    "{role} {first} {last} ने {village} में {speech} कि {adjective} {topic} पर {how} {opinion} यह फैसला {n} महीने टिकेगा।",
    "{country} और {country} ने {D} {month} को {village} में {topic} से जुड़े {N} {adjective} समझौतों पर {how} हस्ताक्षर किए।",
    "{link} {city} के {village} इलाके में {time} भूकंप के {adjective} झटके {how} महसूस किए गए, {d} तीव्रता से {N} मकानों में {how} दरार आई।",
    "{country} की सेना ने {day} {time} {village} के पास {weapon} का {how} {adjective} परीक्षण किया, {first} {last} ने {speech}।",
    "{country} के {office} {first} {last} ने {village} में {country} पर {adjective} {topic} का समझौता {how} तोड़ने का {adjective} आरोप लगाया।",
    "पुलिस ने {village} {building} से {N} लोगों को {time} {how} गिरफ्तार किया, उनसे {N} {unit} {goods} {how} मिलीं।",
    "{river} का पानी {village} और {N} गांवों में {time} {how} घुस गया और {crop} की {N} एकड़ फसल {how} {time} डूब गई।",
    "{first} {last}, जो {village} में {role} हैं, {how} {speech} कि {cause} से {N} {group} पर {n} प्रतिशत असर पड़ा है।",
    "{country} ने {adjective} {topic} को लेकर {country} के {n} राजनयिकों को {village} से {n} दिन में देश {how} छोड़ने को कहा।",
    "{link} {office} {first} {last} ने {village} {building} का {adjective} दौरा किया और {N} {money} की {topic} योजना {how} शुरू की।",
    "{month} में {village} में {crop} का उत्पादन {N} {unit} रहा, जो {role} {first} {last} के अनुसार {how} {n} प्रतिशत कम है।",
    "{city} और {village} के बीच {N} नई ट्रेनें {D} {month} से {how} चलेंगी, {topic} विभाग के {first} {last} ने {speech}।",
    "{country} के {office} {first} {last} ने {country} के {office} {last} को {village} से पत्र लिखकर {adjective} {topic} पर {how} प्रस्ताव दिया।",
    "{village} के पास {time} {adjective} बस और {goods} के ट्रक की {how} टक्कर में {N} लोगों की मौत {how} हुई, {n} {group} {village} में भर्ती हैं।",
    "{group} के नेता {first} {last} ने {day} {time} {village} में {speech} कि {cause} पर {office} {n} दिन में {how} जवाब दें।",
    "{country} ने {village} में {country} के {adjective} प्रस्ताव को {how} ठुकरा दिया, {office} {first} {last} ने {adjective} {topic} को वजह बताया।",
    "{link} {country} की संसद ने {adjective} {topic} विधेयक {N} के मुकाबले {N} मतों से {how} {time} पारित किया।",
    "{first} {last} के मुताबिक {village} से {village} तक {topic} परियोजना पर {N} {money} {how} खर्च होंगे।",
    "{office} {first} {last} ने {village} में {adjective} उम्मीद जताई कि {country} और {country} के संबंध {adjective} {topic} के सहारे {how} {hope}।",
    "{village} की अदालत ने {role} {first} {last} को {n} साल की {adjective} सजा {how} सुनाई और {N} {money} जुर्माना {how} {time} लगाया।",
    "{time} {village} {building} में {adjective} धमाका {how} हुआ, जिसमें {N} {group} {how} घायल हुए, {first} {last} ने {speech}।",
    "{country} में {cause} के बीच {office} {first} {last} ने {village} में {N} घंटे का {adjective} कर्फ्यू {how} {time} लगाने का आदेश दिया।",
    "{N} {unit} {goods} लेकर {adjective} जहाज {D} {month} को {village} {how} पहुंचा, {country} के {office} {last} ने {country} का {how} आभार जताया।",
    "{role} {first} {last} ने {village} में {speech} कि {crop} और {crop} के दाम {how} {n} से {n} प्रतिशत {how} बढ़े हैं।",
    "{country} ने {adjective} {topic} पर {country} और {country} के साथ {adjective} बैठक {village} में {how} {time} बुलाई।",
    "{link} {first} {last} और {first} {last} ने {village} {building} में {n} घंटे {how} {cause} पर {adjective} बहस की।",
    "{city} नगर निगम ने {N} {money} से {village} {building} और {N} मकानों की {adjective} मरम्मत {D} {month} को {how} पूरी की।",
)
NAVIGATION = "होम | देश | दुनिया | राज्य | खेल | कारोबार | मनोरंजन | वीडियो | फोटो | ई-पेपर"
SHARE = "शेयर करें: फेसबुक ट्विटर व्हाट्सएप टेलीग्राम"
PROMO = "ताजा खबरें पाने के लिए हमारा ऐप डाउनलोड करें और व्हाट्सएप चैनल से जुड़ें"

Part = str | Callable[[Random], str]


@dataclass(frozen=True)
class Page:
    """A made-up page. `number` is its place in the corpus."""

    number: int
    site: str
    title: str
    author: str
    city: str
    published: datetime
    paragraphs: tuple[str, ...]
    related: tuple[str, ...]
    tags: tuple[str, ...]

    @property
    def url(self) -> str:
        return f"https://news{WORDS['site'].index(self.site)}.example/khabar/{self.number}.html"


def pages(count: int, seed: int = 0, duplicates: float = 0.0) -> Iterator[Page]:
    """The first `count` pages of the corpus `seed`; `duplicates` is the share of copies of earlier pages."""
    for number in range(count):
        origin, edited = _origin(number, seed, duplicates)
        page = _page(origin, seed)
        yield page if origin == number else _copy(page, number, seed, edited)


def as_text(page: Page) -> str:
    """The page as text, one block a line, with what a site puts around an article."""
    body: list[str] = []
    for i, paragraph in enumerate(page.paragraphs):
        body.append(paragraph)
        if i == 1:
            body.append(f"यह भी पढ़ें: {page.related[0]}")
    lines = [
        NAVIGATION,
        page.title,
        f"{page.author} | {page.site} | Updated: {_hindi_date(page.published)}, {page.published:%H:%M} IST",
        SHARE,
        f"{page.city}, {page.site}। {body[0]}",
        *body[1:],
        PROMO,
        f"टैग: {', '.join(page.tags)}",
        "संबंधित खबरें",
        *page.related,
        f"© {page.published.year} {page.site}। सर्वाधिकार सुरक्षित।",
    ]
    return "\n\n".join(lines) + "\n"


def as_html(page: Page) -> str:
    """The page as HTML with JSON-LD, navigation, side bar and footer."""
    e = html.escape
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.title,
        "datePublished": page.published.isoformat() + "+05:30",
        "author": {"@type": "Person", "name": page.author},
        "publisher": {"@type": "Organization", "name": page.site},
    }
    menu = "".join(f'<li><a href="/{i}">{e(name.strip())}</a></li>' for i, name in enumerate(NAVIGATION.split("|")))
    related = "".join(f'<li><a href="/khabar/r{i}.html">{e(title)}</a></li>' for i, title in enumerate(page.related))
    tags = " ".join(f'<a rel="tag" href="/tag/{i}">{e(tag)}</a>' for i, tag in enumerate(page.tags))
    body = "\n".join(f"<p>{e(paragraph)}</p>" for paragraph in page.paragraphs)
    return f"""<!DOCTYPE html>
<html lang="hi"><head><meta charset="utf-8"><title>{e(page.title)} | {e(page.site)}</title>
<link rel="canonical" href="{page.url}"><meta property="og:site_name" content="{e(page.site)}"><meta property="og:title" content="{e(page.title)}">
<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>
<style>.menu li {{ display: inline }} .side {{ float: right }}</style></head>
<body><header><nav class="menu"><ul>{menu}</ul></nav></header>
<main><article><h1>{e(page.title)}</h1>
<div class="meta"><span class="author">{e(page.author)}</span> <time datetime="{page.published.isoformat()}+05:30">{_hindi_date(page.published)}</time></div>
<div class="share">{e(SHARE)}</div>
{body}
<div class="tags">{tags}</div></article>
<aside class="side"><h3>संबंधित खबरें</h3><ul>{related}</ul></aside></main>
<footer><p>{e(PROMO)}</p><p>© {page.published.year} {e(page.site)}</p></footer>
<script>window.dataLayer = window.dataLayer || []; function gtag() {{ dataLayer.push(arguments); }}</script></body></html>
"""


def as_row(page: Page, kind: str = "text") -> dict[str, str]:
    """The page as a JSON lines row with `text` or `html`."""
    row = {"id": f"page-{page.number}", "url": page.url, "publisher": page.site, "published_at": page.published.isoformat() + "+05:30"}
    return row | {kind: as_html(page) if kind == "html" else as_text(page)}


def as_warc_record(page: Page) -> bytes:
    """The page as a WARC response record."""
    body = as_html(page).encode()
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{page.number:012x}>\r\nWARC-Date: {page.published:%Y-%m-%dT%H:%M:%SZ}\r\n"
        f"WARC-Target-URI: {page.url}\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def write(out: Path, count: int, format: str = "jsonl", seed: int = 0, duplicates: float = 0.0) -> None:
    """Writes `count` pages to `out`, in constant memory."""
    corpus = pages(count, seed, duplicates)
    if format in ("text", "html"):
        render, suffix = (as_text, "txt") if format == "text" else (as_html, "html")
        for page in corpus:
            directory = out / f"{page.number // 1000:05d}"
            if page.number % 1000 == 0:
                directory.mkdir(parents=True, exist_ok=True)
            (directory / f"{page.number:08d}.{suffix}").write_text(render(page), encoding="utf-8")
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    kind = "html" if format == "html-jsonl" else "text"
    with open(out, "wb") as file:
        for page in corpus:
            record = as_warc_record(page) if format == "warc" else json.dumps(as_row(page, kind), ensure_ascii=False).encode() + b"\n"
            file.write(gzip.compress(record, 1) if out.suffix == ".gz" else record)  # a member each, as crawlers write it


def _compile(template: str) -> list[Part]:
    return [_slot(piece) if i % 2 else piece for i, piece in enumerate(re.split(r"\{(\w+)\}", template))]


def _slot(name: str) -> Callable[[Random], str]:
    if name == "n":
        return lambda random: str(2 + int(random.random() * 97))
    if name == "N":
        return lambda random: str(100 + int(random.random() * 9900))
    if name == "D":
        return lambda random: str(1 + int(random.random() * 28))
    if name == "d":
        return lambda random: f"{3 + random.random() * 4:.1f}"
    if name == "village":
        starts, ends = WORDS["village start"], WORDS["village end"]
        return lambda random: "".join(words[int(random.random() * len(words))] for words in (starts, starts, ends))
    if name == "how":
        adverb, village, case = (_slot(part) for part in ("adverb", "village", "case"))
        return lambda random: f"{adverb(random)} {village(random)} {case(random)}"
    words = WORDS[name]
    size = len(words)
    return lambda random: words[int(random.random() * size)]


_TITLES = [_compile(template) for template in TITLES]
_SENTENCES = [_compile(template) for template in SENTENCES]


def _fill(template: list[Part], random: Random) -> str:
    used: list[str] = []
    for part in template:
        word = part if isinstance(part, str) else part(random)
        while word in used and not isinstance(part, str):  # no country signs a treaty with itself
            word = part(random)
        used.append(word)
    return "".join(used)


def _page(number: int, seed: int) -> Page:
    random = Random(f"{seed}/{number}")
    sentences = [_fill(template, random) for template in random.sample(_SENTENCES, random.randint(7, 11))]
    paragraphs = []
    while sentences:
        size = random.randint(1, 3)
        paragraphs.append(" ".join(sentences[:size]))
        sentences = sentences[size:]
    words = {name: random.choice(WORDS[name]) for name in ("site", "first", "last", "city", "topic", "country", "office")}
    return Page(
        number=number,
        site=words["site"],
        title=_fill(random.choice(_TITLES), random),
        author=f"{words['first']} {words['last']}",
        city=words["city"],
        published=datetime.combine(date(2022, 1, 1), datetime.min.time()) + timedelta(minutes=random.randrange(3 * 365 * 24 * 60)),
        paragraphs=tuple(paragraphs),
        related=tuple(_fill(random.choice(_TITLES), random) for _ in range(3)),
        tags=(words["topic"], words["country"], words["office"]),
    )


def _origin(number: int, seed: int, duplicates: float) -> tuple[int, bool]:
    """The page of which page `number` is a copy (itself, when it is none), and whether the copy is edited."""
    edited = False
    while duplicates and number:
        random = Random(f"copy/{seed}/{number}")
        if random.random() >= duplicates:
            break
        number, edited = random.randrange(number), edited or random.random() < 0.5
    return number, edited


def _copy(page: Page, number: int, seed: int, edited: bool) -> Page:
    random = Random(f"edit/{seed}/{number}")
    paragraphs, title = page.paragraphs, page.title
    if edited:
        dropped = random.randrange(1, len(paragraphs))
        paragraphs = paragraphs[:dropped] + paragraphs[dropped + 1 :]
        title = _fill(random.choice(_TITLES), random)
    later = page.published + timedelta(minutes=random.randrange(1, 600))
    return replace(page, number=number, site=random.choice(WORDS["site"]), title=title, paragraphs=paragraphs, published=later)


def _hindi_date(moment: datetime) -> str:
    return f"{moment.day} {WORDS['month'][moment.month - 1]} {moment.year}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--format", choices=("jsonl", "html-jsonl", "text", "html", "warc"), default="jsonl")
    parser.add_argument("--duplicates", type=float, default=0.0, help="share of copies, 0 to 1")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    write(args.out, args.pages, args.format, args.seed, args.duplicates)
    print(f"{args.pages:,} pages: {args.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
