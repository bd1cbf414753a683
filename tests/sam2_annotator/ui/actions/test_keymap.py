import pytest

from sam2_annotator.ui.actions.action_set import ActionSet
from sam2_annotator.ui.actions.keymap import changes_from, key_map, portable, refusal
from sam2_annotator.ui.actions.presets import PRESETS
from sam2_annotator.ui.actions.table import table
from sam2_annotator.ui.theme.style import Theme

PLATFORMS = ("linux", "win32", "darwin")


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_gives_each_key_once_and_leaves_no_command_without_its_keys(preset: str, platform: str) -> None:
    found = key_map(table(), platform, preset, ())
    given = [key for keys in found.keys.values() for key in keys]
    assert len(given) == len(set(given))
    for entry in table():
        assert bool(found.keys[entry.id]) == bool(entry.keys_on(platform)), entry.id
        if entry.scope.value != "canvas_own":
            assert not [key for key in found.keys[entry.id] if refusal(key, platform)], entry.id
    assert found.warnings == ()
    assert set(PRESETS[preset]) <= set(found.keys)


def test_a_key_of_ones_own_is_taken_from_the_command_that_had_it() -> None:
    found = key_map(table(), "linux", "default", (("tool.box", ("V", "ctrl+shift+r")),))
    assert found.keys["tool.box"] == ("V", "Ctrl+Shift+R")
    assert found.keys["tool.select"] == ()
    assert found.owner("V") == "tool.box"
    assert found.warnings == ()


def test_two_commands_can_swap_their_keys() -> None:
    found = key_map(table(), "linux", "default", (("tool.box", ("V",)), ("tool.select", ("R",))))
    assert (found.keys["tool.box"], found.keys["tool.select"]) == (("V",), ("R",))


def test_a_command_can_be_left_without_a_key() -> None:
    assert key_map(table(), "linux", "default", (("tool.box", ()),)).keys["tool.box"] == ()


@pytest.mark.parametrize(
    "changes",
    [
        (("tool.box", ("",)),),
        (("tool.box", ("Hyper+Q",)),),
        (("tool.box", ("A, B",)),),
        (("tool.box", ("Shift",)),),
        (("tool.box", ("Space",)),),
        (("tool.box", ("Tab",)),),
        (("no.such", ("B",)),),
        (("clip.play", ("P",)),),
        (("tool.box", ("S",)), ("tool.select", ("S",))),
        (("tool.box", ("\x00",)),),
    ],
)
def test_nonsense_is_left_out_with_one_warning(changes) -> None:
    found = key_map(table(), "linux", "default", changes)
    assert len(found.warnings) == 1
    given = [key for keys in found.keys.values() for key in keys]
    assert len(given) == len(set(given))
    assert "" not in given


def test_keys_of_the_mac_system_are_refused_there_alone() -> None:
    assert refusal("Ctrl+H", "darwin")
    assert not refusal("Ctrl+H", "linux")


def test_what_differs_from_the_preset_comes_back_as_it_was() -> None:
    changes = (("tool.box", ("V",)), ("tool.select", ("R",)))
    found = key_map(table(), "linux", "cvat", changes)
    assert key_map(table(), "linux", "cvat", changes_from(table(), "linux", "cvat", found.keys)).keys == found.keys
    assert changes_from(table(), "linux", "cvat", key_map(table(), "linux", "cvat", ()).keys) == ()


def test_one_spelling_for_each_key() -> None:
    assert portable("shift+CTRL+z") == "Ctrl+Shift+Z"
    assert portable("not a key") == ""


def test_actions_and_tooltips_follow_other_keys(theme: Theme) -> None:
    actions = ActionSet(theme, platform="linux")
    actions.set_keys(key_map(actions.entries, "linux", "default", (("tool.box", ("Shift+B",)), ("tool.pan", ("R",)))))
    assert actions["tool.box"].shortcut().toString() == "Shift+B"
    assert "(Shift+B)" in actions["tool.box"].toolTip()
    assert actions["tool.pan"].shortcut().toString() == "R"
    assert actions.key_text("tool.pan") == "R"
