"""Is an opened file what this program would have written? Checked before anything in it is believed.

SQLite's own check finds broken pages. The rest is about files that are whole but not ours: triggers and views,
tables of another shape, values of another type, rows that hang on rows that are not there. One statement a table, so
that a project of 100,000 masks takes well under a second.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache

from sam2_annotator.doc import migrations
from sam2_annotator.values.frame import MediaKind
from sam2_annotator.values.states import MaskOrigin, MaskState

MAX_VALUE_BYTES = 1 << 28  # of one text or blob; SQLite's own limit is a billion
_MAX_SIDE = 65_535


def harden(connection: sqlite3.Connection) -> None:
    """Let a hostile file do as little as possible; before its content is touched."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")


def problem(connection: sqlite3.Connection) -> str | None:
    """What is wrong with the file, None for a sound one of the newest schema."""
    found = pages_problem(connection) or schema_problem(connection)
    return found or next(_row_problems(connection), None)


def pages_problem(connection: sqlite3.Connection) -> str | None:
    """What SQLite finds wrong."""
    (result,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    return None if result == "ok" else str(result)


def schema_problem(connection: sqlite3.Connection) -> str | None:
    """Anything but the tables and columns the migrations make."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    expected, found = _layout(migrations.MIGRATIONS[:version]), dict(_tables(connection))
    if expected != found:
        names = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
        return f"its tables are not as this program makes them: {', '.join(names):.200}"
    others = connection.execute("SELECT name FROM sqlite_schema WHERE type IN ('trigger', 'view')").fetchall()
    return f"it holds {others[0][0]:.80}, which this program does not make" if others else None


@cache
def _layout(steps: tuple[migrations.Migration, ...]) -> dict[str, tuple[tuple[str, str], ...]]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrations.run(connection, steps)
        return dict(_tables(connection))


def _tables(connection: sqlite3.Connection) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    found = connection.execute(
        "SELECT name, sql LIKE 'CREATE TABLE %' FROM sqlite_schema "
        "WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    for name, plain in found.fetchall():
        columns = connection.execute("SELECT name, type FROM pragma_table_xinfo(?)", (name,)).fetchall()
        yield name, tuple(columns) if plain else ()


def _words(*words: str) -> str:
    return "(" + ", ".join(f"'{word}'" for word in words) + ")"


def _whole(*columns: str, low: int = 0) -> str:
    return " AND ".join(f"typeof({name}) = 'integer' AND {name} BETWEEN {low} AND 9007199254740992" for name in columns)


def _maybe(column: str, kinds: tuple[str, ...]) -> str:
    return f"typeof({column}) IN {_words('null', *kinds)}"


def _json(column: str, kind: str) -> str:
    """A JSON text of this kind; CASE, because SQLite fails on asking for the kind of what is no JSON."""
    return f"CASE WHEN typeof({column}) = 'text' AND json_valid({column}) THEN json_type({column}) = '{kind}' END"


_COLOUR = "GLOB '#[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]'"
_NUMBER = ("integer", "real")
_FRAME_OF = "item IN (SELECT id FROM item) AND object IN (SELECT id FROM object)"
_SOUND = {
    "state": f"{_whole('revision', 'head', 'view_frame')} AND datetime(revised) IS NOT NULL "
    f"AND {_maybe('view_item', ('integer',))} AND {_maybe('current_label', ('integer',))}",
    "item": f"{_whole('width', 'height', 'frames')} AND width <= {_MAX_SIDE} AND height <= {_MAX_SIDE} "
    f"AND kind IN {_words(*(kind.value for kind in MediaKind))} "
    f"AND {_json('path', 'text')} "
    f"AND {_maybe('fps', _NUMBER)} AND (beside IS NULL OR {_json('beside', 'text')}) "
    f"AND {_maybe('fingerprint', ('text',))}",
    "label": f"{_whole('id')} AND typeof(name) = 'text' AND colour {_COLOUR} AND {_maybe('shortcut', ('integer',))} "
    "AND typeof(position) = 'integer'",
    "attribute": f"{_whole('id')} AND typeof(name) = 'text' AND {_json('choices', 'array')} "
    "AND (initial IS NULL OR json_valid(initial)) AND (label IS NULL OR label IN (SELECT id FROM label))",
    "object": f"{_whole('id', 'number')} AND item IN (SELECT id FROM item) AND typeof(z) IN {_words(*_NUMBER)} "
    f"AND (label IS NULL OR label IN (SELECT id FROM label)) AND typeof(note) = 'text' "
    f"AND (colour IS NULL OR colour {_COLOUR})",
    "attribute_value": f"{_whole('frame')} AND json_valid(value) AND object IN (SELECT id FROM object) "
    "AND attribute IN (SELECT id FROM attribute)",
    "prompt": f"{_whole('frame')} AND {_FRAME_OF} AND {_json('points', 'array')} "
    f"AND (box IS NULL OR {_json('box', 'array')} AND json_array_length(box) = 4) AND {_maybe('mask', ('text',))} "
    f"AND {_maybe('candidate', ('integer',))}",
    "frame_mask": f"{_whole('frame', 'area')} AND {_FRAME_OF} AND {_maybe('digest', ('text',))} "
    f"AND state IN {_words(*(state.value for state in MaskState))} "
    f"AND origin IN {_words(*(origin.value for origin in MaskOrigin))} "
    f"AND {_maybe('iou', _NUMBER)} AND {_maybe('score', _NUMBER)}",
    "review": f"{_whole('frame')} AND item IN (SELECT id FROM item) AND {_maybe('flag', ('text',))}",
    "setting": "typeof(name) = 'text' AND json_valid(value)",
    "mask": f"{_whole('height', 'width', 'x0', 'y0', 'area')} AND typeof(digest) = 'text' AND typeof(counts) = 'blob' "
    f"AND x1 BETWEEN x0 AND width AND y1 BETWEEN y0 AND height AND width <= {_MAX_SIDE} AND height <= {_MAX_SIDE} "
    f"AND {_maybe('base', ('text',))}",
    "part": f"{_whole('id', 'step', 'bytes')} AND typeof(title) = 'text' AND typeof(made) = 'text'",
}


def _row_problems(connection: sqlite3.Connection) -> Iterator[str]:
    """Tables with rows that are not as this program writes them."""
    (lines,) = connection.execute("SELECT count(*) FROM (SELECT 1 FROM state LIMIT 2)").fetchone()
    if lines != 1:
        yield "its table state does not hold one line"
    for table, sound in _SOUND.items():
        # coalesce: a test on nothing is nothing, which is not sound either
        try:
            odd = connection.execute(f"SELECT 1 FROM {table} WHERE NOT coalesce({sound}, 0) LIMIT 1").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                raise
            odd = (error,)  # a test met what it cannot even ask about
        if odd is not None:
            yield f"a row of table {table} is not as this program writes it"
