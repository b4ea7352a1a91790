"""Contexts: what an act is about, from its words, its type and its parties."""

from __future__ import annotations

import pytest

from tests.records_factory import article
from transforms import language_data
from transforms.events.extract import extract_events
from transforms.events.gazetteer import WORLD

# The contexts of PLOVER's manual.
CONTEXTS = frozenset(
    [
        "military",
        "intelligence",
        "executive",
        "legislative",
        "election",
        "political_institutions",
        "pro_democracy",
        "pro_autocracy",
        "economic",
        "legal",
        "reparations",
        "human_rights",
        "rights_freedoms",
        "repression",
        "human_security",
        "gender",
        "lgbt",
        "religion_ethnicity",
        "inequality",
        "diplomatic",
        "territory",
        "peacekeeping",
        "health",
        "asylum",
        "migration",
        "disasters",
        "natural_resource",
        "environment",
        "technology",
        "terrorism",
        "cbrn",
        "cyber",
        "misinformation",
        "crime",
        "corruption",
        "illegal_drugs",
        "trafficking",
    ]
)


@pytest.mark.parametrize(
    ("text", "contexts"),
    [
        ("पुलिस ने रिश्वत लेते हुए एक अधिकारी को गिरफ्तार किया।", {"corruption"}),
        ("भारत के विदेश मंत्री ने चीन के राजदूत से मुलाकात की।", {"diplomatic"}),
        ("अदालत ने रमेश को पांच साल की सजा सुनाई।", {"legal"}),
        ("बिहार के पटना में भूकंप आया।", {"disasters"}),
    ],
)
def test_contexts_of_an_act(text: str, contexts: set[str]) -> None:
    (event,) = extract_events(article(text=text))
    assert set(event.contexts) == contexts


def test_data_files_name_contexts_of_plover_only() -> None:
    assert set(language_data.toml("hi", "contexts.toml")) <= CONTEXTS
    world = language_data.toml(WORLD, "contexts.toml")
    assert {name for table in world.values() for names in table.values() for name in names} <= CONTEXTS
