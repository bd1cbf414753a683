"""The document: one SQLite file, changed only through `Project.apply`, undone from recorded row images."""

from sam2_annotator.doc.changes import Changes, Origin
from sam2_annotator.doc.place import Place
from sam2_annotator.doc.project import Project

__all__ = ["Changes", "Origin", "Place", "Project"]
