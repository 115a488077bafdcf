"""A file inside a PDF: what the archive edition carries, and what is read back from it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, TypeAlias

# How an embedded file relates to the document (ISO 19005-3, annex E).
Relationship: TypeAlias = Literal["Source", "Data", "Alternative", "Supplement", "Unspecified"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """One embedded file; `kind` is its media type (RFC 6838), `about` a sentence for people."""

    name: str
    data: bytes
    kind: str
    relationship: Relationship
    about: str

    @property
    def digest(self) -> str:
        return sha256(self.data).hexdigest()
