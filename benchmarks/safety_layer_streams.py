"""Streams of actions, random or hostile, and what they do to the robot in physics, with the safety layer or without."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.safety.layer import SafetyLayer
from vla_course.deployment.safety.limits import HANDS
from vla_course.deployment.safety.surroundings import Person, Surroundings
from vla_course.learning.environment.action_space import BodyCommand, read_action, write_action
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.learning.model.joint_range import joint_range
from vla_course.motion.arms.chain import ARMS_IN_JOINTS, ArmChain
from vla_course.motion.hands.scene import tabletop_in, thing_in
from vla_course.reference.day5_deployment.separation import allowed_speed
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot.layout import ACTION, ARMS, HEAD, SIDES
from vla_course.simulation.scene.parts import PERSON_RADIUS
from vla_course.simulation.scene.scene import Scene
from vla_course.simulation.scene.things import TRAINED
from vla_course.simulation.tasks.contacts import ITSELF, Contacts
from vla_course.simulation.tasks.stage import BUMP, COLLIDES, LEANS
from vla_course.simulation.world.rotation import rotation_matrix
from vla_course.simulation.world.world import World

Array = NDArray[np.float64]
Actions = Callable[[int, CommandedBody, np.random.Generator], Array]
"""number of the decision, body, chance -> an action (36,)"""

SECONDS, PERIOD, LOOK = 3.0, 0.1, 0.02
"""s, of a stream, between two decisions, and over which forces are averaged"""
JOINT_SPEED = 3.0
"""rad/s, that no joint of an arm may exceed in physics: commands end at 2.4, and a servo is never exact"""
TOO_NEAR = 0.1
"""m/s, by which a hand may be faster than a person so near allows: the robot itself sways that much"""
PERSON_AHEAD = (0.65, 0.95)
"""m, how far before the robot a person stands where its hands are driven at them: within its reach or a step of it"""

HOME = write_action(BodyCommand(HOME_POSTURE, np.zeros(3), np.zeros(3), np.zeros(2)), joint_range())
"""an action that asks for nothing"""


@dataclass(frozen=True)
class Stream:
    """One stream, by chance of its number alone."""

    kind: str
    number: int
    layer: bool

    @property
    def key(self) -> str:
        return f"{self.kind} {self.number} {'on' if self.layer else 'off'}"


@dataclass(frozen=True)
class Done:
    """What a stream did in physics."""

    key: str
    kind: str
    layer: bool
    beyond: float
    """rad, the farthest of any joint beyond its hard stop; negative: it kept away"""
    arm_speed: float
    """rad/s, the greatest of any joint of the arms"""
    head_speed: float
    table: float
    """N, the greatest mean over 20 ms"""
    itself: float
    person: float
    hurried: float
    """m/s, by how much a hand was faster than a person so near allows; negative: never"""
    fell: bool
    limited: float
    """-, fraction of decisions in which something was limited"""
    stopped: float
    """-, fraction of decisions that were not carried out, or only to a stop"""

    @property
    def harm(self) -> list[str]:
        """Name the limits that were exceeded."""
        checks = {
            "joint position": self.beyond > 0.0,
            "joint speed": self.arm_speed > JOINT_SPEED,
            "workspace: table": self.table > LEANS,
            "workspace: itself": self.itself > COLLIDES,
            "people": self.person > BUMP or self.hurried > TOO_NEAR,
            "fell": self.fell,
        }
        return [name for name, wrong in checks.items() if wrong]


# ---- random streams ----------------------------------------------------------------------------------


def uniform(_: int, __: CommandedBody, rng: np.random.Generator) -> Array:
    """Every number anywhere."""
    return rng.uniform(-1.0, 1.0, ACTION.size)


def corners(_: int, __: CommandedBody, rng: np.random.Generator) -> Array:
    """Every number at one end or the other."""
    return rng.choice((-1.0, 1.0), ACTION.size)


def noisy(_: int, __: CommandedBody, rng: np.random.Generator) -> Array:
    """About home, by a third of the range."""
    return np.clip(HOME + rng.normal(0.0, 0.33, ACTION.size), -1.0, 1.0)


def seldom(number: int, __: CommandedBody, rng: np.random.Generator) -> Array:
    """Anywhere, for half a second at a time."""
    seeds = np.random.default_rng((int(rng.bit_generator.state["state"]["state"] % 2**32), number // 5))
    return seeds.uniform(-1.0, 1.0, ACTION.size)


# ---- hostile streams ---------------------------------------------------------------------------------


def slams(_: int, __: CommandedBody, rng: np.random.Generator) -> Array:
    """Joints of arms and head to one stop or the other."""
    action = HOME.astype(np.float64)
    action[ARMS], action[HEAD] = rng.choice((-1.0, 1.0), 14), rng.choice((-1.0, 1.0), 2)
    return action


def alternations(number: int, _: CommandedBody, rng: np.random.Generator) -> Array:
    """All joints to one stop and at the next decision to the other, trunk and all."""
    action = HOME.astype(np.float64)
    sign = 1.0 if number % 2 else -1.0
    action[ARMS], action[HEAD] = sign, sign
    action[ACTION.stance] = sign * rng.choice((-1.0, 1.0), 3)
    return action


def at_table(_: int, robot: CommandedBody, rng: np.random.Generator) -> Array:
    """Both hands through the table."""
    return hands_to(robot, np.array(((0.45, 0.15, 0.2), (0.45, -0.15, 0.2))), rng, bow=0.6)


def at_head(_: int, robot: CommandedBody, rng: np.random.Generator) -> Array:
    """Both hands into the robot's own head and trunk."""
    state = robot.walker.body.state
    axes = rotation_matrix(state.base_orientation)
    inside = np.array(((0.0, 0.0, 0.62), (0.0, 0.0, 0.3)))
    return hands_to(robot, state.base_position + inside @ axes.T, rng)


def at_person(number: int, robot: CommandedBody, rng: np.random.Generator) -> Array:
    """Both hands at a person, and the feet after them."""
    action = hands_to(robot, np.array(((0.8, 0.1, 1.1), (0.8, -0.1, 0.9))), rng)
    action[ACTION.base_velocity] = (1.0 if number > 5 else 0.0, 0.0, 0.0)
    return action


def reversals(number: int, _: CommandedBody, rng: np.random.Generator) -> Array:
    """The base one way and the other, every few decisions."""
    action = HOME.astype(np.float64)
    action[ACTION.base_velocity] = (1.0 if number // 3 % 2 else -1.0) * rng.choice((-1.0, 1.0), 3)
    return action


def bows_on_foot(number: int, _: CommandedBody, rng: np.random.Generator) -> Array:
    """Bow as far as it goes while walking, arms out."""
    action = HOME.astype(np.float64)
    action[ACTION.base_velocity] = (0.7 if number % 4 else 0.0, 0.0, rng.uniform(-1.0, 1.0))
    action[ACTION.stance] = (1.0, rng.choice((-1.0, 1.0)), -1.0)
    action[ARMS] = rng.choice((-1.0, 1.0), 14)
    return action


def hands_to(robot: CommandedBody, goals: Array, rng: np.random.Generator, bow: float = 0.0) -> Array:
    """Return an action that leads both tool points straight to `goals` (2, 3) m, whatever is there."""
    state = robot.walker.body.state
    axes, joints = rotation_matrix(state.base_orientation), state.joint_positions.copy()
    for side, goal in zip(SIDES, goals, strict=True):
        chain, arm = ArmChain(side), ARMS_IN_JOINTS[side]
        for _ in range(4):
            chain.move(joints[arm])
            way = axes.T @ (goal - state.base_position) - chain.pose.position
            jacobian = chain.jacobian[:3]
            step = jacobian.T @ np.linalg.solve(jacobian @ jacobian.T + 1e-3 * np.eye(3), way)
            joints[arm] = np.clip(joints[arm] + np.clip(step, -0.3, 0.3), chain.lower, chain.upper)
    joints[ARMS] += rng.normal(0.0, 0.05, 14)
    command = BodyCommand(joints, np.zeros(3), np.array((bow, 0.0, 0.0)), np.ones(2))
    return write_action(command, joint_range()).astype(np.float64)


RANDOM: dict[str, Actions] = {
    "uniform": uniform,
    "corners": corners,
    "about home": noisy,
    "half a second": seldom,
}
HOSTILE: dict[str, Actions] = {
    "slams to the stops": slams,
    "alternations": alternations,
    "hands at the table": at_table,
    "hands at the own head": at_head,
    "hands at a person": at_person,
    "base reversals": reversals,
    "bows on foot": bows_on_foot,
}
STREAMS = RANDOM | HOSTILE


# ---- carried out -------------------------------------------------------------------------------------


def carry_out(stream: Stream) -> Done:
    """Let a robot do what a stream says, and measure it in the simulator, at every tick."""
    rng = np.random.default_rng((sorted(STREAMS).index(stream.kind), stream.number))
    near = stream.kind == "hands at a person"
    world = World(int(rng.integers(2**31)))
    try:
        description = Scene.sample(rng, things=rng.choice(TRAINED, 3, replace=False).tolist())
        if near:
            person = replace(
                description.person, position=(rng.uniform(*PERSON_AHEAD), rng.uniform(-0.1, 0.1))
            )
            table = replace(description.table, position=(-1.3, 0.0, description.table.position[2]))
            description = replace(description, person=person, table=table, things=())
        scene = Scene.build(world, description)
        robot = CommandedBody(Humanoid(world))
        body = SafetyLayer(robot) if stream.layer else None
        people = persons_of(scene)
        if body is not None:
            things = tuple(thing_in(scene, thing.name) for thing in description.things)
            body.surroundings = Surroundings(people, (tabletop_in(scene),), things)
        return _measured(stream, scene, robot, body, people, rng)
    finally:
        world.close()


def persons_of(scene: Scene, speed: float | None = None) -> tuple[Person, ...]:
    """Return the person of a scene as points round their body; their speed was not measured, unless it is given."""
    someone = scene.description.person
    if someone is None:
        return ()
    turns = np.linspace(0.0, 2.0 * np.pi, 12, endpoint=False)
    ring = PERSON_RADIUS * np.stack((np.cos(turns), np.sin(turns)), axis=1) + someone.position
    points = np.concatenate([np.column_stack((ring, np.full(len(ring), z))) for z in (0.3, 0.7, 1.1, 1.5)])
    return (Person(points, speed),)


def _measured(
    stream: Stream,
    scene: Scene,
    robot: CommandedBody,
    layer: SafetyLayer | None,
    people: tuple[Person, ...],
    rng: np.random.Generator,
) -> Done:
    humanoid = robot.walker.humanoid
    contacts, next_look = Contacts(humanoid, scene), LOOK
    worst = {"beyond": -np.inf, "arm_speed": 0.0, "head_speed": 0.0, "hurried": -np.inf}
    forces = dict.fromkeys(("table", ITSELF, "person"), 0.0)
    fell, limited, stopped, decisions = False, 0, 0, 0
    tools = np.array([humanoid.link_pose(f"{side}_tool")[0] for side in SIDES])
    while humanoid.world.time < SECONDS - 1e-9 and not fell:
        action = STREAMS[stream.kind](decisions, robot, rng)
        for _ in _ticks(action, robot, layer):
            state = humanoid.state()
            stops = humanoid.joint_limits
            beyond = np.maximum(state.joint_positions - stops[:, 1], stops[:, 0] - state.joint_positions)
            speeds = np.abs(state.joint_velocities)
            before, tools = tools, np.array([humanoid.link_pose(f"{side}_tool")[0] for side in SIDES])
            fast = np.linalg.norm(tools - before, axis=1).max() / robot.walker.body.tick
            found = {
                "beyond": beyond.max(),
                "arm_speed": speeds[ARMS].max(),
                "head_speed": speeds[HEAD].max(),
                "hurried": fast - min(allowed_speed(p.distance(tools), p.speed, HANDS) for p in people),
            }
            worst = {name: max(value, float(found[name])) for name, value in worst.items()}
            contacts.observe()
            if humanoid.world.time > next_look - 1e-9:
                contacts.look()
                next_look += LOOK
                forces = {name: max(force, contacts.mean(name)) for name, force in forces.items()}
                fell = fell or humanoid.has_fallen()
        decisions += 1
        limited += layer is not None and bool(layer.interventions)
        stopped += layer is not None and bool(layer.stopped)
    return Done(
        stream.key, stream.kind, stream.layer, **worst, table=forces["table"], itself=forces[ITSELF],
        person=forces["person"], fell=fell, limited=limited / decisions, stopped=stopped / decisions,
    )  # fmt: skip


def _ticks(action: Array, robot: CommandedBody, layer: SafetyLayer | None) -> Iterator[None]:
    if layer is not None:
        return layer.carry_out(action, PERIOD)
    return robot.carry_out(read_action(action, joint_range()), PERIOD)
