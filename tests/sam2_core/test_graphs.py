"""Recordings by the rules of CUDA graphs, on the stand-in that does the work again on the same buffers."""

import copy
import logging
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from sam2_core import graphs
from sam2_core.graphs import MOST, USES_BEFORE, Graphs, Recording, Rerun, flags_of
from support.fake_cuda import FakeCuda


class Counted(Rerun):
    """Tells what was recorded and replayed."""

    def __init__(self) -> None:
        self.records, self.replays = 0, 0

    def record(self, work: graphs.Work, inputs: graphs.Tensors, lane: str) -> Recording:
        self.records += 1
        made = super().record(work, inputs, lane)

        def replay() -> None:
            self.replays += 1
            made.replay()

        return Recording(made.inputs, made.outputs, replay, made.kept)


class Uses:
    """A linear layer run through recordings."""

    def __init__(self) -> None:
        self.model = nn.Linear(4, 4)
        self.recorder = Counted()
        self.graphs = Graphs(self.recorder)
        self.calls = 0

    def work(self, x: Tensor) -> tuple[Tensor]:
        self.calls += 1
        return (self.model(x),)

    def __call__(self, x: Tensor, key: object = "linear", **more: Any) -> Tensor:
        with torch.no_grad():
            (out,) = self.graphs.run(self.model, self.work, (x,), key, **more)
        return out

    def wanted(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            return torch.Tensor(self.model(x))


@pytest.fixture
def uses() -> Uses:
    return Uses()


def test_recorded_after_the_third_use_and_equal(uses: Uses) -> None:
    for number in range(6):
        x = torch.randn(2, 4)
        assert torch.equal(uses(x), uses.wanted(x))
        assert uses.recorder.records == (number >= USES_BEFORE)
    assert uses.recorder.replays == 3


def test_results_outlive_the_next_replay(uses: Uses) -> None:
    xs = [torch.randn(2, 4) for _ in range(6)]
    results = [uses(x) for x in xs]
    assert all(torch.equal(result, uses.wanted(x)) for result, x in zip(results, xs, strict=True))


def test_what_the_caller_gave_is_not_written_to(uses: Uses) -> None:
    first = torch.randn(2, 4)
    kept = first.clone()
    for _ in range(USES_BEFORE + 1):
        uses(first)
    uses(torch.randn(2, 4))
    assert torch.equal(first, kept)


@pytest.mark.parametrize(
    "other",
    [
        lambda uses, x: uses(torch.cat([x, x])),
        lambda uses, x: uses(x, "another name"),
        lambda uses, x: uses(x, lane="beside"),
    ],
)
def test_other_shapes_names_and_lanes_are_recorded_apart(uses: Uses, other: Callable[[Uses, Tensor], Tensor]) -> None:
    x = torch.randn(2, 4)
    for _ in range(USES_BEFORE + 1):
        uses(x)
    for _ in range(USES_BEFORE):
        other(uses, x)
    assert uses.recorder.records == 1
    other(uses, x)
    assert uses.recorder.records == 2


def test_another_precision_is_recorded_apart(uses: Uses) -> None:
    x = torch.randn(2, 4)
    for _ in range(USES_BEFORE + 1):
        uses(x)
    with torch.autocast("cpu", torch.bfloat16):
        assert uses(x).dtype == torch.bfloat16


def test_the_longest_unused_goes(uses: Uses) -> None:
    for size in range(1, MOST + 1):
        for _ in range(USES_BEFORE + 1):
            uses(torch.randn(size, 4))
    uses(torch.randn(1, 4))
    for _ in range(USES_BEFORE + 1):
        uses(torch.randn(MOST + 1, 4))
    assert len(uses.graphs) == MOST
    records = uses.recorder.records
    uses(torch.randn(1, 4))
    assert uses.recorder.records == records, "it was used after the second"
    uses(torch.randn(2, 4))
    assert uses.recorder.records == records + 1


def test_weights_changed_in_place_count_at_once(uses: Uses) -> None:
    x = torch.randn(2, 4)
    for _ in range(USES_BEFORE + 1):
        uses(x)
    uses.model.load_state_dict({"weight": torch.eye(4), "bias": torch.zeros(4)})
    assert torch.equal(uses(x), x)
    assert uses.recorder.records == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda model: model.double().float(),
        lambda model: setattr(model, "weight", nn.Parameter(torch.randn(4, 4))),
        lambda model: model.load_state_dict({"weight": torch.eye(4), "bias": torch.zeros(4)}, assign=True),
    ],
)
def test_weights_moved_or_replaced_end_recordings(uses: Uses, change: Callable[[nn.Module], object]) -> None:
    x = torch.randn(2, 4)
    for _ in range(USES_BEFORE + 1):
        uses(x)
    change(uses.model)
    replays = uses.recorder.replays
    assert torch.equal(uses(x), uses.wanted(x))
    assert uses.recorder.replays == replays
    assert len(uses.graphs) == 0


def test_nothing_is_recorded_when_switched_off_or_learning(uses: Uses) -> None:
    uses.graphs.enabled = False
    for _ in range(USES_BEFORE + 2):
        uses(torch.randn(2, 4))
    uses.graphs.enabled = True
    for _ in range(USES_BEFORE + 2):
        (out,) = uses.graphs.run(uses.model, uses.work, (torch.randn(2, 4),), "linear")
    assert out.requires_grad
    assert uses.recorder.records == 0


def test_nothing_is_recorded_on_a_cpu_by_itself() -> None:
    uses = Uses()
    uses.graphs = Graphs()
    for _ in range(USES_BEFORE + 2):
        uses(torch.randn(2, 4))
    assert len(uses.graphs) == 0


def test_the_order_of_a_recording_on_cuda_and_its_replays() -> None:
    recorder, cuda = graphs.CudaRecorder(), FakeCuda()
    recorder._cuda = cuda
    x = torch.ones(2)

    def work(x: Tensor) -> tuple[Tensor]:
        cuda.log.append(f"work on {cuda.current.name}")
        return (x * 2,)

    made = recorder.record(work, (x,), "image")
    assert cuda.log == [
        "side0 waits for main",
        "work on side0",
        "main waits for side0",
        "capture on side0 in pool1, thread_local",
        "work on side0",
        "captured",
    ]
    assert x.data_ptr() in {t.data_ptr() for t in made.kept}
    recorder.record(work, (x,), "image")
    recorder.record(work, (x,), "main")
    pools = [line.split()[4] for line in cuda.log if line.startswith("capture ")]
    assert pools[0] == pools[1] != pools[2]
    del cuda.log[:]
    with recorder.turn("image", x.device):
        made.replay()
    other = cuda.Stream()
    other.name = "beside"
    with cuda.stream(other), recorder.turn("image", x.device):
        made.replay()
    with recorder.turn("main", x.device):
        pass
    assert cuda.log == [
        "replay on main",
        "beside waits for what main had to do",
        "replay on beside",
    ]


def test_a_model_that_left_the_gpu_is_not_recorded_any_more() -> None:
    found = Graphs()
    assert isinstance(found._recorder_for(torch.device("cuda")), graphs.CudaRecorder)
    assert found._recorder_for(torch.device("cpu")) is None


def test_what_cannot_be_recorded_is_computed_as_usual_and_said_once(
    uses: Uses, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> Recording:
        raise RuntimeError("operation not permitted\nand more")

    monkeypatch.setattr(uses.recorder, "record", refuse)
    with caplog.at_level(logging.WARNING):
        for _ in range(USES_BEFORE + 3):
            x = torch.randn(2, 4)
            assert torch.equal(uses(x), uses.wanted(x))
    assert [record.getMessage() for record in caplog.records] == ["not recorded reason=operation not permitted"]


def test_recorded_in_inference_mode_and_replayed_outside(uses: Uses) -> None:
    x = torch.randn(2, 4)
    with torch.inference_mode():
        for _ in range(USES_BEFORE + 1):
            uses(x)
    assert torch.equal(uses(x), uses.wanted(x))


def test_a_copy_begins_with_none(uses: Uses) -> None:
    for _ in range(USES_BEFORE + 1):
        uses(torch.randn(2, 4))
    assert len(copy.deepcopy(uses.graphs)) == 0


def test_flags_are_numbers_and_switches(uses: Uses) -> None:
    before = flags_of(uses.model)
    uses.model.in_features = 5
    assert flags_of(uses.model) != before


def test_tables_that_are_read_are_told_from_what_is_made() -> None:
    table, x = torch.randn(4), torch.randn(4)
    reads: dict[int, Tensor] = {}
    with graphs._reading(reads):
        made = x * 2
        (made + table).sum()
    assert {id(tensor) for tensor in reads.values()} == {id(table), id(x)}
