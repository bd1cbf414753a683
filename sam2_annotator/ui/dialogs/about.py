"""The about dialog."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QHeaderView, QLabel, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from sam2_annotator.ui.dialogs.base import PlainDialog
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.icons import pixmap
from sam2_annotator.ui.theme.widgets import describe, row_layout, text_label

_MARK = 64


@dataclass(frozen=True, slots=True)
class PackageEntry:
    """A bundled package, its version and licence."""

    name: str
    version: str
    licence: str


class AboutDialog(PlainDialog):
    """Name, version and the licences of what is bundled."""

    def __init__(self, version: str, packages: tuple[PackageEntry, ...], parent: QWidget | None = None) -> None:
        super().__init__("aboutDialog", tr("About SAM 2 Annotator"), parent)
        self.body.addLayout(self._head(version))
        self.body.addWidget(text_label(tr("It stands on these packages:"), "muted"))
        self.body.addWidget(_table(packages), 1)
        self.add_button("aboutClose", tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        self.resize(520, 460)

    def _head(self, version: str) -> QVBoxLayout:
        ratio = self.devicePixelRatioF()
        drawing = pixmap("app", "", round(_MARK * ratio))
        drawing.setDevicePixelRatio(ratio)
        mark = QLabel()
        mark.setPixmap(drawing)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(text_label("SAM 2 Annotator", "title"))
        number = text_label(tr("Version {version} · Apache License 2.0", version=version), "muted")
        number.setObjectName("aboutVersion")
        number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.addWidget(number)
        row = row_layout(spacing=14)
        row.addWidget(mark)
        row.addLayout(words, 1)
        result = QVBoxLayout()
        result.addLayout(row)
        return result


def _table(packages: tuple[PackageEntry, ...]) -> QTreeWidget:
    table = QTreeWidget()
    describe(table, "aboutPackages", tr("Packages"))
    table.setRootIsDecorated(False)
    table.setHeaderLabels([tr("Package"), tr("Version"), tr("Licence")])
    table.addTopLevelItems([QTreeWidgetItem([p.name, p.version, p.licence]) for p in packages])
    table.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    return table
