"""The export dialog (EXP-1): format, what, where, options, and what it would write."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sam2_annotator.ui.dialogs.base import PlainDialog
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.widgets import TextField, describe, row_layout, set_role, text_label

_FILES_SHOWN = 6


class ExportScope(Enum):
    """Which objects are written."""

    ALL = "all"
    LABELLED = "labelled"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class FormatOption:
    """A yes/no option of a format."""

    key: str
    title: str
    default: bool


@dataclass(frozen=True, slots=True)
class FormatEntry:
    """A format to choose; `losses` are sentences about what it cannot carry."""

    format_id: str
    title: str
    losses: tuple[str, ...] = ()
    options: tuple[FormatOption, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What the person wants; `options` holds the keys of the options that are on."""

    format_id: str
    scope: ExportScope
    folder: Path
    options: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ExportPreview:
    """What the choice would write: file names relative to the folder, counts, and problems as sentences.

    `blocked` is the sentence that says why it cannot be written at all, "" when it can.
    """

    files: tuple[str, ...]
    items: int
    objects: int
    masks: int
    problems: tuple[str, ...] = ()
    blocked: str = ""


class ExportDialog(PlainDialog):
    """`choice_changed(ExportChoice)` asks for a new preview; `chosen(ExportChoice)` is sent by Export."""

    choice_changed = Signal(object)
    chosen = Signal(object)

    def __init__(self, formats: tuple[FormatEntry, ...], choice: ExportChoice, parent: QWidget | None = None) -> None:
        super().__init__("exportDialog", tr("Export"), parent)
        self._formats = {entry.format_id: entry for entry in formats}
        self._boxes: dict[str, QCheckBox] = {}
        self._format = self._make_formats(choice.format_id)
        self._scope = self._make_scopes(choice.scope)
        self._folder = TextField()
        self._options = QVBoxLayout()
        self._losses = text_label("", "warning")
        self._preview = text_label("")
        self._problems = text_label("", "warning")
        self._lay_out(choice)
        self.add_button("exportCancel", tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self._export = self.add_button("exportExport", tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._export.clicked.connect(self._accept)
        self._show_format(choice.options)
        self._format.currentIndexChanged.connect(self._change_format)
        self._scope.currentIndexChanged.connect(self._tell)
        self._folder.textChanged.connect(self._tell)
        self._folder.committed.connect(self._accept)
        self.set_preview(None)
        self.setMinimumWidth(560)
        self._export.setFocus()

    def _make_formats(self, current: str) -> QComboBox:
        box = QComboBox()
        describe(box, "exportFormat", tr("Format"))
        for entry in self._formats.values():
            box.addItem(entry.title, entry.format_id)
        box.setCurrentIndex(max(0, box.findData(current)))
        return box

    def _make_scopes(self, current: ExportScope) -> QComboBox:
        box = QComboBox()
        describe(box, "exportScope", tr("What"))
        for scope, title in (
            (ExportScope.ALL, tr("All objects")),
            (ExportScope.LABELLED, tr("Objects with a label")),
            (ExportScope.CONFIRMED, tr("Confirmed and key frames only")),
        ):
            box.addItem(title, scope)
        box.setCurrentIndex(list(ExportScope).index(current))
        return box

    def _lay_out(self, choice: ExportChoice) -> None:
        describe(self._folder, "exportFolder", tr("Folder"))
        self._folder.setText(str(choice.folder))
        browse = QPushButton(tr("Choose…"))
        describe(browse, "exportBrowse", tr("Choose folder"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        where = row_layout()
        where.addWidget(self._folder, 1)
        where.addWidget(browse)
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(9)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("Format"), self._format)
        form.addRow("", self._losses)
        form.addRow(tr("What"), self._scope)
        form.addRow(tr("Where"), where)
        form.addRow("", self._options)
        self._options.setSpacing(3)
        card = QFrame()
        set_role(card, "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(14, 11, 14, 11)
        for label, name in ((self._preview, "exportPreview"), (self._problems, "exportProblems")):
            label.setObjectName(name)
            inside.addWidget(label)
        for label in (self._losses, self._preview, self._problems):
            label.setWordWrap(True)
        self._losses.setObjectName("exportLosses")
        self.body.addLayout(form)
        self.body.addWidget(card)
        self.body.addStretch()

    def choice(self) -> ExportChoice:
        """What is set now."""
        options = frozenset(key for key, box in self._boxes.items() if box.isChecked())
        return ExportChoice(self._format.currentData(), self._scope.currentData(), self._path(), options)

    def set_preview(self, preview: ExportPreview | None) -> None:
        """Show what would be written; None while it is being worked out."""
        self._export.setEnabled(preview is not None and not preview.blocked and bool(self._folder.text().strip()))
        if preview is None:
            self._preview.setText(tr("Counting…"))
            self._problems.hide()
            return
        self._preview.setText("\n".join((_counts(preview), *_names(preview.files))))
        problems = (preview.blocked, *preview.problems) if preview.blocked else preview.problems
        self._problems.setText("\n".join(problems))
        self._problems.setVisible(bool(problems))
        set_role(self._problems, "danger" if preview.blocked else "warning")

    def _path(self) -> Path:
        return Path(self._folder.text().strip()).expanduser()

    def _change_format(self) -> None:
        self._show_format(None)
        self._tell()

    def _show_format(self, chosen: frozenset[str] | None) -> None:
        """Losses and options of the format; `chosen` None sets the options as they are by default."""
        entry = self._formats[self._format.currentData()]
        self._losses.setText("\n".join(entry.losses))
        self._losses.setVisible(bool(entry.losses))
        for box in self._boxes.values():
            self._options.removeWidget(box)
            box.deleteLater()
        self._boxes = {}
        for option in entry.options:
            box = QCheckBox(option.title)
            describe(box, f"exportOption.{option.key}", option.title)
            box.setChecked(option.default if chosen is None else option.key in chosen)
            box.toggled.connect(self._tell)
            self._options.addWidget(box)
            self._boxes[option.key] = box

    def _tell(self) -> None:
        self.set_preview(None)
        self.choice_changed.emit(self.choice())

    def _browse(self) -> None:
        dialog = QFileDialog(self, tr("Export to"), str(self._path()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._folder.setText)
        dialog.open()

    def _accept(self) -> None:
        if self._export.isEnabled():
            self.chosen.emit(self.choice())
            self.accept()


def _counts(preview: ExportPreview) -> str:
    items = tr("{count} pictures and clips", count=preview.items)
    objects = tr("{count} objects", count=preview.objects)
    masks = tr("{count} masks", count=preview.masks)
    return tr("Writes {items}, {objects}, {masks}:", items=items, objects=objects, masks=masks)


def _names(files: tuple[str, ...]) -> list[str]:
    names = [f"    {name}" for name in files[:_FILES_SHOWN]]
    if len(files) > _FILES_SHOWN:
        names.append("    " + tr("and {count} more", count=len(files) - _FILES_SHOWN))
    return names
