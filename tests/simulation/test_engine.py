"""The physics library keeps quiet, and nobody else is kept quiet for it."""

import os
import subprocess
import sys

import pytest


def run(script: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, **options
    )


def test_a_program_has_the_last_word_on_its_output_and_nothing_comes_beside_it():
    said = run("from vla_course.simulation.world.world import World\nWorld().close()\nprint('done')")
    assert (said.stdout, said.stderr) == ("done\n", "")


def test_what_is_written_before_and_after_the_import_arrives_in_its_order():
    said = run(
        "import os, sys\n"
        "print('first')\nprint('one', file=sys.stderr)\n"
        "import vla_course.simulation.world.engine\n"
        "print('second')\nos.write(2, b'two\\n')"
    )
    assert (said.stdout, said.stderr) == ("first\nsecond\n", "one\ntwo\n")


LOUD = """
import os, sys
os.write(2, b"pybullet build time: Jan 29 2025\\n")
os.write(1, b"pybullet build time: Jan 29 2025\\n")
os.write(2, b"a warning of the import\\n")
{more}
"""


def test_whatever_else_the_import_says_is_passed_on(tmp_path):
    (tmp_path / "pybullet.py").write_text(LOUD.format(more=""))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.getcwd()])}
    said = run(
        "import vla_course.simulation.world.engine as engine; print(engine.pybullet.__file__)",
        env=environment,
    )
    assert said.stdout == f"{tmp_path / 'pybullet.py'}\n"
    assert said.stderr == "a warning of the import\n"


def test_an_import_that_says_a_great_deal_goes_on(tmp_path):
    (tmp_path / "pybullet.py").write_text(LOUD.format(more="os.write(2, b'so much\\n' * 10**6)"))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.getcwd()])}
    said = run("import vla_course.simulation.world.engine; print('done')", env=environment)
    assert said.stdout == "done\n"
    assert "so much" in said.stderr


def test_an_import_that_fails_says_why(tmp_path):
    (tmp_path / "pybullet.py").write_text(LOUD.format(more="raise ImportError('no such engine')"))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.getcwd()])}
    with pytest.raises(subprocess.CalledProcessError) as caught:
        run("import vla_course.simulation.world.engine", env=environment)
    assert "ImportError: no such engine" in caught.value.stderr
    assert "a warning of the import" in caught.value.stderr


def test_a_process_without_standard_error_imports_it_too():
    said = run("import os; os.close(2); import vla_course.simulation.world.engine; print('done')")
    assert said.stdout == "done\n"
