"""Where to stand at a table, and the steps that lead there and are corrected on the way."""

from math import hypot

import numpy as np
import pytest

from vla_course.motion.errands.way import (
    ASTRAY,
    CLEAR,
    STAND_OFF,
    STRIDE,
    Leg,
    NoWay,
    Route,
    obstacle_of,
    standing_places,
    straight_steps,
)
from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import FootstepPlan, GoalPose, Stance, middle_of
from vla_course.motion.hands.things import Tabletop

TABLE = Tabletop(np.array([0.5, 0.1, 0.7]), (0.5, 1.1))


@pytest.mark.parametrize("spot", [(0.35, 0.0), (0.68, 0.3), (0.5, 0.55), (0.3, -0.38)])
def test_who_stands_at_a_table_faces_its_edge_with_the_thing_before_the_hand_and_both_feet_clear(spot):
    places = standing_places(TABLE, np.array(spot), GoalPose(-1.0, 0.0))
    assert places
    for place in places:
        ahead, left = np.array([np.cos(place.at.yaw), np.sin(place.at.yaw)]), None
        left = np.array([-ahead[1], ahead[0]])
        way = np.array(spot) - (place.at.x, place.at.y)
        assert (way @ left > 0.0) == (place.side == "left")
        assert STAND_OFF < way @ ahead < STAND_OFF + 0.3
        table = obstacle_of(TABLE)
        assert table.distance(place.before.x, place.before.y) >= CLEAR - 1e-9
        for side in ("left", "right"):
            x, y, _ = place.at.foot(side)
            toes = np.array([x, y]) + 0.11 * ahead
            assert table.distance(*toes) > 0.08


def test_the_nearer_side_comes_first_and_what_is_too_deep_has_no_side():
    corner = np.array([0.65, 0.55])
    assert standing_places(TABLE, corner, GoalPose(1.5, 0.5))[0].at.yaw == pytest.approx(-np.pi)
    assert standing_places(TABLE, corner, GoalPose(0.6, 1.5))[0].at.yaw == pytest.approx(-np.pi / 2)
    deep = Tabletop(np.array([0.0, 0.0, 0.7]), (1.0, 1.0))
    assert standing_places(deep, np.array([0.0, 0.1]), GoalPose(-1.0, 0.0)) == []
    assert standing_places(TABLE, np.array([0.5, 0.8]), GoalPose(-1.0, 0.0)) == []


@pytest.mark.parametrize("goal", [GoalPose(0.21, 0.0), GoalPose(-0.5, 0.1, 0.2), GoalPose(0.0, 0.0, 0.3)])
def test_straight_steps_take_turns_are_short_and_end_side_by_side(goal):
    start = Stance.at(0.0, 0.0)
    feet = {"left": start.left, "right": start.right}
    for number, step in enumerate(straight_steps(start, goal, "right")):
        assert step.side == ("right", "left")[number % 2]
        assert hypot(step.x - feet[step.side].x, step.y - feet[step.side].y) < 2 * STRIDE + 0.05
        feet[step.side] = step
    end = middle_of(Stance(**feet))
    assert (end.x, end.y, end.yaw) == pytest.approx((goal.x, goal.y, goal.yaw))
    assert straight_steps(Stance(**feet), goal) == []


class Straight:
    """Plans as if nothing stood anywhere; counts."""

    asked = 0

    def plan_path(self, start, goal, next_side=None):
        self.asked += 1
        if goal.x > 5.0:
            return FootstepPlan((), False, goal, goal, "that far nobody goes", 0.0, 0)
        steps = tuple(straight_steps(start, goal, next_side))
        return FootstepPlan(steps, True, goal, goal, "", 1.0, len(steps))


def follow(route, start, astray=0.0):
    """Make the steps of a route, the second of which lands `astray` m aside."""
    feet, number = {"left": start.left, "right": start.right}, 0
    while route.left:
        side = route.first_side()
        other = "right" if side == "left" else "left"
        step = route.upcoming(feet[other], feet[side])[0]
        off = astray if number == 1 else 0.0
        feet[side] = Footstep(side, step.x, step.y + off, step.z, step.yaw)
        route.landed()
        number += 1
    return middle_of(Stance(**feet))


@pytest.mark.parametrize(("astray", "plans"), [(0.0, 1), (0.5 * ASTRAY, 1), (2.0 * ASTRAY, 2)])
def test_a_route_leads_through_its_legs_and_is_planned_anew_only_where_a_foot_went_astray(astray, plans):
    planner, start = Straight(), Stance.at(0.0, 0.0)
    route = Route(planner, start, [Leg(GoalPose(1.0, 0.5)), Leg(GoalPose(1.2, 0.5), straight=True)])
    end = follow(route, start, astray)
    assert (end.x, end.y) == pytest.approx((1.2, 0.5))
    assert (planner.asked, route.replanned) == (plans, plans - 1)


def test_a_route_that_leads_nowhere_says_why():
    with pytest.raises(NoWay, match="that far nobody goes"):
        Route(Straight(), Stance.at(0.0, 0.0), [Leg(GoalPose(9.0, 0.0))])
