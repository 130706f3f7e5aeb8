"""CUSUMs, their thresholds, and what an alarm says."""

import json

import numpy as np
import pytest

from vla_course.deployment.monitors.cusum import Cusum, Threshold, path_of, threshold_of
from vla_course.deployment.monitors.fitted import (
    CARD,
    DETECTORS,
    MONITORS,
    Fitted,
    Gauge,
    load_fitted,
    save_fitted,
)
from vla_course.deployment.monitors.monitor import MEANS, Monitor

NAN = float("nan")


def some_episodes(rng: np.random.Generator, n: int) -> list[np.ndarray]:
    """Scores that resemble those before them, each episode with an offset of its own."""
    found = []
    for _ in range(n):
        now, scores = 0.0, []
        for noise in rng.normal(size=60).tolist():
            now = 0.8 * now + 0.6 * noise
            scores.append(now)
        found.append(np.array(scores) + rng.normal(0.0, 0.3))
    return found


def test_an_alarm_is_as_seldom_as_was_promised_though_decisions_resemble_each_other() -> None:
    rng = np.random.default_rng(5)
    alarms, trials = 0, 400
    for _ in range(trials):
        threshold = threshold_of(some_episodes(rng, 19), 0.5, 0.1)
        assert not threshold.modelled
        alarms += max(path_of(some_episodes(rng, 1)[0], 0.5)) > threshold.value
    assert 0.06 < alarms / trials < 0.14


def test_beyond_what_episodes_promise_a_model_says_and_is_said_to() -> None:
    rng = np.random.default_rng(6)
    episodes = some_episodes(rng, 80)
    promised, modelled = threshold_of(episodes, 0.5, 1 / 81), threshold_of(episodes, 0.5, 1e-4)
    assert modelled.value > promised.value == max(max(path_of(scores, 0.5)) for scores in episodes)
    assert "no promise" in modelled.claim
    assert "1.23%" in modelled.claim
    seldom = sum(max(path_of(one, 0.5)) > modelled.value for one in some_episodes(rng, 3000))
    assert seldom <= 12


def test_a_decision_that_was_not_measured_changes_nothing() -> None:
    cusum = Cusum(0.5)
    assert [cusum.add(score) for score in (2.0, NAN, NAN, 1.0, -9.0)] == [1.5, 1.5, 1.5, 2.0, 0.0]


def test_bad_rates_are_refused() -> None:
    with pytest.raises(ValueError, match="rate is 1.5"):
        threshold_of([[0.0]], 0.5, 1.5)
    with pytest.raises(ValueError, match="expected more than 3"):
        threshold_of([[0.0]] * 3, 0.5, 0.001)


def simple(threshold: float = 5.0) -> Fitted:
    gauge = Gauge(0.0, 1.0, 0.5, Threshold(threshold, 0.01, 99, modelled=False))
    return Fitted({}, dict.fromkeys(DETECTORS, gauge), {})


def test_an_alarm_says_which_detector_fired_and_what_that_means() -> None:
    monitor = Monitor(simple())
    quiet, loud = dict.fromkeys(DETECTORS, 0.0), dict.fromkeys(DETECTORS, 0.0) | {"soles": 3.0}
    assert monitor.judge(0.0, quiet) == []
    assert [len(monitor.judge(0.1 * k, loud)) for k in range(1, 5)] == [0, 0, 1, 0]
    (alarm,) = monitor.alarms
    assert (alarm.detector, alarm.cause, alarm.time) == ("soles", "slippery floor", pytest.approx(0.3))
    assert "soles" in alarm.says
    assert "floor" in alarm.says
    monitor.begin()
    assert monitor.cause == ""


def test_a_detector_that_many_causes_set_off_gives_way_to_one_that_knows() -> None:
    monitor = Monitor(simple())
    monitor.judge(0.0, dict.fromkeys(DETECTORS, 0.0) | {"view": 9.0})
    assert monitor.cause == "unfamiliar view"
    monitor.judge(0.1, dict.fromkeys(DETECTORS, 0.0) | {"brightness": 9.0})
    assert monitor.cause == "dark"


def test_every_detector_has_a_meaning() -> None:
    assert MEANS.keys() == set(DETECTORS)


def test_what_ships_was_fitted_on_the_encoders_that_ship_and_is_small() -> None:
    fitted = load_fitted()
    assert set(fitted.gauges) == set(DETECTORS)
    assert {"seed", "commit", "made"} <= fitted.told.keys()
    assert all(np.isfinite(fitted.arrays[name]).all() for name in fitted.arrays if name != "usual_scores")
    assert sum(path.stat().st_size for path in MONITORS.iterdir()) < 1_000_000


def test_what_was_fitted_on_other_encoders_is_refused(tmp_path) -> None:
    save_fitted(load_fitted(), tmp_path)
    again = load_fitted(tmp_path)
    assert again.gauges == load_fitted().gauges
    told = json.loads((tmp_path / CARD).read_text())
    (tmp_path / CARD).write_text(json.dumps({**told, "encoders": "0123456789abcdef"}))
    with pytest.raises(ValueError, match="other encoders"):
        load_fitted(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"monitors\.fit"):
        load_fitted(tmp_path / "nowhere")
