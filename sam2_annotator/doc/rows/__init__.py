"""Rows of the document as frozen values, and how each is laid out in its table.

A row knows its table, its key and its columns, so `Edit`, `History` and `Queries` are written once for all of
them. Column values are what both SQLite and JSON hold without loss: text, integers, finite floats and None.
"""

from __future__ import annotations

from sam2_annotator.doc.rows.base import LoadMask, MaskDigest, R, Row, Value, digest_of
from sam2_annotator.doc.rows.items import ItemRow, ReviewRow, inside, path_text
from sam2_annotator.doc.rows.labels import AttributeRow, AttributeValueRow, LabelRow
from sam2_annotator.doc.rows.masks import MaskRow, PromptRow
from sam2_annotator.doc.rows.objects import ObjectRow
from sam2_annotator.doc.rows.settings import SettingRow

_TYPES: tuple[type[Row], ...] = (
    ItemRow,
    ReviewRow,
    LabelRow,
    AttributeRow,
    ObjectRow,
    AttributeValueRow,
    PromptRow,
    MaskRow,
    SettingRow,
)
ROWS: dict[str, type[Row]] = {row.TABLE: row for row in _TYPES}

__all__ = [
    "ROWS",
    "AttributeRow",
    "AttributeValueRow",
    "ItemRow",
    "LabelRow",
    "LoadMask",
    "MaskDigest",
    "MaskRow",
    "ObjectRow",
    "PromptRow",
    "R",
    "ReviewRow",
    "Row",
    "SettingRow",
    "Value",
    "digest_of",
    "inside",
    "path_text",
]
