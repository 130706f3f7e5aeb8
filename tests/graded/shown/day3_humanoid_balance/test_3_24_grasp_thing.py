"""3.24: how a hand comes to a cup, a box and a ball."""

from dataclasses import replace

from shown.day3_humanoid_balance.holds import SHAPES, Hold, side_on, some_gripper, some_thing
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, graded


def holds(rng, shape, tilts):
    """Grasps of things of a shape, with a hand of any size."""
    things = [some_thing(rng, shape) for _ in tilts]
    return [
        Hold(thing, side_on(rng, thing, number % 2 == 1), rng.uniform(*tilt), some_gripper(rng))
        for number, (thing, tilt) in enumerate(zip(things, tilts, strict=True))
    ]


@graded(
    "3.24",
    points=4,
    says="the fingers point where the hand comes from, and close, level, on two faces of a box",
)
def test_rotation(student, rng):
    every = [hold for shape in SHAPES for hold in holds(rng, shape, [(0.2, 0.6), (0.9, 1.3)])]
    expect_all(*(hold.rotations(student, f"the rotation at a {hold.thing.shape}") for hold in every), unit="")


@graded("3.24", points=3, says="the palm keeps off the thing: a tall one is held nearer to its top")
def test_palm(student, rng):
    every = [hold for shape in ("cylinder", "box") for hold in holds(rng, shape, [(0.1, 0.4), (0.2, 0.5)])]
    (ball,) = holds(rng, "ball", [(0.6, 0.9)])
    every.append(replace(ball, thing=replace(ball.thing, size=(rng.uniform(0.11, 0.13),) * 3)))
    expect_all(*(hold.places(student, "the tool point, from the thing's middle") for hold in every), unit="m")


@graded("3.24", points=2, says="the fingers open as wide as the thing and a gap on both sides, if they can")
def test_opening(student, rng):
    every = [hold for shape in SHAPES for hold in holds(rng, shape, [(0.2, 1.2), (0.2, 1.2)])]
    expect_all(*(hold.openings(student, f"the opening for a {hold.thing.shape}") for hold in every), unit="")
    hold = every[0]
    grip = hold.ask(student).grip
    expected = "precision" if hold.short() > 0.0 else "power"
    expect(
        grip == expected, "the grip has the wrong name", got=grip, expected=expected, mistake="grip-swapped"
    )
