"""The model in use stays in use when another one cannot be had."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget

from sam2_annotator.engine.messages import Ended, EndReason, ErrorReport, LoadModel, ModelReady
from sam2_annotator.engine.tickets import TicketBook
from sam2_annotator.settings import Settings
from sam2_annotator.ui.controllers.models import Choices, ModelsController
from sam2_annotator.ui.dialogs.models import DeviceRow, ModelRow, ModelsDialog
from sam2_annotator.ui.live_settings import LiveSettings, SettingsChange
from sam2_annotator.ui.notices import Notices
from sam2_annotator.ui.threads.task_runner import TaskResult
from sam2_annotator.values.input_size import InputSize, Quality
from sam2_annotator.values.intents import ChangeModel

NANO, TINY = "sam2-nano", "sam2.1-hiera-tiny"
CHOICES = Choices(
    (ModelRow(NANO, "nano", 1, "", True, ""), ModelRow(TINY, "tiny", 1, "", False, "")), (DeviceRow("auto", "Best"),)
)


class Engine:
    """Takes requests down."""

    def __init__(self):
        self.book, self.asked = TicketBook(), []

    def ticket(self, slot):
        return self.book.issue(slot)

    def submit(self, request):
        self.asked.append(request)


class Tasks:
    """Hands out tasks that the test ends."""

    def __init__(self):
        self.last = None

    def run(self, title, function):
        self.last = object()
        return self.last


@pytest.fixture
def desk(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    desk = Desk(window)
    yield desk
    desk.controller.deleteLater()


class Desk:
    def __init__(self, window):
        self.window, self.engine, self.tasks, self.live = window, Engine(), Tasks(), LiveSettings(Settings())
        self.notices, self.known = Notices(), set()
        self.controller = ModelsController(
            self.engine,
            self.tasks,
            self.notices,
            self.live,
            is_news=self.is_news,
            parent_window=window,
        )

    def is_news(self, text):
        known = text in self.known
        self.known.add(text)
        return not known

    def is_ready(self, note=""):
        request: LoadModel = self.engine.asked[-1]
        self.controller.on_response(ModelReady(request.ticket, request.model, "", "cpu", "float32", 512, note))
        self.controller.on_response(Ended(request.ticket, EndReason.DONE))

    def fails(self):
        ticket = self.engine.asked[-1].ticket
        self.controller.on_response(Ended(ticket, EndReason.FAILED, ErrorReport("It cannot be had.")))


RESULT = TaskResult(None, CHOICES, None, False)


def test_a_failed_download_leaves_the_model_in_use_marked(desk):
    desk.controller.start()
    desk.is_ready()
    desk.controller.ask()
    desk.controller.load(ChangeModel(TINY))
    desk.fails()
    seen = []
    (dialog,) = desk.window.findChildren(ModelsDialog)
    dialog.set_models = lambda rows, current: seen.append(current)
    desk.controller.on_task(replace(RESULT, task=desk.tasks.last))
    assert seen == [NANO]
    assert desk.live.now.model == NANO
    assert [request.model for request in desk.engine.asked] == [NANO, TINY]


def test_another_precision_loads_the_model_in_use_anew(desk):
    desk.controller.load(ChangeModel(TINY, "cpu"))
    desk.is_ready()
    desk.live.change({"precision": "float32"})
    desk.controller.on_settings(SettingsChange(frozenset({"theme"})))
    desk.controller.on_settings(SettingsChange(frozenset({"precision"})))
    asked = [(request.model, request.device, request.precision) for request in desk.engine.asked]
    assert asked == [(TINY, "cpu", "auto"), (TINY, "cpu", "float32")]


def test_without_any_model_the_bundled_one_is_loaded(desk):
    desk.controller.load(ChangeModel("gone.pt", "cpu"))
    desk.fails()
    assert [request.model for request in desk.engine.asked] == ["gone.pt", NANO]
    desk.fails()
    assert len(desk.engine.asked) == 2, "it is not tried for ever"


def test_what_was_told_of_a_model_before_is_not_told_again(desk):
    desk.controller.start()
    desk.is_ready("a click takes about 0.2 s here")
    desk.is_ready("a click takes about 0.2 s here")
    assert [told.notice.text for told in desk.notices.history] == [": a click takes about 0.2 s here"]
    desk.is_ready("the GPU has no memory left")
    assert len(desk.notices.history) == 2


def test_another_quality_loads_the_same_model_at_another_size_and_is_remembered(desk):
    desk.live.changed.connect(desk.controller.on_settings)
    desk.controller.load(ChangeModel(TINY, "cpu"))
    desk.is_ready()
    desk.controller.choose_quality(Quality.FAST)
    assert desk.live.now.quality == "fast"
    assert desk.live.now.model == TINY
    last = desk.engine.asked[-1]
    assert (last.model, last.device, last.size) == (TINY, "cpu", InputSize(Quality.FAST))
    desk.controller.on_settings(SettingsChange(frozenset({"theme"})))
    assert len(desk.engine.asked) == 2, "no other setting loads a model"
