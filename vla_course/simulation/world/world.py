"""A world of its own: one private physics client, one clock, one generator of chance."""

import gc
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self

import numpy as np

from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.light import Light


class _Clients:
    """The physics clients of all worlds that are not closed; each takes some 34 MB, of which Python knows nothing."""

    LET_BE = 8

    def __init__(self) -> None:
        self.open: set[int] = set()
        self._enough = self.LET_BE

    def make_room(self) -> None:
        """Close worlds that nobody holds: a robot and its world know each other, and would be there for long."""
        if len(self.open) >= self._enough:
            gc.collect()
            self._enough = max(self.LET_BE, 2 * len(self.open))  # those that somebody holds are not asked for each time

    def close(self, client: int) -> None:
        self.open.discard(client)
        pybullet.disconnect(physicsClientId=client)


_clients = _Clients()


class Participant(Protocol):
    """Something that acts before every step and has a memory that the physics engine does not keep."""

    def before_step(self) -> None:
        """Apply forces or motor targets for the step that is about to be taken."""

    def capture(self) -> object:
        """Return the memory that `reinstate` needs, as a value that nobody changes afterwards."""

    def reinstate(self, memory: Any) -> None:
        """Return to a memory captured earlier."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A moment of one world, to return to with `World.restore` as often as wanted."""

    state_id: int
    steps: int
    random_state: Mapping[str, Any]
    memories: tuple[object, ...]
    bodies: int


class World:
    """A flat, gravity-ridden place with its own physics client (`client`, headless).

    The same seed and the same calls give the same bits, in this process or another: no body ever
    sleeps, contact pairs are kept in a fixed order and every call names the client.

    Args:
        seed: seed of `rng`, the only source of chance in this world.
        timestep: seconds of one `step`. POSITION_CONTROL gains of pybullet are dimensionless and
            change their meaning with it: retune when you change it.
        solver_iterations: of the contact solver. 50 stands and walks, 10 falls.
        gravity: m/s^2, downwards.
        ground_friction: Coulomb coefficient of the ground. Bullet multiplies the pair's coefficients.

    Raises:
        ValueError: a number is outside its range.

    Traps avoided here: `numSubSteps` multiplies the force cap of every motor and divides the torque
    it reports, so a finer step is a smaller `timestep`, never sub-steps.
    """

    def __init__(
        self,
        seed: int = 0,
        timestep: float = 1 / 500,
        solver_iterations: int = 50,
        gravity: float = 9.81,
        ground_friction: float = 1.0,
    ) -> None:
        if not 0.0 < timestep <= 0.02:
            raise ValueError(f"timestep is {timestep}, expected seconds in (0, 0.02]")
        if solver_iterations < 1:
            raise ValueError(f"solver_iterations is {solver_iterations}, expected at least 1")
        if ground_friction < 0.0:
            raise ValueError(f"ground_friction is {ground_friction}, expected at least 0")
        self.timestep = timestep
        self.gravity = gravity
        self.ground_friction = ground_friction
        self.rng = np.random.default_rng(seed)
        self.light = Light()
        self.steps = 0
        self._participants: list[Participant] = []
        _clients.make_room()
        self.client: int = pybullet.connect(pybullet.DIRECT)
        if self.client < 0:
            raise RuntimeError("pybullet has no free physics client: close some worlds first")
        _clients.open.add(self.client)
        self._finalizer = weakref.finalize(self, _clients.close, self.client)
        self._finalizer.atexit = False  # the process takes all of it along
        pybullet.setGravity(0.0, 0.0, -gravity, physicsClientId=self.client)
        pybullet.setPhysicsEngineParameter(
            fixedTimeStep=timestep,
            numSolverIterations=solver_iterations,
            deterministicOverlappingPairs=1,
            physicsClientId=self.client,
        )
        self.ground = self._make_ground(ground_friction)
        self.ground_bodies: set[int] = {self.ground}

    def _make_ground(self, friction: float) -> int:
        shape = pybullet.createCollisionShape(
            pybullet.GEOM_PLANE, planeNormal=[0, 0, 1], physicsClientId=self.client
        )
        ground: int = pybullet.createMultiBody(
            baseMass=0.0, baseCollisionShapeIndex=shape, physicsClientId=self.client
        )
        pybullet.changeDynamics(
            ground, -1, lateralFriction=friction, restitution=0.0, physicsClientId=self.client
        )
        return ground

    @property
    def time(self) -> float:
        """Seconds simulated since this world began."""
        return self.steps * self.timestep

    def join(self, participant: Participant) -> None:
        """Let `participant` act before every step, after those that joined earlier."""
        self._participants.append(participant)

    def step(self) -> None:
        """Advance by one timestep."""
        for participant in self._participants:
            participant.before_step()
        pybullet.stepSimulation(physicsClientId=self.client)
        self.steps += 1

    def run(self, seconds: float, each_step: Callable[[], object] | None = None) -> None:
        """Advance by `seconds` (rounded to whole steps), calling `each_step` before each of them."""
        for _ in range(round(seconds / self.timestep)):
            if each_step is not None:
                each_step()
            self.step()

    def save(self) -> Snapshot:
        """Remember this moment: bodies, contacts, clock, chance, motor commands, pushes under way.

        Forces and contact loads that an earlier step measured belong to the step, not to the moment:
        they are valid again one step after a `restore`.
        """
        return Snapshot(
            state_id=pybullet.saveState(physicsClientId=self.client),
            steps=self.steps,
            random_state=self.rng.bit_generator.state,
            memories=tuple(participant.capture() for participant in self._participants),
            bodies=pybullet.getNumBodies(physicsClientId=self.client),
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Return to `snapshot`: what follows repeats bit for bit.

        Raises:
            ValueError: a body was added or removed since the snapshot was taken.
        """
        bodies = pybullet.getNumBodies(physicsClientId=self.client)
        if bodies != snapshot.bodies or len(self._participants) != len(snapshot.memories):
            raise ValueError(
                f"the snapshot holds {snapshot.bodies} bodies and the world {bodies}: "
                "build the world first, save afterwards"
            )
        pybullet.restoreState(stateId=snapshot.state_id, physicsClientId=self.client)
        self.steps = snapshot.steps
        self.rng.bit_generator.state = snapshot.random_state
        for participant, memory in zip(self._participants, snapshot.memories, strict=True):
            participant.reinstate(memory)

    def forget(self, snapshot: Snapshot) -> None:
        """Free the memory of a snapshot that will not be restored again."""
        pybullet.removeState(snapshot.state_id, physicsClientId=self.client)

    def close(self) -> None:
        """Disconnect from the physics client; calling it twice is harmless. A world that nobody holds closes itself."""
        self._finalizer()
        self.client = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
