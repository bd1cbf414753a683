"""The models dialog: which there are, which one to use, and on what device."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QHeaderView,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from sam2_annotator.ui.dialogs.base import PlainDialog
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.widgets import describe, row_layout, set_role, text_label
from sam2_annotator.values.intents import ChangeModel

_TITLE, _SIZE, _LICENCE, _STATE = range(4)
_NAME_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model of the table; `size` in bytes, `note` in words."""

    name: str
    title: str
    size: int
    licence: str
    installed: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device: `name` for the engine ("auto", "cuda:0"), `title` for people, `note` says why it is not usable."""

    name: str
    title: str
    usable: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class DownloadState:
    """A download in progress, in bytes; `total` None while unknown."""

    name: str
    done: int
    total: int | None


def size_words(size: int) -> str:
    """Bytes as people say them."""
    return tr("{size:.0f} MB", size=size / 1e6) if size < 1e9 else tr("{size:.1f} GB", size=size / 1e9)


class ModelsDialog(PlainDialog):
    """Emits `intent(ChangeModel)`, `download_requested(name)` and `download_cancelled(name)`."""

    intent = Signal(object)
    download_requested = Signal(str)
    download_cancelled = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("modelsDialog", tr("Models"), parent)
        self._rows: dict[str, ModelRow] = {}
        self._loading: DownloadState | None = None
        self._table = self._make_table()
        self._note = text_label("", "muted")
        self._device = QComboBox()
        self._device.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._device_note = text_label("", "muted")
        self._progress = QProgressBar()
        self._progress_text = text_label("", "muted")
        self._cancel = QPushButton(tr("Cancel download"))
        self._error = text_label("", "danger")
        self._lay_out()
        self._file = self.add_button("modelsFile", tr("Choose file…"), QDialogButtonBox.ButtonRole.ActionRole)
        self._download = self.add_button("modelsDownload", tr("Download"), QDialogButtonBox.ButtonRole.ActionRole)
        self.add_button("modelsClose", tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        self._use = self.add_button("modelsUse", tr("Use this model"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._connect()
        self.set_download(None)
        self.set_error("")
        self.resize(640, 480)

    def _make_table(self) -> QTreeWidget:
        table = QTreeWidget()
        describe(table, "modelsTable", tr("Models"))
        table.setHeaderLabels([tr("Model"), tr("Size"), tr("Licence"), tr("State")])
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.header().setStretchLastSection(False)
        table.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.header().setSectionResizeMode(_TITLE, QHeaderView.ResizeMode.Stretch)
        return table

    def _lay_out(self) -> None:
        weak = text_label(
            tr("sam2-nano comes with the program and is fast, but much weaker than the official models."), "muted"
        )
        weak.setObjectName("modelsWeak")
        describe(self._device, "modelsDevice", tr("Device"))
        describe(self._progress, "modelsProgress", tr("Download"))
        describe(self._cancel, "modelsCancel", tr("Cancel download"))
        self._error.setObjectName("modelsError")
        self._note.setObjectName("modelsNote")
        self._progress.setTextVisible(False)
        self._cancel.setAutoDefault(False)
        loading = row_layout(spacing=10)
        loading.addWidget(self._progress, 1)
        loading.addWidget(self._progress_text)
        loading.addWidget(self._cancel)
        device = row_layout(spacing=10)
        device.addWidget(text_label(tr("Device")))
        device.addWidget(self._device)
        device.addWidget(self._device_note, 1)
        for label in (weak, self._note, self._error):
            label.setWordWrap(True)
        for part in (weak, self._table, self._note):
            self.body.addWidget(part)
        self.body.addLayout(loading)
        self.body.addWidget(self._error)
        self.body.addLayout(device)

    def _connect(self) -> None:
        self._table.currentItemChanged.connect(self._refresh)
        self._table.doubleClicked.connect(self._double_click)
        self._device.currentIndexChanged.connect(self._refresh)
        self._file.clicked.connect(self._choose_file)
        self._download.clicked.connect(lambda: self.download_requested.emit(self._current()))
        self._cancel.clicked.connect(self._cancel_download)
        self._use.clicked.connect(self._use_current)

    def set_models(self, rows: tuple[ModelRow, ...], current: str) -> None:
        """The table; `current` is the model in use (a name or a file). The marked row stays marked."""
        marked = self._current() or current
        self._rows = {row.name: row for row in rows}
        self._table.clear()
        for row in rows:
            state = tr("In use") if row.name == current else tr("Installed") if row.installed else tr("Not installed")
            item = QTreeWidgetItem([row.title, size_words(row.size), row.licence, state])
            item.setData(_TITLE, _NAME_ROLE, row.name)
            item.setTextAlignment(_SIZE, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._table.addTopLevelItem(item)
            if row.name == marked:
                self._table.setCurrentItem(item)
        self._refresh()

    def set_devices(self, rows: tuple[DeviceRow, ...], current: str) -> None:
        """The devices to choose from; those that cannot be used say why."""
        self._device.blockSignals(True)
        self._device.clear()
        for row in rows:
            title = row.title if row.usable else tr("{device} (not usable)", device=row.title)
            self._device.addItem(title, row)
        names = [row.name for row in rows]
        self._device.setCurrentIndex(names.index(current) if current in names else 0)
        self._device.blockSignals(False)
        self._refresh()

    def set_download(self, state: DownloadState | None) -> None:
        """Progress of a download, or none."""
        self._loading = state
        for widget in (self._progress, self._progress_text, self._cancel):
            widget.setVisible(state is not None)
        if state is not None:
            self._progress.setRange(0, 1000 if state.total else 0)
            self._progress.setValue(round(1000 * state.done / state.total) if state.total else 0)
            done = size_words(state.done)
            total = size_words(state.total) if state.total else "?"
            self._progress_text.setText(tr("{done} of {total}", done=done, total=total))
        self._refresh()

    def set_error(self, text: str) -> None:
        """Say why the last download or file failed; "" clears it."""
        self._error.setText(text)
        self._error.setVisible(bool(text))

    def _current(self) -> str:
        item = self._table.currentItem()
        return str(item.data(_TITLE, _NAME_ROLE)) if item is not None else ""

    def _chosen_device(self) -> DeviceRow | None:
        row = self._device.currentData()
        return row if isinstance(row, DeviceRow) else None

    def _refresh(self) -> None:
        row, device = self._rows.get(self._current()), self._chosen_device()
        self._note.setText(row.note if row else "")
        self._device_note.setText(device.note if device else "")
        set_role(self._device_note, "muted" if device is None or device.usable else "warning")
        usable = device is None or device.usable
        self._use.setEnabled(row is not None and row.installed and usable)
        self._file.setEnabled(usable)
        self._download.setEnabled(row is not None and not row.installed and self._loading is None)

    def _double_click(self, index: QModelIndex) -> None:
        self._use_current()

    def _use_current(self) -> None:
        if self._use.isEnabled():
            self._change_to(self._current())

    def _change_to(self, model: str) -> None:
        device = self._chosen_device()
        self.intent.emit(ChangeModel(model, device.name if device else "auto"))
        self.accept()

    def _cancel_download(self) -> None:
        if self._loading is not None:
            self.download_cancelled.emit(self._loading.name)

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, tr("Choose a model file"))
        dialog.setNameFilters([tr("Model files (*.pt *.pth *.safetensors)"), tr("All files (*)")])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._change_to)
        dialog.open()
