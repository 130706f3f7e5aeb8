"""The policy that ships is made by one command: stage after stage, each once."""

import json

import pytest

from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.policy.files import load_policy
from vla_course.learning.training.make_direct import STAGES, Collect, Train, make_direct
from vla_course.learning.training.options import TrainingOptions

FEW = TrainingOptions(steps=3, every=3, batch=8, held_out=0.5)
SMALL = (
    Collect("expert", 4, 1, ("look at",)),
    Train("first", FEW),
    Collect("looking again", 2, 7, ("look at",), learner="first"),
    Train("policy", FEW),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("direct")
    return out, make_direct(out, 1, SMALL)


def test_every_stage_is_carried_out_and_the_second_policy_learns_from_all(made):
    out, done = made
    assert done == ["expert", "first", "looking again", "policy"]
    again = Demonstrations(out / "looking_again")
    assert all(json.loads(one.about["turns"]) for one in again.episodes)
    assert load_policy(out / "policy").config == load_policy(out / "first").config
    text = (out / "policy" / "config.json").read_text()
    assert text.count("vla-course collect") == 2
    assert (out / "first" / "config.json").read_text().count("vla-course collect") == 1


def test_what_is_done_is_not_done_again(made):
    out, _ = made
    assert make_direct(out, 1, SMALL) == []


def test_a_learner_is_trained_before_it_begins_episodes():
    names = [stage.name for stage in STAGES]
    assert len(set(names)) == len(names)
    for number, stage in enumerate(STAGES):
        if isinstance(stage, Collect) and stage.learner:
            assert isinstance(STAGES[names.index(stage.learner)], Train)
            assert names.index(stage.learner) < number
    assert isinstance(STAGES[-1], Train)
