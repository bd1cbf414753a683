"""Key presets for people who come from another program: what differs from the keys of the table (FOC-6).

A key given here is taken from the command that has it by default, so that command gets another one too.
"""

from __future__ import annotations

from collections.abc import Mapping

_Keys = Mapping[str, tuple[str, ...]]

_LABELME: _Keys = {
    "file.open_folder": ("Ctrl+U", "Ctrl+Shift+O"),
    "tool.select": ("Ctrl+J", "V"),
    "object.merge": ("Ctrl+Alt+J",),
    "tool.box": ("Ctrl+R", "R"),
    "object.name": ("Ctrl+E", "F2"),
    "file.export": ("Ctrl+Shift+X",),
    "view.fit": ("Ctrl+F", "Ctrl+0"),
    "edit.find": ("F3",),
}

_CVAT: _Keys = {
    "clip.on": ("F",),
    "clip.back": ("D",),
    "clip.on_ten": ("V", "Shift+Right"),
    "clip.back_ten": ("C", "Shift+Left"),
    "clip.next_key": ("R", "Ctrl+Right"),
    "clip.previous_key": ("E", "Ctrl+Left"),
    "object.lock": ("L", "Ctrl+L"),
    "clip.play_on": ("Shift+L",),
    "tool.select": ("Shift+V",),
    "tool.box": ("Shift+R",),
    "review.confirm": ("Shift+Return",),
    "review.next": ("Shift+PgDown",),
    "review.previous": ("Shift+PgUp",),
    "tool.eraser": ("Shift+E",),
}

PRESETS: Mapping[str, _Keys] = {"default": {}, "labelme": _LABELME, "cvat": _CVAT}
