from pathlib import Path

from sam2_core.training.log import TrainingLog, read_log


def test_rows_of_a_step_join_and_new_columns_may_appear(tmp_path: Path) -> None:
    log = TrainingLog(tmp_path / "log.csv", upto=0)
    log.add({"step": 1, "loss": 2.5})
    log.add({"step": 2, "loss": 2.0})
    log.add({"step": 2, "box": 0.5})
    assert read_log(tmp_path / "log.csv") == [{"step": 1, "loss": 2.5}, {"step": 2, "loss": 2.0, "box": 0.5}]


def test_a_resumed_run_drops_what_came_after_its_state(tmp_path: Path) -> None:
    log = TrainingLog(tmp_path / "log.csv", upto=0)
    for step in (1, 2, 3):
        log.add({"step": step, "loss": float(step)})
    resumed = TrainingLog(tmp_path / "log.csv", upto=2)
    resumed.add({"step": 3, "loss": 9})
    assert [row["loss"] for row in read_log(tmp_path / "log.csv")] == [1, 2, 9]
