"""Where the time of frames goes: stages, percentiles, and what a mean does not say."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture
from vla_course.panels.streaming.packet_pictures import HTMLTable
from vla_course.serving.inference.pipeline import PipelineSettings, VLAInferencePipeline
from vla_course.serving.packets.pictures import decode_picture, encode_picture

Stages = Mapping[str, float]
Latency = Callable[[Sequence[Stages]], Mapping[str, Sequence[float]]]
"""from packets to the 50th, 95th and 99th percentile of each stage and of "total", as exercise 2.3"""

RATE: Final = 30.0
DEADLINE: Final = 0.066
PAUSES: Final = 40
"""one frame in so many meets a model that does something else first"""


def measure(seconds: float = 3.0, seed: int = 0) -> list[dict[str, float]]:
    """Stream frames at 30 Hz through a pipeline in threads, and return how long each stage of each took, s.

    Pictures are decoded in earnest. The model only waits, as who calls a GPU does: mostly for 15 ms, with a tail, and
    now and then for 50 ms more.

    Args:
        seconds: how long.
        seed: of what the model takes.
    """
    rng = np.random.default_rng(seed)
    pictures = [encode_picture(rng.integers(0, 256, (96, 96, 3), dtype=np.uint8)) for _ in range(3)]
    count = round(RATE * seconds)
    takes = 0.015 * np.exp(0.25 * rng.normal(size=count)) + 0.05 * (np.arange(count) % PAUSES == PAUSES - 1)
    waits = iter(takes.tolist())

    def infer(_: object) -> None:
        time.sleep(next(waits, 0.015))

    found = []
    settings = PipelineSettings(rate=1000.0, unread=count, deadline=DEADLINE)
    with VLAInferencePipeline(
        infer, lambda jpegs: [decode_picture(one) for one in jpegs], settings
    ) as pipeline:
        start = time.monotonic()
        for frame in range(count):
            time.sleep(max(start + frame / RATE - time.monotonic(), 0.0))
            pipeline.submit(pictures)
        for _ in range(count):
            result = pipeline.result(timeout=1.0)
            if result is None:
                break
            if result.code.value == "ok" and result.stages is not None:
                found.append(result.stages)
    return found


def latency_picture(packets: Sequence[Stages], latency: Latency) -> Picture:
    """Draw the percentiles of each stage, and beside them how many frames took how long in all.

    Args:
        packets: of each frame the stages, s.
        latency: percentiles of them.
    """
    by_stage = {name: 1000 * np.array(some) for name, some in latency(packets).items()}
    whole = 1000 * np.array([sum(one.values()) for one in packets])
    means = [part.mean() for part in np.array_split(whole, max(len(whole) // round(RATE), 1))]
    figure, (left, right) = picture(
        1,
        2,
        height=3.3,
        alt="; ".join(
            f"{name}: half below {some[0]:.0f} ms, 99 % below {some[2]:.0f} ms"
            for name, some in by_stage.items()
        )
        + f". Mean {whole.mean():.0f} ms.",
        width_ratios=[1.0, 1.25],
    )
    for row, (name, (half, most, nearly_all)) in enumerate(by_stage.items()):
        colour = style.INK if name == "total" else style.COM
        left.plot([half, nearly_all], [row, row], color=colour, lw=1.4)
        left.plot(half, row, "o", color=colour, ms=8)
        left.plot(most, row, "|", color=colour, ms=12, mew=2)
        left.plot(nearly_all, row, ">", color=colour, ms=7)
    left.set_yticks(range(len(by_stage)), list(by_stage))
    left.set(xlabel="ms", ylim=(len(by_stage) - 0.4, -0.6), xlim=(0, None))
    left.tick_params(axis="y", length=0, labelcolor=style.INK)
    left.set_title("● half of all, | 95 %, ▸ 99 %", loc="left", fontsize=10.5)
    right.hist(
        whole, bins=np.arange(0.0, whole.max() + 6, 3.0).tolist(), color=style.PUSH, ec="white", lw=0.4
    )
    top = right.get_ylim()[1]
    lines = (
        (float(whole.mean()), "mean", style.SOFT, 0.92),
        (float(max(means)), "worst mean of a second", style.CART_TABLE, 0.80),
        (float(by_stage["total"][2]), "99 %", style.INK, 0.92),
    )
    for value, name, colour, height in lines:
        right.axvline(value, color=colour, lw=1.6)
        near = (value, height * top)
        right.annotate(
            name,
            *(near, (8, 0)),
            textcoords="offset points",
            va="center",
            fontsize=9.5,
            color=style.INK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        )
    right.axvline(1000 * DEADLINE, color=style.ZMP, lw=1.4, ls="--")
    right.text(
        1000 * DEADLINE - 0.8, 0.58 * top, "deadline", va="top", ha="right", fontsize=9.5, color=style.ZMP
    )
    right.set(xlabel="camera to answer (ms)", ylabel="frames", xlim=(0, 1.2 * whole.max()))
    right.set_title(
        f"{int((whole > 1000 * DEADLINE).sum())} of {len(whole)} frames late", loc="left", fontsize=10.5
    )
    return figure


# ---- a link that was handed in broken --------------------------------------------------------------------

_SENT: Final = re.compile(r"\s*([\d.]+) s\s+packet (\d+) sent")
_CAME: Final = re.compile(r"\s*([\d.]+) s\s+answer to (\d+) came, stamped ([\d.]+) s")


def ages_table(new_link: Callable[[], Any], trace: str) -> HTMLTable:
    """Return what a link says of the events of a trace, line by line, beside what the broken one said.

    Args:
        new_link: makes a link with `send(now)`, `take(answer, now)` and `broken_take(answer, now)` (exercise 2.12).
        trace: lines of packets that were sent and of answers that came.
    """
    rows: list[tuple[str, ...]] = []
    broken, link = new_link(), new_link()
    for line in trace.splitlines():
        if found := _SENT.match(line):
            broken.send(float(found[1]))
            link.send(float(found[1]))
            rows.append((f"{found[1]} s", f"packet {found[2]} sent", "", ""))
        elif found := _CAME.match(line):
            answer, now = {"id": int(found[2]), "stamp": float(found[3])}, float(found[1])
            said = (broken.broken_take(answer, now), link.take(answer, now))
            rows.append(
                (f"{found[1]} s", f"answer to {found[2]}, stamped {found[3]} s", *map(_seconds, said))
            )
    return HTMLTable(("robot's clock", "what happened", "the broken one", "yours"), rows)


def _seconds(age: float | None) -> str:
    return "thrown away" if age is None else f"{age:.3f} s"
