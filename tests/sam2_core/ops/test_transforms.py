"""Pictures in, coordinates in, masks out."""

import numpy as np
import pytest
import torch

from sam2_core.ops.transforms import image_tensor, resize_logits, rgb_array, to_input

CPU = torch.device("cpu")


def test_a_plain_colour_becomes_its_normalised_value():
    x = image_tensor(np.full((10, 20, 3), 255, np.uint8), 32, CPU)
    assert x.shape == (1, 3, 32, 32)
    want = torch.tensor([(1 - 0.485) / 0.229, (1 - 0.456) / 0.224, (1 - 0.406) / 0.225])
    assert torch.allclose(x.mean((0, 2, 3)), want, atol=1e-5)


def test_shrinking_is_antialiased():
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::2] = 255
    x = image_tensor(stripes, 32, CPU)
    inner = x[..., 4:-4] * 0.229 + 0.485
    assert inner[0, 0].std() < 0.02
    assert abs(float(inner[0, 0].mean()) - 0.5) < 0.02


def test_read_only_arrays_are_taken_without_a_warning():
    image = np.zeros((4, 4, 3), np.uint8)
    image.flags.writeable = False
    assert image_tensor(image, 32, CPU).shape == (1, 3, 32, 32)


def test_masks_of_bools_and_16_bits():
    assert rgb_array(np.array([[True, False]]))[0, :, 0].tolist() == [255, 0]
    assert rgb_array(np.array([[0, 65535, 257]], np.uint16))[0, :, 0].tolist() == [0, 255, 1]


def test_coordinates():
    points = torch.tensor([[[80.0, 30.0]]])
    assert to_input(points, image_size=(60, 80), input_size=128).tolist() == [[[128.0, 64.0]]]
    assert to_input(points / 160, image_size=None, input_size=128).tolist() == [[[64.0, 24.0]]]


@pytest.mark.parametrize("size", [(8, 8), (64, 48), (3, 5)])
def test_logits_are_resized_without_antialiasing(size):
    logits = torch.randn(2, 3, 16, 16)
    want = torch.nn.functional.interpolate(logits, size, mode="bilinear", align_corners=False, antialias=False)
    torch.testing.assert_close(resize_logits(logits, size), want, rtol=0, atol=2e-6)
