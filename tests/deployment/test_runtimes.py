"""The networks in other runtimes: the same actions, the same faces, and no engine of another model."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from vla_course.deployment.runtimes.engines import EngineFault, check, engine_path
from vla_course.deployment.runtimes.frames import Frame, frames_of
from vla_course.deployment.runtimes.measuring import Measured, Parity, best, parity
from vla_course.deployment.runtimes.model import OptimizedVLAModel
from vla_course.deployment.runtimes.networks import EYES, FINDER, POLICY, Network, Shipped
from vla_course.deployment.runtimes.variants import VARIANTS, Workshop, check_variant
from vla_course.learning.planned.learned import LearnedGrounder
from vla_course.learning.policy.actor import Actor
from vla_course.learning.policy.files import load_policy
from vla_course.obey import policies

HERE = [name for name, variant in VARIANTS.items() if not variant.missing()]
QUICK = [name for name in HERE if name != "compiled"]


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def shipped() -> Shipped:
    return Shipped.load()


@pytest.fixture(scope="module")
def frames(shipped: Shipped) -> tuple[list[Frame], list[Frame]]:
    """Frames to calibrate with, and frames held out."""
    return frames_of(shipped, np.random.default_rng(0), count=24)


@pytest.fixture(scope="module")
def workshop(
    shipped: Shipped, frames: tuple[list[Frame], list[Frame]], tmp_path_factory: pytest.TempPathFactory
) -> Workshop:
    return Workshop(shipped, tmp_path_factory.mktemp("engines"), frames[0])


@pytest.fixture(scope="module")
def models(workshop: Workshop) -> dict[str, OptimizedVLAModel]:
    return {name: OptimizedVLAModel.load(name, workshop=workshop) for name in QUICK}


def test_frames_to_measure_on_are_of_other_scenes_than_those_to_calibrate_with(
    frames: tuple[list[Frame], list[Frame]],
) -> None:
    learn, out = frames
    assert len(learn) == len(out) == 24
    seen = {frame.rgb.tobytes() for frame in learn}
    assert not any(frame.rgb.tobytes() in seen for frame in out)


def test_in_torch_it_is_what_the_course_ships_to_the_bit(
    models: dict[str, OptimizedVLAModel], frames: tuple[list[Frame], list[Frame]]
) -> None:
    policy, eyes, model = load_policy(), LearnedGrounder.load(), models["torch"]
    for frame in frames[1][:6]:
        assert torch.equal(model(frame.known), policy(frame.known))
        mine = model.ground(model.encode(frame.rgb, frame.sentence), "thing").grounding
        true = eyes.ground(eyes.encode(frame.rgb, frame.sentence), "thing").grounding
        assert torch.allclose(mine.pixels, true.pixels, atol=1e-3)
        assert torch.allclose(mine.shows, true.shows, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "action", "pixel"),
    [("onnx", 1e-4, 0.01), ("bfloat16", 0.05, 16.0), ("int8-dynamic", 0.1, 16.0), ("int8-static", 0.3, 16.0)],
)
def test_on_frames_held_out_actions_are_near_those_of_torch(
    name: str,
    action: float,
    pixel: float,
    models: dict[str, OptimizedVLAModel],
    frames: tuple[list[Frame], list[Frame]],
) -> None:
    if name not in models:
        pytest.skip(VARIANTS[name].missing())
    found = parity(models[name], models["torch"], frames[1])
    assert 0.0 < found.action < action
    assert found.pixel < pixel
    assert found.frames == 24


def test_in_8_bits_the_policy_is_smaller_and_not_the_same(
    models: dict[str, OptimizedVLAModel], frames: tuple[list[Frame], list[Frame]]
) -> None:
    assert models["int8-dynamic"].size < 0.6 * models["onnx"].size
    assert models["int8-static"].size < 0.5 * models["onnx"].size
    whole, eight = (parity(models[name], models["torch"], frames[1]) for name in ("onnx", "int8-dynamic"))
    assert eight.action > 100.0 * whole.action


def test_only_products_are_in_8_bits(workshop: Workshop, models: dict[str, OptimizedVLAModel]) -> None:
    kinds = {
        (name, variant): {
            node.op_type for node in onnx.load(engine_path(network, variant, workshop.folder)).graph.node
        }
        for name, network in workshop.shipped.networks.items()
        for variant in ("int8-dynamic", "int8-static")
    }
    assert not any("ConvInteger" in found for found in kinds.values())
    assert "MatMulInteger" in kinds[POLICY, "int8-dynamic"]
    assert "QuantizeLinear" in kinds[EYES, "int8-static"]
    assert all("LayerNormalization" in kinds[POLICY, one] for one in ("int8-dynamic", "int8-static"))


def test_it_acts_in_the_place_of_the_network(
    models: dict[str, OptimizedVLAModel], frames: tuple[list[Frame], list[Frame]]
) -> None:
    """An actor decides with it, a prefix committed or not, as with the network itself."""
    inputs = {
        name: value[0].numpy()
        for name, value in frames[1][0].known.items()
        if name not in ("committed", "given")
    }
    decided = []
    for network in (load_policy(), models["onnx"]):
        actor = Actor.__new__(Actor)  # no robot: what it decides depends on its inputs alone
        actor._network = network
        first = actor.decided(inputs)
        decided.append((first, actor.decided(inputs, first[:3])))
    for mine, true in zip(*decided, strict=True):
        np.testing.assert_allclose(mine, true, atol=1e-4)


def test_a_sentence_is_read_once(
    models: dict[str, OptimizedVLAModel], frames: tuple[list[Frame], list[Frame]]
) -> None:
    model, frame = models["onnx"], frames[1][0]
    first = model.encode(frame.rgb, "pick up the red cup")
    assert model.encode(frame.rgb, "pick up the red cup").queries is first.queries
    assert not torch.equal(model.encode(frame.rgb, "point at the blue box").queries, first.queries)


def test_more_decisions_than_one_are_refused(
    models: dict[str, OptimizedVLAModel], frames: tuple[list[Frame], list[Frame]]
) -> None:
    two = {name: torch.cat((value, value)) for name, value in frames[1][0].known.items()}
    with pytest.raises(ValueError, match="of 2 decisions, expected 1"):
        models["onnx"](two)


# ---- engines that are not to be believed -----------------------------------------------------------


def test_an_engine_of_other_weights_is_refused(
    workshop: Workshop, models: dict[str, OptimizedVLAModel]
) -> None:
    network = workshop.shipped.networks[POLICY]
    other = replace(network, weights="0123456789abcdef")
    path = engine_path(network, "float32", workshop.folder)
    with pytest.raises(EngineFault, match=r"float32.onnx is of another model: its weights are"):
        check(path, other)
    finder = engine_path(workshop.shipped.networks[FINDER], "float32", workshop.folder)
    with pytest.raises(EngineFault, match=r"is of another model: its network are finder, expected policy"):
        check(finder, network)


def test_an_engine_in_the_place_of_another_is_refused(
    workshop: Workshop, models: dict[str, OptimizedVLAModel], tmp_path: Path
) -> None:
    """Somebody has trained anew, and copied the old engines to where the new ones belong."""
    networks = {
        name: replace(one, weights="0123456789abcdef") for name, one in workshop.shipped.networks.items()
    }
    for name, old in workshop.shipped.networks.items():
        whole = engine_path(old, "float32", workshop.folder).read_bytes()
        engine_path(networks[name], "float32", tmp_path).write_bytes(whole)
    anew = Workshop(replace(workshop.shipped, networks=networks), tmp_path)
    with pytest.raises(EngineFault, match="is of another model"):
        OptimizedVLAModel.load("onnx", workshop=anew)


def test_an_engine_with_other_inputs_is_refused(
    workshop: Workshop, models: dict[str, OptimizedVLAModel]
) -> None:
    network = workshop.shipped.networks[EYES]
    larger = replace(network, inputs={"rgb": torch.zeros(3, 192, 192, 3, dtype=torch.uint8)})
    with pytest.raises(EngineFault, match="its inputs are"):
        check(engine_path(network, "float32", workshop.folder), larger)


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9, 0.999])
def test_an_engine_that_was_cut_off_is_refused_wherever(
    part: float, workshop: Workshop, models: dict[str, OptimizedVLAModel], tmp_path: Path
) -> None:
    network = workshop.shipped.networks[FINDER]
    path = engine_path(network, "float32", tmp_path)
    whole = engine_path(network, "float32", workshop.folder).read_bytes()
    path.write_bytes(whole[: int(part * len(whole))])
    with pytest.raises(EngineFault, match="delete it, and it is made anew"):
        check(path, network)


def test_engines_are_made_once(workshop: Workshop, models: dict[str, OptimizedVLAModel]) -> None:
    paths = sorted(workshop.folder.iterdir())
    assert {path.suffix for path in paths} == {".onnx"}
    before = {path: path.stat().st_mtime_ns for path in paths}
    OptimizedVLAModel.load("int8-dynamic", workshop=workshop)
    assert before == {path: path.stat().st_mtime_ns for path in sorted(workshop.folder.iterdir())}


# ---- what a machine has ----------------------------------------------------------------------------


def test_what_is_missing_says_why_in_a_sentence() -> None:
    for name, variant in VARIANTS.items():
        why = variant.missing()
        assert "\n" not in why
        if why:
            with pytest.raises(ValueError, match=f"runtime '{name}' is not to be had here"):
                check_variant(name)
    with pytest.raises(ValueError, match="runtime is 'tflite', expected one of: torch,"):
        check_variant("tflite")


def test_a_peer_that_is_installed_and_does_not_load_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def find_spec(self, name: str, *_: object) -> None:
            if name in ("openvino", "tensorrt"):
                raise OSError("libcuda.so.1: cannot open shared object file")

    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert "libcuda" in VARIANTS["tensorrt"].missing()
    assert "libcuda" in VARIANTS["openvino"].missing()


def test_onnx_runtime_reports_to_nobody_and_has_no_thread() -> None:
    program = (
        "import os\nfrom vla_course.deployment.runtimes.onnx_runtime import runtime\nruntime()\n"
        "print(os.environ['ORT_DISABLE_TELEMETRY'], len(os.listdir('/proc/self/task')))"
    )
    if not Path("/proc/self/task").is_dir():
        pytest.skip("threads are counted in /proc")
    environment = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"} | {
        "OMP_NUM_THREADS": "1"
    }
    told = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
    )
    assert told.stdout.split() == ["1", "1"], "the variable, and one thread: that of Python"


def test_who_asks_for_a_runtime_that_cannot_be_is_told() -> None:
    with pytest.raises(ValueError, match="runtime is 'onnx' for planned, expected 'direct'"):
        policies.shipped("planned", runtime="onnx")
    with pytest.raises(ValueError, match="runtime is 'tflite', expected one of: torch,"):
        policies.shipped("direct", runtime="tflite")


# ---- which is best ---------------------------------------------------------------------------------


def _measured(variant: str, p95: float, size: int, action: float) -> Measured:
    return Measured(variant, 0.8 * p95, p95, size, Parity(action, action / 10.0, 0.1, 0.01, 50))


def test_the_best_is_the_quickest_that_is_faithful_and_the_sentence_says_so() -> None:
    torch_, onnx_ = _measured("torch", 6.0, 10, 0.0), _measured("onnx", 3.0, 10, 1e-6)
    wild = _measured("int8-static", 1.0, 4, 0.3)
    name, why = best([torch_, onnx_, wild])
    assert name == "onnx"
    assert "3 ms a decision at p95 where torch takes 6" in why
    assert "int8-static would be 2.5 times as small, and is not faithful enough" in why


def test_slower_after_quantising_is_told() -> None:
    slow = _measured("int8-dynamic", 4.0, 5, 0.04)
    name, why = best([_measured("torch", 6.0, 10, 0.0), _measured("onnx", 3.0, 10, 1e-6), slow])
    assert name == "onnx"
    assert "int8-dynamic would be 2 times as small, and is no quicker" in why


def test_of_those_that_are_as_quick_the_smallest_is_taken() -> None:
    alike = _measured("int8-dynamic", 3.05, 5, 0.04)
    assert (
        best([_measured("torch", 6.0, 10, 0.0), _measured("onnx", 3.0, 10, 1e-6), alike])[0] == "int8-dynamic"
    )
    assert best([_measured("torch", 2.0, 10, 0.0)])[0] == "torch"
    with pytest.raises(ValueError, match="expected torch among them"):
        best([alike])


# ---- whose weights ---------------------------------------------------------------------------------


def test_inputs_have_the_names_shapes_and_types_that_a_policy_is_given(
    shipped: Shipped, frames: tuple[list[Frame], list[Frame]]
) -> None:
    network: Network = shipped.networks[POLICY]
    for frame in (*frames[0], *frames[1]):
        assert {name: (one.shape, one.dtype) for name, one in frame.known.items()} == {
            name: (one.shape, one.dtype) for name, one in network.inputs.items()
        }
    assert {int(frame.known["given"][0]) for frame in frames[1]} == {0, 1, 2, 3, 4}
