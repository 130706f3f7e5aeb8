"""3.20: a sole stands with all of itself, or it does not stand."""

import numpy as np

from shown.day3_humanoid_balance.soles import changed, corner, inner, places
from shown.slips import Case, either, expect_all
from vla_course.course.checking.judging import expect, graded
from vla_course.motion.ground.footing import FootingLimits

DEFAULT = FootingLimits()


def rated(student, ground, limits=DEFAULT):
    """The student's costs as an array, one for each place."""
    got = student.rate_footing(ground, limits)
    costs = np.asarray(got, dtype=float)
    count = len(ground.heights)
    expect(costs.shape == (count,), f"there should be one cost for each of the {count} places", got=got)
    expect(
        not np.isnan(costs).any(),
        "a cost is nan: a search cannot compare it with anything",
        got=got,
        mistake="cost-is-nan",
    )
    return costs


def cost_case(student, some, limits, what):
    """Compare the costs of allowed places with the known ones, and with those that mistakes give."""
    right, got = some.cost(limits), student.rate_footing(some.ground, limits)
    slope, gap = limits.slope_cost / limits.max_slope, limits.gap_cost / limits.max_gap
    mean = limits.roughness_cost * some.ground.roughness.sum(axis=1) / some.ground.roughness.shape[1]
    worst = limits.roughness_cost * some.ground.roughness.max(axis=1)
    mistakes = {
        "costs-nothing": np.zeros(len(right)),
        "slope-of-the-tangent": right + slope * (np.tan(some.slopes) - some.slopes),
        "gap-about-the-mean": right + gap * (some.spreads - some.gaps),
        "gap-on-one-side": either(
            got,
            right + gap * (some.bumps.max(axis=1) - some.gaps),
            right - gap * (some.bumps.min(axis=1) + some.gaps),
        ),
        "roughness-of-the-worst": right - mean + worst,
        "limits-fixed": some.cost(DEFAULT),
    }
    return Case(what, got, right, mistakes)


def expect_forbidden(costs, which, what, mistake):
    """Expect inf at one place."""
    expect(bool(np.isinf(costs[which])), what, got=float(costs[which]), expected=np.inf, mistake=mistake)


@graded("3.20", points=2, says="no sole stands over an edge, wherever below it the edge lies")
def test_edges(student, rng):
    some = places(rng, np.full(4, 0.02), np.full(4, 0.002))
    edges = np.zeros(some.ground.heights.shape, dtype=bool)
    edges[0, 0] = edges[1, corner(rng)] = edges[2, inner(rng)] = True
    costs = rated(student, changed(some.ground, edges=edges))
    expect_forbidden(
        costs,
        0,
        "an edge runs right below the middle of the sole: it must not stand there",
        "never-forbidden" if np.isfinite(costs).all() else None,
    )
    expect_forbidden(
        costs, 1, "an edge lies below a corner of the sole: it must not stand there", "steps-on-an-edge"
    )
    expect_forbidden(
        costs, 2, "an edge lies below the sole, beside its middle: it must not stand there", "corners-only"
    )
    expect(bool(np.isfinite(costs[3])), "here nothing is wrong: the sole may stand", got=float(costs[3]))


@graded("3.20", points=1, says="where height or roughness is unknown anywhere below the sole, nobody stands")
def test_unknown(student, rng):
    some = places(rng, np.full(5, 0.02), np.full(5, 0.002))
    heights, roughness = some.ground.heights.copy(), some.ground.roughness.copy()
    heights[0, 0] = heights[1, inner(rng)] = roughness[2, corner(rng)] = np.nan
    heights[3] = roughness[3] = np.nan
    costs = rated(student, changed(some.ground, heights=heights, roughness=roughness))
    for which in range(4):
        expect_forbidden(
            costs,
            which,
            "part of the ground here is unknown: it must not cost a finite price",
            "unknown-is-fine",
        )
    expect(bool(np.isfinite(costs[4])), "here everything is known: the sole may stand", got=float(costs[4]))


@graded(
    "3.20", points=2, says="slopes and gaps up to their limits are allowed, steeper and wider ones are not"
)
def test_slopes_and_gaps(student, rng):
    slope, gap = DEFAULT.max_slope, DEFAULT.max_gap
    tilted = places(rng, np.full(8, 0.99 * slope), np.full(8, 0.1 * gap))
    finite = bool(np.isfinite(rated(student, tilted.ground)).all())
    expect(finite, "an even slope within the limit has no gap: allowed", mistake="gap-about-the-mean")
    slopes = np.array([0.0, 0.9970, 1.0003, 0.999, 0.2, 0.9, 0.5]) * slope
    gaps = np.array([0.1, 0.5, 0.1, 0.3, 0.995, 1.0003, 1.2]) * gap
    some = places(rng, slopes, gaps)
    costs = rated(student, some.ground)
    allowed = (slopes <= slope) & (gaps <= gap)
    anything = "never-forbidden" if np.isfinite(costs).all() else None
    expect_forbidden(costs, 2, "this is steeper than max_slope", anything)
    turned_over = rated(student, some.turned_over())
    for which, far in ((6, "farther"), (5, "a little farther")):
        one_side = np.isinf(costs[which]) != np.isinf(turned_over[which])
        reason = "gap-on-one-side" if one_side else "gap-of-the-mean"
        for both in (costs, turned_over):
            expect_forbidden(both, which, f"a point lies {far} from the plane than max_gap", reason)
    reasons = {3: "slope-of-the-tangent", 1: "slope-of-the-tangent"}
    for which in np.flatnonzero(allowed):
        mistake = reasons.get(int(which))
        expect(
            bool(np.isfinite(costs[which])),
            "slope and gap are within their limits: allowed",
            got=float(costs[which]),
            mistake=mistake,
        )


@graded("3.20", points=1, says="every point of the sole keeps clear of obstacles")
def test_clearance(student, rng):
    some = places(rng, np.full(4, 0.02), np.full(4, 0.002))
    near = DEFAULT.min_clearance
    clearance = some.ground.clearance.copy()
    clearance[0] = near * rng.uniform(0.2, 0.9, clearance.shape[1])
    clearance[1, corner(rng)] = 0.5 * near
    clearance[2, inner(rng)] = near
    clearance[3, inner(rng)] = -10.0 * near
    costs = rated(student, changed(some.ground, clearance=clearance))
    expect_forbidden(costs, 0, "all of the sole is too near to an obstacle", "clearance-ignored")
    expect_forbidden(costs, 1, "a corner of the sole is too near to an obstacle", "clearance-of-the-farthest")
    expect_forbidden(costs, 3, "a point of the sole lies inside of an obstacle", None)
    expect(
        bool(np.isfinite(costs[2])),
        "no point is nearer than min_clearance: allowed",
        got=float(costs[2]),
    )


@graded("3.20", points=1, says="what is allowed costs the more the steeper, more uneven and rougher it is")
def test_costs(student, rng):
    some = places(
        rng, rng.uniform(0.3, 0.9, 5) * DEFAULT.max_slope, rng.uniform(0.2, 0.6, 5) * DEFAULT.max_gap
    )
    level = places(rng, np.zeros(3), rng.uniform(0.2, 0.9, 3) * DEFAULT.max_gap)
    cases = [cost_case(student, one, DEFAULT, "the cost") for one in (some, level)]
    expect_all(*cases, unit="", atol=1e-9)
