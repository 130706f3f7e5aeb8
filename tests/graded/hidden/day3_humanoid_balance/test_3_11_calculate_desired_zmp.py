"""3.11, hidden: corners, tiptoes, no margin at all, and a fall that cannot be helped."""

import numpy as np

from shown.day3_humanoid_balance.ground import feet, rounded_patch, signed_distance, turned
from shown.day3_humanoid_balance.states import resting, some_config, some_state, wanting
from shown.day3_humanoid_balance.steering import desired_case
from shown.day3_humanoid_balance.test_3_11_calculate_desired_zmp import pushed, strongest
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, graded
from vla_course.motion.standing.balance_config import BalanceConfig


@graded(
    "3.11",
    points=1,
    says="any gains, any margin, towards any corner or side, far from home or origin, each time anew",
)
def test_any_gains_and_any_side(student, rng):
    polygon = feet(rng, spread=80.0)
    middle, cases = polygon.mean(axis=0), []
    for goal in np.vstack((polygon, (polygon + np.roll(polygon, -1, axis=0)) / 2)):
        config, state = some_config(rng), some_state(rng, support_polygon=polygon)
        wanted = middle + rng.uniform(1.05, 3.0) * (goal - middle)
        cases.append(desired_case(student, wanting(state, config, wanted), config, "the desired ZMP"))
        lunge = some_state(rng, support_polygon=polygon)
        off = rng.uniform(0.12, 0.2) * np.array([0.6, -0.8])  # home is beyond its reach
        lunge.center_of_mass[:2] = middle + off
        cases.append(
            desired_case(student, wanting(lunge, config, wanted), config, "the desired ZMP far from home")
        )
    controller = student.BalanceController(config)
    for now in (state, some_state(rng), state):
        got = np.array(controller.calculate_desired_zmp(now))
        new = student.BalanceController(config).calculate_desired_zmp(now)
        expect_close(got, new, what="what the same controller answers to its next question", unit="m")
    bare = BalanceConfig(edge_margin=0.0)
    state = some_state(rng, support_polygon=polygon)
    wanted = middle + 2.0 * (polygon[0] - middle)
    what = "the desired ZMP without any margin"
    expect_all(*cases, desired_case(student, wanting(state, bare, wanted), bare, what), unit="m")


@graded(
    "3.11", points=1, says="on a foothold too small or too narrow for the margin the ZMP stays in its middle"
)
def test_tiny_foothold(student, rng):
    config = BalanceConfig(edge_margin=0.01)
    still = resting(some_state(rng))
    middle = still.support_polygon.mean(axis=0)
    got = student.BalanceController(config).calculate_desired_zmp(still)
    expect_close(got, middle, what="the desired ZMP of a robot at rest at home", unit="m")
    cases = []
    for _ in range(3):
        patch = rounded_patch(rng)
        tiny = patch.mean(axis=0) + (patch - patch.mean(axis=0)) * 0.02
        state = some_state(rng, support_polygon=tiny)
        middle = tiny.mean(axis=0)
        angle = rng.uniform(-np.pi, np.pi)
        wanted = middle + 0.3 * turned(np.array([[1.0, 0.0]]), angle)[0]
        what = "the desired ZMP on a tiny foothold"
        cases.append(desired_case(student, wanting(state, config, wanted), config, what))
        small = middle + 2.0 * (tiny - middle)  # a foothold of a centimetre, and a wish a little way off it
        state, close = some_state(rng, support_polygon=small), BalanceConfig(edge_margin=0.001)
        wanted = middle + rng.uniform(1.1, 1.2) * (small[0] - middle)
        what = "the desired ZMP on a small foothold"
        cases.append(desired_case(student, wanting(state, close, wanted), close, what))
    beam = np.array([[0.1, -0.006], [0.1, 0.006], [-0.1, 0.006], [-0.1, -0.006]])  # narrower than two margins
    state = some_state(rng, support_polygon=beam)
    wanted = np.array([0.05, rng.uniform(0.01, 0.03)])
    what = "the desired ZMP on a narrow beam"
    cases.append(desired_case(student, wanting(state, config, wanted), config, what))
    # Most corners are at the heel, so their mean lies in its margin; ahead there is room enough.
    heel = [[-0.1 + 0.01 * y * y, 0.08 * y] for y in np.linspace(1.0, -1.0, 15)]
    blunt, wide = np.array([[0.1, -0.08], [0.1, 0.08], *heel]), BalanceConfig(edge_margin=0.045)
    state = some_state(rng, support_polygon=blunt)
    wanted = np.array([0.3, rng.uniform(-0.03, 0.03)])
    what = "the desired ZMP ahead of a mean in the margin"
    cases.append(desired_case(student, wanting(state, wide, wanted), wide, what))
    expect_all(*cases, unit="m")


@graded("3.11", points=2, says="pushed too hard, it asks even as it falls nothing impossible of its feet")
def test_lost(student, rng):
    config = BalanceConfig()
    state = resting(some_state(rng))
    along = turned(np.array([[1.0, 0.0]]), rng.uniform(-np.pi, np.pi))[0]
    push = 1.05 * strongest(state, config, along) * along
    places, _, zmps = pushed(student.BalanceController(config), state, config, push, duration=3.0)
    closest = float(signed_distance(zmps, state.support_polygon).min())
    expect(closest >= config.edge_margin - 1e-9, "the desired ZMP comes closer to the edge than allowed")
    away = float((places[-1] - places[0]) @ along)
    expect(away > 0.2, "no ZMP inside of the margin can hold this push: the pendulum must fall")
