"""`vla-course run`: a sentence, what the learned policy makes of it, a film."""

from pathlib import Path
from types import SimpleNamespace

import av
import numpy as np
import pytest
from typer.testing import CliRunner

from vla_course.cli import app
from vla_course.course.errors import CourseError
from vla_course.deployment.recorder import topics
from vla_course.deployment.recorder.flight import read_flight
from vla_course.deployment.safety.limits import SafetyLimits
from vla_course.learning.planned.policy import PlannedPolicy
from vla_course.learning.policy.actor import Actor
from vla_course.obey.console import RunConsole
from vla_course.obey.guarding import Guarding
from vla_course.obey.page import page
from vla_course.obey.recording import SEEN
from vla_course.obey.running import run
from vla_course.obey.told import Run, told
from vla_course.panels.drawing.film import RATE, FilmSize


def test_the_robot_does_what_it_is_told_and_is_filmed(tmp_path):
    film, recording = tmp_path / "run.mp4", tmp_path / "run.mcap"
    done = run("look at the red cup", film, recording=recording, guarding=Guarding("look at the red cup"))
    assert (done.success, done.failure) == (True, "")
    assert "understood: look at (thing red cup), seen at" in done.lines[0]
    with av.open(str(film)) as container:
        pictures = [frame for frame in container.decode(video=0)]
    assert len(pictures) == done.pictures
    assert pictures[0].height == FilmSize().height
    assert abs(len(pictures) / RATE - done.seconds) < 0.2
    flight = read_flight(recording)
    assert (flight.remark, abs(flight.ends - done.seconds) < 0.1) == ("", True)
    margins = flight.array(topics.BALANCE, "margin")
    assert np.nanmin(margins) >= done.least_margin - 1e-5 > 0.05
    assert len(flight.pictures("head")[1]) == pytest.approx(done.seconds / SEEN, abs=2)
    assert [event.text for event in flight.events()][:1] == ["told: look at the red cup"]
    assert [event.text for event in flight.events()][-1] == "done: done"
    shown = page(done, film.name)
    for part in ("“look at the red cup”", "thing red cup", 'href="run.mcap"', "<polyline", "data:image/jpeg"):
        assert part in shown
    assert "http" not in shown.replace("http://www.w3.org", "")


def test_a_planned_motion_is_stopped_where_balance_leaves_no_room(tmp_path):
    guarding = Guarding("point at the red cup", SafetyLimits(margin_to_slow=0.5, margin_to_hold=0.4))
    done = run("point at the red cup", tmp_path / "run.mp4", guarding=guarding)
    assert (done.success, done.failure, done.pursuit.outcome) == (False, "", "given up")
    assert "balance: the DCM is 1" in done.pursuit.reason
    ((met, one),) = guarding.met.items()
    assert (met, one.count) == (("balance", "a planned motion"), 1)
    assert "a planned motion" in page(done, "run.mp4")


def test_two_commands_are_planned_and_what_comes_first_is_done_first(tmp_path):
    done = run("look at the red cup and stand still", tmp_path / "run.mp4")
    assert (done.success, done.planned, done.pursuit.outcome) == (True, True, "done")
    assert [one.step for one in done.pursuit.attempts] == ["look at the red cup", "stand still"]
    assert any(line.startswith("planned: look at the red cup, stand still") for line in done.lines)
    assert "left off" in page(done, "run.mp4")


@pytest.mark.parametrize(("body", "answer"), [(None, "no"), ("a body", "yes")])
def test_what_was_asked_is_told_with_the_answer(body, answer):
    policy = SimpleNamespace(named=(), question="go to the red cup", refusal="", body=body)
    lines = list(told(policy, Run("approach the red cup", success=body is not None)))
    assert lines[0] == f"asked: do you mean: go to the red cup? {answer}"
    policy.question = ""
    assert not any("asked" in line for line in told(policy, Run("approach the red cup")))


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("fly to the moon", "I can, for example"),
        ("pick up the red cup and fly to the moon", "I do not know how to"),
        ("pick up the purple elephant", "I do not know how to"),
        ("", "expected one"),
        ("put the red ball on the blue ball", "a ball does not stand on a ball"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(sentence, says, tmp_path):
    told = CliRunner().invoke(app, ["run", sentence, "--film", str(tmp_path / "run.mp4")])
    assert told.exit_code != 0
    assert says in str(told.exception)
    assert not list(tmp_path.iterdir()), "nothing was begun"


@pytest.mark.parametrize(
    ("film", "says"),
    [
        ("run.avi", "expected a name that ends in .mp4"),
        ("a_file/run.mp4", "a_file cannot be written"),
        ("a_folder.mp4", "which is a folder"),
        ("shut/below/run.mp4", "below cannot be written (Permission denied)"),
    ],
)
def test_where_nothing_can_be_written_nothing_is_begun(film, says, tmp_path, monkeypatch):
    (tmp_path / "a_file").touch()
    (tmp_path / "a_folder.mp4").mkdir()
    (tmp_path / "shut").mkdir()
    touch = Path.touch

    def touched(path):  # who is root may write anywhere
        if "shut" in path.parts:
            raise PermissionError(13, "Permission denied")
        touch(path)

    monkeypatch.setattr(Path, "touch", touched)
    told = CliRunner().invoke(app, ["run", "look at the red cup", "--film", str(tmp_path / film)])
    assert isinstance(told.exception, CourseError)
    assert says in str(told.exception)


def test_a_policy_that_is_not_sure_stands_and_nothing_counts_as_done(tmp_path):
    policy = PlannedPolicy(lambda sentence: SimpleNamespace(parts=(), confidence=0.0), None)
    done = run("stand still", tmp_path / "run.mp4", policy=policy)
    assert (done.success, done.pursuit.outcome) == (False, "refused")
    assert done.pursuit.reason == "I am not sure what 'stand still' asks for"
    assert done.margins[:, 1].min() > 0.05, "it stood all the time"
    assert "the robot stood still" in page(done, "run.mp4")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--weights", "somewhere"], "--weights: somewhere was given for planned, expected 'direct'"),
        (["--policy", "direct", "--weights", "nowhere"], "--weights: "),
    ],
)
def test_a_network_is_the_direct_ones_and_is_to_be_there(options, says, tmp_path):
    told = CliRunner().invoke(app, ["run", "stand still", "--film", str(tmp_path / "run.mp4"), *options])
    assert told.exit_code != 0
    assert says in str(told.exception)
    assert not (tmp_path / "run.mp4").exists()


@pytest.mark.parametrize(
    ("guarded", "says"), [(True, "decisions, "), pytest.param(False, "", marks=pytest.mark.full)]
)
def test_a_network_acts_where_it_is_asked_to(guarded, says, tmp_path, monkeypatch):
    acted, chunk = [], Actor.chunk
    monkeypatch.setattr(Actor, "chunk", lambda self, count=None: acted.append(count) or chunk(self, count))
    told = CliRunner().invoke(
        app,
        [
            *("run", "stand still", "--policy", "direct", "--film", str(tmp_path / "run.mp4")),
            "--safety" if guarded else "--no-safety",
        ],
    )
    assert (told.exit_code, bool(acted)) == (0, True)
    assert ("safety: " in told.stdout) == guarded
    assert says in told.stdout
    shown = (tmp_path / "run.html").read_text(encoding="utf-8")
    assert ("it was left off" in shown) == (not guarded)
    flight = read_flight(tmp_path / "run.mcap")
    assert (topics.VERDICT in flight.topics) == guarded


def test_a_console_shows_cameras_plan_and_page(tmp_path):
    console = RunConsole(tmp_path / "run.mp4")
    assert console.tell("fly to the moon") is None
    assert "I do not know how to fly to the moon" in console.status
    assert not list(tmp_path.iterdir())
    done = console.tell("look at the red cup")
    assert done is not None
    assert done.success
    assert all(bytes(image.value).startswith(b"\xff\xd8") for image in console.eyes.values())
    assert "by the task&#x27;s own rule of physics" in console.status
    assert (tmp_path / "run.html").exists()
    assert "srcdoc" in console.children[-1].value
