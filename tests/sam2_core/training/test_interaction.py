import torch

from sam2_core.training.interaction import boxes_of, corrections, depth, first_boxes, first_clicks


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(1)


def squares() -> torch.Tensor:
    masks = torch.zeros(50, 16, 16, dtype=torch.bool)
    masks[:25, 2:6, 3:8] = True
    masks[25:, 9:15, 0:4] = True
    return masks


def test_first_clicks_lie_on_their_objects_in_pixels_of_the_input() -> None:
    clicks = first_clicks(squares(), 64, generator(), central=0.5)
    assert clicks.labels.eq(1).all()
    cells = ((clicks.coords[:, 0] + 0.5) / 4).floor().long()
    assert all(mask[y, x] for mask, (x, y) in zip(squares(), cells.tolist(), strict=True))
    assert len(cells[:25].unique(dim=0)) > 5


def test_central_clicks_lie_deepest() -> None:
    clicks = first_clicks(squares(), 16, generator(), central=1.0)
    cells = (clicks.coords[:, 0] + 0.5).floor().long()
    deepest = depth(squares()).flatten(1).amax(1)
    found = torch.stack([d[y, x] for d, (x, y) in zip(depth(squares()), cells.tolist(), strict=True)])
    assert (found >= deepest / 2).all()


def test_depth_grows_inward_and_the_edge_is_outside() -> None:
    region = torch.zeros(1, 13, 16, dtype=torch.bool)
    region[0, :, 4:] = True
    across, down = depth(region)[0, 6], depth(region)[0, :, 10]
    assert across[:4].eq(0).all()
    assert across[4:8].diff().ge(0).all()
    assert across[-4:].diff().le(0).all()
    assert across[10] == depth(region).max() > across[4] > 0
    assert down[6] > down[0]
    assert down[6] > down[12] > 0
    thin = torch.zeros(1, 16, 16, dtype=torch.bool)
    thin[0, 7] = True
    assert depth(thin)[0].gt(0).equal(thin[0])


def test_boxes_are_exact_and_empty_masks_have_none() -> None:
    masks = torch.zeros(2, 8, 8, dtype=torch.bool)
    masks[0, 1:3, 4:7] = True
    assert boxes_of(masks).tolist() == [[4, 1, 7, 3], [0, 0, 0, 0]]


def test_exact_boxes_go_around_the_object_and_noisy_ones_stay_near() -> None:
    exact = first_boxes(squares(), 64, generator(), noisy=0.0)
    assert exact.coords[0].tolist() == [[11.5, 7.5], [31.5, 23.5]]
    assert exact.labels[0].tolist() == [2, 3]
    noisy = first_boxes(squares(), 64, generator(), noisy=1.0)
    assert 0 < (noisy.coords - exact.coords).abs().max() < 20


def test_corrections_are_positive_on_what_is_missed_and_negative_on_what_is_wrong() -> None:
    true = squares()
    missed = corrections(torch.zeros_like(true), true, 16, generator(), central=0.5)
    assert missed.labels.eq(1).all()
    wrong = corrections(torch.ones_like(true), true, 16, generator(), central=0.5)
    assert wrong.labels.eq(0).all()
    cells = (wrong.coords[:, 0] + 0.5).floor().long()
    assert not any(mask[y, x] for mask, (x, y) in zip(true, cells.tolist(), strict=True))


def test_a_right_mask_gets_a_point_that_counts_as_none() -> None:
    assert corrections(squares(), squares(), 16, generator(), central=0.5).labels.eq(-1).all()
