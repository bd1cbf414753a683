"""What makes a file a project of ours, and which layout this program reads and writes.

The tables themselves are made by the migrations, which are never edited once released. In short:
`item`, `label`, `object`, `prompt`, `frame_mask` are the document (doc/rows.py); `mask` holds pixels by digest;
`part`, `history`, `history_mask` are what undo needs (doc/history.py); `sequence` gives out ids and `state` is a
single line of small facts.
"""

from __future__ import annotations

APPLICATION_ID = 0x53324150  # "S2AP", bytes 68..71 of the file
VERSION = 1
DOCUMENT_TABLES = ("item", "label", "object", "prompt", "frame_mask")
