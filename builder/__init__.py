"""Prints an accountability report from YAML, HTML and CSS, as a printer makes a book.

    content → figures → pages → pdf → preflight
       │         │        │      │        └ rules on the finished PDF, as diagnostics
       │         │        │      └ bind, finish: fragments → one PDF, in the inks and boxes of its edition
       │         │        └ compose, paginate: report + theme → HTML, one section → one fragment, until all are counted
       │         └ draw: figure + theme → SVG
       └ load, check: YAML with line marks → report (typed, frozen), every problem found at once

`builder.build.build` runs it.
"""

import os

from builder.model.about import __version__ as __version__

# Nothing that happens to be installed changes how content is read; and pydantic need not look for it.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
