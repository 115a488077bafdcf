"""What a table block says of the columns of its sheet."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field, Strict

from builder.model.manuscript import Text
from builder.model.node import Node

Heads: TypeAlias = Text | tuple[Text, ...]


class ColumnRoles(Node):
    """Which columns of a sheet are printed, and what they hold where their heads do not say it."""

    years: Text | Annotated[int, Strict()] | None = Field(None, description="only columns of these years: 2020-2024")
    change: Heads = Field((), description="heads of columns that say how numbers change; … stands for any words")
    share: Heads = Field((), description="heads of columns of parts in per cent, 100 together")
    total: Heads = Field((), description="heads of columns that add up others")
    without: Heads = Field((), description="heads of columns that are not printed")
