"""`finetune`: what it tells people and programs, and how it is stopped."""

import io
import json
import signal
import threading
import time

import pytest

from sam2_annotator.__main__ import main
from sam2_annotator.engine import catalogue
from sam2_annotator.errors import TrainingFailed
from support.confirmed import confirmed_project, toy_checkpoint


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return toy_checkpoint(tmp_path_factory.mktemp("model") / "toy.safetensors")


@pytest.fixture
def asked(tmp_path, model, monkeypatch):
    monkeypatch.setattr("sam2_core.training.finetune._SCENES", 2)
    project = confirmed_project(tmp_path / "work.s2p")
    common = ["--model", str(model), "--device", "cpu", "--lr", "0.003", "--steps", "8"]
    return ["finetune", str(project), *common, "--out", str(tmp_path / "new.safetensors")]


def events(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_programs_are_told_every_event_as_a_line(asked, capsys, monkeypatch, tmp_path):
    class Open(io.StringIO):
        def readline(self):
            threading.Event().wait()  # nobody says anything

    monkeypatch.setattr("sys.stdin", Open())
    assert main([*asked, "--progress", "json"]) == 0
    told = events(capsys)
    assert [event["event"] for event in told] == ["prepared", "scores", *["step"] * 8, "scores", "done"]
    assert told[0]["labels"] == {"white": 7, "red": 7}
    assert told[2].keys() == {"event", "step", "of", "loss", "seconds", "seconds_left"}
    assert told[-1]["model"] == str(tmp_path / "new.safetensors")
    assert told[-1]["after"]["own"].keys() == {"1 click", "3 clicks", "box"}


@pytest.mark.parametrize("said", ["stop\n", ""])
def test_a_word_or_the_end_of_the_input_stops_it(asked, capsys, monkeypatch, said):
    def wait_for(spec, tell, token):
        until = time.monotonic() + 20
        while time.monotonic() < until:
            token.check()
            time.sleep(0.01)

    monkeypatch.setattr("sam2_annotator.jobs.finetune.run", wait_for)
    monkeypatch.setattr("sys.stdin", io.StringIO(said))
    assert main([*asked, "--progress", "json"]) == 130
    assert [event["event"] for event in events(capsys)] == ["failed"]


def test_a_request_to_end_stops_it(asked, monkeypatch):
    def asked_to_end(spec, tell, token):
        signal.raise_signal(signal.SIGTERM)
        token.check()

    monkeypatch.setattr("sam2_annotator.jobs.finetune.run", asked_to_end)
    assert main(asked) == 130


def test_what_fails_later_is_no_refusal(asked, capsys, monkeypatch):
    def fail(*args, **names):
        raise TrainingFailed("It came to nothing.")

    monkeypatch.setattr("sam2_annotator.engine.teaching.teach", fail)
    monkeypatch.setattr("sys.stdin", io.StringIO("go\n"))
    monkeypatch.setattr("sam2_annotator.cli.finetune._stop_with_input", lambda token: None)
    assert main([*asked, "--progress", "json"]) == 1
    assert events(capsys)[-1] == {"event": "failed", "message": "It came to nothing."}


@pytest.mark.parametrize("name", ["sam2-nano", "tiny.pt"])
def test_no_name_is_taken_that_means_another_model(asked, capsys, monkeypatch, tmp_path, name):
    monkeypatch.setattr("sam2_annotator.paths.models_dir", lambda: tmp_path / "models")
    assert main([*asked[:-2], "--name", name, "--dry-run"]) == 2
    assert "is the name of another model" in capsys.readouterr().err


def test_a_dry_run_tells_what_there_is(asked, capsys, tmp_path):
    assert main([*asked, "--dry-run"]) == 0
    assert "14 confirmed masks (7 white, 7 red) in 7 pictures and 0 clips; 4 are held back" in capsys.readouterr().err
    assert not list(tmp_path.glob("new*"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--label", "dog"], "no label 'dog'"),
        (["--name", "x"], "--out and --name"),
        (["--steps", "0"], "whole number"),
        (["--held-out", "2"], "0 to 1"),
    ],
)
def test_what_is_refused_is_a_sentence_and_an_event(asked, capsys, monkeypatch, arguments, words):
    monkeypatch.setattr("sys.stdin", io.StringIO("go\n" * 3))
    assert main([*asked, *arguments, "--dry-run"]) == 2
    assert words in capsys.readouterr().err


def test_a_refusal_is_told_to_programs(asked, capsys):
    assert main([*asked, "--label", "dog", "--dry-run", "--progress", "json"]) == 2
    (refused,) = events(capsys)
    assert refused["event"] == "refused"
    assert refused["message"].startswith("The project has no label 'dog'.")


def test_a_named_model_joins_the_list_of_models(asked, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("sam2_annotator.paths.models_dir", lambda: tmp_path / "models")
    assert main([*asked[:-2], "--name", "my dogs"]) == 0
    entry = catalogue.find("my dogs")
    assert entry.file == tmp_path / "models" / "my dogs.safetensors"
    assert "Learned from your masks" in entry.note
    assert [one.name for one in catalogue.own()] == ["my dogs"]
    (tmp_path / "models" / "other.safetensors").write_bytes(b"x")
    (tmp_path / "models" / "my dogs.json").write_text("[1, 2]")
    assert catalogue.own() == ()
