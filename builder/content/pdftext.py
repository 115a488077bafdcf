"""The words of a finished PDF's pages (pdfium)."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from pypdfium2 import PdfiumError


def page_texts(file: Path) -> tuple[str, ...]:
    """The text of each page. Raises ValueError for what is no PDF that can be opened."""
    try:
        with pypdfium2.PdfDocument(file) as pdf:
            return tuple(page.get_textpage().get_text_bounded() for page in pdf)
    except PdfiumError as error:
        raise ValueError(f"{file.name} is no PDF that can be opened") from error
