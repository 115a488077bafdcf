"""Pictures of all kinds, as people have them, on their way to the press. Made here, with known colours."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from pikepdf import Name
from PIL import Image, ImageCms, UnidentifiedImageError

from builder.build import build
from builder.build.run import Built
from builder.content.printers import printer
from builder.design.edition import EMAIL, Edition
from builder.design.printer import Printer
from builder.model.diagnostics import ReportError
from builder.pages.standin import stand_in
from tests.conftest import PRINT, Change
from tests.plates import by_ghostscript, by_pdfium, lab, separated

FOGRA39 = printer("coated-fogra39", None)
RED, GREEN = (200, 40, 30), (40, 120, 60)
# compatibleWithAdobeRGB1998.icc is not shipped; a profile with its primaries and gamma is made here instead.
WIDE = 2.19921875


def two_colours(width: int = 1200, height: int = 800) -> Image.Image:
    """Left red, right green."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(GREEN, (width // 2, 0, width, height))
    return picture


def saved(picture: Image.Image, form: str, **how: Any) -> bytes:
    out = BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


def srgb_jpeg() -> bytes:
    return saved(
        two_colours(),
        "JPEG",
        quality=95,
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    )


def wide_profile() -> bytes:
    """An RGB profile with the primaries of Adobe RGB (1998) and its gamma, as ICC.1:2010 lays it out."""

    def fixed(value: float) -> bytes:
        return round(value * 65536).to_bytes(4, "big", signed=True)

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(fixed(v) for v in values)

    curve = b"curv\0\0\0\0" + (1).to_bytes(4, "big") + round(WIDE * 256).to_bytes(2, "big") + b"\0\0"
    name = b"Wide"
    words = b"desc\0\0\0\0" + (len(name) + 1).to_bytes(4, "big") + name + b"\0" + b"\0" * 78
    words += b"\0" * (-len(words) % 4)
    entries = {
        b"desc": words,
        b"cprt": b"text\0\0\0\0free\0\0\0\0",
        b"wtpt": xyz(0.9505, 1.0, 1.0891),
        b"rXYZ": xyz(0.60974, 0.31111, 0.01947),
        b"gXYZ": xyz(0.20528, 0.62567, 0.06087),
        b"bXYZ": xyz(0.14919, 0.06322, 0.74457),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    at = 128 + 4 + 12 * len(entries)
    table, data = len(entries).to_bytes(4, "big"), b""
    for tag, value in entries.items():
        table += tag + (at + len(data)).to_bytes(4, "big") + len(value).to_bytes(4, "big")
        data += value
    size = at + len(data)
    header = size.to_bytes(4, "big") + b"lcms" + bytes.fromhex("02100000") + b"mntrRGB XYZ " + b"\0" * 12 + b"acsp"
    header += b"\0" * 28 + fixed(0.9642) + fixed(1.0) + fixed(0.8249)
    return header + b"\0" * (128 - len(header)) + table + data


def in_wide_rgb() -> Image.Image:
    """The same two colours, in the numbers of the wide space."""
    wide = ImageCms.ImageCmsProfile(BytesIO(wide_profile()))
    converted = ImageCms.profileToProfile(
        two_colours(), ImageCms.createProfile("sRGB"), wide, renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC
    )
    assert converted is not None
    return converted


def wide_jpeg() -> bytes:
    return saved(in_wide_rgb(), "JPEG", quality=95, icc_profile=wide_profile())


def inks() -> Image.Image:
    return Image.new("CMYK", (1200, 800), (10, 220, 230, 20))


def cmyk_jpeg() -> bytes:
    return saved(inks(), "JPEG", quality=95)


def grey_jpeg() -> bytes:
    return saved(Image.new("L", (1200, 800), 119), "JPEG", quality=95)


def deep_png() -> bytes:
    """16 bits a channel and transparent on the right, written chunk by chunk: Pillow writes no such PNG."""
    import struct
    import zlib

    width, height = 1200, 800
    row = b"\0" + struct.pack(">4H", 200 * 257, 40 * 257, 30 * 257, 65535) * (width // 2)
    row += struct.pack(">4H", 0, 0, 0, 0) * (width // 2)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 16, 6, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * height))
    return png + chunk(b"IEND", b"")


def rotated_jpeg() -> bytes:
    """Lying on its side, with the note that it is to be turned: upright, red is above green."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90° clockwise when shown
    return saved(two_colours(), "JPEG", quality=95, exif=exif)


def huge_jpeg() -> bytes:
    return saved(two_colours(8660, 5774), "JPEG", quality=60)


def palette_png() -> bytes:
    return saved(two_colours().quantize(4), "PNG")


def placed(project: Change, data: bytes, name: str, edition: Edition = PRINT, **more: str | bytes | None) -> Built:
    """A book of one page with the picture 100 mm wide."""
    place = project()
    for old in (place.content / "topics").glob("*.yaml"):
        old.unlink()
    topic = f"page: text\ntitle: Photo\nimage: {{file: {name}, alt: two colours}}\n"
    head = "title: R\norganisation: O\nperiod: {from: 2021, to: 2024}\nlanguage: en\norder:\n  - topic: photo\n"
    files: dict[str, str | bytes | None] = {
        "content/report.yaml": head,
        "content/indicators.yaml": "{}\n",
        "content/topics/photo.yaml": topic,
        f"content/{name}": data,
        "layouts/styles/9-own.css": "figure.photo img { width: 100mm; max-height: none }\n",
    }
    return build(project({**files, **more}), edition, place.output)


def image_of(path: Path) -> Any:
    with pikepdf.open(path) as pdf:
        found = [o for o in pdf.objects if isinstance(o, pikepdf.Stream) and o.get(Name.Subtype) == Name.Image]
        image = next(o for o in found if Name.SMask in o or len(found) == 1)
        raw = image.read_raw_bytes()
        entries = {str(k): v for k, v in image.items() if str(k) not in ("/SMask", "/Length")}
        return raw, entries, Name.SMask in image


def seen(built: Built, tmp_path: Path, x: float, y: float) -> Any:
    """The colour on paper at a part of the picture's box, in CIELAB."""
    shot = by_ghostscript(built.path, 1, 50, tmp_path, "tiff32nc")
    left, top, right, bottom = frame(built, tmp_path)
    at = round(left + (right - left) * x), round(top + (bottom - top) * y)
    return lab(shot, FOGRA39.icc)[at[1], at[0]]


def frame(built: Built, tmp_path: Path) -> tuple[int, int, int, int]:
    """Where the picture is, in pixels at 50 dpi: where there is colour."""
    plates = separated(built.path, tmp_path / "sep", 1, dpi=50)
    inked = (plates["Magenta"] > 60) | (plates["Cyan"] > 60) | (plates["Black"] > 60)
    inked[: round(50 / 25.4 * 50)] = inked[round(270 / 25.4 * 50) :] = False  # headline and folio
    rows, columns = np.nonzero(inked)
    return columns.min(), rows.min(), columns.max(), rows.max()


def near(found: Any, rgb: tuple[int, int, int], most: float = 5) -> bool:
    return bool(np.linalg.norm(found - lab(Image.new("RGB", (1, 1), rgb), None)[0, 0]) < most)


@pytest.mark.parametrize(
    ("make", "name"),
    [(srgb_jpeg, "a.jpg"), (wide_jpeg, "b.jpg"), (palette_png, "c.png")],
    ids=["srgb", "wide", "palette"],
)
def test_colours_are_converted_by_their_own_profile(
    project: Change, tmp_path: Path, make: Callable[[], bytes], name: str
) -> None:
    built = placed(project, make(), name)
    _, entries, mask = image_of(built.path)
    assert entries["/ColorSpace"] == Name.DeviceCMYK
    assert not mask
    assert near(seen(built, tmp_path, 0.2, 0.5), RED)
    assert near(seen(built, tmp_path, 0.8, 0.5), GREEN)


def test_the_wide_space_is_another() -> None:
    """Read as sRGB, the same numbers are another red: the test above would see it."""
    assert in_wide_rgb().getpixel((10, 10)) != RED
    assert not near(lab(in_wide_rgb(), None)[10, 10], RED)


def test_pictures_in_inks_pass_untouched(project: Change, tmp_path: Path) -> None:
    data = cmyk_jpeg()
    built = placed(project, data, "inks.jpg")
    raw, entries, _ = image_of(built.path)
    assert raw == data
    assert entries["/ColorSpace"] == Name.DeviceCMYK
    plates = separated(built.path, tmp_path, 1, dpi=50)
    spot = np.unravel_index(int(plates["Magenta"].argmax()), plates["Magenta"].shape)
    for ink, part in zip(("Cyan", "Magenta", "Yellow", "Black"), (10, 220, 230, 20), strict=True):
        assert abs(int(plates[ink][spot]) - part) <= 4, ink


def grey_with_profile() -> bytes:
    """With a profile of its own: gamma 2.2, ICC.1:2010, 8.4.3."""
    curve = b"curv\0\0\0\0" + (1).to_bytes(4, "big") + round(2.2 * 256).to_bytes(2, "big") + b"\0\0"
    white = b"XYZ \0\0\0\0" + b"".join(round(v * 65536).to_bytes(4, "big") for v in (0.9642, 1.0, 0.8249))
    at = 128 + 4 + 24
    table = (2).to_bytes(4, "big") + b"wtpt" + at.to_bytes(4, "big") + len(white).to_bytes(4, "big")
    table += b"kTRC" + (at + len(white)).to_bytes(4, "big") + len(curve).to_bytes(4, "big")
    header = (at + len(white) + len(curve)).to_bytes(4, "big") + b"lcms" + bytes.fromhex("02100000") + b"mntrGRAYXYZ "
    header += b"\0" * 12 + b"acsp" + b"\0" * 28 + white[8:]
    profile = header + b"\0" * (128 - len(header)) + table + white + curve
    return saved(Image.new("L", (1200, 800), 119), "JPEG", quality=95, icc_profile=profile)


@pytest.mark.parametrize("make", [grey_jpeg, grey_with_profile])
def test_greys_are_on_the_black_plate_alone(project: Change, tmp_path: Path, make: Callable[[], bytes]) -> None:
    built = placed(project, make(), "grey.jpg")
    left, top, right, bottom = frame(built, tmp_path)
    inside = (slice(top + 2, bottom - 2), slice(left + 2, right - 2))
    plates = separated(built.path, tmp_path / "again", 1, dpi=50)
    for ink in ("Cyan", "Magenta", "Yellow"):
        assert plates[ink][inside].max() == 0
    assert plates["Black"][inside].min() > 80
    assert near(seen(built, tmp_path, 0.5, 0.5), (119, 119, 119), 3)


def test_sixteen_bits_with_alpha(project: Change, tmp_path: Path) -> None:
    built = placed(project, deep_png(), "deep.png")
    _, entries, mask = image_of(built.path)
    assert mask
    assert entries["/ColorSpace"] == Name.DeviceCMYK
    assert near(seen(built, tmp_path, 0.5, 0.5), RED)
    left, _, right, _ = frame(built, tmp_path)
    assert (right - left) / 50 * 25.4 == pytest.approx(50, abs=1), "the transparent half leaves the paper bare"


def test_alpha_is_flattened_where_the_version_forbids_it(project: Change, tmp_path: Path) -> None:
    old = Printer.model_construct(**{**dict(FOGRA39), "pdfx": "PDF/X-1a:2003"})
    built = placed(project, deep_png(), "deep.png", Edition("print", old))
    _, _, mask = image_of(built.path)
    assert not mask
    assert near(seen(built, tmp_path, 0.5, 0.5), RED)


def test_a_photo_that_lies_on_its_side_is_set_upright(project: Change, tmp_path: Path) -> None:
    built = placed(project, rotated_jpeg(), "phone.jpg")
    left, top, right, bottom = frame(built, tmp_path)
    assert (bottom - top) > (right - left) * 1.3
    assert near(seen(built, tmp_path, 0.5, 0.2), RED)
    assert near(seen(built, tmp_path, 0.5, 0.8), GREEN)


def test_fifty_megapixels_are_brought_to_what_the_printer_needs(project: Change, tmp_path: Path) -> None:
    built = placed(project, huge_jpeg(), "huge.jpg")
    _, entries, _ = image_of(built.path)
    assert int(entries["/Width"]) / (100 / 25.4) == pytest.approx(300, abs=2)
    assert near(seen(built, tmp_path, 0.2, 0.5), RED)
    assert built.path.stat().st_size < 3_000_000


def test_no_picture_is_made_larger(project: Change) -> None:
    built = placed(project, saved(two_colours(900, 600), "JPEG", quality=95), "small.jpg")
    _, entries, _ = image_of(built.path)
    assert (int(entries["/Width"]), int(entries["/Height"])) == (900, 600)
    assert any(d.code == "resolution" for d in built.diagnostics), "229 dpi: less than needed"


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_of_a_stylesheet_that_breaks_off_is_refused(project: Change, kind: str) -> None:
    whole = BytesIO()
    Image.effect_noise((900, 900), 90).convert("RGB").save(whole, kind)
    place = project({"layouts/images/ground.img.jpg": whole.getvalue()[: len(whole.getvalue()) // 3]})
    sheet = place.layouts / "styles" / "1-book.css"
    ground = '@page { background: url("../images/ground.img.jpg") }'
    sheet.write_text(f"{sheet.read_text('utf-8')}\n{ground}\n", encoding="utf-8")
    with pytest.raises(ReportError, match="cannot be printed"):
        build(place, EMAIL)


def test_one_picture_on_many_pages_is_in_the_file_once(project: Change) -> None:
    topics = {
        f"content/topics/p{n}.yaml": f"page: text\ntitle: P{n}\nimage: {{file: a.jpg, alt: x}}\n" for n in range(5)
    }
    order = "".join(f"  - topic: p{n}\n" for n in range(5))
    head = (
        f"title: R\norganisation: O\nperiod: {{from: 2021, to: 2024}}\nlanguage: en\norder:\n  - topic: photo\n{order}"
    )
    built = placed(project, srgb_jpeg(), "a.jpg", PRINT, **{**topics, "content/report.yaml": head})
    with pikepdf.open(built.path) as pdf:
        found = [o for o in pdf.objects if isinstance(o, pikepdf.Stream) and o.get(Name.Subtype) == Name.Image]
        assert len(found) == 1
        assert len(pdf.pages) == 8


def test_on_screens_all_come_as_srgb(project: Change) -> None:
    for make, name in ((wide_jpeg, "wide.jpg"), (cmyk_jpeg, "inks.jpg"), (srgb_jpeg, "a.jpg")):
        built = placed(project, make(), name, EMAIL)
        _, entries, _ = image_of(built.path)
        assert entries["/ColorSpace"] == Name.DeviceRGB
        shot = np.asarray(by_pdfium(built.path, 1, 50), dtype=int)
        if name != "inks.jpg":
            assert (np.abs(shot - np.array(RED)).max(axis=2) < 8).sum() > 1000, name


def test_a_stand_in_has_the_size_of_its_picture(tmp_path: Path) -> None:
    path = tmp_path / "huge.jpg"
    path.write_bytes(rotated_jpeg())
    jpeg = stand_in(path, "photos/città.jpg")
    assert jpeg is not None
    assert len(jpeg) < 1000
    with Image.open(BytesIO(jpeg)) as picture:
        assert picture.size == (800, 1200)
    (tmp_path / "no.txt").write_text("words")
    assert stand_in(tmp_path / "no.txt", "no.txt") is None


def test_on_screens_a_photo_does_not_say_where_it_was_taken(project: Change) -> None:
    with Image.open(BytesIO(srgb_jpeg())) as picture:
        exif = picture.getexif()
        exif[0x010E] = "taken at home"
        out = BytesIO()
        picture.save(out, "JPEG", exif=exif, comment=b"by somebody")
    assert b"taken at home" in out.getvalue()
    raw, _, _ = image_of(placed(project, out.getvalue(), "a.jpg", EMAIL).path)
    assert raw.startswith(b"\xff\xd8")
    assert b"taken at home" not in raw
    assert b"by somebody" not in raw


def postscript(out: Path) -> bytes:
    """EPS that writes a file, should anything run it."""
    head = "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 60 40\n%%EndComments\n"
    return f"{head}({out}) (w) file (it ran) writestring showpage\n%%EOF\n".encode()


@pytest.mark.parametrize("name", ["photo.jpg", "photo.png", "photo.eps", "photo.gif", "photo"])
def test_nothing_runs_what_is_in_a_picture(name: str, project: Change, tmp_path: Path) -> None:
    ran = tmp_path / "ran.txt"
    topic = f"page: text\ntitle: A\nimage: {{file: {name}, alt: a photo}}\n"
    place = project({f"content/{name}": postscript(ran), "content/topics/meals.yaml": topic})
    with pytest.raises(ReportError) as caught:
        build(place, EMAIL)
    assert [(d.code, d.span.line if d.span else 0) for d in caught.value.diagnostics] == [("bad-image", 3)]
    assert not ran.exists()


@pytest.mark.parametrize("name", ["ground.jpg", "ground.eps", "ground.svg", "ground"])
def test_a_stylesheet_runs_nothing_either(name: str, project: Change, tmp_path: Path) -> None:
    ran = tmp_path / "ran.txt"
    css = f"h1 {{ background: url('{name}') }}\n"
    place = project({f"layouts/styles/{name}": postscript(ran), "layouts/styles/9-own.css": css})
    with pytest.raises(ReportError) as caught:
        build(place, EMAIL)
    assert {d.code for d in caught.value.diagnostics} == {"bad-image"}
    assert not ran.exists()


@pytest.mark.parametrize("form", ["PPM", "ICO", "TGA", "PCX"])
def test_formats_that_no_one_expects_are_refused_under_any_name(form: str, project: Change) -> None:
    topic = "page: text\ntitle: A\nimage: {file: photo.jpg, alt: a photo}\n"
    place = project({"content/photo.jpg": saved(two_colours(64, 64), form), "content/topics/meals.yaml": topic})
    with pytest.raises(ReportError) as caught:
        build(place, EMAIL)
    assert [d.code for d in caught.value.diagnostics] == ["bad-image"]


def test_the_layout_engine_opens_no_other_formats() -> None:
    from weasyprint import images
    from weasyprint.draw import text

    import builder.pages.paginate  # noqa: F401

    for module in (images, text):
        with pytest.raises(UnidentifiedImageError):
            module.Image.open(BytesIO(postscript(Path("/tmp/ran"))))
        with pytest.raises(UnidentifiedImageError):
            module.Image.open(BytesIO(saved(two_colours(64, 64), "PPM")))
