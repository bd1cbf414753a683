"""Options are checked before anything is written."""

import pytest

from sam2_annotator.errors import FormatError
from sam2_annotator.formats.coco import INFO


def test_defaults_fill_what_is_not_given() -> None:
    assert INFO.resolve({}) == {"track_ids": True}
    assert INFO.resolve({"track_ids": False}) == {"track_ids": False}


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"polygons": True}, r"^COCO instances has no option polygons\.$"),
        ({"track_ids": 1}, r"^COCO instances: 1 is no value of the option track_ids\.$"),
    ],
)
def test_unknown_names_and_wrong_values_are_refused(given: dict[str, bool], match: str) -> None:
    with pytest.raises(FormatError, match=match):
        INFO.resolve(given)
