"""Every building block agrees with its golden array."""

import pytest

from golden import units
from golden.arrays import Golden

RELATIVE = 1e-5  # of the array's largest value, or of 1


@pytest.fixture(scope="module")
def values():
    """All units, in order."""
    return dict(units.tiny_units())


def test_no_unit_is_left_out(values):
    assert sorted(values) == Golden("units").names


def test_units_agree(values):
    golden = Golden("units")
    too_far = {}
    for name, value in values.items():
        difference = golden.difference(name, value) / max(1.0, float(value.abs().max()))
        if not difference <= RELATIVE:
            too_far[name] = difference
    assert too_far == {}
