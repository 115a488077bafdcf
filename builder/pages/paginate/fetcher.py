"""What the layout engine may open: files of the project, and the figures just drawn; nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from weasyprint.urls import URLFetcher, URLFetcherResponse

from builder.design.colour import RGB, Inks, Separation
from builder.design.drawings import DrawingError, is_drawing, made_ready
from builder.model.spelling import on_disk
from builder.pages.setting import Setting
from builder.pages.standin import stand_in


class Fetcher(URLFetcher):  # type: ignore[misc]
    """Opens files of the project and the figures just drawn; nothing else."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(allowed_protocols=("file", "figure"))
        self._root = setting.project.root
        self._families, self._icc = setting.families, setting.icc
        self.figures: Mapping[str, str] = {}
        self.read: set[Path] = set()

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        parts = urlsplit(url)
        scheme = parts.scheme.lower()
        if scheme == "figure":
            svg = self.figures[unquote(parts.path)]
            return URLFetcherResponse(url, svg, {"Content-Type": "image/svg+xml"})
        if scheme != "file" or parts.netloc:
            raise ValueError(f"{url[:80]} is not in the project")
        path = on_disk(Path(url2pathname(parts.path))).resolve()
        if not path.is_relative_to(self._root):
            raise ValueError(f"{path.name} is outside the project")
        self.read.add(path)
        if is_drawing(path):
            return URLFetcherResponse(url, self._drawing(path), {"Content-Type": "image/svg+xml"})
        if jpeg := stand_in(path, path.relative_to(self._root).as_posix(), parts.query):
            # Under its own address WeasyPrint would read the file itself.
            return URLFetcherResponse("stand-in:", jpeg, {"Content-Type": "image/jpeg"})
        return super().fetch(path.as_uri(), headers)

    def _drawing(self, path: Path) -> bytes:
        try:
            return made_ready(path.read_bytes(), frozenset(self._families), self._families[0], self._inks)
        except DrawingError as error:
            raise ValueError(f"{path.name} cannot be printed: {error.message} ({error.hint})") from error

    @cached_property
    def _inks(self) -> Callable[[RGB], Inks] | None:
        return Separation(self._icc).inks if self._icc is not None else None
