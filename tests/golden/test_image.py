"""Still pictures agree with their golden arrays: clicks, boxes, mask prompts and a batch."""

from golden import cases
from golden.arrays import Comparison


def test_every_prompt_agrees():
    compare = Comparison("image_tiny")
    cases.run_image(cases.TINY, compare)
    assert compare.agrees, str(compare)
