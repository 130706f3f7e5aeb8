"""The physics library keeps quiet."""

import subprocess
import sys


def test_a_program_has_the_last_word_on_its_standard_output():
    script = "from vla_course.simulation.world import World\nWorld().close()\nprint('done')"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout == "done\n"
