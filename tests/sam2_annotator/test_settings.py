"""Settings: sparse, atomic, and deaf to nonsense."""

import os
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sam2_annotator import settings
from sam2_annotator.errors import SettingsError
from sam2_annotator.settings import Settings


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "settings.toml"


def test_a_missing_file_means_defaults(path):
    assert settings.load(path) == settings.Loaded(Settings())


def test_only_what_differs_is_written(path):
    settings.save(path, replace(Settings(), theme="dark", fill=0.5, follow=False, prefetch_items=5))
    assert path.read_text() == 'theme = "dark"\nfill = 0.5\nprefetch_items = 5\nfollow = false\n'
    settings.save(path, Settings())
    assert path.read_text() == ""


@given(
    model=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
    fill=st.floats(0, 1),
    step=st.integers(64, 65_536),
)
def test_any_settings_come_back(tmp_path_factory, model, fill, step):
    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    changed = replace(Settings(), model=model, fill=fill, frame_memory_mb=step, theme="light", follow=False)
    settings.save(path, changed)
    assert settings.load(path) == settings.Loaded(changed)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("fill = 7", "fill"),
        ("fill = nan", "fill"),
        ("fill = -inf", "fill"),
        (f"fill = {10**400}", "fill"),
        ('fill = "much"', "fill"),
        ("fill = [0.5]", "fill"),
        ("frame_memory_mb = 10.5", "frame_memory_mb"),
        ("frame_memory_mb = true", "frame_memory_mb"),
        ("frame_memory_mb = -3", "frame_memory_mb"),
        ("follow = 1", "follow"),
        ('theme = "pink"', "theme"),
        ('model = ""', "model"),
        (f'model = "{"x" * 5000}"', "model"),
        ("model = 1979-05-27", "model"),
        ("[theme]\nx = 1", "theme"),
        ("surprise = 1", "surprise"),
    ],
)
def test_a_hostile_value_gives_its_default_and_one_warning(path, line, word):
    path.parent.mkdir()
    path.write_text(f"prefetch_items = 1\n{line}\n")
    loaded = settings.load(path)
    assert loaded.settings == replace(Settings(), prefetch_items=1)
    assert len(loaded.warnings) == 1
    assert word in loaded.warnings[0]


@pytest.mark.parametrize("content", [b"fill = ", b"\xff\xfe", b"a" * (1 << 21), b"x = " + b"[" * 100_000, b"\x00"])
def test_a_damaged_file_gives_defaults_and_one_warning(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    loaded = settings.load(path)
    assert loaded.settings == Settings()
    assert len(loaded.warnings) == 1


def test_a_folder_in_its_place_is_told(path):
    path.mkdir(parents=True)
    assert len(settings.load(path).warnings) == 1
    with pytest.raises(SettingsError, match=r"settings\.toml"):
        settings.save(path, replace(Settings(), fill=0.1))
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file(path, monkeypatch):
    settings.save(path, replace(Settings(), fill=0.1))

    def no_room(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(SettingsError):
        settings.save(path, replace(Settings(), fill=0.9))
    assert settings.load(path).settings.fill == 0.1
    assert list(path.parent.iterdir()) == [path]


def test_every_default_is_itself_usable(path):
    path.parent.mkdir()
    lines = (f"{entry.name} = {settings._toml(entry.default)}\n" for entry in fields(Settings) if entry.name != "keys")
    path.write_text("".join(lines) + "[keys]\n")
    assert settings.load(path) == settings.Loaded(Settings())


def test_keys_are_a_table_of_their_own(path):
    changed = replace(Settings(), fill=0.5, keys=(("tool.box", ("Ctrl+B",)), ('x"', ("A", '"'))))
    settings.save(path, changed)
    assert '\n[keys]\n"tool.box" = ["Ctrl+B"]\n' in path.read_text()
    assert settings.load(path) == settings.Loaded(changed)


@pytest.mark.parametrize("bad", ['"A"', "[1]", "[[]]", "{}", '[""]', '["A","A","A","A","A","A","A","A","A"]', "true"])
def test_an_unusable_key_leaves_the_others(path, bad):
    path.parent.mkdir()
    path.write_text(f'[keys]\n"tool.box" = ["B"]\n"tool.pan" = {bad}\n')
    loaded = settings.load(path)
    assert loaded.settings.keys == (("tool.box", ("B",)),)
    assert len(loaded.warnings) == 1
    assert "tool.pan" in loaded.warnings[0]


def test_keys_that_are_no_table_give_one_warning(path):
    path.parent.mkdir()
    path.write_text('keys = "all"\n')
    loaded = settings.load(path)
    assert loaded.settings == Settings()
    assert len(loaded.warnings) == 1


def test_update_leaves_what_another_program_wrote(path):
    settings.save(path, replace(Settings(), fill=0.9))
    settings.update(path, {"theme": "light", "keys": (("tool.box", ("B",)),)})
    assert settings.load(path).settings == replace(Settings(), fill=0.9, theme="light", keys=(("tool.box", ("B",)),))


@pytest.mark.parametrize("values", [{"fill": 2.0}, {"theme": "pink"}, {"tags": 1}, {"grow": 10**9}])
def test_a_change_out_of_bounds_is_refused(values):
    with pytest.raises(ValueError, match="it is to be"):
        settings.changed(Settings(), values)


def test_bounds_and_choices_are_told():
    assert settings.bounds("fill") == (0.0, 1.0)
    assert settings.choices("avoid_others") == ("off", "locked", "all")
    assert settings.choices("model") == ()
