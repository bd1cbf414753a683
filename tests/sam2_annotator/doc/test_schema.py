"""A fresh project says whose it is, in the bytes of the file."""

from pathlib import Path

from sam2_annotator.doc import Project, schema
from sam2_annotator.doc.migrations import MIGRATIONS
from sam2_annotator.doc.rows import ROWS


def test_the_header_names_program_and_schema(path: Path) -> None:
    Project.open(path).close()
    head = path.read_bytes()[:100]
    assert int.from_bytes(head[68:72], "big") == schema.APPLICATION_ID
    assert int.from_bytes(head[60:64], "big") == schema.VERSION == len(MIGRATIONS)


def test_every_table_of_the_document_has_a_row_type() -> None:
    assert set(schema.DOCUMENT_TABLES) == set(ROWS)
