"""What `vla-course` lets the robot do: be shoved, do what it is told, show how a task is done."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from vla_course.learning.training.options import Precision, TrainingOptions
from vla_course.machine import cores

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console
    from rich.progress import Progress

    from vla_course.learning.demonstrations.plan import Settings


def console(*, stderr: bool = False) -> Console:
    """Return what a command prints to."""
    from rich.console import Console

    return Console(highlight=False, stderr=stderr)


def demo() -> None:
    """Shove two robots, controller off and on: writes build/demo.mp4 and says what happened.

    Example: [bold]vla-course demo[/]
    """
    from vla_course.course.root import CourseRoot
    from vla_course.demo import run

    root = CourseRoot.current()
    path, lines = run(root.folder / "build")
    print("\n".join(lines))
    print(f"The film: {root.shorten(path)}")


def run(
    sentence: Annotated[str, typer.Argument(help='What the robot is told, such as "pick up the red cup".')],
    seed: Annotated[int, typer.Option(min=0, help="Of the scene.")] = 0,
    film: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where the film goes; recording and page lie beside it."),
    ] = None,
    policy: Annotated[
        Literal["planned", "direct"],
        typer.Option(help="Who moves: the stack of Day 3, by plans, or a network, chunk by chunk."),
    ] = "planned",
    weights: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="With direct: a network of your own, of `vla-course train`."),
    ] = None,
    runtime: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="With direct: what its networks run in, such as onnx; unset, torch."),
    ] = None,
    safety: Annotated[
        bool, typer.Option("--safety/--no-safety", help="Whether the safety layer stands before the body.")
    ] = True,
) -> None:
    """Tell the robot what to do: it hears, sees, plans and acts by what it has learned, behind the safety layer.

    Writes build/run.mp4, the film, build/run.mcap, the flight recording, and build/run.html, a page on both.
    Where it is not sure what was said it asks; where nobody can answer, in a pipe for example, it stands still.

    Example: [bold]vla-course run "pick up the red cup to my left and place it on the table"[/]
    """
    from rich.progress import Progress

    from vla_course.course.errors import CourseError
    from vla_course.course.root import CourseRoot
    from vla_course.obey.guarding import Guarding
    from vla_course.obey.page import write_page
    from vla_course.obey.policies import shipped
    from vla_course.obey.running import run as obey
    from vla_course.simulation.tasks.scenes import NoScene
    from vla_course.simulation.tasks.understanding import UnknownCommand, understand

    root = CourseRoot.current()
    path = film or root.folder / "build" / "run.mp4"
    try:
        understand(sentence)
        _can_be_written(path)
        does = shipped(policy, weights, runtime)
    except UnknownCommand as why:
        raise CourseError(str(why)) from None
    except (OSError, ValueError) as fault:
        # A runtime that is unknown or damaged says so itself.
        raise CourseError(str(fault) if weights is None or runtime else f"--weights: {fault}") from None
    try:
        with Progress(transient=True, console=console(stderr=True)) as bar:
            task = bar.add_task("begins", total=None)
            does.answer = _asks(bar) if _somebody_is_there() else None
            done = obey(
                sentence,
                path,
                seed,
                lambda doing, now, end: bar.update(task, description=doing, completed=now, total=end),
                does,
                path.with_suffix(".mcap"),
                Guarding(sentence) if safety else None,
            )
    except NoScene as why:
        raise CourseError(str(why)) from None
    page = path.with_suffix(".html")
    write_page(page, done, path)
    print("\n".join(done.lines))
    print(f"The film: {root.shorten(path)}, the flight recording: {root.shorten(path.with_suffix('.mcap'))}")
    print(f"The page: {root.shorten(page)}")
    raise typer.Exit(0 if done.success else 1)


def _can_be_written(path: Path) -> None:
    """Raise CourseError where a film, and what lies beside it, cannot go there; before anything is begun."""
    from vla_course.course.errors import CourseError

    if path.suffix != ".mp4":
        raise CourseError(f"--film is {path}, expected a name that ends in .mp4")
    if path.is_dir():
        raise CourseError(f"--film is {path}, which is a folder, expected a file in it, such as {path / 'run.mp4'}")
    trial = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        trial.touch()
        trial.unlink()
    except OSError as fault:
        raise CourseError(
            f"--film is {path}, and {path.parent} cannot be written ({fault.strerror}); expected a folder that can"
        ) from None


def _somebody_is_there() -> bool:
    """Tell whether a question would be seen, and could be answered."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def _asks(bar: Progress) -> Callable[[str], bool]:
    """Return what asks whoever sits at the terminal whether a command was meant; the bar makes room for it."""
    from rich.prompt import Confirm

    def meant(command: str) -> bool:
        bar.stop()
        try:
            return Confirm.ask(f"Do you mean: {command}?", console=bar.console, default=False)
        except EOFError:  # whoever sits there has no more to say
            return False
        finally:
            bar.start()

    return meant


def collect(
    episodes: Annotated[int, typer.Option(help="How many there are to be in all.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The dataset's folder.")],
    seed: Annotated[int, typer.Option(help="Of everything.")] = 0,
    skills: Annotated[
        str | None, typer.Option(metavar="LIST", help='Only these, such as "walk,pick up"; unset, all ten.')
    ] = None,
    things: Annotated[
        str | None, typer.Option(metavar="LIST", help='Only these, such as "red cup,blue ball".')
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; unset, one a core.")] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Collect on this Dask cluster (tcp://host:8786).")
    ] = None,
    image_size: Annotated[int, typer.Option(help="Pixels, of the square pictures.")] = 96,
    depth: Annotated[bool, typer.Option("--depth", help="Keep what the cameras see in depth, too.")] = False,
    pictures: Annotated[
        bool, typer.Option("--pictures/--no-pictures", help="Without pictures collecting is quicker.")
    ] = True,
    learner: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="A policy that takes turns with the expert in each episode (DAgger)."
        ),
    ] = None,
    noise: Annotated[float, typer.Option(help="The greatest level of noise; 0: none, and no pushes.")] = 1.0,
    variation: Annotated[float, typer.Option(help="How much one robot differs from another; 0: not.")] = 1.0,
) -> None:
    """Collect demonstrations of the expert: a LeRobotDataset, with a card.

    Run it again to go on after an interruption, or with more episodes to add to them.

    Example: [bold]vla-course collect --episodes 200 --out build/demonstrations --seed 1[/]
    """
    from vla_course.course.errors import CourseError
    from vla_course.learning.demonstrations.collecting import (
        collect_demonstrations,
        collect_episode,
        on_cluster,
        on_this_machine,
    )
    from vla_course.learning.demonstrations.layout import DemonstrationFault
    from vla_course.learning.demonstrations.plan import settings_of

    if workers is not None and (workers < 1 or scheduler):
        raise CourseError(f"--workers is {workers}, expected 1 or more, and no --scheduler beside it")
    work = collect_episode if learner is None else _after(learner)
    backend = (
        on_cluster(scheduler, work) if scheduler else on_this_machine(workers or cores(), work)
    )
    try:
        settings = settings_of(
            skills,
            things,
            seed=seed,
            image_size=image_size,
            depth=depth,
            noise=noise,
            variation=variation,
            pictures=pictures,
            learner=str(learner or ""),
        )
        count = collect_demonstrations(out, episodes, settings, backend, console(stderr=True))
    except DemonstrationFault as fault:
        raise CourseError(str(fault)) from None
    except KeyboardInterrupt:
        raise CourseError(
            f"stopped; what is in {out} is kept, and the same command goes on from it"
        ) from None
    print(f"{count} episodes collected, {episodes} in {out}: see {out / 'README.md'}")


def _after(learner: Path) -> Callable[[Settings, int], bytes]:
    """Return how episodes are collected that a policy begins; it is looked at before anybody sets out with it."""
    from vla_course.course.errors import CourseError
    from vla_course.learning.policy.files import load_policy
    from vla_course.learning.training.turns import collect_in_turns

    try:
        load_policy(learner)
    except (OSError, ValueError) as fault:
        raise CourseError(f"--learner: {fault}") from None
    return collect_in_turns


def train(
    demonstrations: Annotated[
        list[Path],
        typer.Argument(metavar="DIR ...", help="Folders of demonstrations: see `vla-course collect`."),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The policy's folder.")],
    steps: Annotated[int, typer.Option(min=1, help="How many steps the optimiser takes.")] = TrainingOptions.steps,
    seed: Annotated[int, typer.Option(min=0, help="Of weights, batches and what is held out.")] = 0,
    precision: Annotated[
        Precision, typer.Option(help="Of the sums: `measured` takes whichever is quicker here.")
    ] = "float32",
) -> None:
    """Train a direct policy from demonstrations: chunks of actions for what it is told, sees and feels.

    Checkpoints and a log for TensorBoard are in DIR/training: run it again to go on after an interruption.

    Example: [bold]vla-course train build/demonstrations --out build/policy[/]
    """
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from vla_course.course.errors import CourseError
    from vla_course.learning.demonstrations.layout import DemonstrationFault
    from vla_course.learning.training.train_policy import train_policy

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:.0f} %"),
        TimeRemainingColumn(),
    )
    try:
        with Progress(*columns, transient=True, console=console(stderr=True)) as bar:
            shown = bar.add_task("reads demonstrations", total=steps)
            history = train_policy(
                demonstrations,
                out,
                TrainingOptions(steps=steps, seed=seed, precision=precision),
                report=lambda at: bar.update(
                    shown, completed=at.step, description=f"error on held-out scenes {at.validation:.4f}"
                ),
                checkpoints=out / "training",
            )
    except (DemonstrationFault, ValueError) as fault:
        raise CourseError(str(fault)) from None
    except KeyboardInterrupt:
        raise CourseError(f"stopped; the same command goes on from {out / 'training'}") from None
    last = history.reports[-1]
    ended = f"stopped early, {history.stopped}" if history.stopped else f"{last.step} steps"
    print(
        f"{ended}; error on held-out scenes {last.best:.4f} of the range of each number; the policy is in {out}"
    )
