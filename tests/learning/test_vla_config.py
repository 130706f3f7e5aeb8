"""The configuration refuses what no model can be built from, field by field."""

from dataclasses import replace

import pytest

from vla_course.learning.model.vla_config import END, VLAConfig


def test_the_default_is_the_course_s_robot():
    config = VLAConfig()
    assert (config.action_dim, config.num_joints, config.state_dim) == (14, 28, 75)
    assert config.cameras == ("head", "chest", "pelvis")
    assert config.plan_steps[0] == END
    assert config.vocab_size == len(config.plan_steps)
    assert config.num_tasks == len(config.tasks)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("vision_model_name", ""),
        ("language_model_name", None),
        ("fine_tune_vision", "yes"),
        ("hidden_size", 130),
        ("hidden_size", 0),
        ("hidden_size", 128.0),
        ("num_attention_heads", -4),
        ("num_fusion_layers", 0),
        ("decoder", "gru"),
        ("dropout", 1.0),
        ("dropout", float("nan")),
        ("action_dim", True),
        ("chunk", 0),
        ("cameras", ()),
        ("cameras", ("head", "head")),
        ("cameras", ("head", "rear")),
        ("cameras", ["head"]),
        ("tasks", ()),
        ("plan_steps", ("walk", END)),
        ("plan_steps", (END,)),
        ("max_task_sequence_length", 0),
    ],
)
def test_one_wrong_field_is_named(field, value):
    with pytest.raises(ValueError, match=f"VLAConfig.{field} is .*expected"):
        replace(VLAConfig(), **{field: value})
