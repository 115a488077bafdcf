"""Accents as a Mac writes them, apart from their letters, in every file that is read, and in the names of files."""

from __future__ import annotations

import io
import re
import unicodedata
from hashlib import sha256
from pathlib import Path

import pikepdf
import pypdfium2
from openpyxl import Workbook

from builder.build import build
from builder.content.check import check
from builder.content.fix import mend
from builder.content.load import load
from builder.design.edition import ARCHIVE
from builder.model.spelling import on_disk
from builder.pages.standin import SOURCE_FILE
from tests.conftest import Change
from tests.content.test_fix import BOAT


def apart(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def sheet() -> bytes:
    book = Workbook()
    page = book.worksheets[0]
    page.append([apart("Codice"), apart("Attività"), "Numero"])
    page.append([apart("città"), apart("Attività della città"), 12])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_accents_from_a_mac_are_one_with_their_letters_everywhere(project: Change) -> None:
    source = apart("A Forlì sono 77 le attività della città.").encode()
    topic = (
        "title: Attività e società\nshort: Perché\nkey: attività\nlead: a Forlì è così, {{ città }}\n"
        "image: {file: foto/città.png, alt: una città}\n"
        "figure: {kind: bars, indicators: [attività], title: Più attività}\n"
        "text: |\n  Perché è così.\n\n  | Città | È |\n  |---|---|\n  | Forlì | sì |\n"
    )
    place = project(
        {
            f"content/topics/{apart('attività')}.yaml": apart(topic),
            f"content/foto/{apart('città')}.png": BOAT,
            f"content/{apart('già')}.txt": source,
            "content/dati.xlsx": sheet(),
            "layouts/styles/9-own.css": apart('h1::after { content: " però" }'),
        }
    )
    register = place.content / "indicators.yaml"
    more = (
        "\nattività:\n  label: Attività a Forlì\n  kind: count\n  value: 77\n  source: già\n"
        "  passage: sono 77 le attività della città\n  series: {2021: 40, 2024: 77}\n"
    )
    register.write_text(
        register.read_text("utf-8") + more, encoding="utf-8"
    )  # in one form, and its source in the other
    sources = place.content / "sources.yaml"
    digest = sha256(source).hexdigest()
    entry = apart(f"\ngià:\n  title: Così è\n  file: già.txt\n  sha256: {digest}\n")
    sources.write_text(sources.read_text("utf-8") + entry, encoding="utf-8")
    order = place.content / "report.yaml"
    columns = "{id: Codice, label: Attività, value: Numero}"
    table = f"tables:\n  - {{file: dati.xlsx, columns: {columns}, all: {{kind: count, source: example}}}}\n"
    text = order.read_text("utf-8").replace("- donations", f"- donations\n      - {apart('attività')}") + table
    order.write_text(text.replace("An example to begin with", apart("È così")), encoding="utf-8")
    built = build(place, ARCHIVE)
    with pypdfium2.PdfDocument(built.path) as pdf:
        printed = "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    with pikepdf.open(built.path) as pdf:
        told = (
            (key, value) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) for key, value in one.items()
        )
        written = "\n".join(str(v) for key, v in told if isinstance(v, pikepdf.String) and key != SOURCE_FILE)
        written += "\n".join(one.get_file().read_bytes().decode() for one in pdf.attachments.values())
    for whole in (printed, written):
        assert not re.findall(r".{0,60}[\u0300-\u036f].{0,20}", whole)
    for words in ("Attività e società", "a Forlì è così, 12", "Perché è così.", "Più attività", "però", "È così"):
        assert words in printed, words
    assert [d.code for d in built.diagnostics if d.code in ("passage", "source-file", "missing-glyph")] == []


def test_a_fix_finds_its_place_behind_accents(project: Change) -> None:
    place = project({"content/topics/meals.yaml": apart('page: text\ntitle: Perché è\ntext: Città e "così"... è\n')})
    assert mend(check(load(place), place).diagnostics, place.root)
    assert "text: Città e “così”… è" in (place.content / "topics" / "meals.yaml").read_text("utf-8")


def test_a_file_is_found_in_either_form(tmp_path: Path) -> None:
    (tmp_path / apart("è")).mkdir()
    (tmp_path / apart("è") / "già.txt").write_text("")
    assert on_disk(tmp_path / "è" / "già.txt").is_file()
    assert on_disk(tmp_path / apart("è") / apart("già.txt")).is_file()
    assert on_disk(tmp_path / "è" / "più.txt") == tmp_path / "è" / "più.txt"
