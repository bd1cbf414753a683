"""What is remembered from run to run."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sam2_annotator.ui.sessions import Sessions


def test_projects_are_remembered_with_their_place_and_time(tmp_path: Path) -> None:
    first, second = tmp_path / "1.sam2proj", tmp_path / "2.sam2proj"
    Sessions(tmp_path / "recent.ini").remember(first, "/home/ann/street")
    Sessions(tmp_path / "recent.ini").remember(second)
    sessions = Sessions(tmp_path / "recent.ini")
    assert sessions.recent == (second, first)
    newest, older = sessions.told_of(sessions.recent)
    assert (newest.path, newest.place) == (second, "")
    assert (older.path, older.place) == (first, "/home/ann/street")
    assert older.opened is not None
    assert datetime.now(UTC) - older.opened < timedelta(minutes=5)


def test_what_an_earlier_program_noted_is_read(tmp_path: Path) -> None:
    path = tmp_path / "1.sam2proj"
    (tmp_path / "recent.ini").write_text(f"[General]\nprojects={path}\n", encoding="utf-8")
    sessions = Sessions(tmp_path / "recent.ini")
    (found,) = sessions.told_of(sessions.recent)
    assert (found.path, found.place, found.opened) == (path, "", None)


def test_of_projects_that_left_the_list_nothing_stays(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path / "recent.ini")
    for number in range(20):
        sessions.remember(tmp_path / f"{number}.sam2proj", f"place of {number}")
    kept = (tmp_path / "recent.ini").read_text(encoding="utf-8")
    assert "place of 0\n" not in kept
    assert "place of 19\n" in kept


def test_a_message_is_news_once(tmp_path: Path) -> None:
    assert Sessions(tmp_path / "recent.ini").is_news("No GPU was found.")
    again = Sessions(tmp_path / "recent.ini")
    assert not again.is_news("No GPU was found.")
    assert again.is_news("Using the NVIDIA GPU.")
