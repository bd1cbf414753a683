"""Fingerprints of files."""

import pytest
from PIL import Image

from sam2_annotator.errors import MediaError
from sam2_annotator.media.identity import END_BYTES, fingerprint


def test_it_survives_renaming_and_notices_both_ends(tmp_path):
    content = bytearray(5 * END_BYTES)
    path = tmp_path / "a.bin"
    path.write_bytes(content)
    original = fingerprint(path)
    assert original.startswith(f"{len(content)}-")
    assert fingerprint(path.rename(tmp_path / "ß.bin")) == original
    for place in (0, END_BYTES - 1, len(content) - END_BYTES, len(content) - 1):
        changed = bytearray(content)
        changed[place] = 1
        path.write_bytes(changed)
        assert fingerprint(path) != original
    path.write_bytes(content + b"\0")
    assert fingerprint(path) != original


@pytest.mark.parametrize("size", [0, 1, END_BYTES, END_BYTES + 1, 2 * END_BYTES - 1])
def test_short_files_count_every_byte(tmp_path, size):
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(size))
    original = fingerprint(path)
    if size:
        path.write_bytes(bytes(size - 1) + b"\1")
        assert fingerprint(path) != original


def test_a_folder_is_known_by_its_pictures(tmp_path):
    Image.new("RGB", (4, 4)).save(tmp_path / "0.png")
    original = fingerprint(tmp_path)
    (tmp_path / "notes.txt").write_text("")
    assert fingerprint(tmp_path) == original
    Image.new("RGB", (4, 4)).save(tmp_path / "1.png")
    assert fingerprint(tmp_path) != original


def test_an_absent_file_is_told(tmp_path):
    with pytest.raises(MediaError, match="absent cannot be read"):
        fingerprint(tmp_path / "absent")
