"""Where what can be made again is kept: the user's cache directory (XDG Base Directory Specification, 0.8)."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cache_folder() -> Path | None:
    """None where BUILDER_CACHE is `off`; else the folder that it names, or builder's own in the user's cache."""
    named = os.environ.get("BUILDER_CACHE", "")
    if named == "off":
        return None
    if named:
        return Path(named).absolute()
    try:
        home = Path.home()
    except RuntimeError:
        return None
    usual = home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or usual) / "builder"
