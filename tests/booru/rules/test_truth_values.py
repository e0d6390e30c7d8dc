"""The words for yes and no."""

import pytest

from booru.rules.truth_values import truth_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (" TRUE ", True),
        ("1", True),
        ("Off", False),
        ("n", False),
        ("2", None),
        ("maybe", None),
        ("", None),
    ],
)
def test_truth_values(text, value):
    assert truth_value(text) is value
