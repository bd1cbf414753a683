import pytest
from PySide6.QtGui import QKeySequence

from sam2_annotator.paths import resource
from sam2_annotator.ui.actions.action import Group, Scope
from sam2_annotator.ui.actions.action_set import ActionSet
from sam2_annotator.ui.actions.table import table
from sam2_annotator.ui.theme.style import Theme

PLATFORMS = ("linux", "win32", "darwin")
MAC_SYSTEM = ("Ctrl+H", "Ctrl+M", "Ctrl+Space", "Ctrl+Tab", "Meta+Left", "Meta+Right", "Meta+Up", "Meta+Down")


def test_ids_are_unique() -> None:
    ids = [entry.id for entry in table()]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_no_key_is_given_twice(platform: str) -> None:
    owners: dict[str, str] = {}
    for entry in table():
        for key in entry.keys_on(platform):
            name = QKeySequence(key).toString()
            assert name, f"{entry.id}: {key} is no key"
            assert name not in owners, f"{name} belongs to {owners[name]} and {entry.id}"
            owners[name] = entry.id


def test_no_key_takes_one_of_the_mac_system() -> None:
    taken = {QKeySequence(key).toString() for key in MAC_SYSTEM}
    for entry in table():
        assert taken.isdisjoint(QKeySequence(key).toString() for key in entry.keys_on("darwin")), entry.id


def test_single_letters_work_everywhere_but_enter_and_arrows_only_on_the_canvas() -> None:
    for entry in table():
        for key in entry.keys:
            if key in ("Return", "Esc", "Up", "Down", "Left", "Right", "Backspace", "Del", "Home", "End"):
                assert entry.scope is Scope.CANVAS, entry.id
            elif len(key) == 1:
                assert entry.scope is Scope.WINDOW, entry.id


def test_every_icon_is_there(theme: Theme) -> None:
    actions = ActionSet(theme)
    for entry in actions.entries:
        if entry.icon:
            assert resource(f"icons/{entry.icon}.svg").is_file()
            assert not actions[entry.id].icon().isNull()


def test_triggering_an_action_says_its_wish(theme: Theme) -> None:
    actions = ActionSet(theme)
    said: list[object] = []
    actions.intent.connect(said.append)
    for entry in actions.entries:
        actions[entry.id].trigger()
    assert said == [entry.wish for entry in actions.entries]


def test_going_to_another_picture_is_found_in_a_menu_of_its_own() -> None:
    ways = [entry.id for entry in table() if entry.group is Group.GO]
    assert ways == ["item.previous", "item.next", "review.next_to_do", "review.next", "review.previous"]
    assert {entry.id: entry.keys for entry in table()}["item.next"] == ("PgDown",)
