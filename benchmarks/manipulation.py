"""How well does the arm find its joints, and does the humanoid take, hold and place things without falling?

python benchmarks/manipulation.py [--quick] [--json] [--seed N]

Noise of a thing's place is normal, its standard deviation the number asked for, another error in every
look; a bias is the same in every look. A robot that misses looks again, twice at most. Errands begin
anywhere round the table, and the thing is carried on foot to any of its sides.
"""

import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from errand_episodes import Trouble, Walk, Walked, run_walk
from manipulation_episodes import Outcome, Task, run_episode
from report import Figure, arguments, report, share

from vla_course.motion.arms.chain import ArmChain
from vla_course.motion.arms.pose import Pose, pose_error
from vla_course.motion.arms.postures import ready
from vla_course.reference.day3_humanoid_balance.arm_ik import InverseKinematicsSolver
from vla_course.simulation.robot.anatomy import ALONG_X, WRIST_TO_TOOL
from vla_course.simulation.robot.humanoid_urdf import urdf_text
from vla_course.simulation.robot.layout import ARM_JOINTS
from vla_course.simulation.scene.scene import THINGS
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.rotation import inverse, multiply

NEAR, TURNED = 0.001, np.radians(0.5)
"""m and rad: what counts as reached"""
PLACED = 0.03
"""m"""


def main() -> None:
    options = arguments(__doc__ or "")
    quick = options.quick
    figures = inverse_kinematics(options.seed, 100 if quick else 1000)
    figures += episodes(options.seed, quick)
    figures += errands(options.seed, quick)
    report("manipulation", figures, options)


# ---- inverse kinematics --------------------------------------------------------------------------


def inverse_kinematics(seed: int, count: int) -> list[Figure]:
    """Solve for targets that some posture within the limits reaches, PyBullet beside it."""
    rng, chain, solver = np.random.default_rng(seed), ArmChain("left"), InverseKinematicsSolver()
    targets, good, seconds = [], [], []
    for _ in range(count):
        chain.move(rng.uniform(chain.lower, chain.upper))
        targets.append(chain.pose)
    for target in targets:
        begin = time.thread_time()
        answer = solver.solve(chain, target, ready("left"), restarts=30)
        seconds.append(time.thread_time() - begin)
        good.append(_reached(chain, target, answer.joints))
    milliseconds = 1e3 * np.array(seconds)
    figures = [
        share("IK: targets within 1 mm, 0.5 degrees and limits", good, ">= 0.99"),
        Figure("  median time of a target", float(np.median(milliseconds)), "ms", "<= 2", n=count),
        Figure("  99th percentile", float(np.percentile(milliseconds, 99)), "ms", n=count),
    ]
    for rounds, limited in ((20, False), (500, False), (500, True)):
        good, seconds, inside = _pybullet(targets, rounds, limited)
        name = f"  PyBullet's own, {rounds} iterations{', told the limits' if limited else ''}"
        figures += [
            share(name, good),
            share(f"{name}: inside the limits", inside),
            Figure(f"{name}: median time", 1e3 * float(np.median(seconds)), "ms", n=count),
        ]
    return figures


def _reached(chain: ArmChain, target: Pose, joints: np.ndarray) -> bool:
    if np.any(joints < chain.lower - 1e-9) or np.any(joints > chain.upper + 1e-9):
        return False
    chain.move(joints)
    error = pose_error(target, chain.pose)
    return bool(np.linalg.norm(error[:3]) <= NEAR and np.linalg.norm(error[3:]) <= TURNED)


def _pybullet(targets: list[Pose], rounds: int, limited: bool) -> tuple[list[bool], list[float], list[bool]]:
    """Ask PyBullet from the same seed; where `limited`, its null space is told limits and a resting posture."""
    client = pybullet.connect(pybullet.DIRECT)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "humanoid.urdf"
        path.write_text(urdf_text(frames=False), encoding="utf-8")
        body = pybullet.loadURDF(str(path), useFixedBase=True, physicsClientId=client)
    infos = [
        pybullet.getJointInfo(body, k, physicsClientId=client)
        for k in range(pybullet.getNumJoints(body, physicsClientId=client))
    ]
    moving = [info for info in infos if info[2] != pybullet.JOINT_FIXED]
    names = [info[1].decode() for info in moving]
    arm = [names.index(f"left_{joint}") for joint in ARM_JOINTS]
    palm = next(info[0] for info in infos if info[12].decode() == "left_palm")
    chain, good, seconds, inside = ArmChain("left"), [], [], []
    mount = pybullet.getQuaternionFromEuler(ALONG_X)
    rest = [0.0] * len(moving)
    for index, angle in zip(arm, ready("left").tolist(), strict=True):
        rest[index] = angle
    lower, upper = [info[8] for info in moving], [info[9] for info in moving]
    null_space = {
        "lowerLimits": lower,
        "upperLimits": upper,
        "jointRanges": [b - a for a, b in zip(lower, upper, strict=True)],
        "restPoses": rest,
    }
    for target in targets:
        for info, angle in zip(moving, rest, strict=True):
            pybullet.resetJointState(body, info[0], angle, physicsClientId=client)
        turn = multiply(_quaternion(target.rotation), inverse(mount))
        # PyBullet asks where the link's own frame is to go, not its centre of mass: the palm's is the wrist.
        position = (target.position - WRIST_TO_TOOL * target.rotation[:, 0]).tolist()
        begin = time.thread_time()
        found = pybullet.calculateInverseKinematics(
            body,
            palm,
            position,
            turn,
            maxNumIterations=rounds,
            residualThreshold=1e-6,
            physicsClientId=client,
            **(null_space if limited else {}),
        )
        seconds.append(time.thread_time() - begin)
        joints = np.array(found)[arm]
        good.append(_reached(chain, target, joints))
        inside.append(bool(np.all(joints >= chain.lower - 1e-6) and np.all(joints <= chain.upper + 1e-6)))
    pybullet.disconnect(physicsClientId=client)
    return good, seconds, inside


def _quaternion(rotation: np.ndarray) -> tuple[float, float, float, float]:
    from vla_course.motion.arms.pose import rotation_vector

    vector = rotation_vector(rotation)
    angle = float(np.linalg.norm(vector))
    axis = vector / angle if angle > 0.0 else vector
    return (*(np.sin(angle / 2) * axis).tolist(), float(np.cos(angle / 2)))


# ---- episodes ------------------------------------------------------------------------------------


def episodes(seed: int, quick: bool) -> list[Figure]:
    """Run all episodes in two processes and count."""
    each, some, few = (1, 1, 1) if quick else (60, 20, 7)
    first = 10_000 * seed

    def tasks(count: int, offset: int, **known: float | bool) -> list[Task]:
        start = first + offset
        return [Task(k, thing, **known) for thing in THINGS for k in range(start, start + count)]  # type: ignore[arg-type]

    groups = {
        "plain": tasks(each, 0),
        "noise": tasks(some, 1000, noise=0.015),
        "biased": tasks(few, 2000, bias=0.015),
        "heavy": tasks(few, 3000, mass=1.0),
        "blocked": tasks(few, 4000, obstacle=True),
        "stopped": tasks(few, 5000, stop=True),
    }
    every = [task for group in groups.values() for task in group]
    with ProcessPoolExecutor(2) as pool:
        outcomes = dict(zip(every, pool.map(run_episode, every), strict=True))
    found = {name: [outcomes[task] for task in group] for name, group in groups.items()}
    figures = []
    for thing in THINGS:
        mine = [outcomes[task] for task in groups["plain"] if task.thing == thing]
        figures.append(share(f"{thing}: lifted 10 cm and held 2 s", [_lifted(o) for o in mine], ">= 0.98"))
        figures.append(share(f"{thing}: placed within 3 cm", [_placed(o) for o in mine], ">= 0.97"))
    plain = found["plain"]
    errors = 1e3 * np.array([o.place_error for o in plain if _lifted(o)])
    return [
        *figures,
        Figure("place error, median", float(np.median(errors)), "mm", n=len(errors)),
        share("episodes that have a plan", [o.planned for o in plain]),
        share("episodes that went well at once", [o.attempts == 1 and _placed(o) for o in plain]),
        share("nothing else on the table moved 1 cm", [o.disturbed < 0.01 for o in plain]),
        share(
            "place noise 15 mm (deviation) an axis: lifted and held",
            [_lifted(o) for o in found["noise"]],
            ">= 0.95",
        ),
        share("bias within +-15 mm an axis: lifted and held", [_lifted(o) for o in found["biased"]]),
        share("1 kg that nobody told of: lifted and held", [_lifted(o) for o in found["heavy"]]),
        share("1 kg that nobody told of: placed within 3 cm", [_placed(o) for o in found["heavy"]]),
        share("hand blocked on its way: gave up, standing", [_gave_up(o) for o in found["blocked"]], ">= 1"),
        share("told to stop at any moment: standing", [_gave_up(o) for o in found["stopped"]], ">= 1"),
        *_falls(found),
        *_cost(plain),
    ]


def _lifted(outcome: Outcome) -> bool:
    return outcome.planned and outcome.lifted and not outcome.fell


def _placed(outcome: Outcome) -> bool:
    return _lifted(outcome) and outcome.upright and outcome.place_error <= PLACED


def _gave_up(outcome: Outcome) -> bool:
    return bool(outcome.reason) and outcome.planned and outcome.standing


def _falls(found: dict[str, list[Outcome]]) -> list[Figure]:
    names = {
        "plain": "falls",
        "noise": "falls with noise",
        "biased": "falls with a bias",
        "heavy": "falls with 1 kg that nobody told of",
        "blocked": "falls with a blocked hand",
        "stopped": "falls when told to stop",
    }
    return [
        Figure(name, float(sum(o.fell for o in found[key])), "", "<= 0", n=len(found[key]))
        for key, name in names.items()
    ]


def _cost(outcomes: list[Outcome]) -> list[Figure]:
    done = [o for o in outcomes if o.planned]
    speed = sum(o.simulated for o in done) / sum(o.computed for o in done)
    planning = float(np.median([o.planning for o in done]))
    length = float(np.median([o.simulated for o in done]))
    return [
        Figure("whole loop with a hand at work, one core", speed, "x real time", ">= 3", n=len(done)),
        Figure("  an episode, median", length, "s", n=len(done)),
        Figure("  its planning, median", planning, "s", n=len(done)),
    ]


# ---- errands on foot -----------------------------------------------------------------------------


def errands(seed: int, quick: bool) -> list[Figure]:
    """Run all errands in two processes and count."""
    picks, whole, few = (1, 1, 0) if quick else (10, 7, 2)
    first = 10_000 * seed

    def tasks(count: int, offset: int, only_pick: bool = False, trouble: Trouble = "") -> list[Walk]:
        numbers = range(first + offset, first + offset + count)
        things = THINGS[:1] if quick else THINGS
        return [Walk(k, thing, only_pick, trouble) for k in numbers for thing in things]

    groups = {
        "pick": tasks(picks, 6000, only_pick=True),
        "errand": tasks(whole, 7000),
        "moved": tasks(few, 8000, trouble="moved"),
        "slips": tasks(few, 8100, trouble="slips"),
        "stopped": tasks(few, 8200, trouble="stop"),
    }
    every = [task for group in groups.values() for task in group]
    with ProcessPoolExecutor(2) as pool:
        outcomes = dict(zip(every, pool.map(run_walk, every), strict=True))
    found = {name: [outcomes[task] for task in group] for name, group in groups.items()}
    walked = found["errand"]
    speed = sum(o.simulated for o in walked) / sum(o.computed for o in walked)
    errors = 1e3 * np.array([o.place_error for o in walked if o.ending == "done"])
    figures = [
        share(
            "walked up from 0.5 to 2 m, any side, and lifted", [o.lifted for o in found["pick"]], ">= 0.95"
        ),
        share("carried while walking and turning", [_arrived(o) for o in walked], ">= 1"),
        share("  put down within 3 cm", [_put_down(o) for o in walked], ">= 0.97"),
        Figure("  place error, median", float(np.median(errors)), "mm", n=len(errors)),
        Figure(
            "  way with the thing, median", float(np.median([o.carried for o in walked])), "m", n=len(walked)
        ),
        Figure("  turns with it, median", float(np.median([o.turned for o in walked])), "rad", n=len(walked)),
    ]
    if not quick:
        moved, slips, stopped = (found[name] for name in ("moved", "slips", "stopped"))
        figures += [
            share("thing moved meanwhile: put down within 3 cm", [_put_down(o) for o in moved]),
            share("thing slips on the way: said so, standing", [_ended(o, "dropped") for o in slips], ">= 1"),
            share("told to stop on the way: standing", [_ended(o, "stopped") for o in stopped], ">= 1"),
        ]
    return [
        *figures,
        Figure(
            "falls on errands", float(sum(o.fell for o in outcomes.values())), "", "<= 0", n=len(outcomes)
        ),
        Figure("whole errand with its planning, one core", speed, "x real time", n=len(walked)),
    ]


def _arrived(outcome: Walked) -> bool:
    """Whether the thing was still in the hand when the robot had come to its place."""
    return outcome.lifted and outcome.ending in ("done", "not put down")


def _put_down(outcome: Walked) -> bool:
    done = outcome.ending == "done" and outcome.upright and outcome.standing
    return done and outcome.place_error <= PLACED


def _ended(outcome: Walked, ending: str) -> bool:
    return outcome.ending == ending and outcome.standing


if __name__ == "__main__":
    main()
