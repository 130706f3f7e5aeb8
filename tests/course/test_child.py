"""A child process can neither hang nor flood whoever waits for it."""

import os
import sys
import time

from vla_course.course.checking.child import TAIL, run_bounded


def run(script, tmp_path, seconds=5.0, output_bytes=100_000):
    command = [sys.executable, "-c", script]
    return run_bounded(
        command, cwd=tmp_path, env=dict(os.environ), seconds=seconds, output_bytes=output_bytes
    )


def test_a_well_behaved_child_is_heard_to_the_end(tmp_path):
    ended = run("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)", tmp_path)
    assert (ended.how, ended.returncode) == ("by itself", 3)
    assert set(ended.output.split()) == {"out", "err"}


def test_only_the_tail_of_the_output_is_kept(tmp_path):
    ended = run("print('x' * 50_000, 'the end')", tmp_path)
    assert ended.how == "by itself"
    assert len(ended.output) == TAIL
    assert ended.output.endswith("the end\n")


def test_output_that_is_not_text_is_no_obstacle(tmp_path):
    assert "\ufffd" in run(r"import os; os.write(1, b'\xff\xfe')", tmp_path).output


def test_a_child_that_closes_its_output_and_hangs_is_stopped(tmp_path):
    ended = run("import os, time; os.close(1); os.close(2); time.sleep(60)", tmp_path, seconds=0.5)
    assert ended.how == "time"
    assert ended.seconds < 2


def test_one_who_holds_the_output_open_is_not_waited_for(tmp_path):
    begun = time.monotonic()
    ended = run("import subprocess; subprocess.Popen(['sleep', '60']); print('done')", tmp_path)
    assert (ended.how, ended.output) == ("by itself", "done\n")
    assert time.monotonic() - begun < 30
