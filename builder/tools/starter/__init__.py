"""The project that `builder new` makes: example content of its own, and the layouts and fonts of this tool."""

from __future__ import annotations

import shutil
from pathlib import Path

from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, refused
from builder.tools.schema import write_schemas

_HERE = Path(__file__).parent


def _shipped(name: str) -> Path:
    """`layouts` or `fonts`: inside an installed package, or beside it in a checkout."""
    inside = _HERE / name
    return inside if inside.is_dir() else _HERE.parents[2] / name


def plant(folder: Path) -> None:
    """Fill `folder`, which must be new or empty. Raises ReportError otherwise, or where it cannot be written."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ReportError(
            [Diagnostic("not-empty", f"{folder} is there already and is not empty", "choose another name")],
            ExitCode.USAGE,
        )
    try:
        shutil.copytree(_HERE / "content", folder / "content", dirs_exist_ok=True)
        for name in ("layouts", "fonts"):
            shutil.copytree(_shipped(name), folder / name)
        write_schemas(folder / "content" / "schema")
        (folder / "output").mkdir()
        (folder / ".gitignore").write_text("output/*\n.cache/\n", encoding="utf-8")
    except OSError as error:
        raise refused(folder, error, "check the folder's permissions") from error
