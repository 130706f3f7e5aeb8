"""How sure a policy is: its doubts are repeatable and disturb nothing; what is learned of them tells success."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.learning.test_training import CONFIG, HORIZON, examples, policy
from vla_course.learning.policy.chunk_policy import ChunkPolicy, ChunkPolicyConfig
from vla_course.learning.policy.confidence import doubt, fit_confidence


def given(some, row=0):
    names = ("told", "left", "places", "table", "neighbours", "tools")
    return {**{name: getattr(some, name)[row] for name in names}, "state": some.states[row]}


def test_a_doubt_is_the_same_each_time_and_changes_nothing():
    network, some = policy().eval(), examples(20, 0)
    torch.manual_seed(3)
    expected = torch.rand(3)
    torch.manual_seed(3)
    first = doubt(network, given(some))
    assert torch.equal(torch.rand(3), expected)
    assert doubt(network, given(some)) == first
    assert doubt(network, given(some, 1)) != first
    assert not any(part.training for part in network.modules())


def test_the_further_apart_its_parts_answer_the_more_it_doubts():
    some, doubts = examples(20, 0), []
    for dropped in (0.02, 0.2, 0.6):
        torch.manual_seed(0)
        doubts.append(doubt(ChunkPolicy(replace(CONFIG, dropout=dropped)), given(some)))
    assert doubts == sorted(doubts)
    assert doubts[-1] > doubts[0] + 1.0


def test_a_network_without_dropout_has_no_doubts():
    network = ChunkPolicy(ChunkPolicyConfig(horizon=HORIZON, width=16, layers=1, dropout=0.0, committed=2))
    with pytest.raises(ValueError, match=r"dropout is 0.0, expected more"):
        doubt(network, given(examples(2, 0)))
    assert CONFIG.dropout > 0.0


def test_what_is_learned_says_how_often_it_succeeds():
    rng, skills = np.random.default_rng(0), ["look at", "pick up"]
    told = [skills[k] for k in rng.integers(2, size=4000)]
    doubts = rng.normal(-3.0, 0.5, size=4000)

    def truly(skill, of_doubt):
        return 1.0 / (1.0 + np.exp(-((2.0 if skill == "look at" else 0.0) - 2.0 * (of_doubt + 3.0))))

    done = [rng.random() < truly(*one) for one in zip(told, doubts, strict=True)]
    learned = fit_confidence(told, doubts.tolist(), done)
    for skill in skills:
        for of_doubt in (-3.8, -3.0, -2.2):
            assert learned.sure(skill, of_doubt) == pytest.approx(truly(skill, of_doubt), abs=0.05)


def test_who_never_failed_in_a_few_episodes_is_not_certain():
    learned = fit_confidence(["walk"] * 6, [-3.0, -2.9, -3.1, -3.0, -2.8, -3.2], [True] * 6)
    assert 0.6 < learned.sure("walk", -3.0) < 0.999


def test_nothing_to_learn_from_is_refused():
    with pytest.raises(ValueError, match="1, 2 and 1 long, expected as many of each"):
        fit_confidence(["walk"], [0.0, 1.0], [True])
