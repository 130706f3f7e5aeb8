"""3.20, hidden: other limits count, at once for many places; nothing handed in is changed."""

from dataclasses import fields

import numpy as np

from shown.day3_humanoid_balance.soles import POINTS, changed, corner, places
from shown.day3_humanoid_balance.test_3_20_rate_footing import cost_case, expect_forbidden, rated
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, graded
from vla_course.motion.ground.footing import FootingLimits


@graded(
    "3.20",
    points=1,
    says="whoever asks for more caution, or less, gets it, and every point below the sole counts",
)
def test_other_limits(student, rng):
    strict = FootingLimits(
        max_slope=0.05, max_gap=0.004, min_clearance=0.2, slope_cost=2.0, gap_cost=3.0, roughness_cost=50.0
    )
    loose = FootingLimits(
        max_slope=0.4, max_gap=0.05, min_clearance=-0.5, slope_cost=0.1, gap_cost=0.2, roughness_cost=1.0
    )
    some = places(rng, [0.10, 0.01, 0.01, 0.04], [0.001, 0.010, 0.001, 0.003])
    clearance = some.ground.clearance.copy()
    clearance[2, corner(rng)] = rng.choice((0.1, -0.4))
    ground = changed(some.ground, clearance=clearance)
    costs = rated(student, ground, strict)
    for which in range(3):
        expect_forbidden(costs, which, "this is beyond the limits that were asked for", "limits-fixed")
    expect_all(
        cost_case(student, places(rng, [0.04, 0.01], [0.003, 0.001]), strict, "the cost under strict limits"),
        cost_case(student, places(rng, [0.3, 0.2], [0.03, 0.04]), loose, "the cost under loose limits"),
        unit="",
    )

    each = np.eye(
        len(POINTS), dtype=bool
    )  # as many places as points: below each of them lies what forbids it
    even = places(rng, np.full(len(POINTS), 0.02), np.full(len(POINTS), 0.001)).ground
    for what, layer in (
        ("an edge", {"edges": each}),
        ("a stone", {"heights": even.heights + 0.05 * each}),
        ("a hole", {"heights": even.heights - 0.05 * each}),
        ("unknown ground", {"heights": np.where(each, np.nan, even.heights)}),
        ("ground of unknown roughness", {"roughness": np.where(each, np.nan, even.roughness)}),
        ("an obstacle", {"clearance": np.where(each, 0.0, even.clearance)}),
    ):
        overlooked = int(np.isfinite(rated(student, changed(even, **layer))).sum())
        expect(overlooked == 0, f"{what} below the sole is overlooked at {overlooked} of its points")

    given = [getattr(ground, field.name).copy() for field in fields(ground)]
    student.rate_footing(ground, strict)
    same = all(
        np.array_equal(getattr(ground, field.name), was)
        for field, was in zip(fields(ground), given, strict=True)
    )
    expect(same, "the ground that was handed in has been changed")
