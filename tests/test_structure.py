"""The shape of the code: who may import whom."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.conftest import ROOT

STAGES = {"load", "check", "draw", "compose", "paginate", "bind", "finish", "preflight"}


def imports(path: Path) -> set[str]:
    """Modules that a file imports when it runs (imports for type checkers alone do not count)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{a.name}" for a in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
    return found


def test_stages_do_not_import_each_other() -> None:
    for stage in STAGES:
        place = ROOT / "builder" / stage
        files = sorted(place.glob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
        others = tuple(f"builder.{other}" for other in STAGES - {stage})
        for file in files:
            found = {
                name for name in imports(file) if name in others or name.startswith(tuple(f"{o}." for o in others))
            }
            assert not found, (file, found)


def test_each_heavy_library_has_one_adapter() -> None:
    for library, adapters in (
        ("weasyprint", {"paginate", "doctor"}),
        ("uharfbuzz", {"bind", "fonts"}),
        ("matplotlib", {"canvas"}),
        ("subprocess", {"preflight", "revision"}),
        ("jinja2", {"compose", "templates"}),
        ("yaml", {"yamlfile"}),
        ("openpyxl", {"cells", "tables"}),
        ("pypdfium2", {"pdftext"}),
        ("num2words", {"numbers"}),
    ):
        users = {
            path.relative_to(ROOT / "builder").parts[0].removesuffix(".py")
            for path in (ROOT / "builder").rglob("*.py")
            if any(name.split(".")[0] == library for name in imports(path))
        }
        assert users == adapters, library


def test_only_the_command_line_prints_or_exits() -> None:
    for path in (ROOT / "builder").rglob("*.py"):
        if path.stem not in (
            "cli",
            "cli_data",
            "cli_mail",
            "cli_check",
            "cli_diff",
            "cli_watch",
            "cli_trace",
            "cli_press",
            "terminal",
            "__main__",
        ):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"(?<![\w.])print\(|\bout\.print\(", text), path
            assert "sys.exit" not in text, path


def test_modules_can_be_read_in_one_sitting() -> None:
    for path in (ROOT / "builder").rglob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 330, path
