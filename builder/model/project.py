"""Where a report project keeps its things."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath

from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, Span
from builder.model.spelling import on_disk

# Where the signatures of indicators from tables stand, below content/.
SIGNATURES = "signatures.yaml"
# The profiles of printers and presses that come with builder.
SHIPPED = Path(__file__).resolve().parents[1] / "design" / "printers"
_PACKAGE = Path(__file__).resolve().parents[1]


def shipped(name: str) -> Path:
    """`layouts` or `fonts` as they come with builder: inside an installed package, or beside it in a checkout."""
    inside = _PACKAGE / "tools" / "starter" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with `content/`, `layouts/`, `fonts/` and `output/`; and `figures/`, with figures that it draws itself.

    Those are programs: they run where the project is `trusted`.
    """

    root: Path
    trusted: bool = False

    @classmethod
    def at(cls, folder: Path | str, *, trusted: bool = False) -> Project:
        """The project in `folder`. Raises ReportError (usage) where there is none."""
        root = Path(folder).resolve()
        if not (root / "content" / "report.yaml").is_file():
            raise ReportError(
                [
                    Diagnostic(
                        "no-project",
                        f"there is no report project in {folder}: content/report.yaml is missing",
                        "go to the project's folder, or name it with --project DIR; `builder new DIR` makes a new one",
                    )
                ],
                ExitCode.USAGE,
            )
        return cls(root, trusted)

    @property
    def content(self) -> Path:
        return self.root / "content"

    @property
    def layouts(self) -> Path:
        return self.root / "layouts"

    @property
    def fonts(self) -> Path:
        return self.root / "fonts"

    @property
    def output(self) -> Path:
        return self.root / "output"

    @property
    def figures(self) -> Path:
        return self.root / "figures"

    def name(self, path: Path) -> str:
        """How messages call a file: its path from the project's folder, with forward slashes."""
        return path.relative_to(self.root).as_posix()

    def icon(self, name: str) -> Path:
        """Where an icon lies: an SVG file in content/, or one of those in layouts/icons by its name."""
        return self.content / name if name.endswith(".svg") else self.layouts / "icons" / f"{name}.svg"

    def inside(self, name: str, base: Path, span: Span | None) -> Path | Diagnostic:
        """The file `name` below `base`, or what is wrong with it: a URL, a path that leads out of there, missing."""
        if "://" in name or name.startswith(("//", "data:")):
            return Diagnostic(
                "outside-project",
                f'"{name}" is an address on the network',
                "save the file in the project and give its path: a report must print the same tomorrow",
                span,
            )
        missing = Diagnostic("missing-file", f'there is no file "{name[:120]}"', _nearest(name, base), span)
        try:
            path = on_disk(base / name).resolve()
            there = path.is_file()
        except (OSError, ValueError):  # a name that no file can have
            return missing
        if not path.is_relative_to(base.resolve()):
            return Diagnostic(
                "outside-project",
                f'"{name}" is outside {base.name}/ in the project\'s folder',
                f"copy the file into {base.name}/ and give its path from there",
                span,
            )
        if not there:
            return missing
        return path


def _nearest(name: str, base: Path) -> str:
    """The file that was probably meant: in another folder, of another kind, or with another spelling."""
    asked = PurePosixPath(name)
    files = sorted(path.relative_to(base).as_posix() for path in base.rglob("*") if path.is_file())
    meant = [one for one in files if PurePosixPath(one).stem.casefold() == asked.stem.casefold()]
    meant += get_close_matches(name, files, n=1, cutoff=0.7)
    if meant:
        return f'did you mean "{meant[0]}"?'
    return "check the name (capital letters count) or add the file"
