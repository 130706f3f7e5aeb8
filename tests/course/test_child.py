"""A child process can neither hang nor flood whoever waits for it."""

import os
import subprocess
import sys
import time

from vla_course.course.checking import effort
from vla_course.course.checking.child import TAIL, heard_out, run_bounded


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
    assert ended.how == "sleep"
    assert ended.processor < 0.5


BUSY = "n = 0\nwhile True: n += 1"


def test_a_loop_without_end_is_stopped_when_its_processor_time_is_used_up(tmp_path):
    ended = run(BUSY, tmp_path, seconds=0.5)
    assert ended.how == "time"
    assert 0.5 <= ended.processor < 5


def test_what_a_child_has_others_compute_is_its_own_time(tmp_path):
    script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY!r}])"
    assert run(script, tmp_path, seconds=0.5).how == "time"


def test_a_child_that_waits_with_all_its_threads_is_stopped(tmp_path):
    script = "import queue, threading; q = queue.Queue(); threading.Thread(target=q.get).start(); q.get()"
    ended = run(script, tmp_path, seconds=0.5)
    assert ended.how == "sleep"
    assert ended.processor < 0.5


def test_one_thread_that_computes_is_no_sleep(tmp_path):
    script = f"import threading; threading.Thread(target=exec, args=({BUSY!r}, {{}})).start()"
    assert run(script, tmp_path, seconds=0.5).how == "time"


def test_a_child_that_gets_no_processor_is_stopped_late_and_not_blamed(tmp_path, monkeypatch):
    monkeypatch.setattr(effort, "PATIENCE", 3.0)
    ended = run("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", tmp_path, seconds=0.5)
    assert ended.how == "busy"
    assert ended.processor < 0.5


def test_where_effort_is_not_known_the_clock_stops_a_loop(tmp_path, monkeypatch):
    monkeypatch.setattr(effort, "KNOWN", False)
    monkeypatch.setattr(effort, "PROC", tmp_path)
    assert run(BUSY, tmp_path, seconds=0.5).how == "time"


def test_what_a_child_has_computed_before_does_not_count(tmp_path):
    script = (
        "import time\nwhile time.process_time() < 1.0: pass\n"
        "print('ready', flush=True)\ninput()\ntime.sleep(0.3)\nprint('done')"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    assert process.stdout.readline() == b"ready\n"
    process.stdin.write(b"\n")
    process.stdin.close()
    ended = heard_out(process, seconds=0.9, output_bytes=1000)
    assert (ended.how, ended.output) == ("by itself", "done\n")


def test_what_it_computes_before_it_begins_in_earnest_does_not_count(tmp_path):
    mark = tmp_path / "begun"
    loading = "import time\nwhile time.process_time() < 1.0: pass\n"
    script = loading + f"open({str(mark)!r}, 'w').close()\ntime.sleep(0.3)\nprint('done')"
    command = [sys.executable, "-c", script]
    told = {"cwd": tmp_path, "env": dict(os.environ), "seconds": 0.6, "output_bytes": 1000}
    ended = run_bounded(command, begins=mark.exists, **told)
    assert (ended.how, ended.output, ended.begun) == ("by itself", "done\n", True)
    mark.unlink()
    assert run_bounded(command, **told).how == "time"
    mark.unlink(missing_ok=True)
    ended = run_bounded([sys.executable, "-c", script + "\n" + BUSY], begins=mark.exists, **told)
    assert (ended.how, ended.begun) == ("time", True)


def test_one_who_never_begins_is_nobodys_fault(tmp_path, monkeypatch):
    monkeypatch.setattr(effort, "PATIENCE", 3.0)
    told = {"cwd": tmp_path, "env": dict(os.environ), "seconds": 0.4, "output_bytes": 1000}
    ended = run_bounded([sys.executable, "-c", BUSY], begins=lambda: False, **told)
    assert (ended.how, ended.begun) == ("busy", False)


def test_one_who_holds_the_output_open_is_not_waited_for(tmp_path):
    begun = time.monotonic()
    ended = run("import subprocess; subprocess.Popen(['sleep', '60']); print('done')", tmp_path)
    assert (ended.how, ended.output) == ("by itself", "done\n")
    assert time.monotonic() - begun < 30
