"""The log file."""

import logging

import pytest

from sam2_annotator import log


@pytest.fixture(autouse=True)
def closed_after():
    yield
    log.stop()
    logging.getLogger(log.ROOT).setLevel(logging.NOTSET)


def test_facts_are_one_line_of_keys_and_values(tmp_path):
    path = log.start(tmp_path / "new")
    log.get("engine").info("embedded", item=3, ms=41.23456789, ok=True, path="a b\nc", nothing=None, word="x")
    line = path.read_text(encoding="utf-8")
    assert line.count("\n") == 1
    assert line.endswith(
        'sam2_annotator.engine: embedded item=3 ms=41.2346 ok=True path="a b\\nc" nothing=None word=x\n'
    )


def test_an_error_carries_its_traceback(tmp_path):
    path = log.start(tmp_path)
    try:
        raise KeyError("lost")
    except KeyError as error:
        log.get("doc").error("failed", cause=error, item=1)
    text = path.read_text(encoding="utf-8")
    assert "failed item=1" in text
    assert "KeyError: 'lost'" in text


def test_debug_is_written_only_when_asked_for(tmp_path):
    path = log.start(tmp_path)
    log.get("ui").debug("moved")
    assert path.read_text(encoding="utf-8") == ""
    log.start(tmp_path, level=logging.DEBUG)
    log.get("ui").debug("moved")
    assert "moved" in path.read_text(encoding="utf-8")


def test_the_file_is_rotated(tmp_path, monkeypatch):
    monkeypatch.setattr(log, "FILE_BYTES", 500)
    log.start(tmp_path)
    for number in range(100):
        log.get("ui").info("step", number=number)
    assert len(list(tmp_path.iterdir())) == 1 + log.OLD_FILES


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert log.start(blocked) is None


def test_starting_twice_writes_once(tmp_path):
    log.start(tmp_path)
    path = log.start(tmp_path)
    log.get("ui").info("once")
    assert path.read_text(encoding="utf-8").count("once") == 1
