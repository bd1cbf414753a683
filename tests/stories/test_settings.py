"""Settings are applied at once and found again at the next start."""

from __future__ import annotations

from pathlib import Path

from sam2_annotator import paths, settings
from support.drawn import picture_file


def test_a_changed_setting_is_written_soon_and_only_what_differs(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.app.state.settings.change({"wheel_preset": "scroll", "theme": "light"})
    driver.until(lambda: settings.load(paths.settings_file()).settings.wheel_preset == "scroll")
    assert paths.settings_file().read_text() == 'theme = "light"\nwheel_preset = "scroll"\n'


def test_what_was_changed_last_is_written_when_the_program_ends(start) -> None:
    driver = start()
    driver.app.state.settings.change({"fill": 0.8})
    driver.close()
    assert settings.load(paths.settings_file()).settings.fill == 0.8
