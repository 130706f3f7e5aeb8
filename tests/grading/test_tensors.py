"""Tensors cross as values, modules stay in the worker, and torch is loaded by whoever meets the first tensor."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import ModuleType

import numpy as np
import pytest
import torch

from tests.grading.attacks import corpus
from vla_course.course.checking.beside import beside
from vla_course.course.checking.gradients import Gradients, expect_gradients, gradients
from vla_course.course.checking.judging import Mismatch, expect_close
from vla_course.grading.worker import values
from vla_course.grading.worker.proxy import Remote
from vla_course.grading.worker.sandbox import Job, Sandbox, choose_sandbox
from vla_course.grading.worker.session import Session
from vla_course.grading.worker.stage import stage_of
from vla_course.grading.worker.tensors import DTYPES
from vla_course.grading.worker.values import Decoder, Encoder, Unsendable, WireError
from vla_course.grading.worker.wire import pack, unpack

Open = Callable[..., Session]
DTYPE_OF = [getattr(torch, name) for name in DTYPES]


def there_and_back(value: object) -> object:
    frame = pack(Encoder().encode(value))
    return Decoder(no_object).decode(unpack(frame[4:]))


def no_object(number: int) -> object:
    raise WireError("no object is expected here")


@pytest.mark.parametrize("dtype", DTYPE_OF, ids=str)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3, 4)], ids=str)
def test_tensors_keep_type_shape_and_numbers(dtype: torch.dtype, shape: tuple[int, ...]) -> None:
    tensor = (4.0 * torch.rand(shape, generator=torch.Generator().manual_seed(1))).to(dtype)
    got = there_and_back(tensor)
    assert isinstance(got, torch.Tensor)
    assert (got.dtype, got.shape) == (tensor.dtype, tensor.shape)
    assert torch.equal(got, tensor)


def test_not_a_number_and_every_bit_of_a_number_cross() -> None:
    tensor = torch.tensor([float("nan"), float("inf"), -0.0, 1e-45, 0.1])
    got = there_and_back(tensor)
    assert isinstance(got, torch.Tensor)
    assert torch.equal(got.view(torch.int32), tensor.view(torch.int32))


def test_views_parameters_and_what_requires_a_gradient_cross_as_their_numbers() -> None:
    whole = torch.arange(12.0).reshape(3, 4)
    expanded, turned = torch.ones(2, 1).expand(2, 3), whole.to(torch.complex64).conj()
    for tensor in (whole.T[::2], expanded, turned, torch.nn.Parameter(whole)):
        got = there_and_back(tensor)
        assert type(got) is torch.Tensor
        assert torch.equal(got, tensor)
        assert not got.requires_grad


def test_a_state_dict_and_types_of_numbers_cross() -> None:
    state = torch.nn.Linear(3, 2).state_dict()
    got = there_and_back(state)
    assert type(got) is dict
    assert all(torch.equal(got[name], state[name]) for name in state)
    assert there_and_back([torch.bfloat16, torch.bool]) == [torch.bfloat16, torch.bool]
    assert there_and_back(torch.zeros(2, 3).shape) == (2, 3)


@pytest.mark.parametrize(
    "tensor",
    [
        torch.zeros(values.MAX_ARRAY_BYTES + 1, dtype=torch.uint8),
        torch.zeros((1,) * 9),
        torch.zeros(3, device="meta"),
        torch.eye(3).to_sparse(),
        torch.zeros(2, dtype=torch.float8_e4m3fn),
    ],
    ids=["large", "deep", "meta", "sparse", "float8"],
)
def test_tensors_that_may_not_cross_are_refused(tensor: torch.Tensor) -> None:
    with pytest.raises(Unsendable):
        Encoder().encode([tensor])


@pytest.mark.parametrize(
    "inner",
    [
        [],
        [7],
        [99, 1, b"1234"],
        [-1, 1, b"1"],
        [True, 1, b"1"],
        ["float32", 1, b"1234"],
        [7, 2, b"1234"],
        [7, -1, -1, b"1234"],
        [7, 2**40, 0, b""],
        [7, *[2**25] * 7, 0, b""],
        [7, 1.0, b"1234"],
        [7, 1, "1234"],
        [7, *[1] * 9, b"1234"],
    ],
    ids=repr,
)
def test_rubbish_is_no_tensor(inner: list[object]) -> None:
    with pytest.raises(WireError):
        Decoder(no_object).decode([values.TENSOR, *inner])
    with pytest.raises(WireError):
        Decoder(no_object).decode([values.DTYPE, *inner[:1], "more"])


def test_a_bool_is_false_or_true_whatever_its_byte() -> None:
    got = Decoder(no_object).decode([values.TENSOR, 0, 3, b"\x00\x01\x07"])
    assert got.dtype is torch.bool
    assert got.view(torch.uint8).tolist() == [0, 1, 1]


def test_what_has_no_tensor_loads_no_torch() -> None:
    script = """
import sys
import numpy as np
import vla_course.course.checking.gradients, vla_course.course.checking.plugin, vla_course.grading.judging.judge
from vla_course.course.checking.judging import expect_close
from vla_course.grading.worker.session import Session
from vla_course.grading.worker.values import Decoder, Encoder
tree = Encoder().encode([1, "two", np.zeros(3), {"four": (None, 5.0)}])
Decoder(None).decode(tree)
expect_close(np.ones(2), [1.0, 1.0], what="ones")
print("torch" in sys.modules)
"""
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert told == "False\n"


HEAD = """
import sys

import numpy as np
import torch
from torch import nn

from vla_course.course.exercise import NotAttempted, exercise

"""
TAIL = '\n\n@exercise("1.1")\ndef mean(values):\n    return float(np.mean(values))\n'

SOURCE = '''
class Blend(nn.Module):
    """Two inputs, a network, an output."""

    def __init__(self, width=4):
        super().__init__()
        self.left, self.right = nn.Linear(3, width), nn.Linear(3, width)
        self.out = nn.Linear(width, 2)

    def forward(self, left, right):
        return self.out(torch.tanh(self.left(left) * self.right(right)))

    def parts(self, cameras, scale):
        return {"actions": self.out(torch.tanh(sum(map(self.left, cameras)))) * scale["by"], "width": 4}


def halve(tensor):
    tensor /= 2
    return tensor.sum()


def kind(tensor):
    return f"{tensor.dtype} {tuple(tensor.shape)} {tensor.requires_grad}"


def draw():
    return torch.rand(3)


def threads():
    return torch.get_num_threads()
'''


LOST = """
class Whole(Blend):
    def forward(self, left, right):
        return self.join(self.left(left), self.right(right))

    def join(self, left, right):
        return self.out(torch.tanh(left * right))

class Detached(Whole):
    def join(self, left, right):
        return super().join(left, right.detach())

class Data(Whole):
    def join(self, left, right):
        return super().join(left, right.data)

class Partly(Whole):
    def join(self, left, right):
        return super().join(left, right + right.detach())

class Unused(Whole):
    def join(self, left, right):
        return super().join(left, torch.ones_like(right))

class Without(Whole):
    @torch.no_grad()
    def join(self, left, right):
        return super().join(left, right)
"""
SAID = {
    "Whole": "nothing",
    "Detached": "detached: no gradient reaches the right",
    "Data": "detached: no gradient reaches the right",
    "Partly": "detached: only part of the gradient reaches the right",
    "Unused": "unused: the output does not depend on the right",
    "Without": "detached: no gradient reaches the left",
}


FORGE = """
import vla_course.course.checking.gradients as frame

FORGERIES = {
    "ones": lambda value: torch.ones_like(value),
    "zeros": lambda value: torch.zeros_like(value),
    "not numbers": lambda value: torch.full_like(value, float("nan")),
    "endless": lambda value: torch.full_like(value, float("inf")),
    "of another shape": lambda value: torch.zeros(1),
    "text": lambda value: "the gradient",
    "twice": lambda value: 2.0 * value,
    "an array": lambda value: np.ones(tuple(value.shape)),
    "none": lambda value: None,
}
ANSWERS = {"nothing": None, "a number": 3, "no list": frame.Gradients(0, 0), "a short one": frame.Gradients(0, [])}
HONEST = frame.followed_back

def forge(name):
    def forged(function, arguments, cotangent, of):
        if name in ANSWERS:
            return ANSWERS[name]
        return frame.Gradients(None, [FORGERIES[name](each) for each in arguments])

    frame.followed_back = forged

def be_honest():
    frame.followed_back = HONEST

def forgeries():
    return [*FORGERIES, *ANSWERS]
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> corpus.Place:
    return corpus.make_place(tmp_path_factory.mktemp("worked"))


@pytest.fixture(scope="module")
def open_session(place: corpus.Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Start a worker on a module: its text beyond the imports. Each costs the seconds that torch takes to load."""
    stage = stage_of(place.root)
    with ExitStack() as stack:

        def start(
            source: str = SOURCE + LOST + FORGE,
            *,
            sandbox: Sandbox | None = None,
            head: str = HEAD,
            **told: bool,
        ) -> Session:
            day = tmp_path_factory.mktemp("desk") / place.day
            day.mkdir()
            (day / "__init__.py").touch()
            (day / "first.py").write_text(head + source + TAIL)
            job = Job(
                stage.course, day.parent, stage.reference("1.1"), "1.1", place.day, "first.py", "mean", 20.0
            )
            return stack.enter_context(Session(sandbox or choose_sandbox(), job, 20.0, **told))

        yield start


@pytest.fixture(scope="module")
def session(open_session: Open) -> Session:
    """The worker that most tests share, in the best sandbox there is."""
    return open_session()


@pytest.mark.parametrize("level", ["bubblewrap", "limits"])
def test_a_model_lives_in_the_worker_and_answers_with_tensors(open_session: Open, level: str) -> None:
    if level == "bubblewrap" and choose_sandbox().level != "bubblewrap":
        pytest.skip("there is no bubblewrap here")
    student = open_session(sandbox=Sandbox(level)).student()
    model = student.Blend(width=5)
    assert isinstance(model, Remote)
    left, right = torch.randn(7, 3), torch.randn(7, 3)
    twin = Blend(5)
    twin.load_state_dict(model.state_dict())
    assert torch.equal(model(left, right), twin(left, right))
    assert torch.equal(model.forward(left, right=right), twin(left, right))
    fresh = Blend(5)
    model.load_state_dict(fresh.state_dict())
    assert torch.equal(model(left, right), fresh(left, right))
    assert sum(part.numel() for part in model.parameters()) == sum(
        part.numel() for part in fresh.parameters()
    )
    assert {name: part.shape for name, part in model.named_parameters()}.keys() == fresh.state_dict().keys()
    assert (model.training, model.eval().training) == (True, False)
    assert model.to(torch.float64)(left.double(), right.double()).dtype is torch.float64
    assert torch.equal(model.out.weight, fresh.out.weight)
    assert student.threads() == 1


def test_a_tensor_arrives_as_it_is_but_for_its_wish_for_a_gradient(session: Session) -> None:
    student = session.student()
    assert student.kind(torch.zeros(2, 3, dtype=torch.bfloat16)) == "torch.bfloat16 (2, 3) False"
    assert student.kind(torch.zeros(0, requires_grad=True)) == "torch.float32 (0,) False"


def test_tensors_that_are_changed_there_stay_as_they_are_here(session: Session) -> None:
    whole = torch.arange(1.0, 7.0).reshape(2, 3)
    assert session.student().halve(whole[:, 1]) == 3.5
    assert whole.tolist() == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    assert session.changed


def test_chance_in_the_worker_begins_where_it_is_told(session: Session) -> None:
    student = session.student()
    session.seed(2**62)
    first = student.draw()
    assert not torch.equal(student.draw(), first)
    session.seed(2**62)
    assert torch.equal(student.draw(), first)


def test_a_worker_without_tensors_does_not_load_torch(open_session: Open) -> None:
    head = "import sys\nimport numpy as np\nfrom vla_course.course.exercise import exercise\n"
    session = open_session("def loaded():\n    return 'torch' in sys.modules\n", head=head)
    session.seed(1)
    assert session.student().mean(np.ones(3)) == 1.0
    assert session.student().loaded() is False


def test_the_frames_own_objects_are_made_beside_the_student(session: Session) -> None:
    student = session.student()
    made = beside(student, Gradients)
    assert isinstance(made, Remote)
    assert beside(student, expect_close)(1.0, 1.0, what="one") is None
    for unknown in (there_and_back, Remote.__call__, len):
        with pytest.raises(ValueError, match="expected a function or class at the top level of vla_course"):
            beside(student, unknown)
    assert beside(torch, Gradients) is Gradients  # in a notebook there is one side only


class Blend(torch.nn.Module):
    """The same as the student's, trusted."""

    def __init__(self, width: int = 4) -> None:
        super().__init__()
        self.left, self.right = torch.nn.Linear(3, width), torch.nn.Linear(3, width)
        self.out = torch.nn.Linear(width, 2)

    def forward(self, left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
        return self.out(torch.tanh(self.left(left) * self.right(right)))


def inputs(rng: np.random.Generator) -> list[torch.Tensor]:
    return [torch.from_numpy(rng.normal(size=(5, 3))) for _ in range(2)]


def told(function: object, arguments: list[object], **more: object) -> str:
    try:
        expect_gradients(
            function, arguments, reach={"the left": 0, "the right": 1}, rng=np.random.default_rng(3), **more
        )
    except Mismatch as mismatch:
        return f"{mismatch.mistake}: {mismatch.message}"
    return "nothing"


@pytest.mark.parametrize("where", ["notebook", "worker"])
def test_a_gradient_that_is_lost_on_the_way_is_noticed(session: Session, where: str) -> None:
    student = session.student()
    if where == "notebook":
        student = ModuleType("first")
        exec(HEAD + SOURCE + LOST, vars(student))
    arguments = inputs(np.random.default_rng(1))
    for name, said in SAID.items():
        model = getattr(student, name)().double()
        assert told(model, arguments, detached="detached", unused="unused").startswith(said), name


def test_gradients_are_those_of_the_trusted_model(session: Session) -> None:
    model = session.student().Blend().double()
    twin = Blend().double()
    twin.load_state_dict(model.state_dict())
    left, right = inputs(np.random.default_rng(2))
    cotangent = torch.linspace(-1.0, 1.0, 10, dtype=torch.float64).reshape(5, 2)
    got = gradients(model, [left, right], cotangent=cotangent)
    left.requires_grad_()
    (twin(left, right) * cotangent).sum().backward()
    expect_close(got.inputs[0], left.grad, what="gradient", atol=1e-12)
    assert torch.equal(got.output, twin(left, right).detach())
    assert right.grad is None


def test_gradients_go_into_lists_and_dicts_and_out_of_a_part(session: Session) -> None:
    model = session.student().Blend().double()
    rng = np.random.default_rng(4)
    cameras, scale = (
        [torch.from_numpy(rng.normal(size=(2, 3))) for _ in range(3)],
        {"by": torch.tensor(2.0).double()},
    )
    cotangent = torch.ones(2, 2)
    got = gradients(model.parts, [cameras, scale], cotangent=cotangent, of="actions")
    assert [gradient.shape for gradient in got.inputs[0]] == [(2, 3)] * 3
    reach = {"the chest camera": (0, 1), "the scale": (1, "by")}
    expect_gradients(model.parts, [cameras, scale], reach=reach, rng=rng, of="actions")
    with pytest.raises(TypeError, match="of type int, expected a tensor"):
        gradients(model.parts, [cameras, scale], cotangent=cotangent, of="width")


def test_slopes_are_not_measured_in_float32() -> None:
    with pytest.raises(ValueError, match=r"the left is torch\.float32, expected a float64 tensor"):
        told(Blend(), [torch.zeros(5, 3), torch.zeros(5, 3)])


def test_a_forged_gradient_earns_nothing(session: Session) -> None:
    student = session.student()
    model = student.Blend().double()
    for name in student.forgeries():
        student.forge(name)
        assert "gradient" in told(model, inputs(np.random.default_rng(1))), name
    student.be_honest()
    assert told(model, inputs(np.random.default_rng(1))) == "nothing"
