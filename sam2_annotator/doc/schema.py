"""What makes a file a project of ours, and which layout this program reads and writes.

The tables themselves are made by the migrations, which are never edited once released. In short:
the tables of DOCUMENT_TABLES are the document (doc/rows); `mask` holds pixels by digest (doc/mask_table.py);
`part`, `history`, `history_mask` are what undo needs (doc/history.py); `sequence` gives out ids and `state` is a
single line of small facts.
"""

from __future__ import annotations

APPLICATION_ID = 0x53324150  # "S2AP", bytes 68..71 of the file
VERSION = 3
DOCUMENT_TABLES = (
    "item",
    "review",
    "label",
    "attribute",
    "object",
    "attribute_value",
    "prompt",
    "frame_mask",
    "setting",
)
