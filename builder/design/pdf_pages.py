"""Pages of PDFs as pictures (the adapter for pdfium): letters, scans, advertisements that others have made."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

# The layout takes a page for a picture of so many dpi; it is drawn as fine as the edition prints it.
NOMINAL = 600


def is_pdf(file: Path) -> bool:
    """Whether a file is a PDF, by how it begins (ISO 32000-1, 7.5.2). Raises OSError where it cannot be read."""
    with file.open("rb") as found:
        return b"%PDF-" in found.read(1024)


def page_count(file: Path) -> int:
    """Raises ValueError for what is no PDF that can be opened."""
    import pypdfium2  # only reports with such pages need it
    from pypdfium2 import PdfiumError

    try:
        with pypdfium2.PdfDocument(file) as pdf:
            return len(pdf)
    except PdfiumError as error:
        raise ValueError("it is damaged, or it wants a password") from error


def page_size(file: Path, number: int) -> tuple[int, int]:
    """The size of page `number` (from 1), upright, in pixels of which `NOMINAL` are an inch. Raises ValueError."""
    import pypdfium2
    from pypdfium2 import PdfiumError

    try:
        with pypdfium2.PdfDocument(file) as pdf:
            width, height = pdf[number - 1].get_size()
    except (PdfiumError, IndexError) as error:
        raise ValueError(f"it has no page {number}") from error
    return max(1, round(width / 72 * NOMINAL)), max(1, round(height / 72 * NOMINAL))


def page_picture(file: Path, number: int, dpi: float) -> Image.Image:
    """Page `number` (from 1) as it prints, on white: in grey (L) where it has no colour, else RGB."""
    import pypdfium2
    from pypdfium2 import PdfiumError

    try:
        with pypdfium2.PdfDocument(file) as pdf:
            pdf.init_forms()  # what is filled in a form is on the page
            picture: Image.Image = pdf[number - 1].render(scale=dpi / 72).to_pil().convert("RGB")
    except (PdfiumError, IndexError) as error:
        raise ValueError(f"it has no page {number} that can be drawn") from error
    red, green, blue = picture.split()
    plain = red.tobytes() == green.tobytes() == blue.tobytes()
    return red if plain else picture
