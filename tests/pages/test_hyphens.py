"""Where words are parted."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest

from builder.build import build, check
from builder.design.edition import EMAIL
from builder.model.project import Project
from builder.pages.paginate.hyphens import Hyphens
from builder.tools.starter import plant
from tests.conftest import Change

# As Duden parts them; those that can be read in two ways are parted nowhere there.
GERMAN = [
    "Nach-hal-tig-keits-stra-te-gie", "Treib-haus-gas-emis-sio-nen", "Bun-des-ver-wal-tungs-ge-richt",
    "Haus-halts-aus-schuss", "Gemein-de-ver-wal-tung", "Ener-gie-ein-spa-rung", "Mit-glie-der-ver-samm-lung",
    "Jah-res-ab-schluss", "Bilanz-summe", "Ver-ga-be-ver-fah-ren", "Öffent-lich-keits-ar-beit",
    "Bür-ger-be-tei-li-gung", "Zuwen-dungs-be-scheid", "Kreis-lauf-wirt-schaft",
]  # fmt: skip


def parted(word: str, words: tuple[str, ...] = ()) -> str:
    made = Hyphens()
    made.set_words(words)
    whole, places = word, []
    for before, _after in made.Pyphen(lang="de", left=3, right=4).iterate(whole):
        places.append(len(before))
    return "-".join(whole[a:b] for a, b in zip([0, *sorted(places)], [*sorted(places), len(whole)], strict=True))


@pytest.mark.parametrize("word", GERMAN)
def test_german_compounds_are_parted_between_their_words(word: str) -> None:
    ours = set(_places(parted(word.replace("-", ""))))
    right = set(_places(word))
    assert ours <= right, parted(word.replace("-", ""))
    assert len(ours) >= len(right) - 2, "and not nowhere"


def _places(word: str) -> list[int]:
    return [at - word[:at].count("-") for at, letter in enumerate(word) if letter == "-"]


@pytest.mark.parametrize("word", ["Druckerzeugnisse", "Treibhausgas", "Nachhaltigkeitsstrategie"])
def test_no_break_that_is_wrong(word: str) -> None:
    assert not [wrong for wrong in ("Drucke-r", "Treibh-", "keitss-") if wrong in parted(word)]


def test_words_are_parted_as_the_report_says() -> None:
    words = ("Treib-hausgas-emissionen", "Gemeindeverwaltung")
    assert parted("Treibhausgasemissionen", words) == "Treib-hausgas-emissionen"
    assert parted("TREIBHAUSGASEMISSIONEN", words) == "TREIB-HAUSGAS-EMISSIONEN"
    assert parted("Gemeindeverwaltung", words) == "Gemeindeverwaltung"
    assert parted("Haushaltsausschuss", words) == parted("Haushaltsausschuss")


def test_names_are_not_parted_and_words_as_report_yaml_says(tmp_path: Path) -> None:
    plant(tmp_path / "r", "de")
    place = Project.at(tmp_path / "r")
    long = " ".join(f"{'so ' * (at % 11)}Umweltbundesamt Treibhausgasemissionen" for at in range(60))
    (place.content / "topics" / "volunteers.yaml").write_text(f"page: text\ntitle: T\ntext: {long}\n", "utf-8")
    donations = place.content / "topics" / "donations.yaml"
    donations.write_text(donations.read_text("utf-8").replace("(#volunteers)", "(#meals)"), "utf-8")
    report = place.content / "report.yaml"
    more = "hyphenation: [Treib-hausgas-emissionen]\nnames:\n  - {write: Umweltbundesamt, never: [UBA]}\n"
    report.write_text(more + report.read_text("utf-8"), "utf-8")
    with pypdfium2.PdfDocument(build(place, EMAIL).path) as pdf:
        page = next(text for one in pdf if "Umweltbundesamt" in (text := one.get_textpage().get_text_range()))
    broken = set(re.findall(r"(\w+)[\u00ad\u2010\ufffe\x02-]\s*\w", page))
    assert broken
    assert broken <= {"Treib", "Treibhausgas", "berich"}, broken


@pytest.mark.parametrize("word", ["Treib haus", "-haus", "haus-", "Treib--haus", "2024"])
def test_what_is_no_word_with_hyphens_is_said(project: Change, word: str) -> None:
    place = project()
    report = place.content / "report.yaml"
    report.write_text(f"hyphenation: ['{word}']\n" + report.read_text("utf-8"), "utf-8")
    assert any("no word with hyphens" in one.message for one in check(place))
