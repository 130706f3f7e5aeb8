"""`vla-course evaluate`: how well a policy does what it is told, as a table, and as a page with films."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vla_course.machine import cores
from vla_course.robot_cli import console

if TYPE_CHECKING:
    from rich.table import Table

    from vla_course.learning.evaluation.comparing import Comparison
    from vla_course.learning.evaluation.episodes import Split
    from vla_course.learning.evaluation.evaluating import Run
    from vla_course.learning.evaluation.policies import Learner
    from vla_course.learning.workers.backends import Backend
    from vla_course.panels.evaluation.shown import Shown

DEFAULT_SPLITS = "seen,swap,empty"
PAGE = "report.html"


def evaluate(
    policy: Annotated[str, typer.Option(help="planned, direct, or expert.")] = "planned",
    split: Annotated[
        str,
        typer.Option(metavar="LIST", help='Such as "seen,swap"; "all" for every one it can be asked for.'),
    ] = DEFAULT_SPLITS,
    factor: Annotated[
        str | None,
        typer.Option(metavar="LIST", help="Also with these changed: light, camera, friction, mass, layout."),
    ] = None,
    families: Annotated[
        str | None, typer.Option(metavar="LIST", help='Only these skills, such as "walk,pick up".')
    ] = None,
    episodes: Annotated[int, typer.Option(help="Of each family of each split.")] = 5,
    seed: Annotated[int, typer.Option(help="Of the episodes.")] = 0,
    weights: Annotated[
        Path | None, typer.Option(metavar="DIR", help="What the policy has learned; unset, what ships.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; unset, one a core.")] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Evaluate on this Dask cluster (tcp://host:8786).")
    ] = None,
    expert: Annotated[
        bool, typer.Option("--expert/--no-expert", help="Let the expert stand beside, in the same tasks.")
    ] = True,
    films: Annotated[int, typer.Option(help="How many episodes the page shows as films; 0: none.")] = 8,
    against: Annotated[
        Path | None, typer.Option(metavar="RUN", help="Compare with this run, episode by episode.")
    ] = None,
    trained: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="RUN", help="A run of the same policy from another training seed; may be repeated."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The run's folder; unset, build/evaluation/POLICY-COMMIT-seedN."),
    ] = None,
) -> None:
    """Evaluate a policy in closed loop, in physics: a table, and a page with charts and films.

    Run it again to go on after an interruption, or with more splits and episodes to add to them.

    Example: [bold]vla-course evaluate --split seen,swap --factor light --episodes 5 --out build/evaluation/mine[/]
    """
    from vla_course.course.errors import CourseError
    from vla_course.course.root import CourseRoot
    from vla_course.learning.evaluation.comparing import compare, seed_spread
    from vla_course.learning.evaluation.episodes import FACTORS, EvaluationFault
    from vla_course.learning.evaluation.episodes import episodes as episodes_of
    from vla_course.learning.evaluation.evaluating import Settings, commit, fingerprint, read_run
    from vla_course.learning.evaluation.evaluating import evaluate as run_all
    from vla_course.learning.evaluation.policies import Learner
    from vla_course.panels.evaluation.films import film, playing
    from vla_course.panels.evaluation.page import write_page
    from vla_course.panels.evaluation.shown import Shown
    from vla_course.simulation.tasks.instructions import SKILLS

    learner = Learner(policy, "" if weights is None else str(weights.resolve()))
    root = CourseRoot.current()
    folder = out or root.folder / "build" / "evaluation" / f"{policy}-{commit()}-seed{seed}"
    screen = console(stderr=True)
    try:
        learner.check()
        for name, value, least in (("episodes", episodes, 1), ("seed", seed, 0), ("films", films, 0)):
            if value < least:
                raise EvaluationFault(f"--{name} is {value}, expected at least {least}")
        splits = _splits(split, learner)
        skills = SKILLS if families is None else _listed("families", families, SKILLS)
        factors = () if factor is None else _listed("factor", factor, tuple(FACTORS))
        wanted = list(episodes_of(splits, skills, episodes, seed, factors))
        if not wanted:
            raise EvaluationFault(
                f"--families {families!r} has nothing in {split!r}, expected a family of a split"
            )
        # What is compared with is read first: a mistake in its name ought not to come up after an hour.
        before = None if against is None else read_run(against)
        others = [read_run(path) for path in trained or ()]
        settings = Settings(policy, fingerprint(learner), seed, commit())
        backend = _backend(workers, scheduler)
        run = run_all(folder, wanted, learner, settings, backend, expert=expert, console=screen)
        compared = None if before is None else (before, compare(before, run))
        spread = seed_spread([run, *others]) if others else ()
        shown = Shown(run, film(run, playing(learner), folder, films, screen), compared, spread)
    except EvaluationFault as fault:
        raise CourseError(str(fault)) from None
    except KeyboardInterrupt:
        raise CourseError(
            f"stopped; what is in {folder} is kept, and the same command goes on from it"
        ) from None
    write_page(folder / PAGE, shown)
    told = console()
    told.print(_table(run, shown))
    for one in () if compared is None else compared[1]:
        told.print(_compared(one, compared[0].name if compared else ""))
    print(f"The page: {root.shorten(folder / PAGE)}")  # a path, in which rich would take [brackets] for markup


def _splits(split: str, learner: Learner) -> list[Split]:
    """Return the splits that are asked for, where the policy can be asked for them."""
    from vla_course.learning.evaluation.episodes import SPLITS, EvaluationFault
    from vla_course.learning.evaluation.policies import composition_of

    named = list(SPLITS) if split == "all" else _listed("split", split, tuple(SPLITS))
    of_pairs = {"composition", "grounded"} & set(named)
    level = composition_of(learner) if of_pairs else ""
    if split == "all":
        return [one for one in SPLITS if one not in of_pairs - {level or "composition"}]
    if "grounded" in named and level == "composition":
        raise EvaluationFault(
            "--split names 'grounded', expected 'composition': what finds things for this policy was never told of the "
            "pairs that are held out, so each of them is strictly new to it. Train one that was (python -m "
            "vla_course.learning.grounding.train_grounder --named all --out DIR) and say --weights DIR"
        )
    if "composition" in named and level == "grounded":
        raise EvaluationFault(
            "--split names 'composition', expected 'grounded': what finds things for this policy was told the names of "
            "all pairs, so none is strictly new to it"
        )
    return [one for one in SPLITS if one in named]


def _listed(option: str, value: str, known: Sequence[str]) -> list[str]:
    """Return the names in a list of them."""
    from vla_course.learning.evaluation.episodes import EvaluationFault

    names = [part.strip() for part in value.split(",")]
    for unknown in (name for name in names if name not in known):
        raise EvaluationFault(f"--{option} names {unknown!r}, expected some of: {', '.join(known)}")
    return names


def _backend(workers: int | None, scheduler: str | None) -> Backend:
    from vla_course.learning.evaluation.episodes import EvaluationFault
    from vla_course.learning.evaluation.evaluating import PRELOAD
    from vla_course.learning.workers.backends import on_cluster, on_this_machine

    if workers is not None and (workers < 1 or scheduler):
        raise EvaluationFault(f"--workers is {workers}, expected 1 or more, and no --scheduler beside it")
    return on_cluster(scheduler) if scheduler else on_this_machine(workers or cores(), PRELOAD)


def _table(run: Run, shown: Shown) -> Table:
    from rich.table import Table

    from vla_course.learning.evaluation.summary import lines

    table = Table(title=f"the {run.settings.policy} policy, seed {run.settings.seed}")
    for column in ("split", "success", "episodes", "the expert", "falls"):
        table.add_column(column, justify="left" if column == "split" else "right")
    for row in lines(run):
        _, *cells = shown.cells(row)
        table.add_row(row.name, *cells)
    return table


def _compared(one: Comparison, name: str) -> str:
    low, high = one.interval
    return (
        f"{one.name}, against {name}: {one.before} before, {one.after} now of {one.n}; {one.result.gained} gained, "
        f"{one.result.lost} lost, p = {one.result.p_value:.3f}; {100 * one.difference:+.1f} points "
        f"({100 * low:+.1f} to {100 * high:+.1f}) family by family"
    )
