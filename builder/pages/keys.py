"""What figures and sections depend on, and nothing else: the keys of the cache."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cached_property
from hashlib import sha256
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from builder.model.fragment import SectionJob
from builder.model.spelling import on_disk
from builder.pages.setting import Setting, beside, part_of_layout
from builder.runtime.cache import key

_ADDRESS = re.compile(
    r"""(?<![\w-])(?:src|href|data|poster)\s*=\s*(?:["']([^"']*)["']|([^\s"'>]+))|url\(\s*["']?([^"')]*?)["']?\s*\)""",
    re.IGNORECASE,
)
_ELSEWHERE = frozenset(("book", "figure", "http", "https", "mailto", "tel", "data"))


class Keys:
    """The keys of the sections of one setting."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._files: dict[Path, bytes] = {}

    def anew(self) -> Keys:
        """The same, as the files are now."""
        return Keys(self._setting)

    def section(self, job: SectionJob) -> str | None:
        """None where it names a file that is not there: what becomes of that is for the layout to say."""
        try:
            files = [(address, self._file(path)) for address, path in self._named(job.html)]
            figures = sorted(job.figures.items())
            return key(
                "section",
                self._common,
                job.name,
                job.html,
                job.start,
                sorted(job.expected),
                str(job.span),
                figures,
                files,
            )
        except (OSError, KeyError, ValueError):
            return None

    def covers(self, job: SectionJob, read: Collection[Path]) -> bool:
        """Whether a section's key speaks of all files that were read for it: a drawing in SVG may name others."""
        project, named = self._setting.project, {path.resolve() for _, path in self._named(job.html)}
        return all(path in named or part_of_layout(path, project) for path in read)

    @cached_property
    def _common(self) -> bytes:
        """Theme, stylesheets and whatever lies beside them, fonts."""
        setting, whole = self._setting, sha256()
        for part in (setting.tokens, str(setting.project.root), str(setting.tagged), " ".join(setting.hyphenation)):
            whole.update(part.encode() + b"\0")
        return whole.digest() + self.beside

    @cached_property
    def beside(self) -> bytes:
        """The digest of stylesheets and fonts."""
        return beside(self._setting.project)

    def _named(self, html: str) -> Iterator[tuple[str, Path]]:
        for match in _ADDRESS.finditer(html):
            address = unescape(match[1] or match[2] or match[3] or "")
            parts = urlsplit(address)
            if not parts.path or parts.scheme in _ELSEWHERE:
                continue
            yield address, on_disk(self._setting.project.content / unquote(parts.path))

    def _file(self, path: Path) -> bytes:
        """A picture counts with its size, of which alone the layout knows; any other file with all that is in it."""
        if path not in self._files:
            from builder.pages.standin import stand_in  # loads Pillow, which a book without pictures does not need

            self._files[path] = sha256(stand_in(path, path.name) or path.read_bytes()).digest()
        return self._files[path]
