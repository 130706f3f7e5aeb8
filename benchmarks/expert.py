"""Does the expert carry out what it is asked, skill by skill, and how long does that take?

python benchmarks/expert.py [--quick] [--json] [--seed N] [--skills "pick up,place"]

Twenty tasks a skill, drawn by the seed and their number; a task counts when its own rule of physics says so, in its
time and with nothing gone wrong. --quick leaves out the skills that take minutes and draws two tasks a skill.

Every tick of every task is looked at for what no demonstration should teach: links that meet, joints too fast, beyond
their limits or at their greatest torque, and pressing on the table.
"""

import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from report import Figure, parser, report, share

from vla_course.learning.expert.expert import Expert
from vla_course.simulation.robot.strain import Strain
from vla_course.simulation.tasks.contacts import ITSELF
from vla_course.simulation.tasks.instructions import SKILLS, Skill
from vla_course.simulation.tasks.stage import LEANS
from vla_course.simulation.tasks.tasks import sample_task
from vla_course.simulation.world.world import World

TASKS, QUICK_TASKS = 20, 2
LONG: tuple[Skill, ...] = ("place", "move to", "serve a drink", "tidy the table")


@dataclass(frozen=True)
class Attempt:
    """A task of a skill, drawn by its seed."""

    skill: Skill
    seed: int


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    done: bool
    begun_done: bool
    """whether the rule held before anything was done"""
    trouble: str
    """what went wrong, or why the expert gave up"""
    simulated: float
    """s, until the task was done or over"""
    computed: float
    """s of the processor, planning included"""
    strain: Strain
    """what the joints went through"""
    itself: float
    """N, the greatest force between links of the robot"""
    table: float
    """N, the greatest force on the table"""


def main() -> None:
    reader = parser(__doc__ or "")
    reader.add_argument("--skills", help="only these, separated by commas")
    chosen = reader.parse_args()
    skills: list[Skill] = [skill for skill in SKILLS if not (chosen.quick and skill in LONG)]
    if chosen.skills:
        wanted = [name.strip() for name in chosen.skills.split(",")]
        unknown = [name for name in wanted if name not in SKILLS]
        if unknown:
            reader.error(f"--skills names {unknown[0]!r}, expected some of: {', '.join(SKILLS)}")
        skills = [skill for skill in SKILLS if skill in wanted]
    count = QUICK_TASKS if chosen.quick else TASKS
    attempts = [Attempt(skill, 1000 * chosen.seed + k) for skill in skills for k in range(count)]
    with ProcessPoolExecutor(max_workers=2) as pool:
        outcomes = dict(zip(attempts, pool.map(carry_out, attempts), strict=True))
    figures, notes = [], []
    for skill in skills:
        of_skill = {attempt: outcome for attempt, outcome in outcomes.items() if attempt.skill == skill}
        figures += _figures(skill, list(of_skill.values()))
        notes += [
            f"{skill}, seed {attempt.seed}: {outcome.trouble}"
            for attempt, outcome in of_skill.items()
            if not outcome.done
        ]
    figures += _worst("  over all: ", list(outcomes.values()))
    begun = [not outcome.begun_done for outcome in outcomes.values()]
    figures.append(share("tasks that are not done when they begin", begun, ">= 1"))
    notes += [
        f"{attempt.skill}, seed {attempt.seed}: {figure.name.strip()} is {figure.value:.4g} {figure.unit}"
        for attempt, outcome in outcomes.items()
        for figure in _worst("", [outcome])
        if figure.holds is False
    ]
    for line in notes:
        print(line)
    report("expert", figures, chosen, notes=notes, keep=not chosen.skills)


def carry_out(attempt: Attempt) -> Outcome:
    """Let the expert work on a task; the same attempt has the same outcome."""
    task = sample_task(np.random.default_rng(attempt.seed), attempt.skill)
    begin = time.process_time()
    with World(attempt.seed) as world:
        stage = task.start(world)
        task.observe(stage)
        begun_done = task.succeeded(stage)
        expert = Expert(task, stage)
        late, strain = False, Strain(stage.humanoid)
        for _ in expert.perform():
            task.observe(stage)
            strain.observe(expert.body.state)
            late = world.time > task.seconds
            if late or task.succeeded(stage) or task.failed(stage):
                break
        trouble = task.failed(stage) or expert.reason or ("out of time" if late else "the rule does not hold")
        done = task.succeeded(stage) and not late
        return Outcome(
            done=done,
            begun_done=begun_done,
            trouble="" if done else trouble,
            simulated=world.time,
            computed=time.process_time() - begin,
            strain=strain,
            itself=stage.contacts.greatest(ITSELF),
            table=stage.contacts.greatest("table"),
        )


def _figures(skill: Skill, outcomes: list[Outcome]) -> list[Figure]:
    simulated = [outcome.simulated for outcome in outcomes if outcome.done]
    common = Counter(outcome.trouble for outcome in outcomes if not outcome.done).most_common(1)
    aim = f"else mostly: {common[0][0][:60]}" if common else ""
    figures = [share(skill, [outcome.done for outcome in outcomes], ">= 0.98", aim)]
    if simulated:
        figures.append(Figure("  median time", float(np.median(simulated)), "s", n=len(simulated)))
    computed = float(np.median([outcome.computed for outcome in outcomes]))
    figures.append(Figure("  median time of the processor", computed, "s", n=len(outcomes)))
    return figures + _worst("  ", outcomes)


def _worst(indent: str, outcomes: list[Outcome]) -> list[Figure]:
    """Return the worst moment of all outcomes, in each of the ways that there are."""
    n, strains = len(outcomes), [outcome.strain for outcome in outcomes]
    return [
        Figure(
            f"{indent}greatest force between links",
            max(outcome.itself for outcome in outcomes),
            "N",
            "<= 50",
            n=n,
        ),
        Figure(f"{indent}greatest joint speed", max(s.speed for s in strains), "rad/s", "<= 12", n=n),
        Figure(f"{indent}least way to a joint's limit", min(s.room for s in strains), "rad", ">= 0", n=n),
        Figure(
            f"{indent}longest at greatest torque", max(s.saturated for s in strains), "ticks", "<= 1", n=n
        ),
        Figure(
            f"{indent}greatest force on the table", max(o.table for o in outcomes), "N", f"<= {LEANS:g}", n=n
        ),
    ]


if __name__ == "__main__":
    main()
