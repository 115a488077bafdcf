"""Generated books of any length, for the benchmarks: Italian words in no order, tables, figures; they say so."""

from __future__ import annotations

import random
import re
from pathlib import Path

from builder.starter import plant

_FRONT = (
    "title: Libro generato per le misure",
    "organisation: Nessuno",
    "period: {from: 2021, to: 2024}",
    "language: it",
    "order:",
)
# A section of text takes about five pages with its part.
_PAGES = 5
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
    names = [f"capitolo-{number}" for number in range(max(1, pages // _PAGES))]
    for name in names:
        lines = [
            f"title: {_sentence(choose, 6)[:-1]}",
            "page: text",
            "lead: Testo generato per le misure, parole a caso.",
            "figure: {kind: lines, indicators: [meals, meals-delivered], title: Pasti nel tempo (dati di esempio)}",
            "text: |",
            "  I pasti sono {{ meals }}. " + _paragraph(choose),
        ]
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
    front.write_text(
        "\n".join([*_FRONT, *order, ""]),
        encoding="utf-8",
    )
    return folder


def _sentence(choose: random.Random, words: int) -> str:
    return " ".join(choose.choices(_WORDS, k=words)).capitalize() + "."


def _paragraph(choose: random.Random) -> str:
    return " ".join(_sentence(choose, choose.randint(8, 18)) for _ in range(5))
