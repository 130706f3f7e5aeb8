"""What 3.11's tests expect of a desired ZMP, and the ones that known mistakes give."""

import numpy as np
from numpy.typing import NDArray

from shown.day3_humanoid_balance.ground import signed_distance
from shown.day3_humanoid_balance.pictures import steer_picture
from shown.day3_humanoid_balance.states import capture_zmp
from shown.slips import Case, either
from vla_course.motion.standing.balance_config import BalanceConfig
from vla_course.motion.standing.balance_state import BalanceState

Array = NDArray[np.float64]


def farthest(middle: Array, wanted: Array, polygon: Array, margin: float) -> Array:
    """The last point on the way from `middle` to `wanted` with that margin, found by looking ever closer."""
    low, high = 0.0, 1.0
    for _ in range(5):
        shares = np.linspace(low, high, 101)
        fits = signed_distance(middle + shares[:, None] * (wanted - middle), polygon) >= margin
        last = int(np.flatnonzero(fits).max(initial=0))
        if last == 100:
            return middle + high * (wanted - middle)
        low, high = shares[last], shares[last + 1]
    return middle + low * (wanted - middle)


def slips(state: BalanceState, config: BalanceConfig, got: object) -> dict[str, object]:
    """The points that known mistakes give."""
    polygon, margin, wanted = state.support_polygon, config.edge_margin, capture_zmp(state, config)
    middle, place = polygon.mean(axis=0), state.center_of_mass[:2]
    way = wanted - middle
    side = np.roll(polygon, -1, axis=0) - polygon
    length = np.hypot(*side.T)
    outward = np.column_stack((side[:, 1], -side[:, 0])) / length[:, None]
    gap, speed = (outward * (polygon - middle)).sum(axis=1), outward @ way
    with np.errstate(divide="ignore", invalid="ignore"):
        shares, to_edges, long_normals = (gap - margin) / speed, gap / speed, (gap - margin / length) / speed
        ahead = speed > 0.0
        first = shares[ahead].min(initial=np.inf)
        along = to_edges[ahead].min(initial=np.inf) - margin / np.hypot(*way)
    low, high = polygon.min(axis=0), polygon.max(axis=0)

    def at(share: float) -> Array:
        return middle + share * way if np.isfinite(share) else wanted

    def within(share: float) -> Array:
        return at(min(1.0, max(0.0, share)))

    here = wanted - place
    with np.errstate(divide="ignore", invalid="ignore"):
        from_place = ((outward * (polygon - place)).sum(axis=1) - margin) / (outward @ here)
    from_place = from_place[outward @ here > 0.0].min(initial=1.0)
    fixed = BalanceConfig().edge_margin
    with np.errstate(divide="ignore", invalid="ignore"):
        usual = ((gap - fixed) / speed)[ahead].min(initial=np.inf)
        grown = ((gap + margin) / speed)[ahead].min(initial=np.inf)
    return {
        "feet-ignored": wanted,
        "margin-outside-only": within(first) if signed_distance(wanted, polygon) < 0.0 else wanted,
        "margin-ignored": within(to_edges[ahead].min(initial=np.inf)),
        "margin-outward": within(grown),
        "margin-fixed": within(usual),
        "each-axis-clamped": either(
            got, np.clip(wanted, low + margin, high - margin), np.clip(wanted, low, high)
        ),
        "nearest-point": nearest_inside(wanted, polygon, margin),
        "from-the-center-of-mass": place + min(1.0, max(0.0, from_place)) * here,
        "always-to-the-edge": at(max(0.0, first)),
        "margin-along-the-way": within(along),
        "normal-not-unit": within(long_normals[ahead].min(initial=np.inf)),
        "farthest-edge": within(shares[ahead].max(initial=-np.inf)) if ahead.any() else wanted,
        "backward-step": at(min(1.0, first)),
        "edges-behind-count": either(got, at(min(1.0, shares.min())), within(shares.min())),
    }


def nearest_inside(wanted: Array, polygon: Array, margin: float) -> Array:
    """The point of the polygon, its edge `margin` further in, that is nearest to `wanted`."""
    if signed_distance(wanted, polygon) >= margin:
        return wanted
    side = np.roll(polygon, -1, axis=0) - polygon
    inward = np.column_stack((-side[:, 1], side[:, 0])) / np.hypot(*side.T)[:, None]
    bound = (inward * polygon).sum(axis=1) + margin
    before = np.roll(np.arange(len(polygon)), 1)
    corners = np.array(
        [np.linalg.solve(inward[[i, j]], bound[[i, j]]) for i, j in enumerate(before)]
    )  # of the shrunken polygon, as long as no side of it has vanished
    along = np.roll(corners, -1, axis=0) - corners
    t = np.clip(((wanted - corners) * along).sum(axis=1) / (along**2).sum(axis=1), 0.0, 1.0)
    places = corners + t[:, None] * along
    return places[np.argmin(np.hypot(*(places - wanted).T))]


def desired_case(student, state: BalanceState, config: BalanceConfig, what: str) -> Case:
    """The point of the way from the middle to the capture ZMP that the feet can still give, and the answer."""
    polygon, wanted = state.support_polygon, capture_zmp(state, config)
    got = student.BalanceController(config).calculate_desired_zmp(state)
    expected = farthest(polygon.mean(axis=0), wanted, polygon, config.edge_margin)
    return Case(what, got, expected, slips(state, config, got), steer_picture(polygon, wanted, expected, got))
