"""Collecting goes on after whatever happens: nothing is lost, nothing is there twice, the bytes are the same."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.learning.tiny_demonstrations import SETTINGS, here, make, work
from vla_course.cli import main
from vla_course.learning.demonstrations.collecting import (
    collect_demonstrations,
    collect_episode,
    on_cluster,
    on_this_machine,
)
from vla_course.learning.demonstrations.layout import ACTION_KEY, EXECUTED_KEY, DemonstrationFault
from vla_course.learning.demonstrations.plan import Settings
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.demonstrations.staging import STAGED
from vla_course.learning.workers.backends import TRIES

LOOKS = Settings(seed=2, skills=("look at",))


def files(folder: Path) -> dict[str, bytes]:
    """Return all that a folder holds."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What uninterrupted collecting makes."""
    return files(make(tmp_path_factory.mktemp("whole") / "demonstrations"))


# ---- one who collects is interrupted -----------------------------------------------------------


@pytest.mark.parametrize("after", [0, 1, 3])
def test_an_interrupted_collection_goes_on_from_what_is_there(
    tmp_path: Path, whole: dict[str, bytes], after: int
) -> None:
    asked: list[int] = []

    def breaks_off(settings, indices):
        for index, data in here(settings, indices):
            if len(asked) == after:
                raise KeyboardInterrupt
            asked.append(index)
            yield index, data

    def goes_on(settings, indices):
        asked.extend(indices)
        yield from here(settings, indices)

    with pytest.raises(KeyboardInterrupt):
        collect_demonstrations(tmp_path, 4, SETTINGS, breaks_off)
    assert collect_demonstrations(tmp_path, 4, SETTINGS, goes_on) == 4 - after
    assert sorted(asked) == [0, 1, 2, 3]
    assert files(tmp_path) == whole


def test_what_is_complete_is_not_collected_again(tmp_path: Path, whole: dict[str, bytes]) -> None:
    make(tmp_path)

    def nobody(settings, indices):
        raise AssertionError("somebody was asked to collect")

    assert collect_demonstrations(tmp_path, 4, SETTINGS, nobody) == 0
    assert files(tmp_path) == whole


def test_more_episodes_are_added_to_those_that_are_there(tmp_path: Path, whole: dict[str, bytes]) -> None:
    make(tmp_path, episodes=2)
    asked: list[int] = []

    def goes_on(settings, indices):
        asked.extend(indices)
        yield from here(settings, indices)

    collect_demonstrations(tmp_path, 4, SETTINGS, goes_on)
    assert asked == [2, 3]
    assert files(tmp_path) == whole


@pytest.mark.parametrize("order", [[3, 1, 2, 0], [1, 0, 3, 2]])
def test_the_order_in_which_episodes_arrive_does_not_matter(
    tmp_path: Path, whole: dict[str, bytes], order: list[int]
) -> None:
    collect_demonstrations(tmp_path, 4, SETTINGS, lambda settings, _: here(settings, order))
    assert files(tmp_path) == whole


def test_half_a_file_does_not_count(tmp_path: Path, whole: dict[str, bytes]) -> None:
    staged = tmp_path / STAGED
    staged.mkdir()
    (staged / "episode-000001.parquet.77.part").write_bytes(b"PAR1 half an epi")
    assert files(make(tmp_path)) == whole


def test_a_staged_episode_that_is_damaged_is_named(tmp_path: Path) -> None:
    staged = tmp_path / STAGED
    staged.mkdir()
    (staged / "episode-000001.parquet").write_bytes(b"PAR1 half an epi")
    with pytest.raises(DemonstrationFault, match="episode-000001.parquet is damaged .*delete it"):
        make(tmp_path)


@pytest.mark.parametrize("other", [Settings(image_size=8, seed=1), Settings(image_size=16)])
def test_other_settings_are_refused_with_the_name_of_what_differs(tmp_path: Path, other: Settings) -> None:
    make(tmp_path)
    named = "seed" if other.seed else "image_size"
    with pytest.raises(DemonstrationFault, match=f"settings.json: {named} is .* expected the same"):
        make(tmp_path, other, episodes=6)


@pytest.mark.parametrize(("name", "told"), [("notes.txt", "holds other files"), (None, "holds 4 episodes")])
def test_a_folder_of_something_else_or_of_more_is_left_alone(
    tmp_path: Path, name: str | None, told: str
) -> None:
    if name:
        (tmp_path / name).write_text("dear diary")
    else:
        make(tmp_path)
    before = files(tmp_path)
    with pytest.raises(DemonstrationFault, match=told):
        make(tmp_path, episodes=3)
    assert files(tmp_path) == before


def test_two_cannot_collect_into_one_folder(tmp_path: Path) -> None:
    def second(settings, indices):
        with pytest.raises(DemonstrationFault, match="somebody else is collecting"):
            make(tmp_path)
        yield from here(settings, indices)

    collect_demonstrations(tmp_path, 4, SETTINGS, second)


# ---- a worker is killed ------------------------------------------------------------------------


def dies_once(mark: Path, settings: Settings, index: int) -> bytes:
    """Kill this worker the first time that episode 1 is collected."""
    if index == 1 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return work(settings, index)


def always_dies(settings: Settings, index: int) -> bytes:
    """Kill this worker whenever episode 1 is collected."""
    if index == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return work(settings, index)


def test_a_worker_that_is_killed_costs_nothing_and_doubles_nothing(
    tmp_path: Path, whole: dict[str, bytes]
) -> None:
    folder, mark = tmp_path / "demonstrations", tmp_path / "died"
    assert collect_demonstrations(folder, 4, SETTINGS, on_this_machine(2, partial(dies_once, mark))) == 4
    assert mark.exists()
    assert files(folder) == whole


def test_an_episode_that_always_kills_its_worker_is_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    with pytest.raises(DemonstrationFault, match=f"episode 1: a worker died {TRIES} times"):
        collect_demonstrations(tmp_path, 4, SETTINGS, on_this_machine(1, always_dies))
    assert (tmp_path / STAGED / "episode-000000.parquet").exists()


def test_a_cluster_gives_the_same_bytes(tmp_path: Path, whole: dict[str, bytes]) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        collect_demonstrations(tmp_path, 4, SETTINGS, on_cluster(cluster.scheduler_address, work))
    assert files(tmp_path) == whole


@pytest.mark.full
def test_a_worker_of_a_cluster_that_is_killed_costs_nothing_and_doubles_nothing(
    tmp_path: Path, whole: dict[str, bytes]
) -> None:
    distributed = pytest.importorskip("distributed")
    folder, mark = tmp_path / "demonstrations", tmp_path / "died"
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        backend = on_cluster(cluster.scheduler_address, partial(dies_once, mark))
        assert collect_demonstrations(folder, 4, SETTINGS, backend) == 4
    assert mark.exists()
    assert files(folder) == whole


def test_a_cluster_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("vla_course.learning.workers.backends.CONNECT_SECONDS", 0.2)
    with pytest.raises(DemonstrationFault, match="no Dask scheduler answers at tcp://127.0.0.1:9"):
        next(iter(on_cluster("tcp://127.0.0.1:9")(SETTINGS, [0])))


# ---- the real thing ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def looks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two demonstrations of looking at something."""
    folder = tmp_path_factory.mktemp("looks") / "demonstrations"

    def in_process(settings, indices):
        return ((index, collect_episode(settings, index)) for index in indices)

    collect_demonstrations(folder, 2, LOOKS, in_process)
    return folder


def test_a_demonstration_succeeds_and_begins_as_its_twin(looks: Path) -> None:
    demonstrations = Demonstrations(looks)
    one, two = demonstrations.episodes
    assert one.success
    assert two.success
    assert one.sentence != two.sentence
    for place in ("head", "chest", "pelvis"):
        first, second = demonstrations.pictures(place, [one.start, two.start])
        np.testing.assert_array_equal(first, second)
        assert first.std() > 5.0
    np.testing.assert_array_equal(
        demonstrations.states[one.start, :28], demonstrations.states[two.start, :28]
    )


def test_the_label_is_what_the_expert_intended_and_noise_is_what_was_executed_beside_it(
    tmp_path: Path,
) -> None:
    from vla_course.learning.demonstrations.episode import collect
    from vla_course.learning.demonstrations.plan import plan_episode

    index = next(k for k in range(2, 40, 2) if plan_episode(LOOKS, k).level > 0.3)
    rows = collect(plan_episode(LOOKS, index), LOOKS).rows
    differ = np.array([row[EXECUTED_KEY] - row[ACTION_KEY] for row in rows])
    assert 0.002 < differ[:, 12:26].std() < 0.1
    assert not differ[:, :12].any()


def of_group(group: int) -> list[int]:
    """Return the processes of a group that are alive."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, member = stat.read_text().rpartition(")")[2].split()[:3]
            if int(member) == group and state != "Z":
                found.append(int(stat.parent.name))
    return found


@pytest.mark.parametrize("how", ["killed", "interrupted"])
def test_the_command_ended_half_way_and_run_again_gives_the_same_bytes(
    looks: Path, tmp_path: Path, how: str
) -> None:
    command = [sys.executable, "-m", "vla_course.cli", "collect", "--episodes", "2", "--seed", "2"]
    command += ["--skills", "look at", "--workers", "1", "--out", str(tmp_path / "out")]
    running = subprocess.Popen(command, start_new_session=True, stderr=subprocess.PIPE, text=True)
    staged = tmp_path / "out" / STAGED
    # Killed with an episode in hand, interrupted as soon as it has begun: two episodes are quickly done.
    begun = "episode-*.parquet" if how == "killed" else "settings.json"
    while running.poll() is None and not list(staged.glob(begun)):
        time.sleep(0.005)
    if how == "killed":
        running.kill()
        running.communicate()
    else:
        os.killpg(running.pid, signal.SIGINT)  # as Ctrl-C in a shell does
        _, said = running.communicate()
        assert said.splitlines()[-1].startswith("vla-course: stopped; what is in")
        assert "Traceback" not in said
        assert running.returncode == 2
    deadline = time.monotonic() + 60.0
    while of_group(running.pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert of_group(running.pid) == [], "workers outlive the command that they work for"
    kept = len(list(staged.glob("episode-*.parquet")))
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"{2 - kept} episodes collected")
    assert files(tmp_path / "out") == files(looks)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["--episodes", "0"], "episodes is 0, expected at least 1"),
        (["--episodes", "2", "--skills", "fly"], "Settings.skills is ('fly',)"),
        (["--episodes", "2", "--things", "green box,red cup,red box"], "Settings.things is"),
        (["--episodes", "2", "--workers", "0"], "--workers is 0"),
        (["--episodes", "2", "--noise", "-1"], "Settings.noise is -1.0"),
    ],
)
def test_what_is_typed_wrong_gets_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], typed: list[str], told: str
) -> None:
    assert main(["collect", "--out", str(tmp_path / "out"), *typed]) == 2
    complaint = capsys.readouterr().err
    assert told in complaint
    assert len(complaint.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()
