"""What a tick does to a plan of scripted steps: who was asked, who moved and who was halted, tick by tick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from matplotlib import rc_context

from vla_course.deployment.executor.scripted_steps import play
from vla_course.deployment.executor.tree import GuardedSequence, Status
from vla_course.panels.drawing.style import CART_TABLE, COM, COP, INK, SOFT, ZMP, Picture, look, picture

TAKEN: Final[Sequence[Sequence[Any]]] = (
    ("find the cup", [["running", "running", "success"]]),
    (
        "take it",
        [["running", "running", "failure"], ["running", "running", "running", "running", "success"]],
        2,
    ),
    ("carry it to the person", [["running"] * 9], 1, "it is not between my fingers", 13),
    ("put it down", [["running", "success"]]),
)
"""the hand slips once, and on the way somebody takes the cup out of it"""
_SIGNS: Final = {
    "guard": ("o", COM, "guard asked"),
    "tick": ("s", COP, "action moves for a tick"),
    "halt": ("X", ZMP, "action halted"),
}
_PLACES: Final = {"guard": -0.22, "tick": 0.16, "halt": 0.16}


def story_picture(
    tick: Callable[[GuardedSequence], Status],
    steps: Sequence[Sequence[Any]] = TAKEN,
    attempts: int = 2,
    ticks: int = 18,
) -> Picture:
    """Draw what each tick of a plan of scripted steps did; the status that it answered stands below."""
    told = play(tick, steps, attempts, ticks)
    names = [str(step[0]) for step in steps]
    figure, (axes,) = picture(height=0.95 + 0.5 * len(names), alt=_alt(told))
    with rc_context(look()):
        for number, (answered, _, _, calls, _) in enumerate(told):
            for call in dict.fromkeys(calls):
                kind, _, name = call.partition(" ")
                if kind in _SIGNS:
                    sign, colour, _ = _SIGNS[kind]
                    size = 34 if kind == "guard" else 60
                    filled = colour if kind != "guard" else "white"
                    axes.scatter(
                        number,
                        names.index(name) + _PLACES[kind],
                        size,
                        filled,
                        marker=sign,
                        edgecolors=colour,
                        zorder=3,
                    )
            if number == 0 or answered != told[number - 1][0]:
                shade = {"success": COP, "failure": ZMP}.get(answered, SOFT)
                axes.text(number, len(names) - 0.3, f"{answered} ...", ha="left", va="center", color=shade)
        for step in steps:
            if len(step) > 4:
                row = names.index(step[0])
                axes.axvline(step[4] - 0.5, color=CART_TABLE, linewidth=1.2, linestyle=(0, (4, 3)))
                late = step[4] > ticks / 2
                axes.text(
                    step[4] - (0.7 if late else 0.3),
                    -0.75,
                    f"from here on: “{step[3]}”" + (" →" if late else ""),
                    ha="right" if late else "left",
                    fontsize=9.5,
                    color=INK,
                )
                axes.axhspan(row - 0.45, row + 0.45, color=CART_TABLE, alpha=0.10, linewidth=0)
        axes.set(
            xlabel="tick",
            xlim=(-0.8, ticks - 0.2),
            ylim=(len(names) + 0.1, -1.0),
            yticks=range(len(names)),
            yticklabels=names,
        )
        axes.set_xticks(range(0, ticks, 2))
        axes.grid(axis="y", visible=False)
        marks = [
            axes.scatter(
                [],
                [],
                50,
                colour if kind != "guard" else "white",
                marker=sign,
                edgecolors=colour,
                label=means,
            )
            for kind, (sign, colour, means) in _SIGNS.items()
        ]
        figure.legend(handles=marks, loc="outside lower center", ncols=3)
    return figure


def _alt(told: Sequence[Sequence[Any]]) -> str:
    moved = [
        f"{number}: {', '.join(one for one in calls if not one.startswith('done'))}, {answered}"
        for number, (answered, _, _, calls, _) in enumerate(told)
    ]
    return "Ticks of a plan. " + "; ".join(moved)
