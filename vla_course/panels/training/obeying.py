"""The policy that ships: where it finds what a sentence names, and what it does about it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import ipywidgets
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture
from vla_course.panels.model.episode import Episode, Moment, cameras_of, moment_of
from vla_course.panels.model.similarity import draw_map, phrase_map
from vla_course.simulation.scene.cameras import PLACES
from vla_course.simulation.tasks.tasks import Task, task_in
from vla_course.simulation.tasks.understanding import understand
from vla_course.simulation.world.world import World

if TYPE_CHECKING:
    from vla_course.learning.encoders.dual_encoder import DualEncoder
    from vla_course.learning.planned.learned import LearnedGrounder
    from vla_course.learning.planned.policy import PlannedPolicy

Image = NDArray[np.uint8]


def obey(policy: PlannedPolicy, sentence: str, scene: Task, every: float = 1.0, seed: int = 0) -> Episode:
    """Let a policy do what a sentence asks in the scene of a task, and photograph it every so many s.

    Args:
        policy: is told the sentence, and sees what its cameras see.
        sentence: of the command language; the rule of physics that judges it is that of its task.
        scene: the scene of this task.
        every: s.
        seed: of the world.

    Raises:
        NoScene: it cannot be said there.
    """
    task = task_in(understand(sentence), scene)
    moments: list[Moment] = []
    with World(seed) as world:
        stage = task.start(world)
        cameras, due = cameras_of(stage), 0.0
        for doing in policy.perform(stage.humanoid, sentence):
            task.observe(stage)
            over = bool(task.succeeded(stage) or task.failed(stage) or world.time > task.seconds)
            if world.time >= due or over:
                moments.append(moment_of(stage, cameras, doing))
                due += every
            if over:
                break
        else:
            moments.append(moment_of(stage, cameras, "end"))
        why = f"not done ({policy.refusal})" if policy.refusal else "not done"
        reached = "done" if task.succeeded(stage) else task.failed(stage) or why
    return Episode(task, sentence, tuple(moments), reached)


def obeyed_picture(episodes: Sequence[Episode], count: int = 4) -> Picture:
    """Draw each episode as a row: what its chest camera saw at first, then `count` moments from aside."""
    figure, panes = picture(
        len(episodes),
        count + 1,
        height=0.3 + 1.85 * len(episodes),
        alt="; ".join(f"{one.sentence!r}: {one}" for one in episodes) + ".",
        width_ratios=[4.0 / 3.0, *[1.0] * count],  # the shapes of the pictures: all are equally high
    )
    for row, one in enumerate(episodes):
        line = panes[row * (count + 1) : (row + 1) * (count + 1)]
        line[0].imshow(one.moments[0].rgb["chest"], interpolation="lanczos")
        line[0].set_title(f"“{one.sentence}”: {one}", loc="left", fontsize=10.5)
        line[0].set_xlabel("its chest sees" if row == len(episodes) - 1 else "")
        shown = np.linspace(0, len(one.moments) - 1, count).round().astype(int)
        for pane, number in zip(line[1:], shown, strict=True):
            moment = one.moments[number]
            pane.imshow(moment.visitor[40:290, 25:275], interpolation="lanczos")
            pane.set_xlabel(f"{moment.time:.1f} s · {moment.doing}", fontsize=9, color=style.INK)
        for pane in line:
            pane.set(xticks=[], yticks=[])
            pane.grid(visible=False)
            pane.spines[:].set_visible(False)
        line[0].title.set_in_layout(False)
        line[0].set_zorder(2.0)  # its title goes on over the others
    figure.set_layout_engine("constrained", h_pad=0.14)
    return figure


def looks_picture(
    grounder: LearnedGrounder, views: Image, sentences: Sequence[str], encoders: DualEncoder | None = None
) -> Picture:
    """Draw where the trained grounder finds the thing of each sentence in the same pictures.

    Args:
        grounder: the shipped one.
        views: (cameras, size, size, 3), in the order of `PLACES`.
        sentences: a row for each.
        encoders: one row more: where the encoders alone find the first sentence.
    """
    rows = len(sentences) + (encoders is not None)
    figure, panes = picture(rows, len(PLACES), height=0.3 + 2.5 * rows, alt="")
    told = []
    for row, sentence in enumerate(sentences):
        found = grounder.ground(grounder.encode(views, sentence), "thing").grounding
        grid = round(found.logits.shape[-1] ** 0.5)
        share = found.logits[0].softmax(-1).unflatten(-1, (grid, grid)).numpy()
        shows = found.shows[0].numpy()
        for column, place in enumerate(PLACES):
            pane, light = panes[row * len(PLACES) + column], share[column] / share[column].max()
            title = f"{place}: {100 * shows[column]:.0f} % sure that it shows"
            _light(pane, views[column], light * float(shows[column]), title)
            u, v = found.pixels[0, column].tolist()
            if shows[column] > 0.5:
                pane.plot(u, v, "o", ms=15, mfc="none", mec="white", mew=2.4)
                pane.plot(u, v, "o", ms=15, mfc="none", mec=style.DCM, mew=1.3)
        best = int(shows.argmax())
        told.append(f"{sentence!r}: {PLACES[best]} camera, {100 * shows[best]:.0f} %")
        panes[row * len(PLACES)].set_ylabel(f"“{sentence}”", color=style.INK, fontsize=9.5)
    if encoders is not None:
        maps = [phrase_map(encoders, view, sentences[0]) for view in views]
        low, high = min(float(one.min()) for one in maps), max(float(one.max()) for one in maps)
        for pane, view, heat in zip(panes[-len(PLACES) :], views, maps, strict=True):
            draw_map(pane, view, heat, f"best cosine {heat.max():.2f}", low, high)
        panes[-len(PLACES)].set_ylabel(
            "the encoders alone,\nthe first sentence", color=style.INK, fontsize=9.5
        )
    figure.alt = "Where the grounder finds what is named. " + "; ".join(told) + "."
    return figure


def _light(pane: Axes, view: Image, light: NDArray[np.float32], title: str) -> None:
    """Show a picture, veiled where there is no light (rows, columns) 0 to 1, each patch by itself."""
    size = view.shape[0]
    veil = np.zeros((*light.shape, 4))
    veil[..., 3] = 0.5 * (1.0 - light)
    pane.imshow(view, extent=(0, size, size, 0))
    pane.imshow(veil, extent=(0, size, size, 0), interpolation="nearest")
    pane.set(xticks=[], yticks=[])
    pane.set_title(title, loc="center", fontsize=9.5, fontweight="normal")
    pane.grid(visible=False)


class LookPanel(ipywidgets.VBox):
    """Type a command, and see where the trained grounder finds what it names.

    Attributes:
        status: HTML, the pictures or the sentence that says why there are none.
    """

    def __init__(self, grounder: LearnedGrounder, views: Image, command: str) -> None:
        self._grounder, self._views = grounder, views
        self.command = ipywidgets.Text(
            value=command, description="command", continuous_update=False, layout={"width": "460px"}
        )
        self._view = ipywidgets.HTML()
        self.command.observe(lambda _: self._show(), "value")
        super().__init__([self.command, self._view])
        self.add_class("vla-look-panel")
        self._show()

    @property
    def status(self) -> str:
        """What is shown, as HTML."""
        return str(self._view.value)

    def look(self, command: str) -> None:
        """Show where the thing of a command is."""
        self.command.value = command

    def _show(self) -> None:
        try:
            self._view.value = looks_picture(self._grounder, self._views, [self.command.value]).html()
        except ValueError as refused:
            self._view.value = f"<p>{escape(str(refused))}</p>"
