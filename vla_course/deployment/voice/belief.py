"""How sure a robot is of what it heard: it acts, asks whether that was meant, or says that it did not understand.

The rule is exercise 5.11; the reference's is loaded where it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.voice.calibration import known_commands
from vla_course.deployment.voice.recogniser import Recognised
from vla_course.deployment.voice.scores import SpeechScores

Verdict = Literal["act", "ask", "refuse"]
Believed = Callable[[SpeechScores, SpeechScores, float], tuple[NDArray[np.bool_], float]]

ACTS: Final = 0.7
"""the fraction of known commands that are acted on at once; of what is no command, 6 % were in calibration"""
ASKS: Final = 0.95
"""the fraction that are acted on, or asked about; of everyday sentences it then asked about one in six"""


@dataclass(frozen=True)
class VoiceParts:
    """The piece of listening that is an exercise.

    Attributes:
        believed: 5.11, which utterances are believed, by known commands of which a fraction is to be kept.
    """

    believed: Believed

    @classmethod
    def reference(cls) -> VoiceParts:
        """Return the reference's; `dataclasses.replace` puts a student's in its place."""
        from vla_course.reference.day5_deployment.speech import believed

        return cls(believed)


class Belief:
    """Judges what was heard.

    Args:
        parts: the rule; by default the reference's.
        commands: what is known of true commands; by default the calibration that ships.
        acts, asks: the fractions of them that are acted on at once, and at least asked about.

    Attributes:
        threshold, wonders: nats per frame, from which on it acts, and asks.
    """

    def __init__(
        self,
        parts: VoiceParts | None = None,
        commands: SpeechScores | None = None,
        acts: float = ACTS,
        asks: float = ASKS,
    ) -> None:
        for name, share in (("acts", acts), ("asks", asks)):
            if not isinstance(share, int | float) or not 0.0 < share <= 1.0:
                raise ValueError(f"{name} is {share!r}, expected a share, more than 0 and at most 1")
        if not acts <= asks:
            raise ValueError(f"acts is {acts}, expected at most asks, {asks}")
        self._believed = (parts or VoiceParts.reference()).believed
        self._commands = commands or known_commands()
        self._acts, self._asks = acts, asks
        _, self.threshold = self._judge(Recognised(), acts)
        _, self.wonders = self._judge(Recognised(), asks)

    def verdict(self, heard: Recognised) -> Verdict:
        """Say what to do about what was heard."""
        if self._judge(heard, self._acts)[0]:
            return "act"
        return "ask" if self._judge(heard, self._asks)[0] else "refuse"

    def confidence(self, heard: Recognised) -> float:
        """Return which fraction of known commands sounds no better than this, 0 to 1."""
        commands, one = self._commands, heard.scores
        if not heard.frames or not np.isfinite(one.grammar[0]):
            return 0.0
        ratios = (commands.grammar - commands.loop) / commands.frames
        return float(np.mean(ratios <= (one.grammar - one.loop) / one.frames))

    def _judge(self, heard: Recognised, keep: float) -> tuple[bool, float]:
        judged, threshold = self._believed(heard.scores, self._commands, keep)
        return bool(judged[0]), float(threshold)
