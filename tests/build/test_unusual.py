"""Unusual but right input builds, and nothing of it is lost or runs over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from builder.build import build
from builder.build.run import Built
from builder.design.edition import ARCHIVE, EMAIL
from builder.model.project import Project
from tests import verapdf
from tests.conftest import Change
from tests.drawn import flat, texts

HEAD = "title: Report\norganisation: Org\nperiod: {from: 2021, to: 2024}\nlanguage: en\norder:\n"
INDICATOR = "  label: Label\n  kind: count\n  source: example\n"


def made(project: Project) -> tuple[Built, list[str]]:
    built = build(project, EMAIL)
    return built, texts(built.path)


def only(project: Change, order: str, files: dict[str, str | bytes | None]) -> Project:
    """A project with nothing in it but `files`."""
    place = project()
    for old in (place.content / "topics").glob("*.yaml"):
        old.unlink()
    return project({"content/report.yaml": HEAD + order, **files})


def test_one_topic(project: Change) -> None:
    place = only(
        project,
        "  - topic: one\n",
        {"content/topics/one.yaml": "title: One\nkey: n\n", "content/indicators.yaml": f"n:\n{INDICATOR}  value: 1\n"},
    )
    built, pages = made(place)
    assert built.pages == 1
    assert "One 1" in pages[0]


def test_no_parts_and_no_figures(project: Change) -> None:
    place = only(
        project,
        "  - page: contents\n  - topic: a\n  - page: indicators\n  - page: method\n  - page: figures\n",
        {"content/topics/a.yaml": "page: text\ntitle: A\ntext: words\n", "content/indicators.yaml": "{}\n"},
    )
    _, pages = made(place)
    assert "This book has no figures." in pages[-1]
    assert "3 Table of indicators" in pages[0]


def test_a_hundred_and_fifty_topics(project: Change) -> None:
    files: dict[str, str | bytes | None] = {
        f"content/topics/t{n}.yaml": f"title: Topic number {n} of many\nkey: n{n}\nlead: counted\n"
        for n in range(1, 151)
    }
    files["content/indicators.yaml"] = "".join(
        f"n{n}:\n{INDICATOR.replace('label: ', f'label: T{n} ')}  value: {n}\n" for n in range(1, 151)
    )
    names = "".join(f"      - t{n}\n" for n in range(1, 151))
    order = (
        f"  - page: contents\n  - page: numbers\n  - part: p\n    title: P\n    topics:\n{names}  - page: indicators\n"
    )
    built, pages = made(only(project, order, files))
    assert built.pages > 165
    for n in (1, 75, 150):
        entry = re.search(rf"(\d+) Topic number {n} of many", " ".join(pages[:14]))
        assert entry
        assert f"Topic number {n} of many" in pages[int(entry[1]) - 1]


@pytest.mark.parametrize(
    ("title", "value"),
    [
        ("Word", "1"),
        ("Many words in a headline that goes on " * 10 + "and on, for four hundred characters", "117000000"),
        ("Donaudampfschifffahrtsgesellschaftskapitän", "117000"),
    ],
)
def test_headlines_and_numbers_of_any_length(project: Change, title: str, value: str) -> None:
    place = only(
        project,
        "  - page: contents\n  - page: numbers\n  - part: p\n    title: P\n    topics: [one]\n",
        {
            "content/topics/one.yaml": f"title: {title}\nkey: n\nlead: {'the sentence ' * 12}\n",
            "content/indicators.yaml": f"n:\n{INDICATOR}  value: {value}\n  unit: million-euro\n",
        },
    )
    built, pages = made(place)
    assert flat(title) in pages[-1]
    assert f"{int(value):,}" in pages[-1]
    assert not [d for d in built.diagnostics if d.code == "overflow"]


def test_a_long_result_runs_on_to_a_second_page(project: Change) -> None:
    place = only(
        project,
        "  - topic: one\n",
        {
            "content/topics/one.yaml": "title: One\nkey: n\ntext: |\n" + "  A sentence of the text.\n" * 400,
            "content/indicators.yaml": f"n:\n{INDICATOR}  value: 5\n",
        },
    )
    built, pages = made(place)
    assert built.pages >= 2
    assert " ".join(pages).count("text.") == 400, "short words are not broken between pages"
    assert "example data" in pages[-1], "the facts stand where the result ends"


def test_a_table_of_two_thousand_rows(project: Change) -> None:
    rows = "".join(f"  | row {n} | {n} |\n" for n in range(1, 2001))
    place = only(
        project,
        "  - topic: table\n",
        {"content/topics/table.yaml": f"page: text\ntitle: Table\ntext: |\n  | name | number |\n  |-|-|\n{rows}"},
    )
    _, pages = made(place)
    text = " ".join(pages)
    assert all(f"row {n} {n}" in text for n in range(1, 2001))
    assert pages[5].count("name number") == 1, "the head is repeated on each page"


def test_german_and_greek_inside_the_text(project: Change) -> None:
    place = only(
        project,
        "  - topic: words\n",
        {
            "content/topics/words.yaml": "page: text\ntitle: Words Ελληνικά\ntext: |\n  Plain.\n\n  {lang=de}\n"
            "  Die Straße führt über die Brücke.\n\n  {lang=el}\n  Καλημέρα κόσμε, *και πάλι*.\n"
        },
    )
    built, pages = made(place)
    assert "Καλημέρα κόσμε, και πάλι" in pages[0]
    assert "Straße führt über" in pages[0]
    assert verapdf.failures(built.path, "ua1") == []


def test_names_with_accents_and_spaces(project: Change, tmp_path: Path) -> None:
    """Officers name files as they speak."""
    Image.new("RGB", (60, 40)).save(tmp_path / "photo.png")
    text = (
        "page: text\ntitle: Città\ntext: |\n  ![una foto](<la città.png>) and [a link](<#due parole>), {{ quantità }}\n"
    )
    place = only(
        project,
        "  - page: contents\n  - topic: città\n  - topic: due parole\n  - page: indicators\n",
        {
            "content/la città.png": (tmp_path / "photo.png").read_bytes(),
            "content/topics/città.yaml": text,
            "content/topics/due parole.yaml": "title: Two words\nkey: quantità\n",
            "content/indicators.yaml": f"quantità:\n{INDICATOR}  value: 5\n",
        },
    )
    _, pages = made(place)
    assert "4 Two words" in pages[0] or "3 Two words" in pages[0]


def test_a_greek_label_in_a_figure(project: Change) -> None:
    place = project()
    file = place.content / "indicators.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("short: meals served", "short: γεύματα"), encoding="utf-8")
    _, pages = made(place)
    assert any("γεύματα" in page for page in pages)


def test_a_book_of_twelve_parts(project: Change) -> None:
    parts = "".join(f"  - part: p{n}\n    title: Part {n}\n    lead: A lead.\n" for n in range(1, 13))
    built, _ = made(only(project, parts, {"content/indicators.yaml": "{}\n"}))
    assert built.pages == 24


def test_every_kind_of_content_is_accessible(project: Change, tmp_path: Path) -> None:
    Image.new("RGB", (600, 400), (40, 90, 120)).save(tmp_path / "photo.jpg")
    place = project(
        {
            "content/photos/photo.jpg": (tmp_path / "photo.jpg").read_bytes(),
            "content/topics/donations.yaml": "page: text\ntitle: Everything\n"
            "image: {file: photos/photo.jpg, alt: A blue field, caption: A photo of *nothing*}\ntext: |\n"
            "  Text with a [**bold** link](#meals), a "
            "[site](https://example.org), page {{ page:meals }} and a note^[With {{ meals }} in it.].\n\n"
            "  - one\n  - two\n    - nested\n\n  1. first\n\n  > quoted\n\n  ## Heading\n\n"
            "  | a | b |\n  |-|-|\n  | 1 | 2 |\n",
        }
    )
    built, pages = made(place)
    assert "With 5,200 in it." in " ".join(pages)
    assert verapdf.failures(built.path, "ua1") == []
    assert verapdf.failures(built.path, "2a") == []
    archive = build(place, ARCHIVE)
    assert verapdf.failures(archive.path, "ua1") == []
    assert verapdf.failures(archive.path, "3a") == []


def test_the_new_project_is_accessible(project: Change) -> None:
    built, _ = made(project())
    assert verapdf.failures(built.path, "ua1") == []


@pytest.mark.parametrize(
    ("period", "years"),
    [("{from: 2024}", "2024"), ("{from: 2024, to: 2024}", "2024"), ("{from: 2019, to: 2024}", "2019 2024")],
)
def test_the_cover_says_whole_years_and_one_year_once(period: str, years: str, project: Change) -> None:
    place = project()
    order = place.content / "report.yaml"
    text = order.read_text("utf-8").replace("period: {from: 2021, to: 2024}", f"period: {period}")
    order.write_text(text, encoding="utf-8")
    cover = texts(build(place, EMAIL).path)[0]
    assert cover.startswith(f"Example Organisation {years} Annual report"), cover
    called = "Period" if " " in years else "Year"
    assert cover.endswith(f"{called} {years.replace(' ', '-')}"), cover
