"""`builder check` on generated projects of growing size: whole processes, medians of five.

The texts are generated and say so; every topic quotes five indicators, has a figure of its own or none, and a passage
is looked up for each indicator.
"""

from __future__ import annotations

import hashlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from builder.tools.starter import plant

RUNS = 5
SIZES = ((500, 100), (2500, 500), (5000, 1000))
WORDS = [
    "servizio", "comune", "ufficio", "sportello", "biblioteca", "mensa", "scuola", "strada", "parco", "quartiere",
    "anziani", "famiglie", "giovani", "progetto", "bando", "accordo", "regione", "rete", "volontari", "impianto",
    "cultura", "sport", "casa", "lavoro", "ambiente", "energia", "acqua", "trasporto", "piazza",
]  # fmt: skip


def generated(folder: Path, indicators: int, topics: int) -> None:
    """Write a project with so many indicators and topics. The numbers are generated."""
    plant(folder)
    chance = random.Random(indicators)
    content = folder / "content"
    for old in (content / "topics").glob("*.yaml"):
        old.unlink()
    entries, lines = [], []
    for n in range(indicators):
        value = chance.randint(100, 99999)
        label = f"{' '.join(chance.sample(WORDS, 4)).capitalize()} {'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10 % 10]}"
        label += "".join("uvwxyzabcd"[int(d)] for d in str(n))
        passage = f"{value} {label.lower()} nel 2023"
        lines.append(passage)
        entries.append(
            f"i{n}:\n  label: {label}\n  kind: count\n  value: {value}\n  period: {{from: 2023}}\n  source: testo\n"
            f"  passage: {passage}\n  note: Dato generato per una misura.\n"
        )
    (content / "indicators.yaml").write_text("".join(entries), encoding="utf-8")
    source = content / "testo.txt"
    source.write_text("\n".join(lines), encoding="utf-8")
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    text = f"testo: {{title: Testo generato, file: testo.txt, sha256: {digest}}}\n"
    (content / "sources.yaml").write_text(text, encoding="utf-8")
    each = indicators // topics
    for n in range(topics):
        own = range(n * each, (n + 1) * each)
        quotes = ", ".join(f"{{{{ i{k} }}}} {chance.choice(WORDS)}" for k in own)
        prose = " ".join(f"{' '.join(chance.choices(WORDS, k=14)).capitalize()}." for _ in range(5))
        title = " ".join(chance.sample(WORDS, 4)).capitalize()
        topic = f"title: {title}\npage: text\ntext: |\n  {quotes}.\n\n  {prose}\n"
        (content / "topics" / f"t{n}.yaml").write_text(topic, encoding="utf-8")
    order = "".join(f"  - topic: t{n}\n" for n in range(topics))
    head = "title: Testo generato\norganisation: Esempio\nperiod: {from: 2019, to: 2023}\nlanguage: it\norder:\n"
    (content / "report.yaml").write_text(f"{head}{order}  - page: indicators\n", encoding="utf-8")


def main() -> None:
    """Print the median seconds of each size and the ratio to the smallest, by indicator."""
    print(f"{'indicators':>10} {'topics':>7} {'median':>8} {'range':>14} {'ms an indicator':>16}")
    for indicators, topics in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "project"
            generated(folder, indicators, topics)
            times = []
            for run in range(RUNS + 1):
                start = time.perf_counter()
                command = [sys.executable, "-m", "builder", "check", "-p", str(folder), "--format", "json"]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                if run:
                    times.append(time.perf_counter() - start)
            median = statistics.median(times)
            spread = f"{min(times):.2f}–{max(times):.2f}"
            print(f"{indicators:>10} {topics:>7} {median:>7.2f}s {spread:>14} {1000 * median / indicators:>16.2f}")
            assert done.stdout.strip() == "[]", done.stdout[:2000]


if __name__ == "__main__":
    main()
