import ast
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

import sam2_annotator.ui
from sam2_annotator.paths import resource
from sam2_annotator.ui.i18n import JsonTranslator, clock, day_time, install, load, plural_form, tr

GERMAN = {
    "Undo": "Rückgängig",
    "{count} objects": {"one": "{count} Objekt", "other": "{count} Objekte"},
}


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    translator = JsonTranslator("de", GERMAN)
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def test_without_a_catalogue_english_is_shown_and_filled(qapp: QApplication) -> None:
    assert tr("Frame {frame} of {total}", frame=3, total=9) == "Frame 3 of 9"


@pytest.mark.usefixtures("german")
def test_what_a_catalogue_lacks_is_english() -> None:
    assert tr("Undo") == "Rückgängig"
    assert tr("Redo") == "Redo"
    assert tr("{chosen} of {count} objects", chosen=1, count=1) == "1 of 1 object"


@pytest.mark.usefixtures("german")
def test_a_number_chooses_the_form() -> None:
    assert tr("{count} objects", count=1) == "1 Objekt"
    assert tr("{count} objects", count=0) == "0 Objekte"
    assert tr("{count} objects", count=20_000) == "20000 Objekte"


def test_plural_forms_of_languages() -> None:
    assert plural_form("zh_CN", 1) == "other"
    assert plural_form("fr", 0) == "one"
    assert plural_form("en", 0) == "other"


def test_a_missing_language_falls_back_to_its_base_or_to_none(tmp_path: Path) -> None:
    (tmp_path / "de.json").write_text(json.dumps(GERMAN), encoding="utf-8")
    assert load(tmp_path, "de_AT") is not None
    assert load(tmp_path, "fr") is None


def test_install_speaks_the_language_over_english(qapp: QApplication, tmp_path: Path) -> None:
    (tmp_path / "de.json").write_text(json.dumps(GERMAN), encoding="utf-8")
    before = qapp.findChildren(JsonTranslator)
    install(qapp, tmp_path, "de")
    added = [t for t in qapp.findChildren(JsonTranslator) if t not in before]
    assert tr("Undo") == "Rückgängig"
    assert tr("{count} masks", count=1) == "1 mask"
    for translator in added:
        qapp.removeTranslator(translator)
    assert tr("Undo") == "Undo"


def test_a_moment_is_said_by_its_day(qapp: QApplication) -> None:
    now = datetime.now().astimezone().replace(hour=12, minute=5)
    assert day_time(now.astimezone(UTC)) == "Today 12:05"
    assert day_time(now - timedelta(days=1)) == "Yesterday 12:05"
    assert day_time(datetime(2021, 3, 4, 15, 6).astimezone()) == "2021-03-04 15:06"


@pytest.fixture(scope="module")
def texts() -> frozenset[str]:
    """Every literal of the window that is translated."""
    found: set[str] = set()
    for path in Path(sam2_annotator.ui.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    found.add(first.value)
    return frozenset(found)


def catalogue(language: str) -> dict[str, str | dict[str, str]]:
    entries: dict[str, str | dict[str, str]] = json.loads(resource(f"i18n/{language}.json").read_text(encoding="utf-8"))
    return entries


def test_every_entry_of_english_is_used(texts: frozenset[str]) -> None:
    assert set(catalogue("en")) <= texts


def test_chinese_says_nearly_everything(texts: frozenset[str]) -> None:
    """New texts are English until they are translated; this names them once they are too many."""
    missing = sorted(texts - catalogue("zh_CN").keys())
    assert len(missing) <= len(texts) // 5, missing


@pytest.mark.parametrize("path", sorted(resource("i18n").glob("*.json")), ids=lambda path: path.stem)
def test_a_translation_fills_the_same_places(path: Path) -> None:
    for text, entry in catalogue(path.stem).items():
        for form in [entry] if isinstance(entry, str) else entry.values():
            assert set(re.findall(r"\{[^}]*\}", form)) == set(re.findall(r"\{[^}]*\}", text)), text
            assert form.startswith(" ") == text.startswith(" "), text


def test_the_window_speaks_chinese(qapp: QApplication) -> None:
    before = qapp.findChildren(JsonTranslator)
    install(qapp, resource("i18n"), "zh_CN")
    added = [t for t in qapp.findChildren(JsonTranslator) if t not in before]
    assert tr("Undo") == "撤销"
    assert tr("{count} objects", count=1) == "1 个对象"
    assert tr("not translated at all") == "not translated at all"
    for translator in added:
        qapp.removeTranslator(translator)


def test_clock() -> None:
    assert clock(27.0664) == "00:00:27.066"
    assert clock(3 * 3600 + 59.9996) == "03:01:00.000"
