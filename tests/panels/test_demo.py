"""The demo films what really happened."""

from pathlib import Path

import av
import pytest

from vla_course import demo
from vla_course.cli import main


@pytest.mark.slow
def test_demo_writes_a_film_and_says_what_happened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "RATE", 5)
    monkeypatch.setattr(demo, "WIDTH", 160)
    monkeypatch.setattr(demo, "HEIGHT", 90)
    monkeypatch.chdir(tmp_path)
    path, lines = demo.run(Path("a:b [1]"))
    with av.open(str(path.absolute())) as film:
        (stream,) = film.streams.video
        pictures = list(film.decode(stream))
    assert (pictures[0].width, pictures[0].height) == (320, 90 + 84)
    assert len(pictures) == 5 * demo.SECONDS + 1
    said = "\n".join(lines)
    assert "controller off, a statue: fell" in said
    assert "controller on: stood" in said
    assert "N s/kg" in said


def test_demo_is_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--help"]) == 0
    assert "demo.mp4" in capsys.readouterr().out
