import pytest

from sam2_annotator.settings import Settings
from sam2_annotator.ui.live_settings import LiveSettings, SettingsChange


def test_a_change_is_told_with_the_names_that_differ(qapp) -> None:
    live, heard = LiveSettings(Settings()), []
    live.changed.connect(heard.append)
    live.change({"fill": 0.5, "theme": "system"})
    assert live.now.fill == 0.5
    assert heard == [SettingsChange(frozenset({"fill"}))]
    assert heard[0].concerns("tags", "fill")
    live.change({"fill": 0.5})
    assert len(heard) == 1


def test_a_value_out_of_bounds_changes_nothing(qapp) -> None:
    live = LiveSettings(Settings())
    with pytest.raises(ValueError, match="between"):
        live.change({"tags": False, "fill": 7.0})
    assert live.now == Settings()
