"""What holds for the model of Day 1 whatever its weights are."""

from dataclasses import replace

import pytest
import torch

from vla_course.course.checking.gradients import gradients
from vla_course.learning.model.attention import output_attention, recorded
from vla_course.learning.model.joint_range import joint_range
from vla_course.learning.model.vla_config import DECODERS, VLAConfig
from vla_course.reference.day1_fundamentals.action_head import ActionHead
from vla_course.reference.day1_fundamentals.vla_model import TemporalVLAModel, VLAModel

from .tiny_encoders import IMAGE_SIZE, language_folder, vision_folder

SMALL = VLAConfig(hidden_size=32, num_attention_heads=4, intermediate_size=48, num_fusion_layers=2)
COMMANDS = ["Pick up the red cup", "Move the green box to the left", "stand still"]


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    return replace(
        SMALL,
        vision_model_name=str(vision_folder(folder / "eyes")),
        language_model_name=str(language_folder(folder / "words")),
    )


@pytest.fixture(params=DECODERS)
def model(config, request):
    torch.manual_seed(1)
    return VLAModel(replace(config, decoder=request.param)).eval()


@pytest.fixture
def batch(model):
    torch.manual_seed(2)
    words = model.language_encoder.tokenize(COMMANDS)
    return [torch.randn(3, 3, IMAGE_SIZE, IMAGE_SIZE), *words, torch.randn(3, 75)]


def test_all_that_is_promised_comes_in_its_shape(model, batch):
    answer = model(*batch)
    steps, plan = model.config.chunk, model.config.max_task_sequence_length
    shapes = {name: tuple(value.shape) for name, value in answer.items()}
    words = batch[1].shape[1]
    assert shapes == {
        "action_logits": (3, steps, 14),
        "actions": (3, steps, 14),
        "joint_targets": (3, steps, 14),
        "task_probabilities": (3, model.config.num_tasks),
        "task_sequence": (3, plan, model.config.vocab_size),
        "vision_features": (3, 16, 24),
        "language_features": (3, words, 20),
        "fused_features": (3, 16 + words + 1, 32),
        "fused_mask": (3, 16 + words + 1),
    }


def test_a_model_without_a_state_has_a_token_less(model, batch):
    assert model(*batch[:3])["fused_features"].shape[1] == model(*batch)["fused_features"].shape[1] - 1


def test_padding_never_changes_the_answer(model, batch):
    pixels, words, mask, state = batch
    longer = torch.cat([words, torch.full((3, 5), 7)], dim=1)  # 7 is a word, and masked all the same
    padded = model(pixels, longer, torch.cat([mask, torch.zeros_like(mask[:, :5])], dim=1), state)
    answer = model(*batch)
    for name in ("actions", "joint_targets", "task_probabilities", "task_sequence"):
        torch.testing.assert_close(padded[name], answer[name], atol=1e-5, rtol=1e-5)


def test_alone_or_in_a_batch_and_in_any_order(model, batch):
    answer = model(*batch)["actions"]
    order = torch.tensor([2, 0, 1])
    torch.testing.assert_close(
        model(*(part[order] for part in batch))["actions"], answer[order], atol=1e-5, rtol=0
    )
    alone = torch.cat([model(*(part[i : i + 1] for part in batch))["actions"] for i in range(3)])
    torch.testing.assert_close(alone, answer, atol=1e-5, rtol=0)


def test_language_picture_and_state_change_the_action_each_for_itself(model, batch):
    answer = model(*batch)["actions"]
    for changed in (0, 1, 3):
        other = [part.flip(0) if i == changed else part for i, part in enumerate(batch)]
        if changed == 1:
            other[2] = batch[2].flip(0)
        moved = (model(*other)["actions"] - answer).abs().amax(dim=(1, 2))
        assert (moved[[0, 2]] > 1e-4).all()  # the middle one of three stays in its place
        assert moved[1] < 1e-5


def test_gradients_reach_every_modality_and_every_weight_that_is_trained(model, batch):
    pixels, words, mask, state = batch
    pixels.requires_grad_()
    state.requires_grad_()
    answer = model(pixels, words, mask, state)
    loss = answer["actions"].square().sum() + answer["task_sequence"].square().sum()
    (loss + answer["task_probabilities"].square().sum()).backward()
    assert pixels.grad.abs().amax(dim=(1, 2, 3)).min() > 0
    assert state.grad.abs().amin() > 0
    spare = model.fusion.modality_embedding.weight.grad[3]  # nothing tells of targets here
    assert spare.abs().max() == 0
    for name, weight in model.named_parameters():
        if name.startswith(("vision_encoder", "language_encoder")):
            assert weight.grad is None, name
        else:
            assert weight.grad is not None, name
            assert weight.grad.abs().max() > 0, name


def test_a_fine_tuned_encoder_learns_too(config):
    model = TemporalVLAModel(replace(config, fine_tune_vision=True, fine_tune_language=True))
    model(torch.randn(3, 3, IMAGE_SIZE, IMAGE_SIZE), COMMANDS).square().sum().backward()
    for encoder in (model.vision_encoder, model.language_encoder):
        assert max(weight.grad.abs().max() for weight in encoder.parameters() if weight.grad is not None) > 0


def test_a_state_that_was_not_measured_is_refused(model, batch):
    batch[3][1, 5] = float("nan")
    with pytest.raises(ValueError, match=r"robot_state\[1, 5\] is nan, expected a finite number"):
        model(*batch)
    with pytest.raises(ValueError, match=r"robot_state is \(3, 28\), expected \(3, 75\)"):
        model(*batch[:3], batch[3][:, :28])
    with pytest.raises(ValueError, match=r"robot_state is \(2, 75\), expected \(3, 75\)"):
        model(*batch[:3], batch[3][:2].nan_to_num())


def test_what_does_not_fit_is_named(model, batch, config):
    with pytest.raises(ValueError, match="sequence_length is 0"):
        model(*batch, 0)
    with pytest.raises(ValueError, match=r"input_ids is \(3, 70\), expected 16 pieces at most"):
        model(batch[0], torch.ones(3, 70, dtype=torch.int64), torch.ones(3, 70), batch[3])
    with pytest.raises(ValueError, match="pixel_values holds a number that is not finite"):
        model(batch[0] / 0.0, *batch[1:])
    with pytest.raises(ValueError, match=r"limits are of 28 joints, expected 14 \(action_dim\)"):
        VLAModel(config, limits=joint_range(28))
    with pytest.raises(ValueError, match=r"no limits of 20 joints \(action_dim or num_joints"):
        VLAModel(replace(config, action_dim=20))
    with pytest.raises(ValueError, match=r"images is \(3, 3, 60, 300\), expected \(batch, 3, side, side\)"):
        TemporalVLAModel(config)(torch.zeros(3, 3, 60, 300), COMMANDS)


def test_longer_chunks_begin_like_shorter_ones_and_no_two_steps_are_alike(model, batch):
    long, short = (model(*batch, steps)["actions"] for steps in (12, 5))
    torch.testing.assert_close(long[:, :5], short, atol=1e-5, rtol=0)
    steps = long[0]
    assert ((steps[:, None] - steps[None]).abs().amax(dim=-1) > 1e-4).sum() == 12 * 11


def test_the_targets_are_within_the_limits_whatever_the_logits(model, batch):
    with torch.no_grad():
        model.action_decoder.perceptron[2].weight.mul_(1e4)
    answer, limits = model(*batch), joint_range(14)
    assert answer["actions"].abs().max() <= 1.0
    assert (answer["joint_targets"] >= torch.tensor(limits.lower)).all()
    assert (answer["joint_targets"] <= torch.tensor(limits.upper)).all()
    assert answer["action_logits"].abs().max() > 10.0


def test_the_plan_is_a_distribution_and_ends_at_its_end(model, batch):
    from vla_course.learning.model.answers import TaskPlan

    answer = model(*batch)
    torch.testing.assert_close(answer["task_probabilities"].sum(dim=1), torch.ones(3))
    sequence = torch.zeros(2, 4, model.config.vocab_size)
    for row, words in enumerate(((2, 4, 0, 6), (1, 2, 3, 4))):
        sequence[row, range(4), words] = 1.0
    steps = model.config.plan_steps
    plan = TaskPlan(answer["task_probabilities"], sequence)
    assert model.task_planner.decode(plan) == [[steps[2], steps[4]], list(steps[1:5])]


def test_half_precision_answers_nearly_the_same_and_targets_stay_float32(model, batch):
    answer = model(*batch)
    with torch.autocast("cpu", torch.bfloat16):
        half = model(*batch)
    assert (half["joint_targets"].dtype, half["action_logits"].dtype) == (torch.float32, torch.bfloat16)
    torch.testing.assert_close(half["actions"], answer["actions"], atol=0.03, rtol=0)
    probabilities = half["task_probabilities"].float()
    torch.testing.assert_close(probabilities, answer["task_probabilities"], atol=0.01, rtol=0)


def test_a_model_in_half_precision_keeps_its_limits_and_takes_what_a_robot_gives(model, batch, config):
    limits = joint_range(14)
    with torch.no_grad():
        model.action_decoder.perceptron[2].weight.mul_(1e4)
    answer = model.bfloat16()(*batch)
    assert answer["joint_targets"].dtype == answer["actions"].dtype == torch.float32
    assert (answer["joint_targets"] >= torch.tensor(limits.lower)).all()
    assert (answer["joint_targets"] <= torch.tensor(limits.upper)).all()
    assert model(*batch[:3], batch[3].double())["actions"].isfinite().all()
    small = TemporalVLAModel(config).eval().bfloat16()
    assert small(torch.randn(3, 3, 64, 64), COMMANDS, 2).shape == (3, 2, 14)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")
def test_a_gpu_answers_the_same(model, batch):
    answer = model(*batch)["actions"]
    found = model.cuda()(*(part.cuda() for part in batch))["actions"]
    torch.testing.assert_close(found.cpu(), answer, atol=1e-3, rtol=0)


def test_one_seed_one_model(config):
    states = []
    for _ in range(2):
        torch.manual_seed(5)
        states.append(VLAModel(config).state_dict())
    assert states[0].keys() == states[1].keys()
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])


def test_the_chapter_s_call_two_pictures_two_commands_five_steps(config):
    model = TemporalVLAModel(config).eval()
    images = torch.randn(2, 3, 224, 224)
    commands = ["Pick up the red cup", "Move the green box to the left"]
    actions = model(images, commands, sequence_length=5)
    assert actions.shape == (2, 5, 14)
    assert actions.abs().max() <= 1.0
    with pytest.raises(ValueError, match="there are 1 commands, expected one for each of 2"):
        model(images, commands[:1])


def test_a_step_has_also_read_what_the_steps_before_it_read(config, batch):
    """The map of a step depends on the questions of those before it, never on those after it."""
    torch.manual_seed(1)
    model = VLAModel(replace(config, decoder="transformer")).eval()
    words, found = batch[1].shape[1], {}
    for steps in (4, 8):
        found[steps] = model.attention(*batch, steps).actions.patches
        assert not found[steps].requires_grad
    torch.testing.assert_close(found[4], found[8][:, :4])
    with recorded(model.fusion.transformer, model.decoder.read) as maps:
        model(*batch, 4)
    alone = output_attention(maps, 2, model(*batch)["fused_mask"], 1, (4, 4), words).actions.patches
    torch.testing.assert_close(found[4][:, 0], alone[:, 0])
    assert (found[4][:, 3] - alone[:, 3]).abs().max() > 1e-5


def test_where_it_looked_adds_up_to_one_and_never_at_padding(model, batch):
    found = model.attention(*batch)
    for shares, outputs in ((found.actions, model.config.chunk), (found.summary, 1)):
        assert shares.patches.shape == (3, outputs, 1, 4, 4)
        assert shares.words.shape == (3, outputs, batch[1].shape[1])
        assert shares.targets.shape == (3, outputs, 0)
        total = shares.patches.sum(dim=(2, 3, 4)) + shares.words.sum(dim=2) + shares.state
        torch.testing.assert_close(total, torch.ones(3, outputs))
        assert (shares.words[batch[2].bool().logical_not().unsqueeze(1).expand_as(shares.words)] == 0).all()
        assert (shares.words[batch[2].bool().unsqueeze(1).expand_as(shares.words)] > 0).all()


def test_being_watched_changes_nothing(model, batch):
    before = model(*batch)["actions"]
    model.attention(*batch)
    torch.testing.assert_close(model(*batch)["actions"], before, atol=0, rtol=0)


def test_gradients_are_told_of_one_field_of_an_answer():
    torch.manual_seed(6)
    head, features = ActionHead(8, joint_range(14)).double(), torch.randn(3, 8, dtype=torch.float64)
    cotangent = torch.randn(3, 14)
    told = gradients(head.forward, [features], cotangent=cotangent, of="actions")
    with pytest.raises(TypeError, match="type JointActions, expected a tensor"):
        gradients(head.forward, [features], cotangent=cotangent)
    features.requires_grad_()
    (head(features).actions * cotangent).sum().backward()
    torch.testing.assert_close(told.inputs[0], features.grad)
