"""What a notebook shows of speech: the ratios and where they part, a sound with its words, and a conversation."""

import numpy as np
import pytest

pytest.importorskip("pocketsphinx")
pytest.importorskip("espeakng_loader")

from vla_course.course.exercise import NotAttempted
from vla_course.deployment.voice.belief import Belief, VoiceParts
from vla_course.deployment.voice.calibration import hearings
from vla_course.deployment.voice.recogniser import HeardWord, Recognised
from vla_course.deployment.voice.sound import RATE
from vla_course.panels.talking.speech_figures import heard_picture, ratio_picture
from vla_course.panels.talking.voice_panel import VoicePanel


def test_ratios_are_drawn_for_each_noise_with_where_the_robot_acts() -> None:
    heard, belief = hearings(), Belief()
    figure = ratio_picture(heard, belief)
    assert len(figure.axes) == 3
    drawn = sum(patch.get_height() for axes in figure.axes for patch in axes.patches)
    assert len({one.key for one in heard}) <= drawn  # stacked: each height holds those below it
    assert f"{belief.threshold:.2f}" in figure.alt
    assert figure.png().startswith(b"\x89PNG")


def test_words_stand_over_the_sound_that_they_were_heard_in() -> None:
    samples = (3000.0 * np.sin(np.arange(RATE))).astype(np.int16)
    figure = heard_picture(samples, Recognised((HeardWord("turn", 0.1, 0.4), HeardWord("left", 0.4, 0.9))))
    told = {text.get_text(): text.xy[0] for text in figure.axes[0].texts}  # type: ignore[attr-defined]
    assert told == pytest.approx({"turn": 0.25, "left": 0.65})
    assert "turn left" in figure.alt
    assert "nothing" in heard_picture(samples, Recognised()).alt


def test_a_conversation() -> None:
    told: list[str] = []
    panel = VoicePanel(lambda sentence: told.append(sentence) or "", lambda: told.append("STOP"))  # type: ignore[func-returns-value]
    assert panel.write("sing <b>loudly</b>") is not None
    assert "<b>loudly" not in panel.status
    spoken = panel.speak("walk to the table")
    assert spoken is not None
    assert (spoken.heard, spoken.outcome) == ("walk to the table", "done")
    stopped = panel.speak("stop")
    assert stopped is not None
    assert stopped.outcome == "stopped"
    assert told == ["walk to the table", "STOP"]
    assert "go to" in panel.status
    assert [turn.outcome for turn in panel.turns] == ["refused", "done", "stopped"]


def test_it_goes_on_after_a_goodbye() -> None:
    panel = VoicePanel()
    outcomes = [turn.outcome for text in ("quit", "turn left") if (turn := panel.write(text))]
    assert outcomes == ["ended", "done"]


def test_an_exercise_that_is_not_written_is_told_on_a_card() -> None:
    def empty(heard: object, commands: object, keep: float) -> tuple[np.ndarray, float]:
        raise NotAttempted("5.11")

    panel = VoicePanel(parts=VoiceParts(empty))
    assert panel.speak("turn left") is None
    assert "5.11" in panel.status
