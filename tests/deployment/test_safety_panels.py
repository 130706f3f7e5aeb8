"""What the notebook shows of the safety layer: films, curves, and the panel of a human in the loop."""

import numpy as np

from vla_course.deployment.safety.approval import Approval
from vla_course.deployment.safety.emergency import EmergencyStop
from vla_course.learning.environment.action_space import BodyCommand
from vla_course.panels.deployment.approval_panel import ApprovalPanel
from vla_course.panels.deployment.guarded_runs import film_picture, guarded_run, into_the_table
from vla_course.panels.deployment.safety_curves import barrier_picture, compared_curves, separation_picture
from vla_course.reference.day5_deployment.barrier import clip_rates
from vla_course.reference.day5_deployment.separation import allowed_speed
from vla_course.simulation.robot.humanoid import HOME_POSTURE

WALK = BodyCommand(HOME_POSTURE, np.array((0.4, 0.0, 0.0)), np.zeros(3), np.zeros(2))


def test_the_same_actions_fell_a_robot_without_the_layer_and_touch_nothing_with_it() -> None:
    moments = (0.1, 2.0)
    off = guarded_run(into_the_table, layer=False, photos=moments)
    on = guarded_run(into_the_table, layer=True, photos=moments)
    assert off.fell_at is not None
    assert max(off.table) > 100.0
    assert on.fell_at is None
    assert max(on.table) == max(on.itself) == 0.0
    assert max(on.arms) < 3.0
    assert any(one.startswith("collision: ") for one in on.told)
    film = film_picture((("without", off), ("with", on)), moments)
    assert "without: falls" in film.alt
    assert "with: stands" in film.alt
    assert film.png()
    assert "on the table" in compared_curves(off, on).alt


def test_curves_are_drawn_with_whatever_answers_they_are_given() -> None:
    assert barrier_picture(clip_rates).png()
    assert barrier_picture(lambda rates, *_: np.clip(rates, -2.4, 2.4)).png()
    assert separation_picture(allowed_speed).png()


def test_the_panel_answers_what_is_asked_and_nothing_else() -> None:
    now = [0.0]
    approval = Approval(patience=3.0, holds=2.0, clock=lambda: now[0])
    panel = ApprovalPanel(approval, EmergencyStop())
    assert panel.yes.disabled
    approval.propose(WALK, "walk <ahead>")
    panel.show()
    assert "may I <b>walk &lt;ahead&gt;</b>?" in panel.status
    panel.edit(0.5)
    carried = approval.decide(WALK)
    assert carried is not None
    assert carried.base_velocity[0] == 0.2
    approval.propose(WALK)
    now[0] = 10.0
    panel.approve()
    assert "Too late" in panel.status


def test_the_button_stops_and_lets_go_only_of_a_calm_robot() -> None:
    calm, stop = [False], EmergencyStop()
    panel = ApprovalPanel(Approval(), stop, lambda: calm[0])
    panel.stop.click()
    assert stop.pressed
    panel.release()
    assert "Not released: the robot is not at rest on both feet." in panel.status
    calm[0] = True
    panel.release()
    assert not stop.pressed
    assert "Released." in panel.status
