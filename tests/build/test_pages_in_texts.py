"""Every text that may name a page names it truly in every output, or is refused; the list of texts is the model's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, get_args

import pikepdf
import yaml
from PIL import Image as Picture
from pydantic import BaseModel

from builder.build import build, check
from builder.design.edition import ARCHIVE
from builder.model.body import BLOCKS
from builder.model.diagnostics import Severity
from builder.model.figure import Bars
from builder.model.front import Frontmatter, PartEntry, Topic
from builder.model.indicator import Indicator, Source
from builder.model.manuscript import Text
from builder.model.photo import Image
from builder.model.project import Project
from tests.conftest import Change
from tests.drawn import texts

# What a block needs beside the text that is tried.
NEEDED: dict[str, dict[str, Any]] = {
    "photo": {"photo": "hall.png", "alt": "A hall."},
    "figure": {"figure": {"kind": "bars", "indicators": ["meals"], "title": "Meals"}},
    "numbers": {"numbers": ["meals"]},
    "page-break": {"page-break": True},
    "row": {"row": [{"text": "One."}, {"text": "Two."}]},
}
Files = dict[str, Any]


def of_text(model: type[BaseModel]) -> Iterator[str]:
    """The keys of a model that are texts."""
    for name, field in model.model_fields.items():
        if Text in (field.annotation, *get_args(field.annotation)):
            yield field.alias or name


def entries(files: Files) -> dict[str, Any]:
    order = files["report.yaml"]["order"]
    return next(entry for entry in order if "part" in entry)


def places() -> Iterator[tuple[str, Callable[[Files, str], None]]]:
    """Every text of the model by a name of letters, and how it is set."""
    spots: list[tuple[str, type[BaseModel], Callable[[Files], dict[str, Any]]]] = [
        ("report", Frontmatter, lambda files: files["report.yaml"]),
        ("part", PartEntry, entries),
        ("topic", Topic, lambda files: files["topics/pages.yaml"]),
        ("figure", Bars, lambda files: files["topics/pages.yaml"]["figure"]),
        ("image", Image, lambda files: files["topics/pages.yaml"]["image"]),
        ("indicator", Indicator, lambda files: files["indicators.yaml"]["meals"]),
        ("source", Source, lambda files: files["sources.yaml"]["example"]),
    ]
    for where, model, into in spots:
        for key in of_text(model):
            yield f"{where}-{key}", lambda files, said, into=into, key=key: into(files).update({key: said})  # type: ignore[misc]
    for kind, block in BLOCKS.items():
        for key in of_text(block):

            def put(files: Files, said: str, kind: str = kind, key: str = key) -> None:
                made = {**deepcopy(NEEDED.get(kind, {kind: "Words."})), key: said}
                files["topics/pages.yaml"]["body"].append(made)

            yield f"block-{kind}-{key}", put


def write(place: Project, said: list[tuple[str, Callable[[Files, str], None]]]) -> None:
    """A project with these texts, each of which names itself and the page of the topic `meals`."""
    names = ("report.yaml", "indicators.yaml", "sources.yaml")
    files: Files = {name: yaml.safe_load((ORIGINALS / name).read_text("utf-8")) for name in names}
    files["topics/pages.yaml"] = {
        "page": "text", "title": "Pages", "text": "Words.", "body": [],
        "figure": {"kind": "bars", "indicators": ["meals"], "title": "Meals by year"},
        "image": {"file": "hall.png", "alt": "A hall."},
    }  # fmt: skip
    entries(files)["topics"].append("pages")
    for name, put in said:
        put(files, f"Zq {name} on page {{{{ page:meals }}}} zq.")
    for name, data in files.items():
        (place.content / name).write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")


ORIGINALS = Path(__file__).parents[2] / "builder" / "tools" / "starter" / "content"


def strings(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Every string in the objects of a PDF, and what its attached files hold."""
    for one in pdf.objects:
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            yield from (str(value) for _, value in one.items() if isinstance(value, pikepdf.String))
    for file in pdf.attachments.values():
        yield file.get_file().read_bytes().decode("utf-8", "ignore")


def test_a_page_in_any_text_of_the_model_is_true_or_refused(project: Change, tmp_path: Path) -> None:
    place = project()
    Picture.new("RGB", (900, 600), (90, 120, 150)).save(place.content / "hall.png")
    accepted = []
    for one in places():
        write(place, [one])
        if not any(found.severity is Severity.ERROR for found in check(place)):
            accepted.append(one)
    names = {name for name, _ in accepted}
    assert {
        "report-colophon",
        "part-lead",
        "topic-text",
        "image-caption",
        "block-text-text",
        "block-photo-caption",
    } <= names
    assert not names & {"report-title", "topic-title", "indicator-label", "block-photo-alt"}
    write(place, accepted)
    built = build(place, ARCHIVE, tmp_path / "out")
    pages = texts(built.path)
    page = next(
        number for number, words in enumerate(pages, 1) if "brought home" in words and "RESULT" in words.upper()
    )
    with pikepdf.open(built.path) as pdf:
        everything = "\n".join([*(re.sub(r"\s+", " ", words) for words in pages), *strings(pdf)])
    said = re.findall(r"Zq ([a-z-]+?) on page (.{0,30}?) zq", re.sub(r"\s+", " ", everything))
    assert {name for name, _ in said} >= {"topic-text", "block-text-text", "part-lead"}
    assert {(name, number) for name, number in said if number != str(page)} == set()
    assert "{{" not in everything
