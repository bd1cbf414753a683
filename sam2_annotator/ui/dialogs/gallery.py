"""Shows every dialog with made-up values: `python -m sam2_annotator.ui.dialogs.gallery PICTURE.png`."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QDialog

from sam2_annotator.doc.rows import AttributeRow
from sam2_annotator.ui.dialogs.about import AboutDialog, PackageEntry
from sam2_annotator.ui.dialogs.error import ErrorDialog
from sam2_annotator.ui.dialogs.export import (
    ExportChoice,
    ExportDialog,
    ExportPreview,
    ExportScope,
    FormatEntry,
    FormatOption,
)
from sam2_annotator.ui.dialogs.keys import KeyEntry, KeysDialog
from sam2_annotator.ui.dialogs.label_set import LabelSetDialog
from sam2_annotator.ui.dialogs.models import DeviceRow, DownloadState, ModelRow, ModelsDialog
from sam2_annotator.ui.dialogs.question import QuestionDialog
from sam2_annotator.ui.labels.entries import LabelEntry
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.tokens import ThemeChoice
from sam2_annotator.values.attributes import AttributeKind
from sam2_annotator.values.ids import AttributeId, LabelId
from sam2_annotator.values.palette import COLOURS

_GAP = 24
_CELL = (700, 620)


def export() -> ExportDialog:
    """COCO with a loss, an option and a problem."""
    coco = FormatEntry(
        "coco",
        "COCO instances (exact masks)",
        ("COCO cannot say that an object is absent: it is left out.",),
        (FormatOption("images", "Copy the pictures", True), FormatOption("pretty", "Easy to read by people", False)),
    )
    dialog = ExportDialog((coco,), ExportChoice("coco", ExportScope.ALL, Path("/home/ann/exports")))
    files = ("annotations.json", "images/IMG_4001.jpg", "images/IMG_4002.jpg")
    dialog.set_preview(ExportPreview(files, 12, 40, 52, ("3 objects have no label and become “object”.",)))
    return dialog


def models() -> ModelsDialog:
    """One model in use, one being downloaded."""
    dialog = ModelsDialog()
    rows = (
        ModelRow("sam2-nano", "SAM2 nano (bundled)", 9_000_000, "Apache-2.0", True, "Good for trying things out."),
        ModelRow("sam2.1_hiera_tiny", "SAM 2.1 tiny", 156_000_000, "Apache-2.0", False, "Fast on a CPU."),
        ModelRow("sam2.1_hiera_large", "SAM 2.1 large", 898_000_000, "Apache-2.0", False, "Best masks."),
    )
    dialog.set_models(rows, "sam2-nano")
    dialog.set_devices((DeviceRow("auto", "Best available"), DeviceRow("cuda", "CUDA", False, "no driver")), "auto")
    dialog.set_download(DownloadState("sam2.1_hiera_tiny", 61_000_000, 156_000_000))
    return dialog


def label_set(theme: Theme) -> LabelSetDialog:
    """Two labels, one with attributes."""
    dialog = LabelSetDialog(theme)
    dog, cat = (LabelEntry(LabelId(n), name, n, 3 * n, COLOURS[n]) for n, name in ((1, "dog"), (2, "cat")))
    kind, words = AttributeKind.CHOICE, ("sits", "runs", "lies")
    pose = AttributeRow(AttributeId(1), dog.label, "pose", kind, words, "sits", per_frame=True)
    dialog.set_labels((dog, cat), default=None)
    dialog.set_attributes((pose, AttributeRow(AttributeId(2), dog.label, "leashed", AttributeKind.FLAG)))
    return dialog


def dialogs(theme: Theme) -> tuple[QDialog, ...]:
    """One of each."""
    message = "The video stops being readable at frame 8,112."
    hint = "You can work on the first 8,112 frames or convert the file."
    keys = (
        KeyEntry("File", "Open file", ("Ctrl+O",)),
        KeyEntry("File", "Export", ("Ctrl+E",)),
        KeyEntry("Edit", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y")),
        KeyEntry("Clip", "Propagate forward", ("T",)),
    )
    return (
        export(),
        models(),
        label_set(theme),
        QuestionDialog(
            "Delete label", "2 objects have the label dog.", yes="Delete", choices=("Leave them unlabelled",)
        ),
        ErrorDialog(theme, message, hint, "av.InvalidDataError\nframe 8112", action="Use the first 8,112"),
        AboutDialog("0.1.0", (PackageEntry("torch", "2.13.0", "BSD-3-Clause"), PackageEntry("av", "14.0", "BSD"))),
        KeysDialog(theme, keys),
    )


def picture(theme: Theme) -> QImage:
    """All dialogs in the dark and in the light theme."""
    columns = len(dialogs(theme))
    result = QImage((_CELL[0] + _GAP) * columns, (_CELL[1] + _GAP) * 2, QImage.Format.Format_RGB32)
    result.fill(QColor("#808080"))
    painter = QPainter(result)
    for row, choice in enumerate((ThemeChoice.DARK, ThemeChoice.LIGHT)):
        theme.choose(choice)
        for column, dialog in enumerate(dialogs(theme)):
            dialog.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
            dialog.show()
            QApplication.processEvents()
            shot = dialog.grab().toImage()
            painter.drawImage(column * (_CELL[0] + _GAP) + _GAP, row * (_CELL[1] + _GAP) + _GAP, shot)
            dialog.close()
    painter.end()
    return result


def main() -> int:
    """Write the picture named on the command line."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m sam2_annotator.ui.dialogs.gallery PICTURE.png\n")
        return 2
    theme = Theme(QApplication([]))
    return 0 if picture(theme).save(sys.argv[1]) else 1


if __name__ == "__main__":
    sys.exit(main())
