"""Languages: one file each, the same words in all, numbers as the language writes them."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from builder.build import build, check
from builder.content import numbers
from builder.content.load import load
from builder.content.rules.lexicon import numeral
from builder.content.schema_errors import validated
from builder.content.yamlfile import read_yaml
from builder.design.edition import EMAIL
from builder.model.labels import Labels, Unit
from builder.model.manuscript import Text
from builder.model.project import Project, shipped
from builder.tools.starter import languages, plant
from tests.conftest import ROOT, Change
from tests.drawn import texts

LANGUAGES = sorted(languages())
GROUPS = ("words", "units", "kinds", "statuses", "alternatives", "job", "mail")
LABELS = shipped("layouts") / "labels"


def labels(language: str) -> Labels:
    found = validated(Labels, read_yaml(LABELS / f"{language}.yaml", f"{language}.yaml", []), [])
    assert found is not None
    return found


def test_every_language_has_an_example_and_words() -> None:
    assert {path.stem for path in LABELS.glob("*.yaml")} == set(LANGUAGES) == {"de", "en", "es", "fr", "it"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_languages_have_the_same_words(language: str) -> None:
    english, own = (yaml.safe_load((LABELS / f"{name}.yaml").read_text("utf-8")) for name in ("en", language))
    for group in ("words", "kinds", "statuses", "alternatives", "job", "mail"):
        assert set(own[group]) == set(english[group]), group
        for name, pattern in english[group].items():
            assert re.findall(r"\{\w+\}", pattern) == re.findall(r"\{\w+\}", own[group][name]), name
    assert set(own["units"]) >= set(english["units"])
    assert {"quotes", "rises", "falls", "points", "percent", "multiples"} <= set(own["checks"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_of_a_language_is_in_order_and_prints_in_it(language: str, tmp_path: Path) -> None:
    plant(tmp_path / "r", language)
    place = Project.at(tmp_path / "r")
    assert check(place) == ()
    by_page = [" ".join(page.split()) for page in texts(build(place, EMAIL).path)]
    pages, known = " ".join(by_page), labels(language)
    results = [page for page in by_page if f"{known.words['result']} ".upper() in page.upper() and " 4" in page[:400]]
    assert len(results) >= 4
    status = " ".join(known.statuses["to-verify"].split())
    assert all(status in page for page in results[:4]), "facts on the page of their result"
    for word in ("contents", "method", "numbers", "figures", "data", "indicators"):
        assert str(known.words[word]) in pages, word
    english = {str(text) for text in labels("en").words.values() if len(text) > 7}
    own = {str(text) for text in known.words.values()}
    if language != "en":
        assert not {word for word in english - own if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", pages)}


@pytest.mark.parametrize(
    ("language", "number", "cent"),
    [
        ("de", "1.234,5", "14\u00a0%"),
        ("en", "1,234.5", "14%"),
        ("fr", "1\u202f234,5", "14\u00a0%"),
        ("it", "1.234,5", "14%"),
    ],
)
def test_numbers_are_written_as_the_language_does(language: str, number: str, cent: str) -> None:
    assert numbers.decimal(Decimal("1234.5"), language) == number
    assert "14" + numbers.percent_sign(language) == cent


@pytest.mark.parametrize(
    ("language", "ones"), [("en", ["1"]), ("de", ["1"]), ("it", ["1"]), ("es", ["1"]), ("fr", ["0", "1", "1.5"])]
)
def test_one_is_singular_and_what_else_the_language_says(language: str, ones: list[str]) -> None:
    assert [value for value in ("0", "1", "1.5", "2") if numbers.is_one(Decimal(value), language)] == ones


@pytest.mark.parametrize(
    ("unit", "value", "printed"),
    [
        (Unit(text=Text("bn"), before=Text("€"), joined=True), "1.5", "€1.5bn"),
        (Unit(text=Text("m"), before=Text("$"), joined=True), "-3.2", "\u2212$3.2m"),
        (Unit(text=Text("million"), before=Text("€")), "2", "€2\u00a0million"),
        (Unit(text=Text(""), before=Text("£"), joined=True), "7", "£7"),
    ],
)
def test_a_unit_in_front_of_its_number(unit: Unit, value: str, printed: str, project: Change) -> None:
    report = check_report(project())
    one = report.indicators["meals"].model_copy(update={"value": Decimal(value), "unit": Text("own")})
    known = report.labels.model_copy(update={"units": {**report.labels.units, "own": unit}})
    assert str(numbers.printed(one, known, "en")) == printed
    assert numbers.in_form(one, "value", known, "en") == numbers.decimal(Decimal(value), "en")


def check_report(place: Project):  # type: ignore[no-untyped-def]
    from builder.content.check import check as judge

    report = judge(load(place), place).report
    assert report is not None
    return report


@pytest.mark.parametrize(
    ("language", "word", "value"),
    [
        ("de", "vierundzwanzig", 24), ("de", "hundertzwei", 102), ("de", "zweitausenddreihundert", 2300),
        ("fr", "soixante-douze", 72), ("es", "veintiocho", 28), ("it", "ventitre", 23), ("en", "twenty-one", 21),
        ("de", "eins", None), ("fr", "neuf", None),
    ],
)  # fmt: skip
def test_numerals(language: str, word: str, value: int | None) -> None:
    assert numeral(word, language, labels(language).checks) == value


def test_a_project_may_say_a_few_words_otherwise(project: Change) -> None:
    own = (ROOT / "docs" / "languages.md").read_text("utf-8").split("```yaml\n")[1].split("```")[0]
    place = project({"layouts/labels/en.yaml": own})
    assert not check(place)
    assert "What is inside" in " ".join(texts(build(place, EMAIL).path))


def test_a_region_takes_the_words_of_its_language(project: Change) -> None:
    place = project()
    (place.layouts / "labels" / "de.yaml").unlink()
    file = place.content / "report.yaml"
    file.write_text(file.read_text("utf-8").replace("language: en", "language: de-AT"), "utf-8")
    assert "Inhalt" in " ".join(texts(build(place, EMAIL).path))


def test_missing_words_are_one_error(project: Change) -> None:
    place = project({"layouts/labels/pt.yaml": "".join(f"{name}: {{}}\n" for name in GROUPS)})
    file = place.content / "report.yaml"
    file.write_text(file.read_text("utf-8").replace("language: en", "language: pt"), "utf-8")
    missing = [one for one in check(place) if one.code == "missing-key"]
    assert len(missing) == 1
    assert re.match(r"\d{2,3} words are missing: words: address, .* and \d+ more", missing[0].message)
    assert str(missing[0].span).startswith("layouts/labels/pt.yaml")


@pytest.mark.parametrize(
    ("words", "hint"),
    [("rises: ['(a']", "correct it"), ("falls: ['(a+)+']", "repeat signs only"), ("quotes: ['\"']", "ellipsis")],
)
def test_what_is_no_pattern_is_said(project: Change, words: str, hint: str) -> None:
    place = project({"layouts/labels/en.yaml": f"checks: {{{words}}}\n"})
    assert any(hint in str(one.hint) and str(one.span).startswith("layouts/labels/en.yaml:1") for one in check(place))


def test_report_yaml_says_words_otherwise_and_one_year_is_a_year(project: Change) -> None:
    place = project()
    report = place.content / "report.yaml"
    whole = report.read_text("utf-8")
    report.write_text(whole + "words: {mandate: Mandate, nothing: Nought}\n", "utf-8")
    assert [one.code for one in check(place)] == ["unknown-word"]
    report.write_text(whole + "words: {mandate: Mandate}\n", "utf-8")
    pages = texts(build(place, EMAIL).path)
    assert "Mandate 2021" in " ".join(pages[0].split())
    report.write_text(whole.replace("{from: 2021, to: 2024}", "{from: 2024}"), "utf-8")
    pages = [" ".join(page.split()) for page in texts(build(place, EMAIL).path)]
    assert pages[0].endswith("Year 2024") or "Year 2024" in pages[0]
    assert any("The year in numbers" in page for page in pages)
    assert not any("The period in numbers" in page for page in pages)
