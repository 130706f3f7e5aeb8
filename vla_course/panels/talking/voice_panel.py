"""Talk to the robot: type, or have a synthesised voice say it in some noise; see what was heard, hear the reply."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Final

import ipywidgets
import numpy as np

from vla_course.course.exercise import NotAttempted
from vla_course.deployment.voice.belief import Belief, VoiceParts
from vla_course.deployment.voice.interaction import HumanoidVLAInteraction, Outcome, Perform, Turn
from vla_course.deployment.voice.sound import RATE, Array, Samples, in_silence, quantised, white, with_noise
from vla_course.deployment.voice.speaker import speaker
from vla_course.deployment.voice.synthesis import NoVoice, Voice, synthesise
from vla_course.deployment.voice.utterances import FAINT, VOICES, talk_of_others
from vla_course.panels.drawing.busy import BusyButton
from vla_course.panels.drawing.waiting import fault_card, needs_card

NOISES: Final = {
    "quiet": (FAINT, False),
    "20 dB": (20.0, False),
    "10 dB": (10.0, False),
    "5 dB": (5.0, False),
} | {"people, 10 dB": (10.0, True)}
_COLOURS: Final[dict[Outcome, str]] = {
    "done": "#009E73",
    "not done": "#E69F00",
    "asked": "#0072B2",
    "refused": "#D55E00",
    "silence": "#6F6F6F",
    "stopped": "#CC3311",
    "ended": "#6F6F6F",
}
LAST: Final = 8
"""turns that are shown"""


class VoicePanel(ipywidgets.VBox):
    """A field to type into, a button that says the same aloud, and the conversation; by code, `write` and `speak`.

    Args:
        perform: carries a sentence out; by default nobody does, and the robot only says what it would do.
        stop: the emergency stop.
        parts: the rule by which it believes what it hears (exercise 5.11); by default the reference's.

    Attributes:
        turns: of the conversation.
    """

    def __init__(
        self,
        perform: Perform = lambda sentence: "",
        stop: Callable[[], object] = lambda: None,
        parts: VoiceParts | None = None,
    ) -> None:
        self._parts, self._perform, self._stop = parts, perform, stop
        self._talk: HumanoidVLAInteraction | None = None
        self.turns: list[Turn] = []
        self._count = 0
        self.field = ipywidgets.Text(
            value="pick up the red cup", description="you", layout={"width": "420px"}, continuous_update=False
        )
        voices = [name for names in VOICES.values() for name in names]
        self.voice = ipywidgets.Dropdown(options=voices, description="voice", layout={"width": "210px"})
        self.noise = ipywidgets.Dropdown(options=list(NOISES), description="noise", layout={"width": "210px"})
        self.typing = BusyButton("Type it", "the robot reads ...", "keyboard-o")
        self.speaking = BusyButton("Say it", "the robot listens ...", "volume-up")
        self.typing.on_click(lambda _: self.write(self.field.value))
        self.speaking.on_click(lambda _: self.speak(self.field.value))
        self._view = ipywidgets.HTML("<p>Type a command, and type it or say it.</p>")
        self._sound = ipywidgets.HBox([])
        super().__init__(
            [
                ipywidgets.HBox([self.field, self.typing, self.speaking], layout={"flex_flow": "row wrap"}),
                ipywidgets.HBox([self.voice, self.noise], layout={"flex_flow": "row wrap"}),
                self._view,
                self._sound,
            ]
        )
        self.add_class("vla-voice-panel")

    @property
    def status(self) -> str:
        """What is shown, as HTML."""
        return str(self._view.value)

    def write(self, text: str) -> Turn | None:
        """Take a turn by what is typed; None where that failed, and the panel says why."""
        return self._take(self.typing, lambda: text)

    def speak(self, text: str) -> Turn | None:
        """Take a turn by what a synthesised voice says in the chosen noise; None where that failed."""
        return self._take(self.speaking, lambda: self.aloud(text))

    def aloud(self, text: str) -> Samples:
        """Return how a text sounds in the chosen voice and noise. Raises NoVoice."""
        self._count += 1
        speech = in_silence(synthesise(text, Voice(self.voice.value)))
        rng = np.random.default_rng(self._count)
        snr, people = NOISES[self.noise.value]
        noise = talk_of_others("test", len(speech), rng) if people else white(len(speech), rng)
        return quantised(with_noise(speech, noise, snr))

    def _take(self, button: BusyButton, said: Callable[[], str | Samples]) -> Turn | None:
        with button.busy():
            try:
                if self._talk is None or self._talk.ended:
                    self._talk = HumanoidVLAInteraction(
                        self._perform, self._stop, belief=Belief(self._parts), speaks=speaker(aloud=False)
                    )
                words = said()
                turn = self._talk.turn(words)
            except NotAttempted as missing:
                self._view.value = needs_card(missing)
                return None
            except (NoVoice, RuntimeError, FileNotFoundError) as why:
                self._view.value = fault_card("No ears, or no voice", why)
                return None
            self.turns.append(turn)
            self._view.value = "".join(_row(one) for one in self.turns[-LAST:])
            sounds = [("you", words / 32_768.0)] if isinstance(words, np.ndarray) else []
            if turn.voice.sound is not None:
                sounds.append(("robot", turn.voice.sound))
            self._sound.children = [_player(name, sound) for name, sound in sounds]
            return turn


def _row(turn: Turn) -> str:
    """Show a turn."""
    heard = escape(turn.heard) or "(nothing)"
    understood = "" if turn.understood is None else f" · {escape(str(turn.understood))}"
    return (
        f'<div style="font-size: 13px; line-height: 1.6; border-left: 4px solid {_COLOURS[turn.outcome]}; '
        f'padding-left: 8px; margin: 4px 0"><b>{turn.outcome}</b> · heard “{heard}”{understood} · '
        f"better than {100.0 * turn.confidence:.0f} % of known commands<br><i>{escape(turn.reply)}</i></div>"
    )


def _player(name: str, sound: Array) -> ipywidgets.Widget:
    """Return a player of sound at `RATE`, with a name; nothing plays by itself."""
    from IPython.display import Audio

    player = ipywidgets.Audio(
        value=Audio(sound, rate=RATE, normalize=False).data, format="wav", autoplay=False, loop=False
    )
    player.layout.width = "300px"
    return ipywidgets.HBox([ipywidgets.Label(name), player])
