"""Bad input: each file of tests/cases is a change to the new project, with the diagnostics that it must give.

`expect: file:line:col code`, `exit: code`, then the changed files after `=== name`. The command is the real one.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image

from builder.cli.app import main
from builder.content.rules import CHECKS
from tests.conftest import Change

CASES = sorted((Path(__file__).parent / "cases").glob("*.case"))


def _half_a_picture() -> bytes:
    target = io.BytesIO()
    Image.effect_noise((400, 400), 80).convert("RGB").save(target, "JPEG")
    return target.getvalue()[:9000]


HALF = _half_a_picture()


def read(case: Path) -> tuple[list[str], int, dict[str, str | bytes | None]]:
    head, *parts = re.split(r"^=== ", case.read_text(encoding="utf-8"), flags=re.MULTILINE)
    files: dict[str, str | bytes | None] = {}
    for part in parts:
        name, text = part.split("\n", 1)
        files[name] = text
    expected = re.findall(r"^expect: (.*)$", head, re.MULTILINE)
    exit_code = int(re.findall(r"^exit: (\d+)$", head, re.MULTILINE)[0])
    return expected, exit_code, files


def specials(files: dict[str, str | bytes | None], theme: str, labels: str) -> None:
    """What a text file cannot hold: another encoding, a file that is gone, a theme with one line changed."""
    for name, text in files.items():
        if text == "@latin1\n":
            files[name] = "title: perché\n".encode("latin-1")
        elif text == "@missing\n":
            files[name] = None
        elif text == "@theme\n":
            files[name] = theme.replace("SourceSerif4-Regular.ttf", "SourceSerif4-Missing.ttf")
        elif text == "@labels\n":
            files[name] = labels
        elif text == "@half a picture\n":
            files[name] = HALF


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.stem)
def test_bad_input_is_said_with_its_place_and_remedy(
    case: Path, project: Change, capsys: pytest.CaptureFixture[str]
) -> None:
    expected, exit_code, files = read(case)
    root = project().root
    layouts = root / "layouts"
    specials(files, (layouts / "theme.yaml").read_text(), (layouts / "labels" / "en.yaml").read_text())
    project(files)
    old = root / "output" / "annual-report-2021-2024-print-coated-fogra39.pdf"
    old.write_bytes(b"the last good PDF")
    code = main(["build", "--project", str(root)])
    said = capsys.readouterr().err
    assert "Traceback" not in said
    places = re.findall(r"^(?:(\S+?)(?::(\d+):(\d+))?: )?(error|warning)\[([a-z0-9-]+)\]", said, re.MULTILINE)
    # What the checks on the writing say of these scraps of text is tested by itself (test_rules.py).
    found = [
        f"{f}:{line}:{col} {name}" for f, line, col, level, name in places if level == "error" or name not in CHECKS
    ]
    expected_hints = len(places)
    short = {re.sub(r":\d+ ", " ", f, count=1) if f.split(" ")[0] not in " ".join(expected) else f for f in found}
    assert set(expected) <= set(found) | short, said
    assert len(found) == len(expected), said
    assert said.count("\n  hint: ") == expected_hints, "each says what to do"
    assert code == exit_code
    assert old.read_bytes() == b"the last good PDF"
    assert [p.name for p in (root / "output").iterdir()] == [old.name]


def test_check_finds_the_same_as_build(project: Change, capsys: pytest.CaptureFixture[str]) -> None:
    expected, exit_code, files = read(next(c for c in CASES if c.stem == "unknown-indicator"))
    root = project(files).root
    assert main(["check", "--project", str(root), "--format", "json"]) == exit_code
    found = json.loads(capsys.readouterr().out)
    assert [f"{d['file']}:{d['line']}:{d['column']} {d['code']}" for d in found] == expected
    assert all(d["hint"] for d in found)
