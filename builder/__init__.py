"""Prints an accountability report from YAML, HTML and CSS, as a printer makes a book.

    load → check → draw → compose → paginate → bind → finish → preflight
     │       │       │       │          │        │       │         └ rules on the finished PDF, as diagnostics
     │       │       │       │          │        │       └ metadata and viewer settings of the edition
     │       │       │       │          │        └ fragments → one PDF: pages, tags, bookmarks, links, page labels
     │       │       │       │          └ WeasyPrint, one section → one PDF fragment and where its anchors fell
     │       │       │       └ Jinja2: report + theme + folios → one HTML document a section
     │       │       └ matplotlib: figure + theme → SVG
     │       └ manuscript → report (typed, frozen), every problem found at once
     └ YAML with line marks → manuscript

`builder.build.build` runs it.
"""

__version__ = "0.1.0"
