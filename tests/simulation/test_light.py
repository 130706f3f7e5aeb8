"""The lamp's own rules."""

import pytest

from vla_course.simulation.world.light import Light


@pytest.mark.parametrize(
    ("field", "value"), [("ambient", 1.5), ("direction", (0.0, 0.0, -1.0)), ("colour", (2.0, 0.0, 0.0))]
)
def test_impossible_light_is_refused_by_name(field, value):
    with pytest.raises(ValueError, match=field):
        Light(**{field: value})
