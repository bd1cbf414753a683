"""Translation: every text people see is a literal inside `tr`, English, with named places to fill.

A catalogue is resources/i18n/<language>.json: English text to its translation, or, where a number decides the
form, to an object {"one": ..., "other": ...} chosen by the place named `count`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

_CONTEXT = "sam2_annotator"
_NO_COUNT = -1

Catalogue = Mapping[str, str | Mapping[str, str]]


def tr(text: str, /, **named: object) -> str:
    """`text` in the user's language with its {places} filled; English where there is no translation."""
    count = named.get("count")
    number = abs(count) if isinstance(count, int) else _NO_COUNT
    found = QCoreApplication.translate(_CONTEXT, text, None, number)
    return found.format(**named) if named else found  # a step's title may hold a name with braces


def clock(seconds: float) -> str:
    """Seconds as 00:00:27.066, the same in every language."""
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


def time_left(seconds: float) -> str:
    """A rough time in words."""
    if seconds < 55:
        return tr("about {count} s left", count=max(1, round(seconds)))
    if seconds < 3600 * 1.5:
        return tr("about {count} min left", count=max(1, round(seconds / 60)))
    return tr("about {hours:.1f} h left", hours=seconds / 3600)


def day_time(moment: datetime, *, seconds: bool = False) -> str:
    """A moment as people say it: "Today 14:03", "Yesterday 09:12", else the date and the time here."""
    local = moment.astimezone()
    days = (datetime.now().astimezone().date() - local.date()).days
    time = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    if days in (0, 1):
        return tr("Today {time}", time=time) if days == 0 else tr("Yesterday {time}", time=time)
    return f"{local:%Y-%m-%d} {time}"


def size_words(size: int) -> str:
    """Bytes as people say them."""
    if size < 1e6:
        return tr("{size:.0f} kB", size=max(1, size / 1e3))
    return tr("{size:.0f} MB", size=size / 1e6) if size < 1e9 else tr("{size:.1f} GB", size=size / 1e9)


class JsonTranslator(QTranslator):
    """Answers from one catalogue; what it lacks is left to the translator installed before."""

    def __init__(self, language: str, catalogue: Catalogue) -> None:
        super().__init__()
        self._language = language
        self._catalogue = catalogue

    def isEmpty(self) -> bool:
        """Qt installs no empty translators."""
        return not self._catalogue

    def translate(
        self, context: str, sourceText: str, /, disambiguation: str | None = None, n: int = _NO_COUNT
    ) -> str | None:
        """The translation, or None to let the next translator answer."""
        entry = self._catalogue.get(sourceText)
        if entry is None or isinstance(entry, str):
            return entry
        return entry[plural_form(self._language, n)]


def plural_form(language: str, count: int) -> str:
    """The key of the plural form a language uses for a number (Unicode CLDR plural rules, whole numbers)."""
    base = language.split("_")[0]
    if base in ("zh", "ja", "ko"):
        return "other"
    if base == "fr":
        return "one" if count in (0, 1) else "other"
    return "one" if count == 1 else "other"


def load(folder: Path, language: str) -> JsonTranslator | None:
    """The translator of `language` ("de", "zh_CN") in `folder`, of its base language, or None."""
    for name in (language, language.split("_")[0]):
        path = folder / f"{name}.json"
        if path.is_file():
            return JsonTranslator(name, json.loads(path.read_text(encoding="utf-8")))
    return None


def languages(folder: Path) -> tuple[tuple[str, str], ...]:
    """(code, own name) of every language there is a catalogue of."""
    return tuple((path.stem, _own_name(path.stem)) for path in sorted(folder.glob("*.json")))


def _own_name(code: str) -> str:
    name = QLocale(code).nativeLanguageName()
    return name[:1].upper() + name[1:]


def install(app: QCoreApplication, folder: Path, language: str = "") -> None:
    """Speak `language` ("" for the system's) from now on; English answers what it lacks. Call once."""
    for name in ("en", language or QLocale.system().name()):
        translator = load(folder, name)
        if translator is not None:
            translator.setParent(app)
            app.installTranslator(translator)
