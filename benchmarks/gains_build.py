"""What a robot of `gains.py` is made of, and how one gain of it is changed."""

import ast
import importlib
import inspect
import re
import sys
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from typing import Any

from vla_course.motion.arms.ik_config import FOLLOWING, InverseKinematicsConfig
from vla_course.motion.standing.balance_config import WALKING, BalanceConfig
from vla_course.motion.standing.senses import SenseNoise
from vla_course.motion.walking.gait import GaitConfig
from vla_course.motion.walking.parts import WalkingParts
from vla_course.motion.walking.step_sources import StepSource, VelocityCommand
from vla_course.motion.walking.walker import Walker
from vla_course.reference.day3_humanoid_balance.preview import PreviewController
from vla_course.reference.day3_humanoid_balance.walking import WalkingController
from vla_course.simulation.robot.anatomy import FINGER_FORCE
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.model import RobotModel


@dataclass(frozen=True)
class PreviewWeights:
    """The weights of `PreviewController`; the defaults are its own."""

    error_weight: float = inspect.signature(PreviewController).parameters["error_weight"].default
    """1/m^2, what an error of the zero moment point costs"""
    jerk_weight: float = inspect.signature(PreviewController).parameters["jerk_weight"].default
    """s^6/m^2, what a change of the jerk costs"""


@dataclass(frozen=True)
class Hands:
    """How firmly the fingers close."""

    finger_force: float = FINGER_FORCE
    """N, of the leading finger; the following one may use four times as much"""


@dataclass(frozen=True)
class Build:
    """Every gain that is held in a dataclass; the others are constants of modules."""

    standing: BalanceConfig = field(default_factory=BalanceConfig)
    walking: BalanceConfig = WALKING
    gait: GaitConfig = field(default_factory=GaitConfig)
    preview: PreviewWeights = field(default_factory=PreviewWeights)
    reaching: InverseKinematicsConfig = field(default_factory=InverseKinematicsConfig)
    following: InverseKinematicsConfig = FOLLOWING
    hands: Hands = field(default_factory=Hands)

    def walker(self, humanoid: Humanoid, source: StepSource, noise: SenseNoise | None = None) -> Walker:
        """Return a walker made so; it believes in the masses that the robot was designed with."""

        def preview(timestep: float, height: float, horizon: float) -> PreviewController:
            weights = self.preview
            return PreviewController(timestep, height, horizon, weights.error_weight, weights.jerk_weight)

        parts = replace(WalkingParts.reference(), controller=WalkingController(self.walking), preview=preview)
        if isinstance(source, VelocityCommand):
            source.gait = self.gait
        return Walker(humanoid, source, parts, self.gait, RobotModel(), noise=noise)


PARTS = tuple(part.name for part in fields(Build))
"""names of the dataclasses in a `Build`"""


def default(owner: str, name: str) -> float:
    """Return the present value of a gain: of a part of `Build`, or of a module of the package.

    Raises:
        ValueError: there is no such gain.
    """
    holder: Any = (
        getattr(Build(), owner) if owner in PARTS else importlib.import_module(f"vla_course.{owner}")
    )
    if not hasattr(holder, name):
        raise ValueError(f"{owner} has no gain {name!r}")
    return float(getattr(holder, name))


def unit(owner: str, name: str) -> str:
    """Return the unit of a gain as its docstring gives it: what stands before the first comma, colon or "of"."""
    holder: Any = type(getattr(Build(), owner)) if owner in PARTS else None
    source = inspect.getsource(holder or importlib.import_module(f"vla_course.{owner}"))
    body = ast.parse(source).body
    if holder is not None:
        assert isinstance(body[0], ast.ClassDef)
        body = body[0].body
    for statement, after in pairwise(body):
        names = _assigned(statement)
        if name in names and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            units = re.split(",|:| of ", str(after.value.value))[0].split(" and ")
            return units[min(names.index(name), len(units) - 1)].strip()
    raise ValueError(f"{owner}.{name} has no docstring that begins with its unit")


def changed(build: Build, owner: str, name: str, value: float) -> Build:
    """Return `build` with one gain changed. A module's constant is changed for good: do that in a child process."""
    if owner in PARTS:
        part = getattr(build, owner)
        kind = type(getattr(part, name))
        return replace(build, **{owner: replace(part, **{name: kind(value)})})
    default(owner, name)
    before = getattr(importlib.import_module(f"vla_course.{owner}"), name)
    for module in list(sys.modules.values()):
        # Others may have imported the very same number.
        if module.__name__.startswith("vla_course.") and getattr(module, name, None) is before:
            setattr(module, name, value)
    return build


def _assigned(statement: ast.stmt) -> list[str]:
    """Return the names that a statement sets."""
    if isinstance(statement, ast.AnnAssign):
        targets: list[ast.expr] = [statement.target]
    elif isinstance(statement, ast.Assign):
        targets = statement.targets
    else:
        return []
    names: list[str] = []
    for target in targets:
        parts = target.elts if isinstance(target, ast.Tuple) else [target]
        names += [part.id for part in parts if isinstance(part, ast.Name)]
    return names
