"""Prints an accountability report from YAML, HTML and CSS, as a printer makes a book.

    load → check → draw → compose → paginate → bind → finish → preflight
     │       │       │       │          │        │       │         └ rules on the finished PDF, as diagnostics
     │       │       │       │          │        │       └ metadata and viewer settings of the edition
     │       │       │       │          │        └ fragments → one PDF: pages and their numbers, tags, bookmarks, links
     │       │       │       │          └ WeasyPrint, one section → one PDF fragment and where its anchors fell
     │       │       │       └ Jinja2: report + theme → one HTML document a section, with places for page numbers
     │       │       └ matplotlib: figure + theme → SVG
     │       └ manuscript → report (typed, frozen), every problem found at once
     └ YAML with line marks → manuscript

`builder.build.build` runs it.
"""

import os
import time

__version__ = "0.1.0"
# When this process began, in seconds of `time.monotonic`: where the time went is counted from here.
STARTED = time.monotonic()
# Nothing that happens to be installed changes how content is read; and pydantic need not look for it.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
