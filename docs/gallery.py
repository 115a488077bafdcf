"""Writes docs/figures.md and docs/blocks.md, pictures of the gallery beside the YAML that made them: make gallery."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import yaml
from PIL import Image, ImageChops

HERE = Path(__file__).parent
PICTURES = HERE / "gallery"
CONTENT = HERE.parent / "examples" / "gallery" / "content"
BOOK = HERE.parent / "output" / "gallery" / "output" / "galleria-delle-figure-2019-2024-email.pdf"
DPI = 96
# Of a page, in mm: what is cut off above and below, where running heads and folios are.
TOP, FOOT = 24, 24
TITLES = {
    "barre": "Bars",
    "barre-affiancate": "Grouped bars",
    "barre-impilate": "Stacked bars",
    "cascata": "Waterfall",
    "obiettivi": "Bullet: actual, target and before",
    "parti": "Donut",
    "linee": "Lines",
    "aree": "Areas",
    "multipli": "Small multiples",
    "eventi": "Events on a line of time",
    "punti": "Scatter",
    "pendenze": "Dumbbell and slopes",
    "distribuzione": "Histogram",
    "calore": "Heat table",
    "segni": "Pictogram",
    "flussi": "Flow",
    "organigramma": "Tree",
    "mappa": "Map",
    "testi": "Texts, quotes, boxes and numbers",
    "tabelle": "Tables",
    "fotografie": "Photos and drawings",
    "persone": "People",
}
PAGES = {
    "figures": (
        "Figures",
        "Every kind of figure, with the YAML of the topic that shows it. Data are examples. The keys are in\n"
        "[content.md](content.md#figures); figures of your own are in [own-figures.md](own-figures.md).",
        list(TITLES)[:18],
    ),
    "blocks": (
        "Blocks",
        "What a topic's `body` may hold, with the YAML that made it. Texts and pictures are examples. The keys are in\n"
        "[content.md](content.md#body).",
        list(TITLES)[18:],
    ),
}
NOTE = "This page is made from examples/gallery (`make gallery`), and a test holds it to it.\n"


def places(book: Path) -> dict[str, range]:
    """The pages of each topic, from 0: bookmarks have their titles."""
    titles = {str(yaml.safe_load(source(name))["title"]): name for name in TITLES}
    with pypdfium2.PdfDocument(book) as pdf:
        marks = [(one.get_title(), one.get_dest().get_index()) for one in pdf.get_toc() if one.level <= 1]
        ends = [page for _, page in marks[1:]] + [len(pdf)]
    return {titles[title]: range(page, end) for (title, page), end in zip(marks, ends, strict=True) if title in titles}


def source(name: str) -> str:
    """The YAML of a topic."""
    return (CONTENT / "topics" / f"{name}.yaml").read_text(encoding="utf-8").rstrip()


def shots(book: Path, pages: range) -> list[Image.Image]:
    """The pages as a screen shows them, as far down as they are printed; one that is printed to its cut, whole."""
    found = []
    with pypdfium2.PdfDocument(book) as pdf:
        for number in pages:
            page = pdf[number].render(scale=DPI / 72).to_pil().convert("RGB")
            if page.getcolors(2):  # a leaf before a part
                continue
            mm = DPI / 25.4
            inner = page.crop((0, round(TOP * mm), page.width, round(page.height - FOOT * mm)))
            printed = ImageChops.invert(inner.convert("L")).getbbox()
            whole = printed is None or printed[2] == page.width
            found.append(page if whole else inner.crop((0, 0, page.width, min(inner.height, printed[3] + 12))))
    return found


def pictures(book: Path) -> Iterator[tuple[str, Image.Image]]:
    """The pictures of both documents, with the names of their files."""
    for topic, pages in places(book).items():
        for number, shot in enumerate(shots(book, pages), 1):
            small = shot.resize((shot.width * 3 // 4, shot.height * 3 // 4), Image.Resampling.LANCZOS)
            yield f"{topic}-{number}.png", small.quantize(64)


def text(name: str) -> str:
    """One of the two documents."""
    title, lead, topics = PAGES[name]
    parts = [f"# {title}\n\n{lead}\n\n{NOTE}"]
    for topic in topics:
        files = sorted(PICTURES.glob(f"{topic}-[0-9].png"))
        shown = "\n".join(f"![{TITLES[topic]}](gallery/{one.name})" for one in files)
        parts.append(f"## {TITLES[topic]}\n\n```yaml topic\n{source(topic)}\n```\n\n{shown}\n")
    return "\n".join(parts)


def main() -> None:
    """Pictures and documents, from the gallery that was built."""
    for old in PICTURES.glob("*.png"):
        old.unlink()
    PICTURES.mkdir(exist_ok=True)
    for name, picture in pictures(BOOK):
        picture.save(PICTURES / name, optimize=True)
    for name in PAGES:
        (HERE / f"{name}.md").write_text(text(name), encoding="utf-8")


if __name__ == "__main__":
    main()
