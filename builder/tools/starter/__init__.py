"""The project that `builder new` makes: example content of its own, and the layouts and fonts of this tool."""

from __future__ import annotations

import shutil
from pathlib import Path

from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, refused
from builder.model.project import shipped
from builder.tools.schema import write_schemas

_HERE = Path(__file__).parent


def languages() -> dict[str, Path]:
    """The languages in which there are examples, with their content."""
    return {"en": _HERE / "content"} | {path.name: path for path in sorted((_HERE / "languages").iterdir())}


def plant(folder: Path, language: str = "en") -> None:
    """Fill `folder`, which must be new or empty, with an example in a language.

    Raises ReportError for a folder that is not empty or cannot be written, and for a language without an example.
    """
    known = languages()
    if language not in known:
        message, hint = f'there is no example in "{language}"', f"there are: {', '.join(known)}"
        raise ReportError([Diagnostic("no-language", message, hint)], ExitCode.USAGE)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ReportError(
            [Diagnostic("not-empty", f"{folder} is there already and is not empty", "choose another name")],
            ExitCode.USAGE,
        )
    try:
        shutil.copytree(known[language], folder / "content", dirs_exist_ok=True)
        for name in ("layouts", "fonts"):
            shutil.copytree(shipped(name), folder / name)
        write_schemas(folder / "content" / "schema")
        (folder / "output").mkdir()
        (folder / ".gitignore").write_text("output/*\n.cache/\n", encoding="utf-8")
    except OSError as error:
        raise refused(folder, error, "check the folder's permissions") from error
