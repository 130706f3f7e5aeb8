"""Whether an answer is a view of what was handed in."""

import numpy as np
import pytest

from vla_course.course.checking.beside import shares_memory

ROWS = np.zeros((4, 2))


@pytest.mark.parametrize(
    ("answer", "shares"),
    [
        (lambda rows: rows, True),
        (lambda rows: rows[2:], True),
        (lambda rows: rows.T.reshape(-1)[:0], False),
        (lambda rows: rows[2:].copy(), False),
        (lambda rows: rows + 0.0, False),
        (lambda rows: None, False),
    ],
)
def test_a_view_is_told_from_an_array_of_one_s_own(answer, shares):
    assert shares_memory(answer, ROWS) is shares
