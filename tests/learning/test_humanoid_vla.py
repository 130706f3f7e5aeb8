"""What holds for the humanoid's model whatever its weights are."""

import copy

import pytest
import torch

from vla_course.learning.encoders.encoders import load_language_encoder, load_vision_encoder
from vla_course.learning.model.joint_range import joint_range
from vla_course.learning.model.vla_config import DECODERS, VLAConfig
from vla_course.reference.day1_fundamentals.humanoid_vla import HumanoidVLA
from vla_course.reference.day1_fundamentals.vla_model import TemporalVLAModel

from .tiny_encoders import IMAGE_SIZE, language_folder, vision_folder

COMMANDS = ["Pick up the red cup", "stand still"]
NAN = float("nan")


@pytest.fixture(scope="module")
def encoders(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    eyes = load_vision_encoder(str(vision_folder(folder / "eyes")))
    return eyes, load_language_encoder(str(language_folder(folder / "words")))


@pytest.fixture(params=DECODERS)
def model(encoders, request):
    torch.manual_seed(1)
    config = VLAConfig(decoder=request.param, intermediate_size=48, num_fusion_layers=2)
    return HumanoidVLA(*encoders, num_joints=28, num_cameras=3, hidden_dim=32, config=config).eval()


@pytest.fixture
def images():
    torch.manual_seed(2)
    return [torch.randn(2, 3, IMAGE_SIZE, IMAGE_SIZE) for _ in range(3)]


@pytest.fixture
def state():
    torch.manual_seed(3)
    return torch.randn(2, 75)


@pytest.fixture
def targets():
    torch.manual_seed(4)
    return torch.randn(2, 2, 6)


def test_three_cameras_give_actions_of_all_joints_within_limits(model, images, state, targets):
    for steps in (1, 4):
        found = model.predict(images, COMMANDS, state, targets, steps)
        assert found.actions.shape == found.targets.shape == (2, steps, 28)
        assert found.actions.abs().max() <= 1.0
        limits = joint_range()
        assert (found.targets >= torch.tensor(limits.lower)).all()
        assert (found.targets <= torch.tensor(limits.upper)).all()
        assert torch.equal(model(images, COMMANDS, state, targets, steps), found.actions)


def test_before_any_training_it_is_not_confident(model, images, state):
    confidence = model.predict(images, COMMANDS, state).confidence
    torch.testing.assert_close(confidence, torch.full((2,), 0.02), atol=1e-3, rtol=0)


def test_the_order_of_the_cameras_counts(model, images, state):
    turned = [images[1], images[0], images[2]]
    assert (model(images, COMMANDS, state) - model(turned, COMMANDS, state)).abs().max() > 1e-4


def test_a_jigsaw_of_a_picture_is_another_picture(model, images, state):
    quarters = [image.roll((8, 16), dims=(2, 3)) for image in images]
    assert (model(images, COMMANDS, state) - model(quarters, COMMANDS, state)).abs().max() > 1e-4


def test_language_and_targets_change_the_action(model, images, state, targets):
    plain = model(images, COMMANDS, state)
    assert (model(images, COMMANDS[::-1], state) - plain).abs().max() > 1e-4
    aimed = model(images, COMMANDS, state, targets)
    assert (aimed - plain).abs().max() > 1e-4
    assert (model(images, COMMANDS, state, targets + 0.5) - aimed).abs().max() > 1e-4


def test_a_target_that_is_missing_is_as_if_nobody_had_spoken_of_it(model, images, state, targets):
    none = model(images, COMMANDS, state)
    missing = torch.full((2, 3, 6), NAN)
    torch.testing.assert_close(model(images, COMMANDS, state, missing), none, atol=1e-5, rtol=0)
    torch.testing.assert_close(model(images, COMMANDS, state, missing[:, :0]), none, atol=1e-5, rtol=0)
    partly = torch.cat([targets, missing], dim=1)
    partly[0, 2:, :3] = 0.3  # half a pose is none
    aimed = model(images, COMMANDS, state, targets)
    torch.testing.assert_close(model(images, COMMANDS, state, partly), aimed, atol=1e-5, rtol=0)
    zeros = model(images, COMMANDS, state, torch.zeros(2, 1, 6))
    assert (zeros - none).abs().max() > 1e-4


def test_one_sample_s_targets_are_not_another_s(model, images, state, targets):
    targets[1] = NAN
    both = model(images, COMMANDS, state, targets)
    alone = model([image[1:] for image in images], COMMANDS[1:], state[1:])
    torch.testing.assert_close(both[1:], alone, atol=1e-5, rtol=0)


def test_a_longer_neighbour_does_not_change_a_command(model, images, state):
    both = model(images, COMMANDS, state)
    alone = model([image[1:] for image in images], COMMANDS[1:], state[1:])
    torch.testing.assert_close(both[1:], alone, atol=1e-5, rtol=0)


def test_gradients_reach_everything_even_beside_a_missing_target(model, images, state, targets):
    targets[0, 0] = NAN
    for value in (*images, state, targets):
        value.requires_grad_()
    found = model.predict(images, COMMANDS, state, targets, 3)
    (found.actions.square().sum() + found.confidence.sum()).backward()
    for image in images:
        assert image.grad.abs().amax(dim=(1, 2, 3)).min() > 0
    assert state.grad.abs().min() > 0
    assert targets.grad[0, 0].abs().max() == 0
    assert targets.grad[0, 1].abs().min() > 0
    assert targets.grad.isfinite().all()
    for name, weight in model.named_parameters():
        if not name.startswith(("vision_encoder", "language_encoder")):
            assert weight.grad.abs().max() > 0, name
            assert weight.grad.isfinite().all(), name


def test_where_it_looked_adds_up_to_one(model, images, state, targets):
    targets[0, 0] = NAN
    found = model.attention(images, COMMANDS, state, targets, 3)
    for shares, outputs in ((found.actions, 3), (found.summary, 1)):
        assert shares.patches.shape == (2, outputs, 3, 4, 4)
        assert shares.targets.shape == (2, outputs, 2)
        assert (shares.targets[0, :, 0] == 0).all()
        assert (shares.targets[0, :, 1] > 0).all()
        total = (
            shares.patches.sum(dim=(2, 3, 4))
            + shares.words.sum(dim=2)
            + shares.state
            + shares.targets.sum(dim=2)
        )
        torch.testing.assert_close(total, torch.ones(2, outputs))


def test_a_patch_that_cannot_be_told_apart_gets_no_more_than_its_neighbour(model, state):
    grey = [torch.zeros(2, 3, IMAGE_SIZE, IMAGE_SIZE)] * 3
    model.vision_encoder = copy.deepcopy(model.vision_encoder)
    with torch.no_grad():
        model.vision_encoder.model.embeddings.position_embeddings.zero_()
        model.tokens.project_vision.positional_encoder.weight.zero_()
    patches = model.attention(grey, COMMANDS, state).actions.patches
    torch.testing.assert_close(patches, patches[..., :1, :1, :1].expand_as(patches))


def test_half_precision(model, images, state, targets):
    answer = model.predict(images, COMMANDS, state, targets, 2)
    with torch.autocast("cpu", torch.bfloat16):
        half = model.predict(images, COMMANDS, state, targets, 2)
    assert half.targets.dtype == half.confidence.dtype == torch.float32
    torch.testing.assert_close(half.actions, answer.actions, atol=0.03, rtol=0)


def test_a_model_in_half_precision_takes_what_a_robot_gives(model, images, state, targets):
    found = copy.deepcopy(model).bfloat16().predict(images, COMMANDS, state.double(), targets, 2)
    assert found.targets.dtype == found.confidence.dtype == torch.float32
    assert found.targets.isfinite().all()


def test_what_does_not_fit_is_named(model, images, state, targets):
    with pytest.raises(ValueError, match="camera_images holds 2 cameras, expected 3"):
        model(images[:2], COMMANDS, state)
    with pytest.raises(ValueError, match=r"camera_images\[1\] holds 1 pictures, expected one for each of 2"):
        model([images[0], images[1][:1], images[2]], COMMANDS, state)
    with pytest.raises(ValueError, match="there are 1 commands, expected one for each of 2"):
        model(images, COMMANDS[:1], state)
    with pytest.raises(ValueError, match="is one text, expected a list"):
        model(images, COMMANDS[0], state)
    with pytest.raises(ValueError, match=r"target_poses is \(2, 12\), expected \(2, n, 6\)"):
        model(images, COMMANDS, state, targets.flatten(1))
    with pytest.raises(ValueError, match=r"robot_state\[0, 0\] is inf"):
        model(images, COMMANDS, state / 0.0 if state[0, 0] > 0 else -state / 0.0)
    with pytest.raises(ValueError, match="camera_images holds 0 cameras, expected 3"):
        model([], COMMANDS, state)
    with pytest.raises(
        ValueError, match=r"camera_images\[2\] is \(2, 3, 16, 32\), expected \(batch, 3, 32, 32\)"
    ):
        model([*images[:2], images[2][:, :, :16]], COMMANDS, state)
    with pytest.raises(ValueError, match="target_poses holds an infinite number"):
        model(images, COMMANDS, state, targets / 0.0)
    encoded = model.encode(images, COMMANDS)
    with pytest.raises(ValueError, match=r"robot_state\[0, 0\] is nan"):
        model.decide(encoded, state * NAN)
    with pytest.raises(ValueError, match=r"target_poses is \(2, 6\), expected \(2, n, 6\)"):
        model.decide(encoded, state, targets[:, 0])
    with pytest.raises(ValueError, match="no limits of 20 joints"):
        HumanoidVLA(model.vision_encoder, model.language_encoder, num_joints=20)
    for cameras in (0, 4, -1):
        with pytest.raises(ValueError, match=f"num_cameras is {cameras}, expected 1 to 3"):
            HumanoidVLA(model.vision_encoder, model.language_encoder, num_cameras=cameras)


def test_what_frozen_encoders_said_can_be_kept(model, images, state, targets):
    with torch.no_grad():
        encoded = model.encode(images, COMMANDS)
    kept = model.decide(encoded, state, targets, 3)
    assert torch.equal(kept.actions, model(images, COMMANDS, state, targets, 3))


def test_it_is_small_and_has_as_many_weights_as_counted(encoders):
    layer = 4 * 128 + 4 * (128 * 128 + 128) + (128 * 512 + 512) + (512 * 128 + 128)
    parts = {
        "places": (24 + 1 + 96 + 1) * 128,
        "words, state, targets": (20 + 1 + 75 + 1 + 6 + 1 + 128 + 1) * 128,
        "origins": 4 * 128,
        "fusion": 3 * layer + 2 * 128,
        "questions and reading": (128 + 1) * 128 + 2 * 128 + 4 * (128 + 1) * 128,
        "action": (128 + 1) * 128 + (128 + 1) * 28,
        "confidence": 128 + 1,
    }
    memories = {"transformer": 2 * layer + 2 * 128, "lstm": 2 * 4 * (2 * 128 + 2) * 128}
    for kind, memory in memories.items():
        model = HumanoidVLA(*encoders, config=VLAConfig(decoder=kind))
        weights = sum(weight.numel() for weight in model.parameters() if weight.requires_grad)
        assert weights == sum(parts.values()) + memory
        assert 5e5 < weights < 3e6


def test_the_shipped_encoders_make_the_default_model():
    model = HumanoidVLA.from_config().eval()
    size = model.vision_encoder.image_size
    commands = ["pick up the red cup", "serve a drink to the person"]
    found = model([torch.randn(2, 3, size, size)] * 3, commands, torch.randn(2, 75), sequence_length=5)
    assert found.shape == (2, 5, 28)
    seen = torch.randn(2, 3, 224, 224)
    assert TemporalVLAModel()(
        seen, ["Pick up the red cup", "Move the green box to the left"], sequence_length=5
    ).shape == (2, 5, 14)
