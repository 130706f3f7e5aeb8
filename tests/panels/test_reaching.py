"""Policies that reach for things in the same scenes: what a line of the picture tells."""

import numpy as np
import pytest
import torch

from vla_course.learning.policy.chunk_policy import ChunkPolicy, ChunkPolicyConfig
from vla_course.learning.policy.files import load_policy
from vla_course.panels.evaluation.reaching import SECONDS, reach, reaching_picture, task_of

SEED = 3


def test_the_shipped_policy_comes_near_and_an_untrained_one_does_not():
    torch.manual_seed(0)
    shipped = reach(load_policy(), SEED)
    other = reach(ChunkPolicy(ChunkPolicyConfig(horizon=12, width=16, layers=1)).eval(), SEED)
    assert shipped.done
    assert not other.done
    assert shipped.away[-1] < 0.12 < other.away[-1]
    assert shipped.away[0] == pytest.approx(other.away[0])
    np.testing.assert_allclose(np.diff(shipped.times), 0.1)
    assert shipped.times[-1] < SECONDS - 1.0  # it ends where it is done
    assert other.times[-1] <= SECONDS + 0.4


def test_the_picture_names_scenes_and_says_who_did_it():
    figure = reaching_picture({"shipped": load_policy()}, (SEED,))
    (pane,) = figure.axes
    assert str(task_of(SEED).parts[0].instruction.thing) in pane.get_title(loc="left")
    assert [line.get_marker() for line in pane.lines] == ["None", "o"]  # its way, and that it was done
    assert figure.alt == "Of 1 scenes, shipped did it in 1."


def test_who_did_not_do_it_has_no_dot():
    untrained = ChunkPolicy(ChunkPolicyConfig(horizon=12, width=16, layers=1)).eval()
    (pane,) = reaching_picture({"untrained": untrained}, (SEED,)).axes
    assert [line.get_marker() for line in pane.lines] == ["None"]


@pytest.mark.parametrize(("names", "seeds"), [((), (1,)), (("a", "b", "c", "d"), (1,)), (("a",), ())])
def test_no_scene_and_too_many_policies_are_refused(names, seeds):
    with pytest.raises(ValueError, match="expected 1 to 3 and 1 or more"):
        reaching_picture({name: load_policy() for name in names}, seeds)
