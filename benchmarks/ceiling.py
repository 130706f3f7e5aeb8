"""How well can an action say what the expert does? The ceiling of every policy that acts through the environment.

python benchmarks/ceiling.py [--quick] [--json] [--seed N] [--skills "pick up,place"] [--tasks N] [--workers N]

Tasks a skill, drawn by the seed and their number, each in three ways: by the expert of Day 3; by what it did, written
down as commands ten times a second and replayed open loop through the environment; and by the expert as a policy,
asked anew at every decision. A task counts when its own rule of physics says so. No pictures are taken; processor
time is that of a whole episode, the world and its physics included. What is done is kept in build/ceiling, and a run
that was cut off goes on from there. --quick leaves out the skills that take minutes and draws two tasks a skill.
"""

import json
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import process_time
from typing import Literal, get_args

import numpy as np
from report import Figure, commit, parser, report, share

from vla_course.learning.environment.action_space import write_action
from vla_course.learning.environment.environment import HumanoidTaskEnv
from vla_course.learning.expert.recording import recorded
from vla_course.learning.expert_policy.policy import ExpertPolicy
from vla_course.learning.model.joint_range import joint_range
from vla_course.motion.errands.ending import ErrandFailed
from vla_course.motion.hands.plan import NoPlan
from vla_course.simulation.tasks.instructions import Skill
from vla_course.simulation.tasks.tasks import Task, sample_task
from vla_course.simulation.world.world import World

Way = Literal["expert", "replayed", "asked"]
SKILLS: tuple[Skill, ...] = (
    *("walk", "turn", "look at", "stand still", "go to"),
    *("reach for", "point at", "pick up", "place", "move to"),
)
"""the direct families"""
LONG: tuple[Skill, ...] = ("place", "move to")
TASKS, QUICK_TASKS = 20, 2
HOLDS = 30
"""decisions, for which the last command of a recording is repeated"""
KEPT = Path(__file__).parent.parent / "build" / "ceiling"
JOINTS = joint_range()


@dataclass(frozen=True)
class Attempt:
    """A task of a skill, drawn by its seed."""

    skill: Skill
    seed: int


@dataclass(frozen=True)
class Outcome:
    """What came of a task, one way."""

    skill: Skill
    seed: int
    way: Way
    done: bool
    fell: bool
    trouble: str
    """what went wrong, or why it was given up"""
    simulated: float
    """s"""
    vetoes: int
    """decisions of which something was refused"""
    processor: float
    """s of processor time, of all of it"""
    deciding: float = 0.0
    """ms of processor time that the policy took for a decision, in the mean"""


def main() -> None:
    options = _options()
    count = QUICK_TASKS if options.quick else options.tasks
    skills = [skill for skill in options.skills if not (options.quick and skill in LONG)]
    attempts = [Attempt(skill, 1000 * options.seed + k) for k in range(count) for skill in skills]
    outcomes = _carried_out(attempts, options.workers)
    figures, notes = [], []
    for skill in skills:
        for way in get_args(Way):
            of_way = [one for one in outcomes if one.skill == skill and one.way == way]
            figures += _figures(skill, way, of_way)
            notes += [f"{way} {skill}, seed {one.seed}: {one.trouble}" for one in of_way if not one.done]
    for way in ("replayed", "asked"):
        fell = [one.fell for one in outcomes if one.way == way]
        figures.append(Figure(f"falls, {way}", float(sum(fell)), "", "<= 0", n=len(fell)))
    for line in notes:
        print(line)
    report("ceiling", figures, options, notes=notes, keep=options.skills == list(SKILLS))


def _options() -> Namespace:
    reader = parser(__doc__ or "")
    reader.add_argument("--skills", help="only these, separated by commas")
    reader.add_argument("--tasks", type=int, default=TASKS, help="how many a skill")
    reader.add_argument("--workers", type=int, default=2, help="processes")
    options = reader.parse_args()
    wanted = list(SKILLS) if options.skills is None else [name.strip() for name in options.skills.split(",")]
    unknown = [name for name in wanted if name not in SKILLS]
    if unknown:
        reader.error(f"--skills names {unknown[0]!r}, expected some of: {', '.join(SKILLS)}")
    options.skills = [skill for skill in SKILLS if skill in wanted]
    return options


def _carried_out(attempts: list[Attempt], workers: int) -> list[Outcome]:
    """Carry out what has not been carried out at this commit; keep every outcome as soon as it is there."""
    file = KEPT / f"{commit()}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    known = [Outcome(**json.loads(line)) for line in lines]
    done = {(one.skill, one.seed) for one in known if one.way == "asked"}
    left = [attempt for attempt in attempts if (attempt.skill, attempt.seed) not in done]
    with ProcessPoolExecutor(max_workers=workers) as pool, file.open("a", encoding="utf-8") as kept:
        for future in as_completed([pool.submit(carry_out, attempt) for attempt in left]):
            found = future.result()
            known += found
            kept.write("".join(json.dumps(asdict(one)) + "\n" for one in found))
            kept.flush()
    wanted = {(attempt.skill, attempt.seed) for attempt in attempts}
    return [one for one in known if (one.skill, one.seed) in wanted]


def carry_out(attempt: Attempt) -> list[Outcome]:
    """Try a task in all three ways, "asked" last; the same attempt has the same outcomes."""
    task = sample_task(np.random.default_rng(attempt.seed), attempt.skill)
    first, actions = _by_expert(attempt, task)
    return [first, _replayed(attempt, task, actions), _asked(attempt, task)]


def _by_expert(attempt: Attempt, task: Task) -> tuple[Outcome, list[np.ndarray]]:
    began = process_time()
    with World(attempt.seed) as world:
        stage = task.start(world)
        task.observe(stage)
        actions = [write_action(command, JOINTS) for command in recorded(task, stage)]
        done = task.succeeded(stage)
        trouble = "" if done else task.failed(stage) or "not done"
        found = Outcome(
            attempt.skill,
            attempt.seed,
            "expert",
            done,
            stage.fell,
            trouble,
            world.time,
            0,
            process_time() - began,
        )
        return found, actions


def _replayed(attempt: Attempt, task: Task, actions: list[np.ndarray]) -> Outcome:
    return _in_environment(attempt, task, "replayed", lambda env: iter([*actions, *actions[-1:] * HOLDS]))


def _asked(attempt: Attempt, task: Task) -> Outcome:
    decided: list[float] = []

    def ask(env: HumanoidTaskEnv) -> Iterable[np.ndarray]:
        policy = ExpertPolicy(task, env.stage, env.robot, env.period)
        while True:
            began = process_time()
            action = write_action(policy.command(), JOINTS)
            decided.append(process_time() - began)
            yield action

    outcome = _in_environment(attempt, task, "asked", ask)
    return replace(outcome, deciding=1000.0 * float(np.mean(decided)))


def _in_environment(attempt: Attempt, task: Task, way: Way, actions_for) -> Outcome:  # type: ignore[no-untyped-def]
    """Let actions be carried out until the task is done, lost or over."""
    env, vetoes, trouble, began = HumanoidTaskEnv(cameras=()), 0, "", process_time()
    with env:
        _, info = env.reset(seed=attempt.seed, options={"task": task})
        try:
            for action in actions_for(env):
                _, _, ended, late, info = env.step(action)
                vetoes += bool(info["veto"])
                if ended or late or info["failure"]:
                    break
        except (NoPlan, ErrandFailed) as why:
            trouble = str(why)
        done, fell = info["success"], env.stage.fell
        trouble = "" if done else info["failure"] or trouble or "not done"
        spent = process_time() - began
        return Outcome(attempt.skill, attempt.seed, way, done, fell, trouble, info["time"], vetoes, spent)


def _figures(skill: Skill, way: Way, outcomes: list[Outcome]) -> list[Figure]:
    bar = {"expert": "", "replayed": ">= 0.9", "asked": ">= 0.95"}[way]
    common = Counter(one.trouble for one in outcomes if not one.done).most_common(1)
    aim = f"else mostly: {common[0][0][:60]}" if common else ""
    figures = [share(f"{skill}, {way}", [one.done for one in outcomes], bar, aim)]
    seconds = [one.simulated for one in outcomes if one.done]
    if seconds:
        figures.append(Figure("  median time", float(np.median(seconds)), "s", n=len(seconds)))
    if outcomes:
        processor = [one.processor for one in outcomes]
        figures.append(Figure("  processor time", float(np.mean(processor)), "s", n=len(processor)))
    if way == "asked" and outcomes:
        deciding = [one.deciding for one in outcomes]
        figures.append(Figure("  a decision", float(np.mean(deciding)), "ms", n=len(deciding)))
    return figures


if __name__ == "__main__":
    main()
