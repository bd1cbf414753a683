"""The table of commands: menus, tool bar, shortcuts and the key sheet are all made from it."""

from __future__ import annotations

from sam2_annotator.tools.registry import TOOLS
from sam2_annotator.ui.actions.action import Action, Group, LabelAction, Scope, UseTool, WindowAction
from sam2_annotator.ui.actions.object_table import clipboard_actions, object_actions
from sam2_annotator.ui.actions.view_actions import view_actions
from sam2_annotator.ui.i18n import tr
from sam2_annotator.values.drawing_intents import ChangeBrushSize
from sam2_annotator.values.intents import (
    Delete,
    DeleteScope,
    DocumentAction,
    FilesAction,
    GoToFrame,
    Play,
    PlayToggle,
    PromptAction,
    Propagate,
    ReviewAction,
    SelectNeighbour,
    SelectObjects,
    SelectRank,
    SetLabelNumber,
    StepFrame,
    StepItem,
    StepKey,
)
from sam2_annotator.values.states import Direction
from sam2_annotator.values.suggesting import SuggestAction

LAST_FRAME = 2**31 - 1
_BACK_TEN = ("Shift+A", "Shift+Left")
_ON_TEN = ("Shift+D", "Shift+Right")


def table() -> tuple[Action, ...]:
    """Every command, in menu order; a function because titles are translated when it is called."""
    return (
        *_file(),
        *_edit(),
        *view_actions(),
        *_tools(),
        *_object(),
        *_model(),
        *_digits(),
        *_clip(),
        *_go(),
        *_review(),
        *_help(),
    )


def _file() -> tuple[Action, ...]:
    file = Group.FILE
    return (
        Action(
            "file.open", file, tr("Open pictures or video…"), DocumentAction.OPEN_FILE, ("Ctrl+O",), icon="open-picture"
        ),
        Action(
            "file.open_folder",
            file,
            tr("Open folder of pictures…"),
            DocumentAction.OPEN_FOLDER,
            ("Ctrl+Shift+O",),
            icon="open-folder",
        ),
        Action("file.open_clip_folder", file, tr("Open folder as clip…"), WindowAction.OPEN_CLIP_FOLDER),
        Action("file.open_sample", file, tr("Open sample"), DocumentAction.OPEN_SAMPLE, icon="sample"),
        Action(
            "file.add_files", file, tr("Add pictures or video…"), FilesAction.ADD_FILES, icon="plus", after_line=True
        ),
        Action("file.add_folder", file, tr("Add folder…"), FilesAction.ADD_FOLDER),
        Action("file.refresh", file, tr("Refresh file list"), FilesAction.REFRESH, ("F5",)),
        Action("file.save", file, tr("Save now"), DocumentAction.SAVE, ("Ctrl+S",), after_line=True),
        Action("file.save_as", file, tr("Save project as…"), DocumentAction.SAVE_AS, ("Ctrl+Shift+S",)),
        Action("file.pack", file, tr("Pack project with its media…"), DocumentAction.PACK),
        Action("file.find_missing", file, tr("Find missing files…"), DocumentAction.FIND_MISSING),
        Action("file.restore_points", file, tr("Restore points…"), DocumentAction.RESTORE_POINTS),
        Action("file.export", file, tr("Export…"), DocumentAction.EXPORT, ("Ctrl+E",), icon="export"),
        Action("file.export_again", file, tr("Export again"), DocumentAction.EXPORT_AGAIN, ("Ctrl+Shift+E",)),
        Action("file.import_labels", file, tr("Import labels…"), LabelAction.IMPORT_LABELS, after_line=True),
        Action("file.export_labels", file, tr("Export labels…"), LabelAction.EXPORT_LABELS),
        Action("file.close", file, tr("Close project"), WindowAction.CLOSE_PROJECT, ("Ctrl+W",), after_line=True),
        Action("file.quit", file, tr("Quit"), WindowAction.QUIT, ("Ctrl+Q",)),
    )


def _edit() -> tuple[Action, ...]:
    edit = Group.EDIT
    return (
        Action("edit.undo", edit, tr("Undo"), DocumentAction.UNDO, ("Ctrl+Z",), icon="undo"),
        Action(
            "edit.redo",
            edit,
            tr("Redo"),
            DocumentAction.REDO,
            ("Ctrl+Shift+Z", "Ctrl+Y"),
            ("Ctrl+Shift+Z",),
            icon="redo",
        ),
        Action("edit.history", edit, tr("History…"), DocumentAction.HISTORY),
        Action(
            "edit.select_all", edit, tr("Select all objects"), WindowAction.SELECT_ALL, ("Ctrl+A",), after_line=True
        ),
        Action("edit.select_none", edit, tr("Select none"), SelectObjects(), ("Ctrl+Shift+A",)),
        Action("edit.label_set", edit, tr("Label set…"), LabelAction.LABEL_SET, icon="label", after_line=True),
        *clipboard_actions(),
        Action("edit.find", edit, tr("Find file"), WindowAction.FIND, ("Ctrl+F",), icon="search", after_line=True),
        Action(
            "edit.settings", edit, tr("Settings…"), WindowAction.SETTINGS, ("Ctrl+,",), icon="settings", after_line=True
        ),
    )


def _tools() -> tuple[Action, ...]:
    tools = tuple(
        Action(
            f"tool.{tool.id}",
            Group.TOOLS,
            tool.title,
            SuggestAction.START if tool.id == "suggest" else UseTool(tool.id),
            (tool.shortcut,) if tool.shortcut else (),
            icon=tool.icon,
            tip=tr(tool.hint),
        )
        for tool in TOOLS
    )
    models = Action(
        "tools.models", Group.TOOLS, tr("Model and device…"), WindowAction.MODELS, icon="model", after_line=True
    )
    smaller = Action(
        "brush.smaller", Group.TOOLS, tr("Brush smaller"), ChangeBrushSize(-1), ("Q",), repeats=True, after_line=True
    )
    larger = Action("brush.larger", Group.TOOLS, tr("Brush larger"), ChangeBrushSize(1), ("W",), repeats=True)
    return (*tools, smaller, larger, models)


def _object() -> tuple[Action, ...]:
    object_, canvas = Group.OBJECT, Scope.CANVAS
    return (
        Action(
            "object.accept", object_, tr("Accept"), PromptAction.ACCEPT, ("Return", "Enter"), scope=canvas, icon="check"
        ),
        Action(
            "object.accept_next",
            object_,
            tr("Accept and next item"),
            PromptAction.ACCEPT_AND_NEXT_ITEM,
            ("Ctrl+Return", "Ctrl+Enter"),
            scope=canvas,
        ),
        Action("object.new", object_, tr("New object"), PromptAction.NEW_OBJECT, ("N",), icon="plus"),
        Action(
            "object.next_candidate", object_, tr("Next candidate"), PromptAction.NEXT_CANDIDATE, ("M",), after_line=True
        ),
        Action(
            "object.previous_candidate",
            object_,
            tr("Previous candidate"),
            PromptAction.PREVIOUS_CANDIDATE,
            ("Shift+M",),
        ),
        Action(
            "object.remove_last",
            object_,
            tr("Remove last prompt"),
            PromptAction.REMOVE_LAST,
            ("Backspace",),
            scope=canvas,
        ),
        Action(
            "object.cancel", object_, tr("Cancel, stop"), WindowAction.CANCEL, ("Esc",), ("Esc", "Ctrl+."), scope=canvas
        ),
        Action("object.name", object_, tr("Name…"), LabelAction.NAME, ("F2",), icon="label", after_line=True),
        Action("object.lock", object_, tr("Lock or unlock"), WindowAction.TOGGLE_LOCK, ("Ctrl+L",), icon="lock"),
        *object_actions(),
        Action("object.next", object_, tr("Next object"), SelectNeighbour(1), ("Down",), scope=canvas),
        Action("object.previous", object_, tr("Previous object"), SelectNeighbour(-1), ("Up",), scope=canvas),
        Action(
            "object.delete",
            object_,
            tr("Delete here"),
            Delete(DeleteScope.HERE),
            ("Del",),
            scope=canvas,
            icon="trash",
            after_line=True,
        ),
        Action(
            "object.delete_from_here",
            object_,
            tr("Delete from here on"),
            Delete(DeleteScope.FROM_HERE),
            ("Ctrl+Del",),
            scope=canvas,
        ),
        Action(
            "object.delete_whole",
            object_,
            tr("Delete whole object"),
            Delete(DeleteScope.WHOLE),
            ("Shift+Del",),
            scope=canvas,
        ),
    )


def _model() -> tuple[Action, ...]:
    object_ = Group.OBJECT
    return (
        Action(
            "object.refine",
            object_,
            tr("Refine mask with the model"),
            PromptAction.REFINE,
            tip=tr("hands the mask to the model, whatever made it"),
            after_line=True,
        ),
        Action(
            "object.run_again",
            object_,
            tr("Run prompts again"),
            PromptAction.RUN_AGAIN,
            tip=tr("asks the model in use for the masks of all prompts of the selected objects"),
        ),
    )


def _digits() -> tuple[Action, ...]:
    labels = tuple(
        Action(
            f"label.{number}",
            Group.OBJECT,
            tr("Label {number}", number=number) if number else tr("No label"),
            SetLabelNumber(number),
            (str(number),),
            in_menu=False,
        )
        for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 0)
    )
    ranks = tuple(
        Action(
            f"object.select_{rank}",
            Group.OBJECT,
            tr("Select object {rank}", rank=rank),
            SelectRank(rank),
            (f"Ctrl+{rank}",),
            in_menu=False,
        )
        for rank in range(1, 10)
    )
    return (*labels, *ranks)


def _clip() -> tuple[Action, ...]:
    clip, canvas = Group.CLIP, Scope.CANVAS
    return (
        Action(
            "track.forward", clip, tr("Propagate forward"), Propagate(Direction.FORWARD), ("T",), icon="track-forward"
        ),
        Action(
            "track.backward",
            clip,
            tr("Propagate back"),
            Propagate(Direction.BACKWARD),
            ("Shift+T",),
            icon="track-backward",
        ),
        Action(
            "track.both", clip, tr("Propagate both ways"), Propagate(Direction.BOTH), ("Ctrl+T",), icon="track-both"
        ),
        Action(
            "clip.play",
            clip,
            tr("Play or pause"),
            PlayToggle.TOGGLE,
            ("Space",),
            scope=Scope.CANVAS_OWN,
            icon="play",
            after_line=True,
        ),
        Action("clip.play_back", clip, tr("Play backwards"), Play(-1.0), ("J",), in_menu=False),
        Action("clip.pause", clip, tr("Pause"), Play(0.0), ("K",), in_menu=False),
        Action("clip.play_on", clip, tr("Play forwards, faster"), Play(1.0), ("L",), in_menu=False),
        Action("clip.back", clip, tr("Frame back"), StepFrame(-1), ("A",), repeats=True, icon="step-backward"),
        Action("clip.on", clip, tr("Frame on"), StepFrame(1), ("D",), repeats=True, icon="step-forward"),
        Action(
            "clip.back_arrow",
            clip,
            tr("Frame back"),
            StepFrame(-1),
            ("Left",),
            repeats=True,
            scope=canvas,
            in_menu=False,
        ),
        Action(
            "clip.on_arrow", clip, tr("Frame on"), StepFrame(1), ("Right",), repeats=True, scope=canvas, in_menu=False
        ),
        Action(
            "clip.back_ten",
            clip,
            tr("Long step back"),
            StepFrame(-1, long=True),
            ("Shift+A", "Shift+Left"),
            repeats=True,
            in_menu=False,
        ),
        Action(
            "clip.on_ten",
            clip,
            tr("Long step on"),
            StepFrame(1, long=True),
            ("Shift+D", "Shift+Right"),
            repeats=True,
            in_menu=False,
        ),
        Action("clip.previous_key", clip, tr("Previous key frame"), StepKey(-1), ("Ctrl+Left",)),
        Action("clip.next_key", clip, tr("Next key frame"), StepKey(1), ("Ctrl+Right",)),
        Action("clip.first", clip, tr("First frame"), GoToFrame(0), ("Home",), ("Home", "Alt+Left"), scope=canvas),
        Action(
            "clip.last", clip, tr("Last frame"), GoToFrame(LAST_FRAME), ("End",), ("End", "Alt+Right"), scope=canvas
        ),
        Action("clip.find", clip, tr("Go to frame…"), WindowAction.FIND_FRAME, ("Ctrl+G",)),
    )


def _go() -> tuple[Action, ...]:
    go = Group.GO
    return (
        Action("item.previous", go, tr("Previous item"), StepItem(-1), ("PgUp",)),
        Action("item.next", go, tr("Next item"), StepItem(1), ("PgDown",)),
        Action("review.next_to_do", go, tr("Next file to do"), ReviewAction.NEXT_TO_DO),
        Action("review.next", go, tr("Next to check"), ReviewAction.NEXT, ("F",), repeats=True, after_line=True),
        Action("review.previous", go, tr("Previous to check"), ReviewAction.PREVIOUS, ("Shift+F",), repeats=True),
    )


def _review() -> tuple[Action, ...]:
    review = Group.REVIEW
    return (
        Action("review.confirm", review, tr("Confirm"), ReviewAction.CONFIRM, ("C",), icon="check"),
        Action("review.take_back", review, tr("Take confirmation back"), ReviewAction.TAKE_BACK, ("Ctrl+Shift+C",)),
        Action("review.flag", review, tr("Flag…"), ReviewAction.FLAG, ("Y",), icon="flag"),
    )


def _help() -> tuple[Action, ...]:
    return (
        Action("help.commands", Group.HELP, tr("Commands…"), WindowAction.PALETTE, ("Ctrl+K",), icon="search"),
        Action("help.keys", Group.HELP, tr("Keys"), WindowAction.KEYS, ("F1",)),
        Action("help.messages", Group.HELP, tr("Messages"), WindowAction.MESSAGES),
        Action("help.hints", Group.HELP, tr("Show hints again"), WindowAction.HINTS),
        Action("help.about", Group.HELP, tr("About"), WindowAction.ABOUT),
    )
