import pytest
import torch

from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from sam2_core.video.signals import records
from support.sessions import MASKS, clicked, session_of
from support.tiny_model import tiny_video_predictor


def test_numbers_of_a_frame() -> None:
    planes = torch.full((1, 3, 8, 8), -5.0)
    planes[0, 0, 2:4, 1:5] = 5.0  # 8 cells
    planes[0, 1, 2:4, 1:3] = 5.0  # 4 of them
    planes[0, 1, 0, 7] = 0.5  # soft
    (record,) = records(7, planes, torch.tensor([[0.5, 0.25, 0.75]]), torch.tensor([1]), torch.tensor([[2.0]]))
    assert (record.frame, record.iou, record.score, record.present) == (7, 0.25, 2.0, True)
    assert record.areas == (8 / 64, 5 / 64, 0.0)
    assert record.area == 5 / 64
    assert record.box == (1 / 8, 0.0, 1.0, 4 / 8)
    assert record.stability == pytest.approx(4 / 5)
    assert record.ious == (0.5, 0.25, 0.75)
    assert record.overlaps == pytest.approx((4 / 9, 0.0, 0.0))


def test_an_empty_mask_has_no_box_and_two_empty_ones_agree() -> None:
    planes = torch.full((2, 2, 4, 4), -1024.0)
    first, second = records(0, planes, torch.rand(2, 2), torch.tensor([0, 1]), torch.tensor([[-3.0], [-3.0]]))
    assert (first.box, first.area, first.stability, first.present) == (None, 0.0, 0.0, False)
    assert second.overlaps == (1.0,)


def test_every_frame_keeps_its_numbers() -> None:
    model: SAM2VideoPredictor = tiny_video_predictor()
    session = clicked(model, 30)
    list(session.propagate())
    for frame in range(30):  # also where results rest on disk
        result = session.result(frame, "disc")
        assert result is not None
        assert result.record.frame == frame
        assert result.record.iou == result.iou
        assert result.record.score == pytest.approx(result.score)
        assert len(result.record.ious) == 3


def test_a_given_mask_has_the_numbers_of_the_mask() -> None:
    session = session_of(tiny_video_predictor())
    record = session.add_mask(0, 1, MASKS[0]).record
    assert record.iou == 1
    assert record.area == pytest.approx(MASKS[0].mean(), abs=0.01)
    chosen = clicked(tiny_video_predictor()).choose(0, "disc", 2).record
    assert chosen.iou == chosen.ious[2]
    assert chosen.area == chosen.areas[2]
