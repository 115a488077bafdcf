"""Letters in one form: some systems write è as one sign, a Mac as e and an accent (Unicode, 3.11: forms C and D).

All that is read is brought to form C: fonts have its signs, and names that look alike are alike.
"""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from pathlib import Path


def composed(text: str) -> str:
    """The text in form C."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def on_disk(path: Path) -> Path:
    """The file that `path` means, in whatever form its folder has the name; `path` itself where there is none."""
    with suppress(OSError, ValueError):  # a name that no file can have
        if path.exists() or path.parent == path:
            return path
        folder, name = on_disk(path.parent), composed(path.name)
        for entry in sorted(folder.iterdir()):
            if composed(entry.name) == name:
                return entry
    return path


def flat(text: object) -> str:
    """A heading or name without the spaces and capitals in which tables differ."""
    return " ".join(str(text).replace("\u00a0", " ").split()).casefold()
