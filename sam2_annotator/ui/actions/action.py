"""What a command is: its menu, its keys, what it asks for.

Keys are Qt's portable names: Ctrl is Cmd on a Mac and Meta is Ctrl there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sam2_annotator.doc.commands.attributes import AttributeChange
from sam2_annotator.doc.commands.labels import LabelChange
from sam2_annotator.ui.i18n import tr
from sam2_annotator.values.intents import Intent


class WindowAction(Enum):
    """Wishes about the window itself."""

    OPEN_CLIP_FOLDER = "open_clip_folder"
    CLOSE_PROJECT = "close_project"
    QUIT = "quit"
    CANCEL = "cancel"
    SELECT_ALL = "select_all"
    TOGGLE_LOCK = "toggle_lock"
    FIND = "find"
    FIND_FRAME = "find_frame"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    FIT = "fit"
    TOGGLE_FIT = "toggle_fit"
    ZOOM_SELECTION = "zoom_selection"
    TOGGLE_MASKS = "toggle_masks"
    ONLY_SELECTED = "only_selected"
    LESS_FILL = "less_fill"
    MORE_FILL = "more_fill"
    OUTLINE_ONLY = "outline_only"
    ADJUST = "adjust"
    RESET_ADJUST = "reset_adjust"
    TOGGLE_PANELS = "toggle_panels"
    FULL_SCREEN = "full_screen"
    RESET_LAYOUT = "reset_layout"
    MODELS = "models"
    NEXT_AREA = "next_area"
    PREVIOUS_AREA = "previous_area"
    KEY_POINTER = "key_pointer"
    MESSAGES = "messages"
    HINTS = "hints"
    SETTINGS = "settings"
    PALETTE = "palette"
    KEYS = "keys"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class UseTool:
    """Take up the tool with this id."""

    tool: str


class LabelAction(Enum):
    """Wishes about labels that need no further words."""

    NAME = "name"
    LABEL_SET = "label_set"
    IMPORT_LABELS = "import_labels"
    EXPORT_LABELS = "export_labels"


LabelWish = LabelChange | AttributeChange | LabelAction
Wish = Intent | WindowAction | UseTool | LabelWish


class Group(Enum):
    """Menus, in the order of the menu bar."""

    FILE = "file"
    EDIT = "edit"
    VIEW = "view"
    TOOLS = "tools"
    OBJECT = "object"
    CLIP = "clip"
    GO = "go"
    REVIEW = "review"
    HELP = "help"


class Scope(Enum):
    """WINDOW: everywhere but in text fields. CANVAS: while the canvas has the focus, so that buttons and lists
    keep Enter, Space and the arrows for themselves. CANVAS_OWN: a key the canvas reads itself."""

    WINDOW = "window"
    CANVAS = "canvas"
    CANVAS_OWN = "canvas_own"


@dataclass(frozen=True, slots=True)
class Action:
    """One command. `mac_keys` is None where the Mac's keys follow from `keys`. `icon` names a file of resources/icons.

    One with `in_menu` False is only a key (digits); `after_line` puts a separator before it; `tip` says what it
    does; `repeats` while the key is held; `submenu` is the title of the menu it is in inside its group's; a `checkable`
    one is on or off.
    """

    id: str
    group: Group
    title: str
    wish: Wish
    keys: tuple[str, ...] = ()
    mac_keys: tuple[str, ...] | None = None
    scope: Scope = Scope.WINDOW
    icon: str = ""
    in_menu: bool = True
    after_line: bool = False
    tip: str = ""
    repeats: bool = False
    submenu: str = ""
    checkable: bool = False

    def keys_on(self, platform: str) -> tuple[str, ...]:
        """The keys on a platform named as `sys.platform` does."""
        return self.mac_keys if platform == "darwin" and self.mac_keys is not None else self.keys


def group_title(group: Group) -> str:
    """The menu's name, with its mnemonic."""
    return {
        Group.FILE: tr("&File"),
        Group.EDIT: tr("&Edit"),
        Group.VIEW: tr("&View"),
        Group.TOOLS: tr("&Tools"),
        Group.OBJECT: tr("&Object"),
        Group.CLIP: tr("&Clip"),
        Group.GO: tr("&Go"),
        Group.REVIEW: tr("&Review"),
        Group.HELP: tr("&Help"),
    }[group]
