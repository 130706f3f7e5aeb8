"""3.15: the swing foot, from wherever it is to rest on its goal."""

import numpy as np

from shown.day3_humanoid_balance.swings import Swing, some_swing
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, graded

FINE = 1e-8
"""m, m/s and m/s^2: a swing's accelerations are tens of m/s^2"""


@graded(
    "3.15", points=3, says="from where it is and as it moves now, the foot is on its way to rest on the goal"
)
def test_mid_swing(student, rng):
    cases = []
    for share in rng.uniform(0.1, 0.9, 4):
        swing = some_swing(rng)
        cases.append(
            swing.case(student, float(share) * swing.time_left, "position, velocity or acceleration")
        )
    expect_all(*cases, unit="", atol=FINE)
    last = [some_swing(rng) for _ in range(2)]
    what = "position, velocity or acceleration just before the landing"
    expect_all(*(one.case(student, 0.97 * one.time_left, what) for one in last), unit="", atol=FINE)
    expect_all(*(one.case(student, one.time_left - 2e-4, what) for one in last), unit="", atol=FINE)


@graded("3.15", points=2, says="when its time is over the foot rests on the goal, and stays there")
def test_rests(student, rng):
    cases = []
    for late in (1.0, 1.1, 2.0):
        swing = some_swing(rng)
        what = "position, velocity or acceleration after the landing"
        cases.append(swing.late_case(student, late * swing.time_left, what))
    expect_all(*cases, unit="", atol=FINE)


def swung(student, swing, goals, tick):
    """The ways (ticks, 3, n) of a foot that is asked again in every tick, with the goal wanted by then."""
    way, left, rows = np.array([swing.position, swing.velocity, swing.acceleration]), swing.time_left, []
    for goal in goals:
        given = [part.copy() for part in way]
        way = np.array(student.swing_motion(*given, goal.copy(), max(left, 1e-9), tick), dtype=float)
        expect(
            way.shape == (3, len(goal)), "position, velocity and acceleration should have the goal's shape"
        )
        rows.append(way)
        left -= tick
    return np.array(rows)


@graded(
    "3.15",
    points=2,
    says="asked in every tick, with the goal moved in mid-swing, it lands there without a jump",
)
def test_goal_moves(student, rng):
    swing, tick = some_swing(rng), 0.004
    ticks = round(0.4 / tick)
    swing = Swing(swing.position, swing.velocity / 4, 0.0 * swing.goal, swing.goal, ticks * tick)
    moved = swing.goal + rng.uniform(-0.1, 0.1, 3)
    goals = [swing.goal if k < ticks // 2 else moved for k in range(ticks)]
    way = np.vstack(
        ([[swing.position, swing.velocity, swing.acceleration]], swung(student, swing, goals, tick))
    )
    missed = float(np.abs(way[-1, 0] - moved).max())
    expect(missed < 1e-9, "the foot has not come to its goal", got=missed, expected="0", unit="m")
    jump = np.abs(np.diff(way[:, 0], axis=0) - tick / 2 * (way[1:, 1] + way[:-1, 1])).max()
    expect(
        bool(jump < 2e-4),
        "the foot jumps: in some tick it moves farther than its velocity carries it",
        got=float(jump),
        expected="less than 0.0002",
        unit="m",
    )
