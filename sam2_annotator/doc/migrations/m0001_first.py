"""Schema 1."""

from __future__ import annotations

import sqlite3

_TABLES = """
PRAGMA application_id = 0x53324150;
CREATE TABLE state (
  revision INTEGER NOT NULL, revised TEXT NOT NULL, head INTEGER NOT NULL,
  view_item INTEGER, view_frame INTEGER NOT NULL, current_label INTEGER
);
INSERT INTO state VALUES (0, '1970-01-01T00:00:00+00:00', 0, NULL, 0, NULL);
CREATE TABLE sequence (name TEXT PRIMARY KEY, last INTEGER NOT NULL);

CREATE TABLE item (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, path TEXT NOT NULL UNIQUE, width INTEGER NOT NULL,
  height INTEGER NOT NULL, frames INTEGER NOT NULL, fps REAL
);
CREATE TABLE label (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, colour TEXT NOT NULL, shortcut INTEGER
);
CREATE TABLE object (
  id INTEGER PRIMARY KEY,
  item INTEGER NOT NULL REFERENCES item DEFERRABLE INITIALLY DEFERRED,
  number INTEGER NOT NULL,
  label INTEGER REFERENCES label DEFERRABLE INITIALLY DEFERRED,
  draft INTEGER NOT NULL, visible INTEGER NOT NULL, locked INTEGER NOT NULL, z INTEGER NOT NULL
);
CREATE INDEX object_by_item ON object (item);
CREATE INDEX object_by_label ON object (label);

CREATE TABLE mask (
  digest TEXT PRIMARY KEY, height INTEGER NOT NULL, width INTEGER NOT NULL, x0 INTEGER NOT NULL,
  y0 INTEGER NOT NULL, x1 INTEGER NOT NULL, y1 INTEGER NOT NULL, area INTEGER NOT NULL, counts BLOB NOT NULL
);
CREATE TABLE prompt (
  item INTEGER NOT NULL REFERENCES item DEFERRABLE INITIALLY DEFERRED,
  frame INTEGER NOT NULL,
  object INTEGER NOT NULL REFERENCES object DEFERRABLE INITIALLY DEFERRED,
  points TEXT NOT NULL, box TEXT,
  mask TEXT REFERENCES mask DEFERRABLE INITIALLY DEFERRED,
  candidate INTEGER,
  PRIMARY KEY (item, frame, object)
) WITHOUT ROWID;
CREATE INDEX prompt_by_object ON prompt (object);
CREATE INDEX prompt_by_mask ON prompt (mask);
CREATE TABLE frame_mask (
  item INTEGER NOT NULL REFERENCES item DEFERRABLE INITIALLY DEFERRED,
  frame INTEGER NOT NULL,
  object INTEGER NOT NULL REFERENCES object DEFERRABLE INITIALLY DEFERRED,
  digest TEXT REFERENCES mask DEFERRABLE INITIALLY DEFERRED,
  state TEXT NOT NULL, iou REAL, score REAL, area INTEGER NOT NULL,
  PRIMARY KEY (item, frame, object)
) WITHOUT ROWID;
CREATE INDEX frame_mask_by_object ON frame_mask (object);
CREATE INDEX frame_mask_by_mask ON frame_mask (digest);

CREATE TABLE part (id INTEGER PRIMARY KEY, step INTEGER NOT NULL, title TEXT NOT NULL, bytes INTEGER NOT NULL);
CREATE INDEX part_by_step ON part (step);
CREATE TABLE history (
  id INTEGER PRIMARY KEY, part INTEGER NOT NULL REFERENCES part ON DELETE CASCADE, images TEXT NOT NULL
);
CREATE INDEX history_by_part ON history (part);
CREATE TABLE history_mask (
  line INTEGER NOT NULL REFERENCES history ON DELETE CASCADE,
  digest TEXT NOT NULL REFERENCES mask,
  PRIMARY KEY (line, digest)
) WITHOUT ROWID;
CREATE INDEX history_mask_by_digest ON history_mask (digest);
"""


def run(connection: sqlite3.Connection) -> None:
    """Make the tables of an empty project."""
    for statement in _TABLES.split(";"):
        connection.execute(statement)
