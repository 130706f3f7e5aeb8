"""Exercises that are methods of torch modules: stubs, isolation, checks, variants, mutants and grading carry them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.course.conftest import Course, write
from vla_course.course.checking import checking
from vla_course.course.checking.checking import check, run_tests
from vla_course.course.manifest import load_manifest
from vla_course.course.source.stubs import write_stubs
from vla_course.course.source.variants import build_submission, read_variants
from vla_course.grading.judging.grade_one import grade_submission
from vla_course.grading.mutation.mutant_gate import run_mutants
from vla_course.grading.worker.sandbox import choose_sandbox

MANIFEST = """
[[day]]
number = 1
folder = "day1_numbers"
title = "Models"

[[exercise]]
id = "1.1"
title = "Layers"
file = "model.py"
symbol = "Blend.__init__"
points = 2
minutes = 5
difficulty = 1
objective = "Build."
systems = ["S1"]
hints = ["Three layers."]

[[exercise]]
id = "1.2"
title = "Blending"
file = "model.py"
symbol = "Blend.forward"
points = 4
minutes = 5
difficulty = 1
objective = "Blend."
systems = ["S1"]
hints = ["Multiply."]
[exercise.mistakes]
detached = "A detached tensor teaches nobody."
added = "Multiply."
"""

MODEL = '''"""A model of two inputs."""

import torch
from torch import nn

from vla_course.course.exercise import NotAttempted, exercise


class Sized(nn.Module):
    """Knows its width."""

    def __init__(self, width):
        super().__init__()
        self.width = width


class Blend(Sized):
    """Two inputs, one output."""

    @exercise("1.1")
    def __init__(self, width=4):
        """Two layers from 3 to `width`, one from `width` to 2."""
        # BEGIN SOLUTION
        super().__init__(width)
        self.left = nn.Linear(3, width)
        self.right = nn.Linear(3, width)
        self.out = nn.Linear(width, 2)
        # END SOLUTION

    @exercise("1.2")
    def forward(self, left, right):
        """Return the output (batch, 2) of the product of both."""
        # BEGIN SOLUTION
        return self.out(torch.tanh(self.left(left) * self.right(right)))
        # END SOLUTION
'''

TEST_1_1 = """
import torch

from vla_course.course.checking.judging import expect, graded


@graded("1.1", points=2, says="the layers have the right sizes")
def test_sizes(student):
    shapes = {name: tuple(value.shape) for name, value in student.Blend(5).state_dict().items()}
    for name in ("left", "right"):
        expect(shapes.get(f"{name}.weight") == (5, 3), f"three numbers come from the {name}", got=shapes)
    expect(shapes.get("out.weight") == (2, 5), "two outputs", got=shapes)
    expect(student.Blend().width == 4, "four is the width by default")
"""

TEST_1_2 = """
import torch

from vla_course.course.checking.gradients import expect_gradients
from vla_course.course.checking.judging import expect, expect_close, graded


def inputs(rng):
    return [torch.from_numpy(rng.normal(size=(5, 3))) for _ in range(2)]


@graded("1.2", points=2, says="both inputs count, and so do their gradients")
def test_gradients(student, rng):
    model = student.Blend().double().eval()
    reach = {"the left": 0, "the right": 1}
    expect_gradients(model, inputs(rng), reach=reach, rng=rng, detached="detached")


@graded("1.2", points=2, says="the output is the blend")
def test_values(student, rng):
    model = student.Blend().double()
    weights = model.state_dict()
    left, right = inputs(rng)

    def layer(name, value):
        return value @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    one, other = layer("left", left), layer("right", right)
    blend, added = (layer("out", torch.tanh(both)) for both in (one * other, one + other))
    expect_close(model(left, right), blend, what="blend", mistakes={"added": added})
"""

VARIANTS = '''
"""Answers to 1.2."""

import torch

from vla_course.course.source.variants import right, wrong


@wrong("detached")
def forward(self, left, right):
    return self.out(torch.tanh(self.left(left) * self.right(right).detach()))


@wrong("added")
def forward(self, left, right):
    return self.out(torch.tanh(self.left(left) + self.right(right)))


@right("in-steps")
def forward(self, left, right):
    blended = torch.mul(self.right(right), self.left(left))
    return self.out(blended.tanh())
'''


@pytest.fixture
def models(course: Course) -> Iterator[Course]:
    graded = course.root.graded
    for path in [*graded.rglob("*.py"), course.solution("stats.py"), course.solution("scale.py")]:
        path.unlink()
    write(course.root.manifest, MANIFEST)
    write(course.solution("model.py"), MODEL)
    write(graded / "shown" / "day1_numbers" / "test_1_1_layers.py", TEST_1_1)
    write(graded / "shown" / "day1_numbers" / "test_1_2_blending.py", TEST_1_2)
    write(graded / "variants" / "day1_numbers" / "blend_1_2.py", VARIANTS)
    write_stubs(course.root)
    yield course
    checking.STANDBY.close()


def solve_forward(models: Course, product: str) -> None:
    """Answer 1.2 on the desk; the constructor, with its `super()`, stays a stub."""
    text = models.file("model.py").read_text()
    line = next(line for line in text.splitlines() if 'raise NotAttempted("1.2")' in line)
    models.file("model.py").write_text(text.replace(line, f"        return self.out(torch.tanh({product}))"))


def test_a_stub_of_a_module_is_not_attempted(models: Course) -> None:
    stub = models.file("model.py").read_text()
    assert stub.count("raise NotAttempted") == 2
    assert "self.out" not in stub
    assert check("1.1").status == "not attempted"


def test_a_mistake_in_the_constructor_costs_once(models: Course) -> None:
    models.file("model.py").write_text(MODEL.replace("nn.Linear(width, 2)", "nn.Linear(width, 3)"))
    assert check("1.1").status == "wrong"
    assert check("1.2").status == "correct"


def test_variants_of_a_method_raise_their_hints(models: Course, tmp_path: Path) -> None:
    exercise = load_manifest(models.root).exercise("1.2")
    for variant in read_variants(models.root, exercise):
        submission = build_submission(models.root, exercise, variant, tmp_path / variant.name)
        (verdict,) = run_tests("1.2", root=models.root, submission=submission)
        points, named = {"detached": (2, "detached"), "added": (2, "added"), "in-steps": (4, None)}[
            variant.name
        ]
        assert verdict.points == points, verdict
        assert next((part.mistake for part in verdict.properties if part.mistake), None) == named


def test_an_untrained_model_fails_by_as_much_every_time(models: Course) -> None:
    solve_forward(models, "self.left(left) + self.right(right)")
    first, again = (check("1.2").properties[1].message for _ in range(2))
    assert first.startswith("blend is off by")
    assert first == again


def test_grading_runs_the_students_forward_on_the_references_constructor(models: Course) -> None:
    solve_forward(models, "self.left(left) * self.right(right.detach())")
    graded = grade_submission(models.root.stubs, seed=5, sandbox=choose_sandbox(), root=models.root)
    assert [exercise.status for exercise in graded.exercises] == ["not attempted", "partly"]
    assert graded.exercises[1].points == 2
    assert [test.mistake for test in graded.exercises[1].tests] == ["detached", None]


def test_mutants_of_methods_die(models: Course) -> None:
    for kills in run_mutants(models.root, ["1.1", "1.2"], seed=0, sample=None, processes=1):
        assert kills.made > 5
        assert not kills.survivors, [str(survivor) for survivor in kills.survivors]


def test_the_next_check_of_a_day_with_torch_is_run_by_the_child_that_stands_by(models: Course) -> None:
    models.file("model.py").write_text(MODEL)
    standby = checking.STANDBY
    assert check("1.1").status == "correct"
    ready = standby._ready
    assert ready is not None
    models.file("model.py").write_text(
        MODEL.replace("def forward(", "def forward((")
    )  # read when it is asked for
    assert check("1.2").status == "does not load"
    assert ready.returncode == 0
    ready = standby._ready
    assert ready is not None
    ready.kill()  # whoever stands by may die: the check is not hurt by it
    ready.wait()
    models.file("model.py").write_text(MODEL)
    assert check("1.2").status == "correct"
