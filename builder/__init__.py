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

from builder.model.about import __version__ as __version__

# Nothing that happens to be installed changes how content is read; and pydantic need not look for it.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
