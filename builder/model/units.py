"""Lengths: a point is 1/72 inch (ISO 32000-1, 8.3.2.3), an inch 25.4 mm."""

MM_PER_INCH = 25.4
MM_PER_PT = MM_PER_INCH / 72
PT_PER_MM = 72 / MM_PER_INCH
