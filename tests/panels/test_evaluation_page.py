"""The page of an evaluation: whole, from nothing outside, the control first, and its numbers those of the run."""

import re
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import av
import numpy as np
import pytest

from tests.learning.recorded_runs import SPLITS, by_chance, outcome, record
from vla_course.learning.evaluation.comparing import compare, seed_spread
from vla_course.learning.evaluation.episodes import SPLITS as EVERY
from vla_course.learning.evaluation.episodes import Episode, of_key
from vla_course.learning.evaluation.evaluating import Run, Settings
from vla_course.panels.drawing.film import RATE, FilmSize, StageFilm
from vla_course.panels.evaluation.films import Film, chosen, film, kept
from vla_course.panels.evaluation.page import page, write_page
from vla_course.panels.evaluation.shown import Shown
from vla_course.panels.evaluation.wall import FilmWall
from vla_course.simulation.tasks.tasks import sample_task
from vla_course.simulation.world.world import World

VOID = {"meta", "br"}


class Reader(HTMLParser):
    """Reads a page: what is open, headings, and whatever it points to."""

    def __init__(self):
        super().__init__()
        self.open, self.heads, self.points, self._head = [], [], [], False

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        self.points += [told[name] for name in ("src", "href", "data", "poster") if name in told]
        assert not any(name.startswith("on") for name in told)
        assert tag not in ("script", "link", "iframe")
        if tag not in VOID:
            self.open.append(tag)
        self._head = tag == "h2"

    def handle_startendtag(self, tag, attributes):
        assert tag in ("line", "rect", "circle", "i")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self._head = False

    def handle_data(self, data):
        if self._head:
            self.heads.append(data)


def read(text):
    """Read a page that is well formed."""
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """What a page shows of a run with everything in it."""
    folder, splits = tmp_path_factory.mktemp("runs"), [one for one in EVERY if one != "grounded"]
    factors = ("light", "layout")
    run = record(folder / "mine", by_chance(0.8, 0), splits, 5, factors)
    before = record(folder / "before", by_chance(0.6, 1), splits, 5)
    mp4 = folder / "film.mp4"
    mp4.write_bytes(b"a film")
    mp4.with_suffix(".jpg").write_bytes(b"a picture")
    films = {one.key: Film(mp4, one, 2.0, number != 1) for number, one in enumerate(chosen(run, 8))}
    return Shown(run, films, (before, compare(before, run)), seed_spread([run, before]))


def test_a_page_is_whole_and_needs_nothing_from_outside(full):
    text = page(full)
    reader = read(text)
    assert reader.points
    assert {one.split(",")[0] for one in reader.points} == {"data:video/mp4;base64", "data:image/jpeg;base64"}
    for word in ("http:", "https:", "@import", "url("):
        assert word not in text
    for part in text.split("<svg")[1:]:
        ElementTree.fromstring("<svg" + part.split("</svg>")[0] + "</svg>")


def test_the_control_comes_first_and_every_part_has_its_place(full):
    assert read(page(full)).heads == [
        "The same picture, another command",
        "Every split",
        "Family by family",
        "One thing changed",
        "Pairs that were held out, one by one",
        "Five commands in a row",
        "How sure, and how long",
        "Why it failed",
        "And what it looks like when it works",
        "Against before",
        "Other trainings",
    ]


def test_numbers_on_the_page_are_those_of_the_run(full):
    text = page(full)
    for split in ("seen", "swap", "empty"):
        of_split = [
            one
            for key, one in full.run.outcomes.items()
            if key.startswith(f"{split}/") and len(key.split("/")) == 4
        ]
        rate = full.rate(of_split)
        row = text.split(f'<b class="name">{split}</b>')[1].split("</tr>")[0]
        assert f'<td class="number">{rate}</td><td class="number">{len(of_split)}</td>' in row
    fell = sum(one.fell for one in full.run.outcomes.values())
    assert f"<b>{fell} of {len(full.run.outcomes)}</b>" in text
    assert text.count("it went another way when it was filmed") == 1
    assert "shown 2.0 times as fast" in text


def test_a_run_of_one_split_has_a_short_page_that_says_that_it_proves_little(tmp_path):
    run = record(tmp_path / "run", lambda one: True, ("swap",), 2, families=("pick up",))
    text = page(Shown(run))
    assert read(text).heads == ["The same picture, another command", "Every split", "How sure, and how long"]
    assert "Few episodes: 2 prove little." in text


def test_what_a_sentence_says_stays_text(tmp_path):
    nasty = '<script>alert("1")</script>'
    one = outcome(
        Episode("seen", "walk", 0, 0), False, sentence=nasty, trouble=f"I do not understand {nasty!r}"
    )
    mp4 = tmp_path / "x.mp4"
    mp4.write_bytes(b"")
    run = Run("run", Settings("planned", nasty, 0, nasty), {one.key: one}, {})
    read(page(Shown(run, {one.key: Film(mp4, one, 1.0)})))


def test_a_page_is_written_whole(full, tmp_path):
    write_page(tmp_path / "report.html", full)
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == page(full)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


# ---- films -----------------------------------------------------------------------------------------


def test_films_are_the_twins_and_a_failure_of_each_reason_and_successes_by_turns(tmp_path):
    run = record(tmp_path / "run", lambda one: one.number % 4 != 3, SPLITS, 8)
    keys = [one.key for one in chosen(run, 8)]
    assert keys[:2] == ["swap/look at/0/0", "swap/look at/0/1"]
    assert len(set(keys)) == 8
    assert not any(key.startswith("empty") for key in keys)
    rest = [run.outcomes[key] for key in keys[2:]]
    assert [one.done for one in rest[:2]] == [False, True]
    troubles = [one.trouble for one in rest if not one.done]
    assert len(set(troubles)) == len(troubles) > 1
    families = [of_key(one.key).family for one in rest if one.done]
    assert len(set(families)) == len(families)
    assert chosen(run, 0) == []


def test_what_was_filmed_is_not_filmed_again_and_what_broke_has_no_film(tmp_path):
    run = record(tmp_path / "run", lambda one: True, ("swap",), 2, families=("pick up",))
    asked = []

    def play(one, follow):
        asked.append(one.key)
        return outcome(of_key(one.key), False)

    assert film(run, play, tmp_path, 2) == {}
    assert asked == ["swap/pick up/0/0", "swap/pick up/0/1"]
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / "swap-pick_up-0-1.mp4").write_bytes(b"x")
    asked.clear()
    assert set(film(run, play, tmp_path, 2)) == {"swap/pick up/0/1"}
    assert asked == ["swap/pick up/0/0"]


def test_films_that_are_kept_are_found_by_their_episodes(tmp_path):
    run = record(tmp_path / "run", lambda one: True, ("swap",), 2, families=("pick up",))
    (tmp_path / "films").mkdir()
    path = tmp_path / "films" / "swap-pick_up-0-1.mp4"
    path.write_bytes(b"x")
    (tmp_path / "films" / "swap-pick_up-0-7.mp4").write_bytes(b"x")  # of no episode of this run
    found = kept(run, tmp_path)
    assert {key: one.path for key, one in found.items()} == {"swap/pick up/0/1": path}


def test_on_a_wall_what_went_wrong_is_folded_away_and_side_by_side_it_is_said(tmp_path):
    mp4 = tmp_path / "x.mp4"
    mp4.write_bytes(b"x")
    failed = outcome(
        Episode("seen", "walk", 0, 0), False, sentence="walk <now>", trouble="fell", simulated=18.0
    )
    films = [Film(mp4, failed, 1.6), Film(mp4, outcome(Episode("seen", "walk", 1, 0), True), 1.0)]
    wall = FilmWall(films)._repr_html_()
    assert not read(wall).points.count("")
    assert "walk &lt;now&gt;" in wall
    open_words = re.sub("<details>.*?</details>", "", wall)
    assert "<b>A</b>" in open_words
    assert "fell" not in open_words
    assert "fell (18.0 s, shown 1.6 times as fast)" in wall
    told = FilmWall(films, guess=False)._repr_html_()
    assert "details" not in told
    assert "fell (18.0 s" in told


def test_a_film_of_a_stage_has_a_picture_now_and_then_and_is_there_whole_or_not_at_all(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path, size = Path("a:film [1].mp4"), FilmSize(64, 48)  # a name is a name, not a protocol
    with World(0) as world:
        stage = sample_task(np.random.default_rng(0), "look at").start(world)
        with suppress(KeyboardInterrupt), StageFilm(path, stage, size) as broken:
            broken.follow()
            raise KeyboardInterrupt
        assert list(tmp_path.iterdir()) == []
        with StageFilm(path, stage, size, every=0.02) as whole:
            for _ in range(30):
                whole.follow()
                world.steps += 1  # the clock alone goes on
    with av.open(str(path.absolute())) as container:
        pictures = [picture.to_ndarray(format="rgb24") for picture in container.decode(video=0)]
    assert len(pictures) == whole.pictures == 3
    assert pictures[0].shape == (48, 80, 3)
    assert pictures[0].std() > 10.0
    assert RATE == 12.5


@pytest.mark.parametrize("size", [(65, 48), (64, 51), (64, 45)])
def test_a_film_of_an_odd_size_is_refused(size):
    with pytest.raises(ValueError, match="to be even"):
        FilmSize(*size)
