"""Shapes of the pointer."""

from __future__ import annotations

from PySide6.QtCore import Qt

from sam2_annotator.tools.base import Cursor

SHAPES: dict[Cursor, Qt.CursorShape] = {
    Cursor.ARROW: Qt.CursorShape.ArrowCursor,
    Cursor.CROSS: Qt.CursorShape.CrossCursor,
    Cursor.MOVE: Qt.CursorShape.SizeAllCursor,
    Cursor.SIZE_HORIZONTAL: Qt.CursorShape.SizeHorCursor,
    Cursor.SIZE_VERTICAL: Qt.CursorShape.SizeVerCursor,
    Cursor.SIZE_DIAGONAL_DOWN: Qt.CursorShape.SizeFDiagCursor,
    Cursor.SIZE_DIAGONAL_UP: Qt.CursorShape.SizeBDiagCursor,
    Cursor.OPEN_HAND: Qt.CursorShape.OpenHandCursor,
    Cursor.CLOSED_HAND: Qt.CursorShape.ClosedHandCursor,
    Cursor.FORBIDDEN: Qt.CursorShape.ForbiddenCursor,
}
