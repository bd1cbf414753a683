"""Schema 2: reviews, attributes, project settings, where media lie beside the project, how masks came about.

Row images in the history get the new columns too, so undo goes on working.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

_TABLES = """
ALTER TABLE item ADD COLUMN beside TEXT;
ALTER TABLE item ADD COLUMN fingerprint TEXT;
ALTER TABLE label ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
UPDATE label SET position = id;
ALTER TABLE object ADD COLUMN colour TEXT;
ALTER TABLE object ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE frame_mask ADD COLUMN origin TEXT NOT NULL DEFAULT 'prompted';
UPDATE frame_mask SET origin = 'propagated' WHERE state NOT IN ('key', 'absent');
UPDATE frame_mask SET origin = 'edited' WHERE state = 'absent';
CREATE INDEX frame_mask_by_key_frame ON frame_mask (object, item, frame) WHERE state IN ('key', 'confirmed');
ALTER TABLE mask ADD COLUMN base TEXT REFERENCES mask DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX mask_by_base ON mask (base) WHERE base IS NOT NULL;
ALTER TABLE part ADD COLUMN made TEXT NOT NULL DEFAULT '';
ALTER TABLE state ADD COLUMN clean INTEGER NOT NULL DEFAULT 1;
ALTER TABLE state ADD COLUMN clean_revision INTEGER NOT NULL DEFAULT 0;
UPDATE state SET clean_revision = revision;

CREATE TABLE review (
  item INTEGER NOT NULL REFERENCES item DEFERRABLE INITIALLY DEFERRED,
  frame INTEGER NOT NULL, confirmed INTEGER NOT NULL, flag TEXT,
  PRIMARY KEY (item, frame)
) WITHOUT ROWID;
CREATE TABLE attribute (
  id INTEGER PRIMARY KEY,
  label INTEGER REFERENCES label DEFERRABLE INITIALLY DEFERRED,
  name TEXT NOT NULL, kind TEXT NOT NULL, choices TEXT NOT NULL, initial TEXT,
  per_frame INTEGER NOT NULL, position INTEGER NOT NULL
);
CREATE INDEX attribute_by_label ON attribute (label);
CREATE TABLE attribute_value (
  object INTEGER NOT NULL REFERENCES object DEFERRABLE INITIALLY DEFERRED,
  attribute INTEGER NOT NULL REFERENCES attribute DEFERRABLE INITIALLY DEFERRED,
  frame INTEGER NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (object, attribute, frame)
) WITHOUT ROWID;
CREATE INDEX attribute_value_by_attribute ON attribute_value (attribute);
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


def run(connection: sqlite3.Connection) -> None:
    """Add tables and columns, to the row images of the history as well."""
    for statement in _TABLES.split(";"):
        connection.execute(statement)
    for line, text in connection.execute("SELECT id, images FROM history").fetchall():
        images = [[table, _grown(table, before), _grown(table, after)] for table, before, after in json.loads(text)]
        grown = json.dumps(images, separators=(",", ":"))
        connection.execute("UPDATE history SET images = ? WHERE id = ?", (grown, line))


def _grown(table: str, values: list[Any] | None) -> list[Any] | None:
    """Column values of schema 1 as schema 2 has them."""
    if values is None:
        return None
    match table:
        case "item":
            return [*values, None, None]
        case "label":
            return [*values, values[0]]
        case "object":
            return [*values, None, ""]
        case "frame_mask":
            return [*values, {"key": "prompted", "absent": "edited"}.get(values[4], "propagated")]
    return values
