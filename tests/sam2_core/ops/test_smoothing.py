import numpy as np

from sam2_core.ops.smoothing import smooth


def test_each_plane_is_blurred_by_itself_and_keeps_its_type():
    logits = np.zeros((2, 9, 9), np.float16)
    logits[0, 4, 4] = 10
    blurred = smooth(logits, 1.0)
    assert blurred.dtype == np.float16
    assert 0 < blurred[0, 4, 4] < 5
    np.testing.assert_allclose(blurred[0].sum(), 10, rtol=1e-2)
    assert not blurred[1].any()


def test_no_deviation_leaves_the_logits_alone():
    logits = np.ones((1, 4, 4), np.float32)
    assert smooth(logits, 0.0) is logits
