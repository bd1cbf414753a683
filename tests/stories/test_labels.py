"""Making and using labels as a person does, with mouse and keys."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QToolButton,
    QWidget,
)

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddAttribute, AddLabel, MergeLabels, SetAttribute, SetLabelColour
from sam2_annotator.ui.dialogs.attributes_page import AttributesPage
from sam2_annotator.ui.dialogs.label_set import LabelSetDialog
from sam2_annotator.ui.dialogs.question import QuestionDialog
from sam2_annotator.ui.labels.label_list import LabelList
from sam2_annotator.ui.labels.model import Column
from sam2_annotator.ui.panels.attributes import AttributesPanel
from sam2_annotator.ui.theme.widgets import RowView
from sam2_annotator.values.attributes import AttributeKind, AttributeSpec
from sam2_annotator.values.ids import FrameIndex
from sam2_annotator.values.intents import SetLabel, SetLocked
from support.drawn import picture_file, video_file
from support.window import Driver

D = TypeVar("D", bound=QDialog)
W = TypeVar("W", bound=QWidget)
ALT = Qt.KeyboardModifier.AltModifier


def accept_one(driver: Driver, x: float, y: float, name: str = "") -> None:
    """An object at a place, named when the program asks."""
    driver.click(x, y)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    if driver.window.name_field.isVisible():
        type_where_the_keyboard_is(f"{name}\n")


def dialog(driver: Driver, kind: type[D]) -> D:
    QApplication.processEvents()  # the window system gives it the keyboard
    found = QApplication.activeModalWidget()
    assert isinstance(found, kind)
    return found


def labels_list(driver: Driver) -> LabelList:
    labels_field(driver)
    found = driver.window.labels.findChild(LabelList)
    assert found is not None
    return found


def label_of(driver: Driver, number: int) -> str | None:
    row = next(row for row in driver.objects() if row.number == number)
    label = None if row.label is None else driver.project.label(row.label)
    return None if label is None else label.name


def labels_field(driver: Driver) -> QLineEdit:
    tabs = driver.window.findChild(QTabWidget, "side_tabs")
    assert tabs is not None
    tabs.setCurrentWidget(driver.window.labels)
    field = driver.window.labels.findChild(QLineEdit, "labelField")
    assert field is not None
    return field


def type_where_the_keyboard_is(text: str) -> None:
    """Every key goes to the widget that has the focus at that moment, as in life; a line break is Enter."""
    for letter in text:
        widget = QApplication.focusWidget()
        assert widget is not None
        QTest.keyClick(widget, Qt.Key.Key_Return if letter == "\n" else letter)


def names(driver: Driver) -> list[str]:
    return [row.name for row in driver.project.labels()]


def test_several_names_can_be_typed_one_after_another(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    QTest.mouseClick(labels_field(driver), Qt.MouseButton.LeftButton)
    type_where_the_keyboard_is("dog\nbird\n")
    assert names(driver) == ["dog", "bird"]
    assert driver.app.state.view.tool == "prompt"
    type_where_the_keyboard_is("\n")
    assert QApplication.focusWidget() is driver.window.canvas


def test_the_first_label_typed_is_the_one_new_objects_get(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    QTest.mouseClick(labels_field(driver), Qt.MouseButton.LeftButton)
    type_where_the_keyboard_is("dog\nbird\n\n")
    accept_one(driver, 30, 32)
    assert label_of(driver, 1) == "dog"


def test_f2_names_the_selected_object_with_part_of_a_name(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    accept_one(driver, 30, 32, "traffic light")
    driver.press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    driver.press(Qt.Key.Key_F2)
    type_where_the_keyboard_is("bicycle\n")
    assert label_of(driver, 1) == "bicycle"
    assert QApplication.focusWidget() is driver.window.canvas
    driver.press(Qt.Key.Key_F2)
    type_where_the_keyboard_is("lig\n")
    assert label_of(driver, 1) == "traffic light"
    assert names(driver) == ["traffic light", "bicycle"]
    driver.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert label_of(driver, 1) == "bicycle"


def test_renaming_onto_a_label_offers_to_merge(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    accept_one(driver, 30, 32, "dog")
    QTest.mouseClick(labels_field(driver), Qt.MouseButton.LeftButton)
    type_where_the_keyboard_is("hound\n\n")
    view = labels_list(driver)
    view.setFocus()
    view.select(driver.project.labels()[0].id)
    QTest.keyClick(view, Qt.Key.Key_F2)
    field = view.findChild(QLineEdit, "labelEditor")
    field.selectAll()
    type_where_the_keyboard_is("hound\n")
    question = dialog(driver, QuestionDialog)
    assert "1 object changes its label" in question.findChild(QObject, "questionText").text()
    type_where_the_keyboard_is("\n")
    assert names(driver) == ["hound"]
    assert label_of(driver, 1) == "hound"
    assert driver.notices[-1] == "Merged into hound: 1 object changed."
    driver.window.activateWindow()  # as a window system does
    driver.until(driver.window.isActiveWindow)
    driver.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert names(driver) == ["dog", "hound"]
    assert label_of(driver, 1) == "dog"


def test_deleting_a_used_label_asks_where_its_objects_go(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    accept_one(driver, 30, 32, "dog")
    QTest.mouseClick(labels_field(driver), Qt.MouseButton.LeftButton)
    type_where_the_keyboard_is("cat\nbird\n\n")
    view = labels_list(driver)
    for row, way, label in ((0, 1, "cat"), (0, 0, None)):
        view.setFocus()
        view.select(driver.project.labels()[row].id)
        QTest.keyClick(view, Qt.Key.Key_Delete)
        question = dialog(driver, QuestionDialog)
        question.findChild(QComboBox).setCurrentIndex(way)
        QTest.mouseClick(question.findChild(QPushButton, "questionYes"), Qt.MouseButton.LeftButton)
        assert label_of(driver, 1) == label
    assert names(driver) == ["bird"]
    view.setFocus()
    view.select(driver.project.labels()[0].id)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert not any(shown.isVisible() for shown in driver.window.findChildren(QuestionDialog))
    assert names(driver) == []


def test_keys_order_and_a_name_that_is_taken(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    QTest.mouseClick(labels_field(driver), Qt.MouseButton.LeftButton)
    type_where_the_keyboard_is("dog\ncat\ndog\n\n")
    assert driver.notices[-1] == "There is a label dog already."
    view = labels_list(driver)
    view.setFocus()
    view.select(driver.project.labels()[1].id)
    QTest.keyClick(view, Qt.Key.Key_Up, ALT)
    assert names(driver) == ["cat", "dog"]
    driver.window.canvas.setFocus()
    accept_one(driver, 30, 32)
    driver.press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    driver.press(Qt.Key.Key_2)
    assert label_of(driver, 1) == "cat"


def open_editor(driver: Driver) -> LabelSetDialog:
    driver.app.actions["edit.label_set"].trigger()
    return dialog(driver, LabelSetDialog)


def child(parent: QWidget, kind: type[W], name: str) -> W:
    found = parent.findChild(kind, name)
    assert found is not None
    return found


def test_the_editor_makes_labels_and_attributes_from_the_keyboard(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    editor = open_editor(driver)
    type_where_the_keyboard_is("dog\ncat\n\n")
    assert names(driver) == ["dog", "cat"]
    child(editor, QLineEdit, "attributeField").setFocus()
    type_where_the_keyboard_is("pose\n")
    kind = child(editor, QComboBox, "attributeKind")
    kind.setFocus()
    QTest.keyClick(kind, Qt.Key.Key_Down)
    words = child(editor, QPlainTextEdit, "attributeChoices")
    words.setFocus()
    QTest.keyClicks(words, "sits")
    QTest.keyClick(words, Qt.Key.Key_Return)
    QTest.keyClicks(words, "runs")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert not editor.isVisible()
    (row,) = driver.project.attributes()
    assert (row.name, row.kind, row.choices) == ("pose", AttributeKind.CHOICE, ("sits", "runs"))
    assert row.label == driver.project.labels()[0].id


def test_attributes_go_to_the_label_that_was_clicked_or_reached_with_down(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    editor = open_editor(driver)
    type_where_the_keyboard_is("dog\ncat\nbird\n")
    labels = child(editor, LabelList, "labelSetList")
    scope, field = child(editor, QComboBox, "labelSetScope"), child(editor, QLineEdit, "attributeField")
    cat = labels.visualRect(labels.model().index(1, Column.NAME)).center()
    QTest.mouseClick(labels.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, cat)
    assert scope.currentText() == "cat"
    field.setFocus()
    type_where_the_keyboard_is("fur\n")
    labels.setFocus()
    QTest.keyClick(labels, Qt.Key.Key_Down)
    assert scope.currentText() == "bird"
    field.setFocus()
    type_where_the_keyboard_is("wings\n")
    by_id = {row.id: row.name for row in driver.project.labels()}
    assert {row.name: by_id[row.label] for row in driver.project.attributes()} == {"fur": "cat", "wings": "bird"}


def test_the_picker_says_whose_label_it_asks_for(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    accept_one(driver, 30, 32, "dog")
    title = child(driver.window.picker, QLabel, "labelPickerTitle")
    driver.press(Qt.Key.Key_F2)
    assert title.isVisible()
    assert title.text() == "Label of new objects"
    QTest.keyClick(driver.window.name_field, Qt.Key.Key_Escape)
    driver.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    driver.press(Qt.Key.Key_F2)
    assert title.text() == "Label of dog 1"


def test_attributes_are_ordered_and_deleted_with_the_mouse(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    editor = open_editor(driver)
    child(editor, QLineEdit, "attributeField").setFocus()
    type_where_the_keyboard_is("one\ntwo\nthree\n")
    page = editor.findChild(AttributesPage)
    menu = page.menu()
    menu.actions()[1].trigger()
    assert [row.name for row in driver.project.attributes()] == ["one", "three", "two"]
    QTest.mouseClick(child(editor, QToolButton, "attributeDelete"), Qt.MouseButton.LeftButton)
    assert [row.name for row in driver.project.attributes()] == ["one", "two"]
    assert "Deleted three" in child(editor, QLabel, "labelSetMessage").text()


def test_undo_works_inside_the_editor(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    editor = open_editor(driver)
    type_where_the_keyboard_is("dog\n")
    QTest.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert names(driver) == []
    QTest.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert names(driver) == ["dog"]
    assert child(editor, LabelList, "labelSetList").model().rowCount() == 1


def test_a_change_that_loses_values_asks_first(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    accept_one(driver, 30, 32, "dog")
    driver.app.router.route(AddAttribute(None, AttributeSpec("note")))
    (note,) = driver.project.attributes()
    driver.app.router.route(SetAttribute((driver.objects()[0].id,), note.id, FrameIndex(0), "hidden"))
    editor = open_editor(driver)
    scope = child(editor, QComboBox, "labelSetScope")
    scope.setFocus()
    QTest.keyClick(scope, Qt.Key.Key_Down)
    kind = child(editor, QComboBox, "attributeKind")
    for answer, expected in (("questionNo", AttributeKind.TEXT), ("questionYes", AttributeKind.NUMBER)):
        kind.setFocus()
        QTest.keyClick(kind, Qt.Key.Key_Up)
        question = dialog(driver, QuestionDialog)
        assert "1 value of note" in child(question, QLabel, "questionText").text()
        QTest.mouseClick(child(question, QPushButton, answer), Qt.MouseButton.LeftButton)
        assert driver.project.attributes()[0].kind is expected
        assert kind.currentData() is expected
    assert driver.project.attribute_values(driver.item) == ()


def test_the_default_label_is_there_when_the_project_is_opened_again(start, tmp_path: Path) -> None:
    driver = start()
    picture = picture_file(tmp_path / "a.png")
    driver.open(picture)
    accept_one(driver, 30, 32, "dog")
    editor = open_editor(driver)
    type_where_the_keyboard_is("cat\n\n")
    default = child(editor, QComboBox, "labelSetDefault")
    default.setFocus()
    QTest.keyClick(default, Qt.Key.Key_End)
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    driver.window.activateWindow()
    driver.until(driver.window.isActiveWindow)
    driver.press(Qt.Key.Key_1)
    assert driver.project.current_label == driver.project.labels()[0].id
    driver.close()
    driver = start()
    driver.open(picture)
    assert driver.project.current_label == driver.project.labels()[1].id


def test_label_sets_go_from_one_project_to_another(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    accept_one(driver, 30, 32, "dog")
    driver.app.router.route(AddAttribute(driver.project.labels()[0].id, AttributeSpec("breed")))
    path = tmp_path / "labels.json"
    driver.app.controllers.label_files.export_to(path)
    driver.until(path.exists)
    driver.until(lambda: any("written" in text for text in driver.notices))
    (tmp_path / "other").mkdir()
    driver.open(picture_file(tmp_path / "other" / "b.png"))
    driver.until(lambda: names(driver) == [])
    driver.app.controllers.label_files.import_from(path)
    driver.until(lambda: names(driver) == ["dog"])
    assert [row.name for row in driver.project.attributes()] == ["breed"]
    assert "Took over 1 label." in driver.notices
    driver.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert names(driver) == []
    path.write_text("{", encoding="utf-8")
    driver.app.controllers.label_files.import_from(path)
    driver.until(lambda: any("labels.json is damaged" in text for text in driver.notices))


def attributes_tab(driver: Driver) -> AttributesPanel:
    tabs = driver.window.findChild(QTabWidget, "side_tabs")
    tabs.setCurrentWidget(driver.window.attributes)
    return driver.window.attributes


def test_attributes_are_said_of_the_selected_objects_and_hold_over_frames(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(video_file(tmp_path / "a.mp4", 4))
    accept_one(driver, 30, 32, "dog")
    accept_one(driver, 70, 20)
    driver.app.router.route(AddAttribute(None, AttributeSpec("occluded", AttributeKind.FLAG, per_frame=True)))
    driver.app.router.route(AddAttribute(None, AttributeSpec("side", AttributeKind.CHOICE, ("near", "far"))))
    driver.app.router.route(AddAttribute(None, AttributeSpec("age", AttributeKind.NUMBER)))
    panel = attributes_tab(driver)
    driver.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    driver.until(lambda: panel.findChild(QCheckBox) is not None)
    driver.press(Qt.Key.Key_D)
    driver.until(lambda: driver.frame == 1)
    box = child(panel, QCheckBox, "attribute.occluded")
    QTest.mouseClick(box, Qt.MouseButton.LeftButton)
    occluded, side, age = (row.id for row in driver.project.attributes())
    first, second = (row.id for row in driver.objects())

    def held(frame: int) -> dict[object, dict[object, object]]:
        values = driver.project.values_at(driver.item, FrameIndex(frame))
        return {number: {row.attribute: row.value for row in found.values()} for number, found in values.items()}

    assert held(0) == {}
    assert held(2) == {first: {occluded: True}, second: {occluded: True}}
    assert QApplication.focusWidget() is driver.window.canvas
    field = child(panel, QLineEdit, "attribute.age")
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    type_where_the_keyboard_is("2,5\n")
    assert held(0)[first] == {age: 2.5}
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    field.selectAll()
    type_where_the_keyboard_is("old\n")
    assert field.text() == "2.5"
    driver.press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    choice = child(panel, QComboBox, "attribute.side")
    choice.setFocus()
    QTest.keyClick(choice, Qt.Key.Key_Down)
    assert held(0) == {first: {age: 2.5, side: "near"}, second: {age: 2.5}}
    driver.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    driver.until(lambda: child(panel, QComboBox, "attribute.side").placeholderText() == "mixed")
    QTest.mouseClick(child(panel, QToolButton, "attribute.occluded.reset"), Qt.MouseButton.LeftButton)
    assert all(occluded not in values for values in held(2).values())


def test_locked_objects_keep_their_attributes(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    accept_one(driver, 30, 32, "dog")
    driver.app.router.route(AddAttribute(None, AttributeSpec("note")))
    one = driver.objects()[0].id
    driver.app.router.route(SetLocked((one,), True))
    driver.app.router.route(SetAttribute((one,), driver.project.attributes()[0].id, FrameIndex(0), "x"))
    assert driver.project.attribute_values(driver.item) == ()
    assert driver.notices[-1] == "Locked and left as they are: dog 1."


def test_colours_follow_the_label_when_people_want_that(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    accept_one(driver, 30, 32, "dog")
    swatches = driver.window.objects.findChild(RowView).model()
    driver.app.router.route(SetLabelColour(driver.project.labels()[0].id, (10, 200, 30)))
    driver.app.state.settings.change({"colour_by": "label"})
    icon = swatches.index(0, 0).data(Qt.ItemDataRole.DecorationRole)
    assert icon.pixmap(16, 16).toImage().pixelColor(8, 8).getRgb()[:3] == (10, 200, 30)


def test_many_objects_change_their_label_without_holding_up_the_window(start, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("sam2_annotator.ui.controllers.large_edits.FEW_ROWS", 0)
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    accept_one(driver, 30, 32, "dog")
    driver.app.router.route(AddLabel("cat"))
    dog, cat = (row.id for row in driver.project.labels())
    driver.app.router.route(MergeLabels((dog,), cat))
    assert driver.app.state.bus.writable is None, "nothing else is written meanwhile"
    driver.until(lambda: label_of(driver, 1) == "cat")
    driver.until(lambda: "Merged into cat: 1 object changed." in driver.notices)
    driver.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    driver.until(lambda: names(driver) == ["dog", "cat"])
    assert label_of(driver, 1) == "dog"


def test_a_project_open_for_reading_says_so(start, tmp_path: Path) -> None:
    driver = start()
    picture = picture_file(tmp_path / "a.png")
    driver.open(picture)
    accept_one(driver, 30, 32, "dog")
    path = driver.project.path
    driver.close()
    with Project.open(path):
        driver = start()
        driver.app.controllers.document.open((path,))
        driver.until(lambda: driver.app.state.bus.project is not None)
        driver.app.router.route(AddLabel("cat"))
        driver.app.router.route(AddAttribute(None, AttributeSpec("seen")))
        assert names(driver) == ["dog"]
        assert all("reading only" in text for text in driver.notices[-2:])


def test_after_a_click_on_a_label_del_means_the_object(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    accept_one(driver, 30, 32, "dog")
    driver.app.state.bus.apply(AddLabel("cat"))
    driver.app.state.view.select(driver.objects()[0].id)
    rows = labels_list(driver)
    row = next(row for row in range(rows.model().rowCount()) if rows.model().index(row, Column.NAME).data() == "cat")
    place = rows.visualRect(rows.model().index(row, Column.NAME)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert label_of(driver, 1) == "cat"
    assert driver.window.canvas.hasFocus(), "FOC-2: after a click on a row the keyboard is the canvas's"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Delete)
    assert driver.objects() == ()
    assert [label.name for label in driver.project.labels()] == ["dog", "cat"], "the label stays"


def test_a_locked_object_keeps_its_label(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    accept_one(driver, 30, 32, "dog")
    accept_one(driver, 80, 10)
    driver.app.state.bus.apply(AddLabel("cat"))
    first, second = (row.id for row in driver.objects())
    driver.app.router.route(SetLocked((first,), True))
    driver.app.state.view.select(first)
    driver.press(Qt.Key.Key_2)
    assert label_of(driver, 1) == "dog"
    assert driver.notices[-1] == "Locked and left as they are: dog 1."
    driver.app.state.view.select(first, second)
    driver.press(Qt.Key.Key_2)
    assert (label_of(driver, 1), label_of(driver, 2)) == ("dog", "cat")
    driver.app.router.route(SetLabel("cow", (first,)))
    assert label_of(driver, 1) == "dog"
    assert driver.project.label_named("cow") is None, "no label is made for nothing"
