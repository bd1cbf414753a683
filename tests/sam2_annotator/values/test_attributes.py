import math

import pytest

from sam2_annotator.values.attributes import (
    AttributeKind,
    AttributeSpec,
    AttributeValue,
    converted,
    number_in,
    renamed_choices,
    value_text,
)


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (True, AttributeKind.TEXT, "yes"),
        (3.0, AttributeKind.TEXT, "3"),
        (0.1, AttributeKind.TEXT, "0.1"),
        (True, AttributeKind.NUMBER, 1.0),
        ("1e3", AttributeKind.NUMBER, 1000.0),
        ("nan", AttributeKind.NUMBER, None),
        (0.0, AttributeKind.FLAG, False),
        ("TRUE", AttributeKind.FLAG, True),
        ("maybe", AttributeKind.FLAG, None),
        (2.0, AttributeKind.CHOICE, "2"),
        ("3", AttributeKind.CHOICE, None),
    ],
)
def test_values_go_over_into_other_kinds(value: AttributeValue, kind: AttributeKind, expected: object) -> None:
    found = converted(value, AttributeSpec("a", kind, ("1", "2")))
    assert found == expected
    assert type(found) is type(expected)


def test_numbers_are_finite_and_may_have_a_comma() -> None:
    assert [number_in(text) for text in (" 1,5 ", "inf", "", "1.2.3")] == [1.5, None, None, None]


@pytest.mark.parametrize("value", [0.5, -3.0, 1e-7, 123456789.0])
def test_a_number_survives_as_text(value: float) -> None:
    number = number_in(value_text(value))
    assert number is not None
    assert math.isclose(number, value)


def test_only_a_lone_new_word_is_a_respelling() -> None:
    assert renamed_choices(("a", "b"), ("c", "b")) == {"a": "c"}
    assert renamed_choices(("a", "b"), ("b", "a")) == {}
    assert renamed_choices(("a", "b"), ("b", "b")) == {}
    assert renamed_choices(("a",), ("a", "b")) == {}
