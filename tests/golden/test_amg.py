"""The automatic mask generator gives the golden masks in the golden order."""

import pytest

from golden import cases
from golden.amg import RecordComparison


@pytest.mark.slow
@pytest.mark.parametrize("tag", cases.AMG_CASES)
def test_records_agree(tag):
    compare = RecordComparison(tag, cases.run_amg(cases.TINY, tag))
    assert compare.agrees, str(compare)
