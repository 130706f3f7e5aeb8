"""3.11: ask of the feet only what the feet can give."""

import numpy as np

from shown.day3_humanoid_balance.ground import inside_point, reach, rounded_patch, signed_distance, turned
from shown.day3_humanoid_balance.pendulum import fall, seconds_of_speed
from shown.day3_humanoid_balance.pictures import trace_picture
from shown.day3_humanoid_balance.states import at, resting, some_state, wanting
from shown.day3_humanoid_balance.steering import desired_case, farthest
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, graded
from vla_course.motion.standing.balance_config import BalanceConfig


@graded("3.11", points=2, says="while the feet reach the capture ZMP, it is the one desired")
def test_within_reach(student, rng):
    config, cases = BalanceConfig(), []
    for _ in range(3):
        state = some_state(rng)
        middle = state.support_polygon.mean(axis=0)
        corner = inside_point(rng, state.support_polygon)
        far = farthest(middle, 10.0 * corner - 9.0 * middle, state.support_polygon, config.edge_margin)
        wanted = middle + rng.uniform(0.1, 0.9) * (far - middle)
        cases.append(desired_case(student, wanting(state, config, wanted), config, "the desired ZMP"))
    expect_all(*cases, unit="m")


@graded("3.11", points=4, says="beyond their reach, it stays on the path there, the margin inside of the edge")
def test_beyond_reach(student, rng):
    turns = rng.uniform(0.0, np.pi / 2, 4) + np.arange(4) * np.pi / 2
    wishes = [(rounded_patch(rng), rng.uniform(0.25, 0.6) * np.array([np.cos(a), np.sin(a)])) for a in turns]
    # Past the tip of a triangle both of its sides have been crossed, one after the other.
    triangle = turned(np.array([[0.15, 0.0], [-0.1, 0.08], [-0.1, -0.06]]), rng.uniform(-np.pi, np.pi))
    wishes.append((triangle, 3.0 * triangle[0] + 0.1 * triangle[1]))
    cases = []
    for polygon, _ in wishes[:2]:  # on the soles, but nearer to their edge than they can push
        state, config = some_state(rng, support_polygon=polygon), BalanceConfig(edge_margin=0.012)
        middle = polygon.mean(axis=0)
        edge = (polygon[0] + polygon[1]) / 2.0
        band = edge - 0.003 * (edge - middle) / np.hypot(*(edge - middle))
        cases.append(desired_case(student, wanting(state, config, band), config, "the ZMP wanted in the margin"))
    for polygon, way in wishes:
        config = BalanceConfig(edge_margin=rng.uniform(0.004, 0.014))
        state = some_state(rng, support_polygon=polygon)
        state = wanting(state, config, polygon.mean(axis=0) + way)
        cases.append(desired_case(student, state, config, "the desired ZMP"))
    expect_all(*cases, unit="m")


def pushed(controller, state, config, push, duration=2.0, tick=0.01):
    """A pendulum in the place of the robot, pushed to the speed `push` (2,), steered by the controller."""
    return fall(
        state.center_of_mass[:2],
        push,
        lambda place, velocity: controller.calculate_desired_zmp(at(state, place, velocity)),
        height=config.com_height,
        gravity=state.gravity,
        duration=duration,
        tick=tick,
    )


def strongest(state, config, along):
    """The speed after which the DCM of the robot at rest is just where the soles can still bring it back from."""
    home, polygon = state.center_of_mass[:2], state.support_polygon
    room = farthest(home, home + along, polygon, config.edge_margin) - home
    return float(np.hypot(*room)) / seconds_of_speed(config.com_height, state.gravity)


@graded("3.11", points=2, says="pushed just less than its feet can bear, the robot comes home")
def test_comes_home(student, rng):
    config, tick = BalanceConfig(), 0.01
    for _ in range(2):
        state = resting(some_state(rng))
        home, polygon = state.center_of_mass[:2], state.support_polygon
        along = turned(np.array([[1.0, 0.0]]), rng.uniform(-np.pi, np.pi))[0]
        push = 0.95 * strongest(state, config, along) * along
        places, _, zmps = pushed(student.BalanceController(config), state, config, push, tick=tick)

        def draw(run=(places, zmps), state=state, push=push, along=along, home=home, polygon=polygon):
            from vla_course.reference.day3_humanoid_balance.balance import BalanceController

            right = pushed(BalanceController(config), state, config, push, tick=tick)
            edges = -reach(home, -along, polygon), reach(home, along, polygon)
            runs = {"yours": run, "reference": (right[0], right[2])}
            runs = {name: (places - home, zmps - home) for name, (places, zmps) in runs.items()}
            return trace_picture(tick, along, runs, edges)()

        closest = signed_distance(zmps, polygon).min()
        expect(
            bool(closest >= config.edge_margin - 1e-9),
            "the desired ZMP comes closer to the edge than the margin allows: the soles tip",
            got=float(closest),
            expected=f"{config.edge_margin} at least",
            unit="m",
            picture=draw,
        )
        left = float(np.hypot(*(places[-1] - home)))
        expect(
            len(places) == round(2.0 / tick) and left < 0.02,
            "two seconds after the push the robot should be home again",
            got=left,
            expected="less than 0.02 from home",
            unit="m",
            picture=draw,
        )
