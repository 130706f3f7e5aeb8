"""Writes `docs/gains.md` and its figures from the curves that `gains.py` measured and the words in `gains.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
from gains_build import unit
from gains_curves import Curve, Gain, Outcome
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.ticker import MaxNLocator, NullLocator, StrMethodFormatter
from numpy.typing import NDArray
from PIL import Image

from vla_course.motion.standing.balance_config import STANDING, WALKING, BalanceConfig
from vla_course.motion.walking.gait import GaitConfig
from vla_course.panels.drawing import style

Array = NDArray[np.float64]

DOCS = Path(__file__).parents[1] / "docs"
_COLUMNS, _ROW = 4, 1.5
"""panels beside each other, and the height of one, inches"""
_SMALL: Any = {"font.size": 8.0, "axes.titlesize": 8.5, "lines.linewidth": 1.4, "lines.markersize": 3.5}
_SOFTNESS = 5
"""shades between a colour and the paper: the soft edges of lines and letters"""


@dataclass(frozen=True)
class Group:
    """A section of the page: the gains of some owners, and one figure."""

    title: str
    figure: str
    owners: tuple[str, ...]
    text: str


def write_page(catalogue: Mapping[str, Outcome], gains: Sequence[Gain], curves: Mapping[str, Curve]) -> None:
    """Write page and figures.

    Raises:
        ValueError: a gain has no curve, or one of another default; or its words and its curve disagree.
    """
    data = tomllib.loads(Path(__file__).with_name("gains.toml").read_text(encoding="utf-8"))
    groups = [Group(**entry | {"owners": tuple(entry["owners"])}) for entry in data["group"]]
    faults = [fault for gain in gains for fault in disagreements(gain, curves.get(gain.key), catalogue)]
    if faults:
        raise ValueError("\n".join(["gains.toml and the curves disagree:", *faults]))
    (DOCS / "gains").mkdir(exist_ok=True)
    parts = [data["page"]["begin"].strip()]
    for group in groups:
        own = [gain for gain in gains if gain.owner in group.owners]
        (DOCS / "gains" / f"{group.figure}.png").write_bytes(_figure(group, own, catalogue, curves))
        parts.append(_section(group, own, catalogue, curves))
    parts += [data["page"]["end"].strip(), _defaults(), _measured(curves)]
    (DOCS / "gains.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def disagreements(gain: Gain, curve: Curve | None, catalogue: Mapping[str, Outcome]) -> list[str]:
    """Return where the words about a gain are not what its curve shows."""
    if curve is None:
        return [f"{gain.key} was never measured: run gains.py --gain {gain.key}"]
    if curve.default != gain.default or set(curve.outcomes) != set(gain.outcomes):
        return [f"{gain.key} has changed since it was measured: run gains.py --gain {gain.key}"]
    faults = [] if gain.does else [f"{gain.key}: nothing says what it does"]
    low, high = curve.works(catalogue)
    for side, words, breaks in (
        ("low", gain.low, low > curve.values[0]),
        ("high", gain.high, high < curve.values[-1]),
    ):
        if breaks and not words:
            faults.append(f"{gain.key}: too {side} breaks something, and nothing is said of it")
        if words and not breaks:
            faults.append(f"{gain.key}: nothing breaks when it is too {side}, but: {words}")
    return faults


# ---- words ---------------------------------------------------------------------------------------


def _section(
    group: Group, gains: Sequence[Gain], catalogue: Mapping[str, Outcome], curves: Mapping[str, Curve]
) -> str:
    names = ", ".join(gain.label for gain in gains)
    lines = [
        f"## {group.title}",
        "",
        group.text.strip(),
        "",
        f"![{group.title}: one panel for each outcome of {names}, over the values tried. The table says it in words.]"
        f"(gains/{group.figure}.png)",
        "",
        "| gain | what it does | too low | too high |",
        "|---|---|---|---|",
    ]
    for gain in gains:
        curve = curves[gain.key]
        low, high = curve.works(catalogue)
        first, last = curve.values[0], curve.values[-1]
        below = max((v for v in curve.values if v < low), default=first)
        above = min((v for v in curve.values if v > high), default=last)
        too_low = f"**{below:g}**: {gain.low}" if low > first else f"nothing breaks down to {first:g}"
        too_high = f"**{above:g}**: {gain.high}" if high < last else f"nothing breaks up to {last:g}"
        name = f"`{gain.label}` {_with_unit(gain.default, gain.unit)}"
        lines.append(f"| {name} | {gain.does} | {too_low} | {too_high} |")
    return "\n".join(lines)


def _with_unit(value: float, of: str) -> str:
    return f"{value:g}" if of == "-" else f"{value:g} {_printed(of)}"


def _defaults() -> str:
    """Return the tables of every field of the two configurations, as they are in the code."""
    lines = ["| `BalanceConfig` | unit | alone | `WALKING` | `STANDING` |", "|---|---|---|---|---|"]
    for field in fields(BalanceConfig):
        values = " | ".join(
            f"{getattr(config, field.name):g}" for config in (BalanceConfig(), WALKING, STANDING)
        )
        lines.append(f"| `{field.name}` | {unit('walking', field.name)} | {values} |")
    lines += ["", "| `GaitConfig` | unit | default |", "|---|---|---|"]
    for field in fields(GaitConfig):
        lines.append(
            f"| `{field.name}` | {unit('gait', field.name)} | {getattr(GaitConfig(), field.name):g} |"
        )
    return "\n".join(lines)


def _measured(curves: Mapping[str, Curve]) -> str:
    commits = ", ".join(sorted({curve.commit for curve in curves.values()}))
    seeds = ", ".join(str(seed) for seed in sorted({curve.seed for curve in curves.values()}))
    return (
        f"Measured at {commits}, seed {seeds} (a plus sign: with changes not committed yet). The curves as numbers: "
        "`benchmarks/results/gains.json`; anew: `python benchmarks/gains.py`, then `python benchmarks/gains.py --page`."
    )


# ---- pictures ------------------------------------------------------------------------------------


def _figure(
    group: Group, gains: Sequence[Gain], catalogue: Mapping[str, Outcome], curves: Mapping[str, Curve]
) -> bytes:
    """Return the figure of a group as PNG: a panel for every outcome of every gain."""
    cells = _cells(gains)
    rows = -(-len(cells) // _COLUMNS)
    with rc_context(_SMALL):
        picture, axes = style.picture(rows, _COLUMNS, height=_ROW * rows, alt=group.title)
        for place, cell in zip_longest(axes, cells):
            if cell is None:
                place.remove()
            else:
                gain, key = cell
                _panel(place, gain, catalogue[key], curves[gain.key], named=key == gain.outcomes[0])
        return _compact(picture.png())


def _cells(gains: Sequence[Gain]) -> list[tuple[Gain, str] | None]:
    """Return what the cells of a figure show, row by row: the outcomes of a gain stay beside each other."""
    cells: list[tuple[Gain, str] | None] = []
    for gain in gains:
        left = _COLUMNS - len(cells) % _COLUMNS
        if len(gain.outcomes) > left:
            cells += [None] * left
        cells += [(gain, key) for key in gain.outcomes]
    return cells


def _panel(axes: Axes, gain: Gain, outcome: Outcome, curve: Curve, named: bool) -> None:
    """Draw one outcome over the values of a gain; the first of them is `named` by the gain."""
    x, y = np.array(curve.values), np.array(curve.outcomes[outcome.key])
    middle, up = curve.values.index(curve.default), np.isfinite(y)
    _scale(axes, outcome, x, y[up])
    to, back = axes.xaxis.get_transform().transform, axes.xaxis.get_transform().inverted().transform
    where = to(x)
    borders = back(np.concatenate((where[:1], (where[1:] + where[:-1]) / 2.0, where[-1:])))
    for k, value in enumerate(y):
        if outcome.broken(value, y[middle]):
            axes.axvspan(borders[k], borders[k + 1], color=style.GROUND, linewidth=0.0)
    colour = getattr(style, outcome.colour)
    axes.axvline(x[middle], color=style.SOFT, linewidth=0.8, linestyle=(0, (3, 2)), zorder=2)
    axes.plot(x, y, color=colour, marker="o", markerfacecolor="white", zorder=3, clip_on=False)
    axes.plot(x[middle], y[middle], color=colour, marker="o", markersize=5.5, zorder=4, clip_on=False)
    low = axes.get_xaxis_transform()
    for value in x[~up]:
        axes.plot(value, 0.1, "x", color=style.INK, transform=low, clip_on=False, zorder=5)

    ticks = [k for k in (0, len(x) - 1) if abs(where[k] - where[middle]) > 0.2 * np.ptp(where)]
    axes.set_xticks([x[k] for k in sorted({*ticks, middle})], minor=False)
    axes.set_xticklabels([f"{x[k]:g}" for k in sorted({*ticks, middle})])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.tick_params(labelsize=7.0, pad=1.5, length=2.0)
    axes.grid(axis="x", visible=False)
    axes.set_title(gain.label if named else " ", loc="left", fontweight="bold", pad=13.0)
    if named:
        of = "" if gain.unit == "-" else f"  {_printed(gain.unit)}"
        _note(axes, 1.0, 1.2, of, ha="right")
    said = f"{outcome.says}, {_printed(outcome.unit)}"
    _note(axes, 0.0, 1.04, said)


def _note(axes: Axes, x: float, y: float, text: str, ha: str = "left") -> None:
    """Write over the panel, where the layout leaves room for a title."""
    note = axes.text(x, y, text, transform=axes.transAxes, fontsize=7.0, color=style.SOFT, ha=ha)
    note.set_in_layout(False)


def _scale(axes: Axes, outcome: Outcome, x: Array, y: Array) -> None:
    """Choose axes on which values tried and outcomes `y`, those without a fall, can be told apart."""
    positive = x[x > 0.0]
    if positive[-1] / positive[0] > 12.0:
        if x[0] > 0.0:
            axes.set_xscale("log")
        else:
            axes.set_xscale("symlog", linthresh=positive[0])
    if outcome.better == "less" and y.min() > 0.0 and y.max() / y.min() > 40.0:
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axes.yaxis.set_minor_locator(NullLocator())
    else:
        axes.set_ylim(min(0.0, float(y.min())), 1.12 * max(float(y.max()), outcome.grain))
        axes.yaxis.set_major_locator(MaxNLocator(3))


def _printed(of: str) -> str:
    return of.replace("^2", "²").replace("^6", "⁶")


def _compact(png: bytes) -> bytes:
    """Return the same picture with a palette of the style's colours, a third of the size."""
    palette = Image.new("P", (1, 1))
    palette.putpalette([round(255.0 * part) for shade in _shades() for part in shade])
    picture = Image.open(BytesIO(png)).convert("RGB").quantize(palette=palette, dither=Image.Dither.NONE)
    stream = BytesIO()
    picture.save(stream, format="PNG", optimize=True)
    return stream.getvalue()


def _shades() -> list[tuple[float, float, float]]:
    """Return every colour of a panel, and what lies between it and the white or grey beside it."""
    white, ground = to_rgb("white"), to_rgb(style.GROUND)
    shades = {white: None, ground: None}
    for colour in (style.INK, style.SOFT, style.COM, style.COP, style.DCM, style.PUSH):
        for paper in (white, ground):
            for share in np.linspace(0.2, 1.0, _SOFTNESS):
                mixed = share * np.array(to_rgb(colour)) + (1.0 - share) * np.array(paper)
                shades[(float(mixed[0]), float(mixed[1]), float(mixed[2]))] = None
    return list(shades)
