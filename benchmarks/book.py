"""Generated books of any length, for the benchmarks: text, tables, figures and photos, and they say what they are."""

from __future__ import annotations

import random
import re
from pathlib import Path

import numpy as np
from PIL import Image

from builder.tools.starter import plant

_FRONT = (
    "title: Libro generato per le misure",
    "organisation: Nessuno",
    "period: {from: 2021, to: 2024}",
    "language: it",
    "budget: 500",
    "order:",
)
# A chapter takes about five pages and a half, with its share of the parts.
_PAGES = 5.4
# Width and height of a photo, in pixels: about 220 dpi across the type area, as it is printed on screens.
_PHOTO = (1400, 933)
_WORDS = re.findall(
    r"\S+",
    """comune servizio cittadino scuola strada bilancio progetto mensa biblioteca quartiere sindaco ufficio
    persona tempo casa acqua parco lavoro rete famiglia energia ambiente salute cultura mobilità
    sicurezza impresa territorio assemblea delibera nuovo pubblico grande locale sociale aperto comunale
    semplice digitale comune e di che con per nella dalla alle sono viene offre cura apre rende chiede
    sostiene accoglie accompagna racconta misura spiega promuove realizza coinvolge""",
)


def generate(pages: int, folder: Path) -> Path:
    """A project of about so many pages in `folder`; the same each time."""
    plant(folder)
    choose = random.Random(pages)
    topics = folder / "content" / "topics"
    for path in topics.glob("*.yaml"):
        path.unlink()
    names = [f"capitolo-{number}" for number in range(max(1, round(pages / _PAGES)))]
    for number, name in enumerate(names):
        lines = [
            f"title: {_sentence(choose, 6)[:-1]}",
            "page: text",
            "lead: Testo generato per le misure, parole a caso.",
        ]
        if number % 2:
            _photo(number, folder / "content" / f"{name}.jpg")
            lines.append(f"image: {{file: {name}.jpg, alt: Macchie di colore generate, caption: Immagine generata}}")
        else:
            lines.append(
                "figure: {kind: lines, indicators: [meals, meals-delivered], title: Pasti nel tempo (dati di esempio)}"
            )
        lines += ["text: |", "  I pasti sono {{ meals }}. " + _paragraph(choose)]
        for part in range(5):
            lines += ["", f"  ## {_sentence(choose, 4)[:-1]}", ""]
            for _ in range(3):
                lines += ["  " + _paragraph(choose), ""]
            if part == 2:
                lines += ["  | Servizio | Che cosa offre | A chi |", "  |---|---|---|"]
                lines += [
                    f"  | {_sentence(choose, 2)} | {_sentence(choose, 7)} | {_sentence(choose, 3)} |" for _ in range(12)
                ]
        (topics / f"{name}.yaml").write_text("\n".join([*lines, ""]), encoding="utf-8")
    order = ["  - page: cover", "  - page: contents"]
    for number in range(0, len(names), 5):
        order += [f"  - part: parte-{number}", f"    title: {_sentence(choose, 3)[:-1]}", "    topics:"]
        order += [f"      - {name}" for name in names[number : number + 5]]
    order += ["  - page: indicators", "  - page: figures", "  - page: back-cover"]
    front = folder / "content" / "report.yaml"
    front.write_text("\n".join([*_FRONT, *order, ""]), encoding="utf-8")
    return folder


def _photo(seed: int, file: Path) -> None:
    """Soft spots with the grain of a photo, so that it compresses as one."""
    make = np.random.default_rng(seed)
    width, height = _PHOTO
    coarse = Image.fromarray(make.integers(40, 216, (8, 12, 3), dtype=np.uint8))
    soft = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC), dtype=np.int16)
    grain = make.normal(0, 6, (height, width, 1)).astype(np.int16)
    Image.fromarray(np.clip(soft + grain, 0, 255).astype(np.uint8)).save(file, quality=85)


def _sentence(choose: random.Random, words: int) -> str:
    return " ".join(choose.choices(_WORDS, k=words)).capitalize() + "."


def _paragraph(choose: random.Random) -> str:
    return " ".join(_sentence(choose, choose.randint(8, 18)) for _ in range(5))
