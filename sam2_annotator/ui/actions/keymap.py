"""Which keys each command has: those of the table, changed by a preset and then by the person (FOC-6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence

from sam2_annotator.settings import KeyChanges
from sam2_annotator.ui.actions.action import Action, Scope
from sam2_annotator.ui.actions.presets import PRESETS
from sam2_annotator.ui.i18n import tr

Keys = tuple[str, ...]

# Keys that move the focus or that the canvas reads itself, and modifiers alone.
_RESERVED = frozenset({"Space", "Tab", "Backtab", "Shift+Tab", "Ctrl+Tab", "Ctrl+Shift+Tab", "Ctrl+Backtab"})
_MODIFIERS = frozenset({"Shift", "Ctrl", "Control", "Alt", "Meta", "AltGr", "CapsLock", "NumLock", "ScrollLock"})
_MAC_SYSTEM = frozenset(
    {"Ctrl+H", "Ctrl+M", "Ctrl+Space", "Ctrl+Shift+3", "Ctrl+Shift+4", "Ctrl+Shift+5"}
    | {f"Meta+{arrow}" for arrow in ("Left", "Right", "Up", "Down")}
)


@dataclass(frozen=True, slots=True)
class KeyMap:
    """Keys of each command by Qt's portable names, and the entries of the settings that could not be used, as
    sentences."""

    keys: Mapping[str, Keys]
    warnings: tuple[str, ...] = ()

    def owner(self, key: str) -> str | None:
        """The command that has this key."""
        return next((command for command, keys in self.keys.items() if key in keys), None)


def key_map(entries: Iterable[Action], platform: str, preset: str, changes: KeyChanges) -> KeyMap:
    """The keys in force. A key that a preset or the person gives to a command is taken from the one that had it."""
    commands = {entry.id: entry for entry in entries}
    keys = {entry.id: tuple(map(portable, entry.keys_on(platform))) for entry in commands.values()}
    for command, wanted in PRESETS[preset].items():
        if command in commands:
            _give(keys, command, tuple(map(portable, wanted)), kept=frozenset())
    warnings: list[str] = []
    set_by_person: set[str] = set()
    for command, wanted in changes:
        if command not in commands or commands[command].scope is Scope.CANVAS_OWN:
            warnings.append(
                tr("The settings give keys to “{command}”, which no command is called.", command=command[:80])
            )
            continue
        usable = []
        for text in wanted:
            key, why = portable(text), refusal(text, platform)
            if why:
                warnings.append(
                    tr("The settings give “{command}” the key “{key}”: {why}", command=command, key=text[:80], why=why)
                )
            elif (owner := _owner(keys, key)) is not None and owner in set_by_person:
                warnings.append(
                    tr(
                        "The settings give the key {key} to “{first}” and to “{second}”; the first one keeps it.",
                        key=key,
                        first=owner,
                        second=command,
                    )
                )
            elif key not in usable:
                usable.append(key)
        set_by_person.add(command)
        _give(keys, command, tuple(usable), kept=frozenset(set_by_person))
    return KeyMap(keys, tuple(warnings))


def changes_from(entries: Iterable[Action], platform: str, preset: str, keys: Mapping[str, Keys]) -> KeyChanges:
    """What of these keys differs from the preset, as the settings hold it."""
    base = key_map(entries, platform, preset, ()).keys
    return tuple(sorted((command, now) for command, now in keys.items() if now != base[command]))


def with_keys(keys: Mapping[str, Keys], command: str, wanted: Keys) -> dict[str, Keys]:
    """The keys after `command` was given these and nobody else keeps one of them."""
    after = dict(keys)
    _give(after, command, wanted, kept=frozenset())
    return after


def portable(key: str) -> str:
    """The one spelling of a key ("ctrl+shift+a" is "Ctrl+Shift+A"); "" for what is no key."""
    return QKeySequence(key, QKeySequence.SequenceFormat.PortableText).toString()


def refusal(key: str, platform: str) -> str:
    """Why a command cannot have this key, as a sentence; "" when it can."""
    sequence = QKeySequence(key, QKeySequence.SequenceFormat.PortableText)
    name = sequence.toString()
    if not name or sequence.count() != 1 or name in _MODIFIERS or not name.isprintable():
        return tr("it is not one key.")
    if name in _RESERVED:
        return tr("it moves the focus or the picture.")
    if platform == "darwin" and name in _MAC_SYSTEM:
        return tr("the system uses it.")
    return ""


def _owner(keys: Mapping[str, Keys], key: str) -> str | None:
    return next((command for command, owned in keys.items() if key in owned), None)


def _give(keys: dict[str, Keys], command: str, wanted: Keys, *, kept: frozenset[str]) -> None:
    for other, owned in keys.items():
        if other != command and other not in kept:
            keys[other] = tuple(key for key in owned if key not in wanted)
    keys[command] = wanted
