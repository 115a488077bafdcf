"""Reading finished PDFs in tests: text by page, pixels."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2


def texts(path: Path) -> list[str]:
    """The text of each page, in the order of its content stream, with single spaces."""
    with pypdfium2.PdfDocument(path) as pdf:
        return [flat(page.get_textpage().get_text_range()) for page in pdf]


def flat(text: str) -> str:
    """One line; hyphens at line ends taken out, typographic quotes, dashes and spaces made plain."""
    text = re.sub(r"[\ufffe\u00ad\u0002\u2010]\s*", "", text)
    for typographic, plain in (("’", "'"), ("–", "-"), ("“", '"'), ("”", '"'), ("\u00a0", " ")):
        text = text.replace(typographic, plain)
    return re.sub(r"(\d) - (\d)", r"\1-\2", " ".join(text.split()))


def pixels(path: Path, page: int, scale: float = 1.0) -> bytes:
    """One page as RGB bytes, at `scale` × 72 dpi."""
    with pypdfium2.PdfDocument(path) as pdf:
        return bytes(pdf[page].render(scale=scale).to_numpy().tobytes())
