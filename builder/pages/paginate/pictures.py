"""Pictures as WeasyPrint opens them: of the formats that are known to be harmless, and no others."""

from __future__ import annotations

from typing import Any

import PIL.Image

from builder.design.pixels import opened
from builder.pages.paginate.patch import replace


class Pictures:
    """What WeasyPrint takes for the module PIL.Image."""

    def __getattr__(self, name: str) -> Any:
        return getattr(PIL.Image, name)

    def open(self, file: Any) -> PIL.Image.Image:
        return opened(file)


for _module in ("weasyprint.images", "weasyprint.draw.text"):
    replace(_module, "Image", Pictures())
