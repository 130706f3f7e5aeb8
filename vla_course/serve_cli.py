"""`vla-course serve` and `vla-course drive`: a policy behind a port, and a robot that is moved by one elsewhere."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vla_course.robot_cli import console

if TYPE_CHECKING:
    from vla_course.serving.network.server import PolicyServer

TOKEN = "VLA_COURSE_TOKEN"
TokenFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help=f"Holds the token; unset, the variable {TOKEN} does. What is typed here others could read.",
        dir_okay=False,
    ),
]


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; beyond loopback a token is required.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0: any that is free.")] = 8000,
    token_file: TokenFile = None,
    origin: Annotated[
        list[str] | None,
        typer.Option(metavar="URL", help="A web page that may connect, too; may be repeated."),
    ] = None,
    weights: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A network of your own, of `vla-course train`.")
    ] = None,
    runtime: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="What the network runs in, such as onnx; unset, torch."),
    ] = None,
) -> None:
    """Serve the direct policy over websockets (openpi's protocol), with /healthz and /metrics, until Ctrl-C.

    Example: [bold]vla-course serve --port 8000[/]
    """
    import asyncio

    from vla_course.course.errors import CourseError
    from vla_course.deployment.runtimes.model import OptimizedVLAModel
    from vla_course.learning.policy.files import DIRECT
    from vla_course.serving.network.adapter import PacketPolicy
    from vla_course.serving.network.server import PolicyServer
    from vla_course.serving.network.settings import ServerSettings
    from vla_course.serving.remote.network import DirectNetwork, shipped_network

    try:
        settings = ServerSettings(host=host, port=port, token=_token(token_file), origins=tuple(origin or ()))
    except ValueError as fault:
        raise CourseError(
            f"{fault}: set {TOKEN} or --token-file" if "token" in str(fault) else str(fault)
        ) from None
    try:
        if runtime is None:
            network = shipped_network(weights or DIRECT)
        else:
            network = DirectNetwork(OptimizedVLAModel.load(runtime, weights or DIRECT))
    except (OSError, ValueError) as fault:
        raise CourseError(f"--weights: {fault}" if weights and not runtime else str(fault)) from None
    server = PolicyServer(PacketPolicy(network, network.metadata), settings)
    try:
        asyncio.run(_serve(server, settings.token is None))
    except OSError as fault:
        raise CourseError(f"cannot listen on {host}:{port}: {fault.strerror or fault}") from None


async def _serve(server: PolicyServer, drawn: bool) -> None:
    import asyncio
    import signal

    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, ended.set)
    async with server:
        print(f"serving on {server.uri}; Ctrl-C ends it")
        if drawn:
            print(f"for {server.uri.replace('ws', 'http', 1)}/metrics: Authorization: Api-Key {server.token}")
        await ended.wait()
    print("stopped")


def drive(
    sentence: Annotated[str, typer.Argument(help='What the robot is told, such as "pick up the red cup".')],
    server: Annotated[
        str, typer.Option(metavar="URI", help="Where `vla-course serve` listens.")
    ] = "ws://127.0.0.1:8000",
    token_file: TokenFile = None,
    seed: Annotated[int, typer.Option(help="Of the scene.")] = 0,
    mode: Annotated[
        str,
        typer.Option(
            help="How it goes over from chunk to chunk: prefix, soft, fade, ensemble, switch or blocking."
        ),
    ] = "prefix",
    film: Annotated[Path | None, typer.Option(metavar="FILE", help="Where the film goes.")] = None,
) -> None:
    """Tell a robot what to do whose policy is elsewhere: it streams cameras and state, and obeys what comes in time.

    It sees, hears and balances by itself. When answers stay away it holds, then stands, and goes on when they come.

    Example: [bold]vla-course drive "pick up the red cup"[/]
    """
    from rich.progress import Progress

    from vla_course.course.errors import CourseError
    from vla_course.course.root import CourseRoot
    from vla_course.learning.planned.learned import ears_and_eyes
    from vla_course.obey.running import run
    from vla_course.serving.network.link import PacketLink
    from vla_course.serving.remote.robot import DrivenPolicy
    from vla_course.simulation.tasks.scenes import NoScene
    from vla_course.simulation.tasks.understanding import UnknownCommand

    root = CourseRoot.current()
    path = film or root.folder / "build" / "drive.mp4"
    try:
        to_server = PacketLink(server, _token(token_file))
    except ValueError as wrong:
        raise CourseError(f"--server: {wrong}") from None
    with to_server as link:
        if not link.wait(5.0):
            why = link.refused or f"nobody answers at {server}; `vla-course serve` starts a server"
            raise CourseError(str(why))
        try:
            policy = DrivenPolicy(*ears_and_eyes(), link, mode)
            with Progress(transient=True, console=console(stderr=True)) as bar:
                task = bar.add_task("begins", total=None)
                done = run(
                    sentence,
                    path,
                    seed,
                    lambda doing, now, end: bar.update(task, description=doing, completed=now, total=end),
                    policy,
                )
        except (UnknownCommand, NoScene, ValueError) as why:
            raise CourseError(str(why)) from None
    print("\n".join(done.lines))
    driven = policy.driven
    codes = ", ".join(f"{number} {code}" for code, number in sorted(driven.codes.items()))
    print(f"{driven.ticks} ticks, {driven.late_ticks} of them late; responses: {codes or 'none'}")
    downs = ", ".join(f"{rung} {number}" for rung, number in driven.downs.items())
    print(f"connected {link.connects} times; watchdog: {downs or 'never asked'}")
    print(f"The film: {root.shorten(path)}")
    raise typer.Exit(0 if done.success else 1)


def _token(file: Path | None) -> str | None:
    """Return the token, from a file or from the environment; None where there is none."""
    from vla_course.course.errors import CourseError

    if file is None:
        return os.environ.get(TOKEN) or None
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise CourseError(f"--token-file: {fault}") from None
