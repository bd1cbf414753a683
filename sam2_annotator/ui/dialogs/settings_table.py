"""The settings as people see them: section, title, one line of explanation, and how each is edited."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sam2_annotator.ui.i18n import tr


class Kind(Enum):
    """How a setting is edited. PERCENT shows a share of 0..1; MODEL is chosen in a dialog of its own."""

    SWITCH = "switch"
    CHOICE = "choice"
    WHOLE = "whole"
    REAL = "real"
    PERCENT = "percent"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class SettingEntry:
    """One line: `name` is the field of `Settings`, `words` are its values and what they are called, `unit` follows a
    number."""

    name: str
    title: str
    what: str
    kind: Kind = Kind.SWITCH
    words: tuple[tuple[str, str], ...] = ()
    unit: str = ""


Section = tuple[str, tuple[SettingEntry, ...]]


def sections(languages: tuple[tuple[str, str], ...]) -> tuple[Section, ...]:
    """All settings but the keys, by section; `languages` are (code, name) of those that can be spoken."""
    return (
        (tr("General"), _general(languages)),
        (tr("Mouse and view"), _view()),
        (tr("Masks"), _masks()),
        (tr("Model"), _model()),
        (tr("Clicks and boxes"), _prompting()),
        (tr("Clips"), _clips()),
        (tr("Memory and saving"), _memory()),
    )


def _general(languages: tuple[tuple[str, str], ...]) -> tuple[SettingEntry, ...]:
    themes = (
        ("system", tr("As the system")),
        ("light", tr("Light")),
        ("dark", tr("Dark")),
        ("high_contrast", tr("High contrast")),
    )
    speech = (("system", tr("As the system")), *languages)
    return (
        SettingEntry("theme", tr("Theme"), tr("Colours of the window."), Kind.CHOICE, themes),
        SettingEntry(
            "language", tr("Language"), tr("Language of the window, from the next start on."), Kind.CHOICE, speech
        ),
        SettingEntry("reopen_last", tr("Go on where you stopped"), tr("Open the last project at the start.")),
        SettingEntry("hints", tr("Hints"), tr("Say what comes next during the first steps.")),
    )


def _view() -> tuple[SettingEntry, ...]:
    presets = (
        ("zoom", tr("Zoom (Ctrl pans)")),
        ("scroll", tr("Pan (Ctrl zooms)")),
        ("frames", tr("Step frames (Ctrl zooms)")),
    )
    return (
        SettingEntry(
            "wheel_preset",
            tr("Mouse wheel"),
            tr("What a plain turn does; two fingers on a touchpad always pan."),
            Kind.CHOICE,
            presets,
        ),
        SettingEntry("zoom_step", tr("Zoom step"), tr("Factor of one notch or one key press."), Kind.REAL),
        SettingEntry("pixel_grid", tr("Pixel grid"), tr("Thin lines between pixels from 800 % up.")),
        SettingEntry("smooth_enlarged", tr("Smooth when enlarged"), tr("Soft pixels above 100 %.")),
        SettingEntry("crosshair", tr("Crosshair"), tr("Lines through the pointer of box and polygon tools.")),
    )


def _masks() -> tuple[SettingEntry, ...]:
    colours = (("object", tr("By object")), ("label", tr("By label")), ("state", tr("By state")))
    return (
        SettingEntry("fill", tr("Fill"), tr("How strongly masks are tinted; 0 shows outlines only."), Kind.PERCENT),
        SettingEntry(
            "outline_width",
            tr("Outline width"),
            tr("The same at every zoom; 0 is one pixel."),
            Kind.REAL,
            unit="px",
        ),
        SettingEntry("colour_by", tr("Colours"), tr("What gives a mask its colour."), Kind.CHOICE, colours),
        SettingEntry("tags", tr("Tags"), tr("Number and label beside each object.")),
    )


def _model() -> tuple[SettingEntry, ...]:
    precisions = (("auto", tr("Automatic")), ("float32", tr("Exact (float32)")), ("bfloat16", tr("Fast (bfloat16)")))
    return (
        SettingEntry("model", tr("Model and device"), tr("What outlines and tracks, and on which device."), Kind.MODEL),
        SettingEntry(
            "quality",
            tr("Quality"),
            tr("How large the model sees pictures: less is quicker, with softer borders."),
            Kind.CHOICE,
            (("full", tr("Full")), ("balanced", tr("Balanced")), ("fast", tr("Fast"))),
        ),
        SettingEntry(
            "precision",
            tr("Precision"),
            tr("Fast differs in a few pixels of the edge; automatic takes it where the device has units for it."),
            Kind.CHOICE,
            precisions,
        ),
        SettingEntry(
            "prefetch_items",
            tr("Prepare next pictures"),
            tr("How many pictures ahead are analysed while you work on this one."),
            Kind.WHOLE,
        ),
        SettingEntry(
            "features_on_disk",
            tr("Keep image features on disk"),
            tr("A folder opened again answers the first click at once; takes a few megabytes for each picture."),
        ),
    )


def _prompting() -> tuple[SettingEntry, ...]:
    avoided = (("off", tr("None")), ("locked", tr("Locked objects")), ("all", tr("All other objects")))
    whole = Kind.WHOLE
    return (
        SettingEntry("candidates", tr("Candidates"), tr("Offer three masks to choose from after a single click.")),
        SettingEntry("remember_size", tr("Remember candidate size"), tr("Preselect the size chosen twice in a row.")),
        SettingEntry("hover_preview", tr("Preview under the pointer"), tr("Show the mask a click would give.")),
        SettingEntry("offer_preview", tr("Offer the preview"), tr("Say so once where it would be quick enough.")),
        SettingEntry("drop_specks", tr("Drop specks"), tr("Parts up to this size are left out."), whole, unit="px"),
        SettingEntry("fill_holes", tr("Fill holes"), tr("Holes up to this size are filled."), whole, unit="px"),
        SettingEntry("keep_largest", tr("Keep largest part"), tr("Leave out all parts of a mask but the largest.")),
        SettingEntry("grow", tr("Grow or shrink"), tr("Move the edge outwards, below 0 inwards."), whole, unit="px"),
        SettingEntry(
            "avoid_others", tr("Avoid objects"), tr("Leave out pixels that belong to others."), Kind.CHOICE, avoided
        ),
    )


def _clips() -> tuple[SettingEntry, ...]:
    return (
        SettingEntry("step_frames", tr("Long step"), tr("Frames that Shift with an arrow key goes."), Kind.WHOLE),
        SettingEntry("advance_after_confirm", tr("Go on after confirming"), tr("Show next what is not confirmed yet.")),
        SettingEntry("follow", tr("Follow while tracking"), tr("Show each frame as it is tracked.")),
    )


def _memory() -> tuple[SettingEntry, ...]:
    return (
        SettingEntry(
            "frame_memory_mb", tr("Memory for frames"), tr("Decoded frames kept for stepping."), Kind.WHOLE, unit="MB"
        ),
        SettingEntry(
            "feature_memory_mb",
            tr("Memory for image features"),
            tr("Pictures analysed lately answer at once; on the GPU if that computes."),
            Kind.WHOLE,
            unit="MB",
        ),
        SettingEntry(
            "feature_disk_mb",
            tr("Disk for image features"),
            tr("For all projects together, where they are kept on disk."),
            Kind.WHOLE,
            unit="MB",
        ),
        SettingEntry(
            "undo_memory_mb", tr("Memory for undo"), tr("The oldest steps go when it is full."), Kind.WHOLE, unit="MB"
        ),
        SettingEntry("restore_points", tr("Restore points"), tr("How many are kept for each project."), Kind.WHOLE),
    )
