"""The video scripts agree with their golden arrays, both what the caller gets and what is stored."""

from collections.abc import Iterator

import pytest

from golden import cases
from golden.arrays import Comparison
from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from sam2_core.video.state import ObjectState, VideoState
from sam2_core.video.store import FrameOutput

LIMITS = {"obj_ptr": 1e-3, "obj_score": 1e-3, "maskmem": 0.032, "low_res": 2e-2}  # 0.032: a bfloat16 unit of 4
FLIPPED = 1e-2  # share of a map: a mask that is binarised for it may turn at a pixel whose logit is nearly 0
SLOW = ("video_tiny", "video_tiny_1024")
SCRIPTS = [pytest.param(stem, marks=pytest.mark.slow if stem in SLOW else ()) for stem in cases.VIDEO_SCRIPTS]


class Inspection(Comparison):
    """Compares also what the state holds whenever a propagation has ended."""

    def __init__(self, stem: str) -> None:
        super().__init__(stem)
        self.states: list[VideoState] = []
        self.worst_stored = dict.fromkeys(LIMITS, 0.0)

    def __call__(self, name: str, value: object) -> None:
        super().__call__(name, value)
        if name.endswith("_propagate.frames.json"):
            self._look(name.removesuffix(".frames.json"), self.states[-1])

    def _look(self, tag: str, state: VideoState) -> None:
        for obj_id, track in state.objects.items():
            super().__call__(f"{tag}.obj{obj_id}.cond.json", sorted(track.cond))
            super().__call__(f"{tag}.obj{obj_id}.noncond.json", sorted(track.non_cond))
            for frame, output in outputs(track):
                found = {
                    "obj_ptr": output.obj_ptr,
                    "obj_score": output.object_score_logits,
                    "maskmem": output.memory,
                    "low_res": output.low_res,
                }
                for part, tensor in found.items():
                    beyond = FLIPPED if part == "maskmem" else 0.0
                    name = f"state.{tag}.obj{obj_id}.f{frame:02d}.{part}"
                    difference = self.golden.difference(name, tensor, leave_out=beyond)
                    self.worst_stored[part] = max(self.worst_stored[part], difference)


def outputs(track: ObjectState) -> Iterator[tuple[int, FrameOutput]]:
    """All stored outputs with their frames."""
    yield from track.cond.items()
    for frame in track.non_cond:
        output = track.non_cond.get(frame)
        assert output is not None
        yield frame, output


@pytest.mark.parametrize("stem", SCRIPTS)
def test_script_agrees(stem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    inspection = Inspection(stem)
    init_state = SAM2VideoPredictor.init_state

    def recorded(self: SAM2VideoPredictor, video_path: str) -> VideoState:
        state = init_state(self, video_path)
        inspection.states.append(state)
        return state

    monkeypatch.setattr(SAM2VideoPredictor, "init_state", recorded)
    cases.run_video(cases.TINY, cases.VIDEO_SCRIPTS[stem], inspection)
    assert inspection.agrees, str(inspection)
    assert any(n.startswith("op") for n in inspection.golden.names)
    too_far = {part: d for part, d in inspection.worst_stored.items() if not d <= LIMITS[part]}
    assert not too_far
