"""Demonstrations as the notebook shows them: leafed through, as films, and counted."""


import numpy as np
import pytest

from tests.learning.tiny_demonstrations import LENGTHS, make
from vla_course.learning.demonstrations.layout import SUBTASKS
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.panels.demonstrations.browser import EVERY, DemonstrationBrowser
from vla_course.panels.demonstrations.curves import HEIGHT, LEFT, RIGHT, episode_curves
from vla_course.panels.demonstrations.films import episode_film, twins_film
from vla_course.panels.demonstrations.overview import overview


@pytest.fixture(scope="module")
def demonstrations(tmp_path_factory: pytest.TempPathFactory) -> Demonstrations:
    return Demonstrations(make(tmp_path_factory.mktemp("panels") / "demonstrations"))


def test_the_browser_shows_pictures_words_and_curves_of_one_moment(demonstrations: Demonstrations) -> None:
    browser = DemonstrationBrowser(demonstrations, episode=1)
    first, said, line = browser.pictures(), browser.status, browser._line.value
    assert "“sentence 1”" in said
    assert f"0.0 s: {SUBTASKS[demonstrations.subtasks[5]]}" in said
    assert "episode 0 begins with the same pictures" in said
    assert "of episode 1, &#x27;sentence 1&#x27;" in browser.curves.value
    browser.moment.value = 2
    assert browser.pictures() != first
    assert f"0.2 s: {SUBTASKS[demonstrations.subtasks[7]]}" in browser.status
    assert browser._line.value != line
    assert f"left: {100 * RIGHT:.2f}%" in browser._line.value
    browser.show(3, moment=1)
    assert browser.moment.max == LENGTHS[3] - 1
    assert f"left: {100 * (LEFT + (RIGHT - LEFT) / (LENGTHS[3] - 1)):.2f}%" in browser._line.value
    assert "“sentence 0”" in browser.status


def test_the_browser_lists_what_was_asked_for(demonstrations: Demonstrations) -> None:
    browser = DemonstrationBrowser(demonstrations)
    assert [value for _, value in browser.episode.options] == [0, 1, 2, 3]
    browser.only_failures.value = True
    assert [value for _, value in browser.episode.options] == [2]
    assert "✗" in browser.episode.options[0][0]
    assert "fails: fell" in browser.status
    browser.show(1)
    assert (browser.skill.value, browser.only_failures.value, browser.episode.value) == (EVERY, False, 1)


@pytest.mark.parametrize(("episode", "moment"), [(4, 0), (-1, 0), (0, 5)])
def test_the_browser_refuses_what_is_not_there(
    demonstrations: Demonstrations, episode: int, moment: int
) -> None:
    with pytest.raises(IndexError, match="expected 0 to"):
        DemonstrationBrowser(demonstrations).show(episode, moment)


def test_curves_are_where_the_line_over_them_expects_them(demonstrations: Demonstrations) -> None:
    figure = episode_curves(demonstrations, 2)
    figure.png()  # drawn: a layout that moves axes has done so
    for axes in figure.axes:
        box = axes.get_position()
        np.testing.assert_allclose((box.x0, box.x1), (LEFT, RIGHT), atol=1e-6)
    assert figure.get_figheight() == HEIGHT
    assert "failed: fell" in figure.alt
    time = figure.axes[1].lines[0].get_xdata()
    np.testing.assert_allclose(time, np.arange(LENGTHS[2]) * 0.1)


def test_an_episode_is_a_film_of_three_cameras(demonstrations: Demonstrations) -> None:
    film = episode_film(demonstrations, 3, count=4)
    assert len(film.axes) == 12
    assert "'sentence 0', at 4 moments from head, chest and pelvis; it succeeds" in film.alt
    shown = film.axes[0].images[0].get_array()
    np.testing.assert_array_equal(shown, demonstrations.pictures("head", 12)[0])


def test_twins_stand_below_each_other(demonstrations: Demonstrations) -> None:
    film = twins_film(demonstrations, 2, count=3)
    assert len(film.axes) == 6
    assert "'sentence 2' and 'sentence 0'" in film.alt
    with pytest.raises(IndexError):
        twins_film(demonstrations, 9)


def test_the_overview_counts_successes_and_things(demonstrations: Demonstrations) -> None:
    figure = overview(demonstrations)
    assert figure.alt.startswith(
        "3 of 4 episodes succeeded; 1 different things are named, 0 of them held out"
    )
    bars, table = figure.axes
    assert [bar.get_width() for bar in bars.patches] == [3, 1]
    texts = [text.get_text() for text in table.texts]
    assert texts.count("×") == 12
    assert "4" in texts
