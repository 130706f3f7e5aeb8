"""Encoders by name: whole folders load with one face, anything else says in one line what is wrong."""

import json
from types import SimpleNamespace

import pytest
import torch

from vla_course.learning.encoders import files as encoder_files
from vla_course.learning.encoders.backbones import BACKBONES, backbone
from vla_course.learning.encoders.encoders import load_language_encoder, load_vision_encoder

from .tiny_encoders import IMAGE_SIZE, LONGEST, SIGHT, language_folder, vision_folder, write_tokenizer


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    return vision_folder(folder / "eyes"), language_folder(folder / "words")


@pytest.fixture
def vision(folders):
    return load_vision_encoder(str(folders[0]))


@pytest.fixture
def language(folders):
    return load_language_encoder(str(folders[1]))


def test_pictures_become_one_token_for_each_patch(vision):
    assert (vision.width, vision.grid, vision.image_size) == (24, (4, 4), IMAGE_SIZE)
    assert (vision.mean, vision.std) == (tuple(SIGHT["image_mean"]), tuple(SIGHT["image_std"]))
    pixels = torch.randn(2, 3, IMAGE_SIZE, IMAGE_SIZE)
    tokens = vision(pixels)
    assert tokens.shape == (2, 16, 24)
    whole = vision.model(pixel_values=pixels).last_hidden_state
    torch.testing.assert_close(tokens, whole[:, 1:])  # the class token is dropped


def test_commands_become_tokens(language):
    words = language.tokenize(["Pick up the red cup!", "Stand still"])
    assert words.input_ids.shape == words.attention_mask.shape == (2, 8)
    assert words.attention_mask.sum(dim=1).tolist() == [8, 4]
    assert language(*words).shape == (2, 8, language.width)
    assert language.pieces(words.input_ids)[1][:4] == ["[CLS]", "stand", "still", "[SEP]"]


def test_weights_are_float32_frozen_and_stay_in_evaluation_mode(folders, vision, language):
    for encoder in (vision, language):
        assert {weight.dtype for weight in encoder.parameters()} == {torch.float32}
        assert not any(weight.requires_grad for weight in encoder.parameters())
        assert not any(part.training for part in encoder.train().modules())
    learning = load_vision_encoder(str(folders[0]), fine_tune=True)
    assert all(weight.requires_grad for weight in learning.parameters())
    assert all(part.training for part in learning.train().modules())
    assert not any(weight.requires_grad for weight in learning.fine_tune(False).parameters())


@pytest.fixture(params=["CLIP", "Siglip"])
def two_towers(tmp_path, request):
    import transformers

    sizes = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = getattr(transformers, f"{request.param}Config")(
        text_config=sizes
        | {"vocab_size": 40, "max_position_embeddings": LONGEST, "bos_token_id": 2, "eos_token_id": 3},
        vision_config=sizes | {"image_size": IMAGE_SIZE, "patch_size": 8},
    )
    model = getattr(transformers, f"{request.param}Model")(config).eval()
    model.save_pretrained(tmp_path)
    write_tokenizer(tmp_path)
    sight = SIGHT | {"do_center_crop": True, "size": {"shortest_edge": 64}, "crop_size": IMAGE_SIZE}
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(sight))
    return tmp_path, model


def test_of_two_towers_each_loader_takes_its_own(two_towers):
    folder, model = two_towers
    vision, language = load_vision_encoder(str(folder)), load_language_encoder(str(folder))
    pixels = torch.randn(1, 3, IMAGE_SIZE, IMAGE_SIZE)
    words = language.tokenize(["pick up the red cup"])
    assert vision.image_size == IMAGE_SIZE
    torch.testing.assert_close(vision(pixels), model.vision_model(pixels).last_hidden_state[:, -16:])
    torch.testing.assert_close(language(*words), model.text_model(*words).last_hidden_state)


def test_what_pictures_it_wants_may_stand_in_the_settings_of_a_processor(tmp_path):
    sight = vision_folder(tmp_path) / "preprocessor_config.json"
    (tmp_path / "processor_config.json").write_text(json.dumps({"image_processor": SIGHT}))
    sight.unlink()
    assert load_vision_encoder(str(tmp_path)).mean == tuple(SIGHT["image_mean"])


@pytest.mark.parametrize("kind", BACKBONES)
def test_every_backbone_makes_a_token_of_16_pixels(kind, tmp_path):
    torch.manual_seed(0)
    encoder = backbone(kind, 64)
    pixels = torch.randn(2, 3, 64, 64)
    assert encoder.grid == (4, 4)
    assert encoder(pixels).shape == (2, 16, encoder.width)
    assert 1e6 < sum(weight.numel() for weight in encoder.parameters()) < 2e6
    # what is saved comes back by name
    encoder.fine_tune(False).eval().model.save_pretrained(tmp_path)
    sight = {"size": 64, "image_mean": [0.5] * 3, "image_std": [0.5] * 3}
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(sight))
    torch.testing.assert_close(load_vision_encoder(str(tmp_path))(pixels), encoder(pixels))


def test_an_unknown_backbone_or_size_is_refused():
    with pytest.raises(ValueError, match=r"backbone is 'vgg', expected one of \('vit', 'convnextv2'"):
        backbone("vgg")
    with pytest.raises(ValueError, match="image_size is 100, expected a multiple of 16"):
        backbone("vit", 100)


def test_without_a_network_an_unknown_name_says_what_works(monkeypatch):
    import huggingface_hub

    def no_network(*_, **__):
        raise ConnectionError("no way out")

    monkeypatch.setattr(huggingface_hub, "model_info", no_network)
    with pytest.raises(
        ValueError, match="'visoin' is no folder here, and the hub does not answer.*'vision' or 'language'"
    ):
        load_vision_encoder("visoin")


def test_a_name_that_the_hub_does_not_know_or_cannot_have(monkeypatch):
    import huggingface_hub
    from huggingface_hub.errors import RepositoryNotFoundError

    def not_found(*_, **__):
        raise RepositoryNotFoundError("404", response=SimpleNamespace(headers={}, request=None))

    monkeypatch.setattr(huggingface_hub, "model_info", not_found)
    for name in ("nobody/nothing", "./no/such/folder"):
        with pytest.raises(ValueError, match=f"encoder '{name}' is unknown: expected"):
            load_language_encoder(name)


@pytest.mark.parametrize("file", ["config.json", "model.safetensors", "preprocessor_config.json"])
def test_a_folder_without_a_file_is_named_with_it(tmp_path, file):
    (vision_folder(tmp_path) / file).unlink()
    with pytest.raises(FileNotFoundError, match=f"{file} is missing: expected a whole model folder"):
        load_vision_encoder(str(tmp_path))


def test_a_folder_of_words_without_its_tokenizer(tmp_path):
    (language_folder(tmp_path) / "tokenizer.json").unlink()
    with pytest.raises(FileNotFoundError, match=r"tokenizer.json is missing"):
        load_language_encoder(str(tmp_path))


def test_weights_that_end_too_early(tmp_path):
    weights = vision_folder(tmp_path) / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(FileNotFoundError, match=r"model.safetensors is not whole"):
        load_vision_encoder(str(tmp_path))


@pytest.mark.parametrize("size", [0, 20])
@pytest.mark.parametrize("file", ["config.json", "preprocessor_config.json", "tokenizer.json"])
def test_a_file_that_ends_too_early_is_named(tmp_path, file, size):
    sees = file == "preprocessor_config.json"
    part = (vision_folder if sees else language_folder)(tmp_path) / file
    part.write_bytes(part.read_bytes()[:size])
    with pytest.raises(FileNotFoundError, match=f"{file} is not whole .* fetch it again"):
        (load_vision_encoder if sees else load_language_encoder)(str(tmp_path))


def test_weights_that_lack_what_the_config_asks_for(tmp_path):
    config = vision_folder(tmp_path) / "config.json"
    settings = json.loads(config.read_text()) | {"num_hidden_layers": 3}
    config.write_text(json.dumps(settings))
    with pytest.raises(FileNotFoundError, match=r"lack 32 that its config.json asks for, .*layer.* first"):
        load_vision_encoder(str(tmp_path))


def test_a_hub_cache_that_holds_a_part_is_refused_with_its_name(monkeypatch, tmp_path):
    import transformers

    def gone(*_, **__):
        raise OSError("nobody/eyes does not appear to have a file named model.safetensors\nand so on")

    monkeypatch.setattr(encoder_files, "_ask_hub", lambda name: None)
    monkeypatch.setattr(transformers.AutoConfig, "from_pretrained", gone)
    with pytest.raises(ValueError, match="'nobody/eyes' cannot be read whole .*safetensors\\): expected all"):
        load_vision_encoder("nobody/eyes")


def test_eyes_for_pictures_of_any_shape_are_refused(tmp_path):
    from transformers import Siglip2Config

    Siglip2Config().save_pretrained(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(
        (vision_folder(tmp_path / "x") / "model.safetensors").read_bytes()
    )
    with pytest.raises(ValueError, match="NaFlex.*siglip2-base-patch16-224"):
        load_vision_encoder(str(tmp_path))


def test_a_piece_of_sharded_weights_that_is_not_there(tmp_path):
    weights = vision_folder(tmp_path) / "model.safetensors"
    weights.unlink()
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors"}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(FileNotFoundError, match=r"model-00001-of-00002.safetensors is missing"):
        load_vision_encoder(str(tmp_path))


def test_a_shipped_folder_that_is_not_there_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(encoder_files, "MODELS", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"vision/config.json is missing"):
        load_vision_encoder()


def test_words_are_no_eyes_and_eyes_no_words(folders):
    eyes, words = map(str, folders)
    with pytest.raises(ValueError, match=r"\(bert\) reads words, expected one for pictures"):
        load_vision_encoder(words)
    with pytest.raises(ValueError, match=r"\(vit\) reads pictures, expected one for words"):
        load_language_encoder(eyes)


def test_pictures_of_a_wrong_size_or_kind(vision):
    with pytest.raises(ValueError, match=r"pixel_values is \(2, 3, 48, 32\), expected \(batch, 3, 32, 32\)"):
        vision(torch.zeros(2, 3, 48, 32))
    with pytest.raises(ValueError, match=r"uint8, expected floating point"):
        vision(torch.zeros(2, 3, 32, 32, dtype=torch.uint8))


def test_an_empty_or_over_long_command(language):
    for empty in ("", "  \n"):
        with pytest.raises(ValueError, match="command 1 is .*, expected a sentence"):
            language.tokenize(["stand still", empty])
    language.tokenize(["the " * (LONGEST - 2)])
    with pytest.raises(
        ValueError, match=f"command 0 has {LONGEST + 1} pieces of words, expected {LONGEST} at most"
    ):
        language.tokenize(["the " * (LONGEST - 1)])
    with pytest.raises(ValueError, match="one text, expected a list"):
        language.tokenize("stand still")
