"""3.24, hidden: near the table, from straight above and from the side, too wide a thing, every grip."""

from dataclasses import replace

import numpy as np

from shown.day3_humanoid_balance.holds import SHAPES, Hold, side_on, some_gripper, some_thing
from shown.day3_humanoid_balance.test_3_24_grasp_thing import holds
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, graded
from vla_course.motion.hands.things import Graspable


@graded("3.24", points=2, says="fingers and hand keep off the table, however flat the thing is")
def test_table(student, rng):
    every = []
    for shape, tilt in (
        ("ball", (0.0, 0.5)),
        ("ball", (1.2, 1.57)),
        ("box", (1.0, 1.5)),
        ("cylinder", (0.0, 1.5)),
    ):
        (hold,) = holds(rng, shape, [tilt])
        low = rng.uniform(0.02, 0.03)
        size = (low,) * 3 if shape == "ball" else (*hold.thing.size[:2], low)
        every.append(replace(hold, thing=replace(hold.thing, size=size)))
        if (
            shape != "ball"
        ):  # broad as well, so that the palm keeps off; and of a height at which it is just needed
            every.append(
                replace(hold, thing=replace(hold.thing, size=(0.2, 0.22, low)), tilt=rng.uniform(0.9, 1.1))
            )
            every.append(
                replace(hold, thing=replace(hold.thing, size=(0.03, 0.04, 0.06)), tilt=rng.uniform(0.9, 1.1))
            )
    expect_all(
        *(hold.places(student, "the tool point, from a flat thing's middle") for hold in every), unit="m"
    )


@graded(
    "3.24", points=2, says="from straight above, from any side, and at a thing that is wider than the hand"
)
def test_extremes(student, rng):
    places, openings, rotations = [], [], []
    for shape in SHAPES:
        for tilt in (0.0, 0.02, np.pi / 2):
            thing = some_thing(rng, shape)
            hold = Hold(thing, side_on(rng, thing, tilt > 1.0), tilt, some_gripper(rng))
            places.append(hold.places(student, f"the tool point at a {shape}"))
            rotations.append(hold.rotations(student, f"the rotation at a {shape}"))
        square = replace(some_thing(rng, "box"), size=(0.05, 0.05, 0.12))
        hold = Hold(square, side_on(rng, square, True), 0.7, some_gripper(rng))
        rotations.append(hold.rotations(student, "the rotation at a square box"))
        for quarters in (-3, -1, 5):  # as often round as you like
            box = some_thing(rng, "box")
            azimuth = box.heading + quarters * np.pi / 2 + rng.uniform(-0.5, 0.5)
            hold = Hold(box, azimuth, 0.7, some_gripper(rng))
            turned = f"a box, {quarters} quarter turns from its heading"
            rotations.append(hold.rotations(student, f"the rotation at {turned}"))
            openings.append(hold.openings(student, f"the opening for {turned}"))
        wide = Hold(replace(thing, size=(0.115,) * 3), side_on(rng, thing, True), 0.7, some_gripper(rng))
        openings.append(wide.openings(student, "the opening for a thing that does not fit"))
    expect_all(*rotations, unit="")
    expect_all(*places, unit="m")
    expect_all(*openings, unit="")


@graded(
    "3.24",
    points=1,
    says="a thing deep between the fingers is a power grip, one at their tips a precision grip",
)
def test_grips(student, rng):
    for gap, grip in ((0.001, "power"), (0.03, "precision")):
        thing = replace(some_thing(rng, "cylinder"), size=(0.05, 0.05, 0.06))
        hand = replace(some_gripper(rng), palm_gap=gap)
        got = Hold(thing, side_on(rng, thing, False), 0.4, hand).ask(student).grip
        expect(got == grip, "the grip has the wrong name", got=got, expected=grip, mistake="grip-swapped")
    can = Graspable("cylinder", (0.0625, 0.0625, 0.0625), np.zeros(3))
    hand = replace(some_gripper(rng), palm_gap=1 / 64, palm_to_tool=3 / 64)
    got = Hold(can, 0.0, 0.0, hand).ask(student).grip  # exact numbers: b is just 0
    expect(got == "power", "the grip of a thing whose middle is just reached has the wrong name", got=got)
