"""Each of the eight models agrees with its golden arrays: a click on a picture and a short clip."""

import pytest

from golden import cases
from golden.arrays import Comparison


@pytest.mark.slow
@pytest.mark.parametrize("name", cases.MODELS)
def test_model_agrees(name):
    compare = Comparison(f"model_{name}")
    cases.run_model(name, compare)
    assert compare.agrees, str(compare)
