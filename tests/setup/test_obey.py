"""`vla-course run`: a sentence, what the learned policy makes of it, a film."""

from types import SimpleNamespace

import av
import pytest
from typer.testing import CliRunner

from vla_course.cli import app
from vla_course.learning.policy.actor import Actor
from vla_course.obey import Run, _told, run
from vla_course.panels.drawing.film import RATE, FilmSize


def test_the_robot_does_what_it_is_told_and_is_filmed(tmp_path):
    film = tmp_path / "run.mp4"
    done = run("look at the red cup", film)
    assert (done.success, done.failure) == (True, "")
    assert "understood: look at (thing red cup), seen at" in done.lines[0]
    with av.open(str(film)) as container:
        pictures = [frame for frame in container.decode(video=0)]
    assert len(pictures) == done.pictures
    assert pictures[0].height == FilmSize().height
    assert abs(len(pictures) / RATE - done.seconds) < 0.2


@pytest.mark.parametrize(("body", "answer"), [(None, "no"), ("a body", "yes")])
def test_what_was_asked_is_told_with_the_answer(body, answer):
    policy = SimpleNamespace(named=(), question="go to the red cup", refusal="", body=body)
    told = list(_told(policy, Run("approach the red cup", success=body is not None)))
    assert told[0] == f"asked: do you mean: go to the red cup? {answer}"
    policy.question = ""
    assert not any("asked" in line for line in _told(policy, Run("approach the red cup")))


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("fly to the moon", "I can, for example"),
        ("put the red ball on the blue ball", "a ball does not stand on a ball"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(sentence, says, tmp_path):
    told = CliRunner().invoke(app, ["run", sentence, "--film", str(tmp_path / "run.mp4")])
    assert told.exit_code != 0
    assert says in str(told.exception)
    assert not (tmp_path / "run.mp4").exists()


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


def test_a_network_acts_where_it_is_asked_to(tmp_path, monkeypatch):
    acted, chunk = [], Actor.chunk
    monkeypatch.setattr(Actor, "chunk", lambda self, count=None: acted.append(count) or chunk(self, count))
    told = CliRunner().invoke(
        app, ["run", "stand still", "--policy", "direct", "--film", str(tmp_path / "run.mp4")]
    )
    assert (told.exit_code, bool(acted)) == (0, True)
