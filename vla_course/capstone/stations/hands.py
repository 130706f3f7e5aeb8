"""Hands: places that an arm must find, and things that are taken and put elsewhere by friction alone."""

from __future__ import annotations

from typing import Final

import numpy as np

from vla_course.capstone.own.pieces import PIECES, Pieces
from vla_course.capstone.stations.station import Notes
from vla_course.motion.arms.chain import ArmChain
from vla_course.motion.arms.ik_config import InverseKinematicsConfig
from vla_course.motion.arms.postures import ready
from vla_course.motion.errands.parts import ErrandParts
from vla_course.motion.hands.plan import NoPlan
from vla_course.panels.hands.grasp_lab import Hands, run_errand
from vla_course.simulation.scene.scene import THINGS

REACHES: Final = (12, 40)
ERRANDS: Final = (1, 3)
"""quick and full"""
SCENES: Final = tuple(errands + 1 for errands in ERRANDS)
SPREAD: Final = 0.6
"""rad, by which the joints of a posture that is to be found are off from where the search begins"""
BESIDE: Final = 0.03
"""m, beside the place at which a thing may stand in the end"""
PLACES: Final = ((0.33, -0.20), (0.38, -0.08))
"""m, between which places are drawn"""
LIFTED: Final = 0.05
"""m"""


def measure(pieces: Pieces, notes: Notes) -> None:
    """Let an arm find poses that it can take, and a robot at a table take things and put them down."""
    notes.number("found", _found(pieces, notes))
    notes.done()
    done, rng = [], notes.rng(5)
    fields = PIECES[ErrandParts]
    for thing in THINGS[: notes.few(*ERRANDS)]:
        place = tuple(rng.uniform(*PLACES).tolist())
        hands = Hands(
            solver=pieces.piece(fields["solver"]),
            grasp_rule=pieces.piece(fields["grasp_rule"]),
            timing=pieces.piece(fields["timing"]),
        )
        try:
            errand = run_errand(thing, (place[0], place[1]), hands)
        except NoPlan:
            done.append(False)
        else:
            stood = errand.record.fell_at is None and not errand.aborted
            done.append(stood and errand.missed <= BESIDE and float(errand.height.max()) >= LIFTED)
        notes.done()
    notes.number("placed", float(np.mean(done)))


def _found(pieces: Pieces, notes: Notes) -> float:
    """Return the fraction of poses within reach that inverse kinematics finds from a posture nearby."""
    solver = pieces.piece(PIECES[ErrandParts]["solver"])(InverseKinematicsConfig())
    chain, rng, start = ArmChain("right"), notes.rng(4), ready("right")
    found = []
    for _ in range(notes.few(*REACHES)):
        joints = np.clip(start + rng.uniform(-SPREAD, SPREAD, len(start)), chain.lower, chain.upper)
        chain.move(joints)
        target = chain.pose
        found.append(bool(solver.solve(chain, target, start).reached))
    return float(np.mean(found))
