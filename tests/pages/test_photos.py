"""Photos of the body: cropped, numbered, in lists of credits, with words on them; and people in rows."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from builder.build import build
from builder.content.check import check
from builder.content.load import load
from builder.design.edition import EMAIL
from builder.design.pdf_pages import page_picture
from builder.model.project import Project
from tests.conftest import PRINT, Change

_REPORT = "content/report.yaml"


def _photo(size: tuple[int, int] = (600, 400), *, busy: bool = False) -> bytes:
    picture = Image.new("RGB", size, (20, 40, 70))
    if busy:
        draw = ImageDraw.Draw(picture)
        for x in range(0, size[0], 40):
            draw.rectangle((x, 0, x + 20, size[1]), fill=(240, 240, 200))
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _place(project: Change, body: str, front: str = "", **files: bytes) -> Project:
    place = project({"content/topics/meals.yaml": f"page: text\ntitle: Meals\nbody:\n{body}"})
    report = (
        (place.content / "report.yaml")
        .read_text("utf-8")
        .replace("  - page: figures", "  - page: figures\n  - page: photos")
    )
    (place.content / "report.yaml").write_text(report + front, "utf-8")
    for name, data in (files or {"a": _photo()}).items():
        (place.content / f"{name}.png").write_bytes(data)
    return place


def _texts(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as pdf:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in pdf]


def _said(place: Project) -> list[tuple[str, int]]:
    return [
        (d.code, d.span.line if d.span else 0) for d in check(load(place), place).diagnostics if d.severity == "error"
    ]


@pytest.mark.parametrize("credits", ["beside", "list"])
def test_photos_have_numbers_and_credits(credits: str, project: Change) -> None:
    body = """  - text: See {{ figure:hall }} on page {{ page:hall }}, and [the kitchen](#kitchen).
  - photo: a.png
    id: hall
    alt: A hall
    caption: The hall.
    credit: Photo by Example
  - photo: a.png
    alt: Nothing said
    credit: Photo by Another
  - text: |
      ## The kitchen {#kitchen}

      Words.
"""
    texts = _texts(build(_place(project, body, f"credits: {credits}\ncontents-depth: 3\n"), EMAIL, None).path)
    page = next(at for at, text in enumerate(texts) if "The hall." in text and "See" in text)
    number = texts[page].split("See figure ")[1].split()[0]
    assert f"Figure {number} The hall." in texts[page]
    assert f"on page {page + 1}" in texts[page]
    assert ("Photo by Example" in texts[page]) is (credits == "beside")
    index = next(text for text in texts if text.startswith("Annual report Photos") or "Photos" in text[:40])
    assert "Photo by Example" in index
    assert "Nothing said Photo by Another" in index
    assert any("The kitchen" in text and "Contents" in text for text in texts)


def test_what_makes_no_sense_is_an_error_at_its_line(project: Change) -> None:
    body = """  - photo: a.png
    alt: A
    height: 50
    ratio: "3:2"
  - photo: a.png
    alt: A
    width: bleed
    ratio: "3:2"
  - photo: a.png
    alt: A
    over: {text: Words}
  - photo: a.png
    alt: A
    ratio: "100:1"
  - photo: a.png
    alt: A
    width: column
    height: rest
  - text: See {{ figure:nothing }}.
"""
    found = _said(_place(project, body))
    assert [line for _, line in found] == [7, 11, 14, 17, 21, 22]


@pytest.mark.parametrize(("busy", "errors"), [(False, 0), (True, 1)])
def test_words_on_a_photo_must_stand_on_a_calm_part(busy: bool, errors: int, project: Change) -> None:
    body = "  - photo: a.png\n    alt: A\n    width: bleed\n    over: {text: Words on a photo, at: top}\n"
    found = _said(_place(project, body, a=_photo(busy=busy)))
    assert found == [("contrast", 7)] * errors


@pytest.mark.parametrize(("shade", "errors"), [((255, 255, 255, 0), 1), ((20, 40, 70, 255), 0)])
def test_a_clear_picture_is_as_light_as_the_paper(
    shade: tuple[int, int, int, int], errors: int, project: Change
) -> None:
    out = BytesIO()
    Image.new("RGBA", (600, 400), shade).save(out, "PNG")
    body = "  - photo: a.png\n    alt: A\n    width: bleed\n    over: {text: Words, at: top}\n"
    assert _said(_place(project, body, a=out.getvalue())) == [("contrast", 7)] * errors


@pytest.mark.parametrize(("at", "errors"), [("top", 0), ("bottom", 1)])
def test_words_stand_on_a_photo_as_it_is_turned(at: str, errors: int, project: Change) -> None:
    """Its left half is light; by its Exif it stands upright, and then its lower half is."""
    picture = Image.new("RGB", (800, 560), (20, 40, 70))
    picture.paste((240, 240, 230), (0, 0, 400, 560))
    turned = picture.getexif()
    turned[0x0112] = 8
    out = BytesIO()
    picture.save(out, "PNG", exif=turned)
    body = f"  - photo: a.png\n    alt: A\n    width: bleed\n    over: {{text: Words, at: {at}}}\n"
    assert _said(_place(project, body, a=out.getvalue())) == [("contrast", 7)] * errors


def test_words_on_what_is_not_measured_are_refused(project: Change) -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 30"><rect width="60" height="30"/></svg>'
    place = _place(project, "  - photo: a.svg\n    alt: A\n    width: bleed\n    over: {text: Words}\n", a=_photo())
    (place.content / "a.svg").write_bytes(drawing)
    assert _said(place) == [("wrong-value", 7)]


def test_a_photo_that_is_not_there_is_said_once_whatever_its_tone(project: Change) -> None:
    body = "  - photo: nowhere.png\n    alt: A\n    tone: vermilion\n    width: spread\n"
    assert [code for code, _ in _said(_place(project, body))] == ["missing-file"]


@pytest.mark.parametrize(("where", "said"), [("foot", [("wrong-value", 4)]), ("here", [])])
def test_a_note_in_what_floats_is_refused(where: str, said: list[tuple[str, int]], project: Change) -> None:
    assert _said(_place(project, f"  - box: Words with a note.^[The note.]\n    place: {where}\n")) == said


def test_people_stand_in_rows(project: Change) -> None:
    people = "".join(f"      - {{photo: a.png, name: Person {letter}, role: Member}}\n" for letter in "ABCDEFG")
    texts = _texts(build(_place(project, f"  - portraits:\n{people}"), EMAIL, None).path)
    page = next(text for text in texts if "Person A" in text)
    assert all(f"Person {letter}" in page for letter in "ABCDEFG")
    assert page.index("Person D") < page.index("Person E")


def _letter(pages: int) -> bytes:
    """A PDF with black words alone on each of its pages."""
    pdf = pikepdf.new()
    for number in range(1, pages + 1):
        page = pdf.add_blank_page(page_size=(300, 400))
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        page.obj.Contents = pdf.make_stream(f"BT /F 40 Tf 40 {300 - 50 * number} Td (Page {number}) Tj ET".encode())
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def _form() -> bytes:
    """A PDF with one page, and on it a field that somebody has filled in: its words are in the field's look alone."""
    pdf = pikepdf.open(BytesIO(_letter(1)))
    page = pdf.pages[0]
    font = page.obj.Resources.Font.F
    look = pdf.make_stream(b"/Tx BMC 0 g 0 0 200 60 re f EMC")
    look.Type, look.Subtype, look.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, pikepdf.Array([0, 0, 200, 60])
    field = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="a", V="x", F=4,
            Rect=[50, 20, 250, 80], AP=pikepdf.Dictionary(N=look), DA="/F 12 Tf",
            DR=pikepdf.Dictionary(Font={"/F": font}),
        )
    )  # fmt: skip
    page.obj.Annots = pikepdf.Array([field])
    pdf.Root.AcroForm = pdf.make_indirect(pikepdf.Dictionary(Fields=pikepdf.Array([field])))
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_what_a_form_was_filled_in_with_is_printed(tmp_path: Path) -> None:
    file = tmp_path / "form.pdf"
    file.write_bytes(_form())
    picture = page_picture(file, 1, 72).convert("L")
    assert picture.getpixel((150, 350)) == 0, "the field is drawn"
    assert picture.getpixel((20, 350)) == 255


def test_a_page_of_a_pdf_is_a_picture_on_the_black_plate(project: Change, tmp_path: Path) -> None:
    body = "  - photo: a.png\n    page: 2\n    alt: A letter\n    caption: The letter\n"
    place = _place(project, body, a=_letter(2))
    built = build(place, PRINT, tmp_path / "out")
    with pikepdf.open(built.path) as pdf:
        streams = [one for one in pdf.objects if isinstance(one, pikepdf.Stream)]
        found = [
            one for one in streams if one.get("/Subtype") == "/Image" and int(one.Width) * 4 == int(one.Height) * 3
        ]
        assert [str(one.ColorSpace) for one in found] == ["/DeviceGray"]
        picture = Image.frombytes("L", (int(found[0].Width), int(found[0].Height)), found[0].read_bytes())
    rows = [y for y in range(picture.height) if min(picture.crop((0, y, picture.width, y + 1)).tobytes()) < 90]
    assert 0.4 < rows[0] / picture.height < 0.5, "the second page has its words lower than the first"


@pytest.mark.parametrize(
    ("page", "data", "code"),
    [
        ("", _letter(2), "missing-key"),
        ("    page: 3\n", _letter(2), "wrong-value"),
        ("    page: 1\n", _photo(), "wrong-value"),
        ("    page: 1\n", b"%PDF-1.7\nnothing", "bad-image"),
    ],
)
def test_pages_that_are_not_there_are_said(page: str, data: bytes, code: str, project: Change) -> None:
    place = _place(project, f"  - photo: a.png\n    alt: A letter\n{page}", a=data)
    assert _said(place) == [(code, 4)]
