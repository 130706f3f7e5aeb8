"""A layer, and the low-rank adapter beside it: how many weights such a change has."""

from __future__ import annotations

from matplotlib.patches import Rectangle
from torch import nn

from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture


def adapter_picture(layer: nn.Linear, ranks: tuple[int, ...]) -> Picture:
    """Draw a layer and the two thin matrices of adapters beside it, areas as many weights."""
    rows, columns = layer.out_features, layer.in_features
    figure, (axes,) = picture(
        1,
        height=2.4,
        alt=f"A layer of {rows} x {columns} weights; beside it "
        + ", ".join(f"rank {rank}: {rank * (rows + columns):,} weights" for rank in ranks)
        + ".",
    )
    axes.add_patch(Rectangle((0, 0), columns, rows, color=style.GROUND))
    layer_text = f"the layer\n{rows} × {columns}:\n{rows * columns:,}\nweights, frozen"
    axes.text(columns / 2, rows / 2, layer_text, ha="center", va="center", fontsize=9.5, color=style.INK)
    x = columns + 120.0
    for rank in ranks:
        axes.add_patch(Rectangle((x, 0), rank, rows, color=style.LEARNER))
        axes.add_patch(Rectangle((x + rank + 30, rows - rank), columns, rank, color=style.LEARNER))
        text = f"rank {rank}\n{rank * (rows + columns):,} weights"
        axes.text(x + rank + 36, rows / 2 - 20, text, fontsize=9.5, color=style.INK, va="center")
        x += rank + 30 + columns + 120.0
    axes.set(xlim=(-20, x - 90), ylim=(-20, rows + 20), xticks=[], yticks=[], aspect="equal")
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    return figure
