"""Where a model looks when it reads: a command, three cameras, and the attention that goes from words to patches."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any, Final

import ipywidgets
import numpy as np
import torch
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted
from vla_course.learning.model.attention import recorded, rollout
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture
from vla_course.panels.drawing.waiting import fault_card, needs_card
from vla_course.panels.model.inputs import Image, pixels_of
from vla_course.panels.model.similarity import draw_map, phrase_map
from vla_course.reference.day1_fundamentals.preprocessing import preprocess_image
from vla_course.simulation.scene.cameras import PLACES, Place

if TYPE_CHECKING:
    from vla_course.learning.encoders.dual_encoder import DualEncoder

Array = NDArray[np.float32]

ACTIONS: Final = "the actions"
"""who may ask beside the words"""


@torch.no_grad()
def text_to_image(
    model: Any, rgb: Mapping[Place, Image], state: NDArray[np.float32], command: str
) -> dict[str, Array]:
    """Return the share (cameras, rows, columns) of what each asker knows that came from each patch.

    Askers are `ACTIONS`, all steps of the chunk together, and the pieces of the command's words, numbered where a piece
    comes twice. `model` is a `HumanoidVLA`. Raises ValueError for a command that is empty or too long.
    """
    pixels = pixels_of(rgb, model.vision_encoder, preprocess_image)
    felt = torch.from_numpy(state).unsqueeze(0)
    steps = model.config.chunk
    with recorded(model.transformer) as maps:
        model.predict(pixels, [command], felt, sequence_length=steps)
    share = rollout(maps)[0]
    grid = model.vision_encoder.grid
    shape = (len(PLACES), *grid)
    seen = int(np.prod(shape))
    pieces = model.language_encoder.pieces(model.language_encoder.tokenize([command]).input_ids)[0]
    asked = {
        ACTIONS: model.attention(pixels, [command], felt, sequence_length=steps)
        .actions.patches[0]
        .mean(0)
        .numpy()
    }
    for number, piece in enumerate(pieces):
        name = piece if piece not in asked else f"{piece} ({number})"
        asked[name] = share[seen + number, :seen].reshape(shape).numpy()
    return asked


class AttentionPanel(ipywidgets.VBox):
    """Type a command, choose who asks, and see which patches of three cameras it reads from.

    Args:
        model: a `HumanoidVLA` with three cameras.
        rgb, state: what the robot sees and feels, as `episode.Moment` has it.
        encoders: beside the model's attention, where the encoders alone find the command; None: left out.

    Attributes:
        maps: of every asker, None where there is no answer.
        status: HTML, the pictures or a card.
    """

    def __init__(
        self,
        model: Any,
        rgb: Mapping[Place, Image],
        state: NDArray[np.float32],
        command: str = "pick up the red cup",
        encoders: DualEncoder | None = None,
    ) -> None:
        self._model, self._rgb, self._state, self._encoders = model, rgb, state, encoders
        self.maps: dict[str, Array] | None = None
        wide = {"layout": {"width": "460px"}, "style": {"description_width": "90px"}}
        self.command = ipywidgets.Text(value=command, description="command", continuous_update=False, **wide)
        self.asker = ipywidgets.Dropdown(options=[ACTIONS], description="asked by", **wide)
        self._view = ipywidgets.HTML()
        super().__init__([self.command, self.asker, self._view])
        self.add_class("vla-attention-panel")
        self.command.observe(lambda _: self._ask(), "value")
        self.asker.observe(lambda _: self._draw(), "value")
        self._ask()

    @property
    def status(self) -> str:
        """What is shown, as HTML."""
        return str(self._view.value)

    def ask(self, command: str, asker: str = ACTIONS) -> None:
        """Show where `asker` looks when the robot is told `command`.

        Raises:
            ValueError: nobody of that name asks.
        """
        self.command.value = command
        if self.maps is None:
            return
        if asker not in self.maps:
            raise ValueError(f"asker is {asker!r}, expected one of {tuple(self.maps)}")
        self.asker.value = asker

    def _ask(self) -> None:
        try:
            self.maps = text_to_image(self._model, self._rgb, self._state, self.command.value)
        except NotAttempted as missing:
            self.maps, self._view.value = None, needs_card(missing)
        except ValueError as refused:
            self.maps, self._view.value = None, f"<p>{escape(str(refused))}</p>"
        except Exception as fault:  # of the student's code, in a field that shows no traceback
            self.maps, self._view.value = None, fault_card("Your model could not answer", fault)
        else:
            before = self.asker.value
            self.asker.options = list(self.maps)
            self.asker.value = before if before in self.maps else ACTIONS
            self._draw()

    def _draw(self) -> None:
        if self.maps is not None and self.asker.value in self.maps:
            self._view.value = self.picture().html()

    def picture(self) -> Picture:
        """Draw what is shown now. Raises ValueError where there is nothing to show."""
        if self.maps is None:
            raise ValueError("no command was answered, expected `ask` with one that is")
        asker, command = self.asker.value, self.command.value
        shown = self.maps[asker]
        size = self._model.vision_encoder.image_size
        views = [_square(self._rgb[place], size) for place in PLACES]
        rows = 1 if self._encoders is None else 2
        figure, panes = picture(
            rows,
            len(PLACES),
            height=2.7 * rows + 0.4,
            alt=f"Attention of {asker!r} over three camera views for the command {command!r}; shares of the "
            "cameras: "
            + ", ".join(f"{p} {100 * one.sum():.0f} %" for p, one in zip(PLACES, shown, strict=True))
            + ".",
        )
        for pane, place, view, heat in zip(panes, PLACES, views, shown, strict=False):
            draw_map(pane, view, heat, f"{place}: {100 * heat.sum():.0f} % of what was read", 0.0, float(shown.max()))
        panes[0].set_ylabel(f"{asker}\nread", color=style.INK)
        if self._encoders is not None:
            found = [phrase_map(self._encoders, view, command) for view in views]
            low, high = min(float(one.min()) for one in found), max(float(one.max()) for one in found)
            for pane, view, heat in zip(panes[len(PLACES) :], views, found, strict=True):
                draw_map(pane, view, heat, f"best cosine {heat.max():.2f}", low, high)
            panes[len(PLACES)].set_ylabel("the encoders\nfind", color=style.INK)
        return figure


def _square(rgb: Image, size: int) -> Image:
    """Return a picture as a model's encoder sees it, (size, size, 3) uint8."""
    seen = preprocess_image(rgb, size, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)).permute(1, 2, 0)
    square: Image = (255.0 * seen.clamp(0.0, 1.0)).round().numpy().astype(np.uint8)
    return square
