import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QProgressBar, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.dialogs.models import DeviceRow, DownloadState, ModelRow, ModelsDialog, size_words
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.intents import ChangeModel

ROWS = (
    ModelRow("sam2-nano", "nano", 9_000_000, "Apache-2.0", True, "weak"),
    ModelRow("sam2.1_hiera_tiny", "tiny", 156_000_000, "Apache-2.0", False),
)


@pytest.fixture
def dialog(qtbot: QtBot, theme: Theme) -> ModelsDialog:
    dialog = ModelsDialog()
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.set_models(ROWS, "sam2-nano")
    dialog.set_devices((DeviceRow("auto", "Best"), DeviceRow("cuda", "CUDA", False, "no driver")), "auto")
    with qtbot.waitExposed(dialog):
        dialog.open()
    return dialog


def button(dialog: ModelsDialog, name: str) -> QPushButton:
    found = dialog.findChild(QPushButton, name)
    assert found is not None
    return found


def mark(dialog: ModelsDialog, row: int) -> None:
    table = dialog.findChild(QTreeWidget)
    assert table is not None
    table.setCurrentItem(table.topLevelItem(row))


def test_an_installed_model_can_be_used_on_the_chosen_device(qtbot: QtBot, dialog: ModelsDialog) -> None:
    told: list[object] = []
    dialog.intent.connect(told.append)
    qtbot.mouseClick(button(dialog, "modelsUse"), Qt.MouseButton.LeftButton)
    assert told == [ChangeModel("sam2-nano", "auto")]


def test_a_device_that_cannot_be_used_says_why(dialog: ModelsDialog) -> None:
    devices = dialog.findChild(QComboBox, "modelsDevice")
    assert devices is not None
    devices.setCurrentIndex(1)
    assert not button(dialog, "modelsUse").isEnabled()
    assert "no driver" in [label.text() for label in dialog.findChildren(QLabel)]


def test_a_missing_model_is_downloaded_with_progress_and_cancel(qtbot: QtBot, dialog: ModelsDialog) -> None:
    asked: list[str] = []
    cancelled: list[str] = []
    dialog.download_requested.connect(asked.append)
    dialog.download_cancelled.connect(cancelled.append)
    mark(dialog, 1)
    assert not button(dialog, "modelsUse").isEnabled()
    qtbot.mouseClick(button(dialog, "modelsDownload"), Qt.MouseButton.LeftButton)
    dialog.set_download(DownloadState(asked[0], 39_000_000, 156_000_000))
    progress = dialog.findChild(QProgressBar)
    assert progress is not None
    assert progress.value() / progress.maximum() == pytest.approx(0.25)
    assert not button(dialog, "modelsDownload").isEnabled()
    qtbot.mouseClick(button(dialog, "modelsCancel"), Qt.MouseButton.LeftButton)
    assert asked == cancelled == ["sam2.1_hiera_tiny"]
    dialog.set_download(None)
    assert not progress.isVisible()


def test_after_the_download_the_marked_model_stays_marked_and_can_be_used(dialog: ModelsDialog) -> None:
    mark(dialog, 1)
    dialog.set_models((ROWS[0], ModelRow("sam2.1_hiera_tiny", "tiny", 1, "Apache-2.0", True)), "sam2-nano")
    told: list[object] = []
    dialog.intent.connect(told.append)
    button(dialog, "modelsUse").click()
    assert told == [ChangeModel("sam2.1_hiera_tiny", "auto")]


def test_it_says_that_nano_is_weaker_and_shows_errors(dialog: ModelsDialog) -> None:
    weak, error = dialog.findChild(QLabel, "modelsWeak"), dialog.findChild(QLabel, "modelsError")
    assert weak is not None
    assert error is not None
    assert "weaker" in weak.text()
    assert not error.isVisible()
    dialog.set_error("No network. Choose a file instead.")
    assert error.isVisible()


def test_sizes_in_words() -> None:
    assert size_words(156_008_466) == "156 MB"
    assert size_words(1_800_000_000) == "1.8 GB"
