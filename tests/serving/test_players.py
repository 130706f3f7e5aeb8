"""Players of chunks: something is always done, nothing is done twice, and each mode goes over in its own way."""

import numpy as np
import pytest

from vla_course.serving.chunks.chunk import Chunk
from vla_course.serving.chunks.delays import DelayEstimate, InjectedDelay
from vla_course.serving.chunks.modes import MODES, player_of
from vla_course.serving.chunks.player import PATIENCE, Player, Timing
from vla_course.serving.chunks.smoothness import jerk_of
from vla_course.simulation.robot.layout import ACTION, ARMS

TICK, PERIOD, HORIZON = 1.0 / 30.0, 0.1, 12
ARM = ARMS.start


def flat(value):
    return np.full((HORIZON, ACTION.size), value, dtype=np.float32)


def straight(seen, slope=0.1):
    """Return a chunk that goes on evenly with the clock: what it says of a moment is slope times the moment."""
    ends = seen + PERIOD * np.arange(1, HORIZON + 1)
    return np.repeat((slope * ends)[:, None], ACTION.size, axis=1).astype(np.float32)


def play(player: Player, delay, ticks, answer=straight):
    """Let a player run on a clock of ticks; returns what it sent, what it asked, and the borders."""
    sent, asked, borders, pending = [], [], [], None
    for k in range(ticks):
        now = k * TICK
        for _ in range(2):
            if pending and pending[0] <= now + 1e-9:
                player.takes(pending[1], now)
                pending = None
            ask = player.asks(now)
            if ask is not None:
                asked.append(ask)
                pending = (now + delay, answer(ask.seen + ask.ahead * PERIOD))
        sent.append(player.plays(now))
        if player.changed:
            borders.append(k)
    return np.array(sent), asked, borders


def test_a_chunk_is_played_by_the_clock():
    begin = np.zeros(ACTION.size, dtype=np.float32)
    actions = np.repeat(np.arange(1.0, 4.0)[:, None], ACTION.size, axis=1).astype(np.float32)
    chunk = Chunk(actions, begin, seen=2.0, period=0.1)
    assert chunk.covers(2.0)
    assert not chunk.covers(2.3)
    np.testing.assert_allclose(chunk.says(2.0, 2.05)[ARM], 0.5, atol=1e-5)
    np.testing.assert_allclose(chunk.says(2.05, 2.15)[ARM], 1.5, atol=1e-5)
    assert chunk.says(2.05, 2.1)[ACTION.base_velocity.start] == 1.0  # from the beginning of its action on
    np.testing.assert_allclose(chunk.from_then(2.1, 9), actions[1:], atol=1e-5)
    np.testing.assert_allclose(chunk.from_then(2.05, 1)[0, ARM], 1.5, atol=1e-5)


@pytest.mark.parametrize(
    ("actions", "told"),
    [
        (np.zeros((0, 36)), r"shape \(0, 36\)"),
        (np.zeros((3, 35)), r"shape \(3, 35\)"),
        (np.full((3, 36), np.nan), r"\[0, 0\] is nan"),
    ],
)
def test_a_chunk_that_is_none_is_refused(actions, told):
    with pytest.raises(ValueError, match=told):
        Chunk(actions.astype(np.float32), np.zeros(36, dtype=np.float32), 0.0, 0.1)


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "blocking"])
@pytest.mark.parametrize("delay", [0.0, 0.03, 0.1, 0.25])
def test_where_all_chunks_agree_every_mode_does_what_they_say(mode, delay):
    """What all say is a function of the clock: whoever plays a row at another time than its own is off it."""
    sent, _, _ = play(player_of(mode, flat(0.0)[0]), delay, 90)
    moments = 0.1 * TICK * np.arange(1, 91)
    np.testing.assert_allclose(sent[20:, ARM], moments[20:], atol=1e-4)


def test_who_blocks_waits_and_is_late_by_what_it_has_waited():
    player = player_of("blocking", flat(0.0)[0])
    sent, asked, _ = play(player, 0.2, 90)
    assert player.held >= 6 * (len(asked) - 1)
    assert sent[80, ARM] < 0.1 * TICK * 81 - 0.01


def test_who_does_not_block_never_waits_once_the_first_chunk_is_there():
    for mode in set(MODES) - {"blocking"}:
        player = player_of(mode, flat(0.0)[0])
        play(player, 0.25, 90)
        assert player.held <= 8


def test_one_answer_at_a_time_is_asked_for_and_every_so_many_actions():
    _, asked, _ = play(player_of("switch", flat(0.0)[0]), 0.1, 90)
    np.testing.assert_allclose(np.diff([ask.seen for ask in asked]), 0.4, atol=TICK)
    _, asked, _ = play(player_of("ensemble", flat(0.0)[0]), 0.0, 60)
    np.testing.assert_allclose(np.diff([ask.seen for ask in asked]), 0.1, atol=1e-6)
    _, asked, _ = play(player_of("ensemble", flat(0.0)[0]), 0.25, 90)
    assert min(np.diff([ask.seen for ask in asked])) >= 0.25 - 1e-6


def steps_up(seen):
    """Return a chunk that disagrees with the last one: each is higher by as much as it is newer."""
    return flat(round(seen / 0.4) * 0.1)


def biggest_jump(mode, delay=0.2):
    sent, _, _ = play(player_of(mode, flat(0.0)[0]), delay, 120, steps_up)
    return np.abs(np.diff(sent[40:, ARM])).max()


def test_a_switch_jumps_and_a_cross_fade_does_not():
    assert biggest_jump("switch") == pytest.approx(0.1, abs=0.01)
    # Of a policy that does not heed its prefix: the first action behind it is gone to evenly, from the last one in it.
    assert biggest_jump("prefix") == pytest.approx(0.1 / 3, abs=1e-3)
    assert biggest_jump("fade") <= 0.1 * TICK / 0.3 + 1e-3
    # Both, one times the other: of that jump a ninth, two ninths, three, times a third, two thirds, all of it.
    assert biggest_jump("soft") == pytest.approx(0.1 * (3 / 9 - 2 / 9 * 2 / 3), abs=1e-3)
    assert biggest_jump("ensemble") < 0.7 * biggest_jump("switch")


def test_committed_actions_are_carried_out_whatever_the_answer_says_of_them():
    """The policy's own idea of the prefix is not played, and the border is where the prefix ends."""
    answers = []

    def wilful(seen):
        answers.append(flat(len(answers) * 0.1))
        return answers[-1]

    player = player_of("prefix", flat(0.0)[0])
    sent, asked, borders = play(player, 0.15, 120, wilful)
    for number, ask in list(enumerate(asked))[3:-1]:
        assert len(ask.committed) == 2  # 0.15 s are two actions of 0.1 s
        first = round(ask.seen / TICK)
        np.testing.assert_allclose(sent[first + 2, ARM], ask.committed[0, ARM], atol=1e-6)
        np.testing.assert_allclose(sent[first + 5, ARM], ask.committed[1, ARM], atol=1e-6)
        np.testing.assert_allclose(sent[first + 8, ARM], answers[number][2, ARM], atol=1e-6)
        assert first + 6 in borders  # where the prefix ends, not when the answer came


def test_no_more_is_committed_than_the_policy_was_trained_with():
    _, asked, _ = play(player_of("prefix", flat(0.0)[0], Timing(prefix=1)), 0.25, 90)
    assert [len(ask.committed) for ask in asked][-1] == 1


def test_who_rolls_forward_plays_what_was_so_far_until_the_new_chunk_begins():
    player = player_of("rolled", flat(0.0)[0])
    _, asked, borders = play(player, 0.12, 120)
    for ask in asked[2:-1]:
        assert ask.ahead == len(ask.committed) == 2
        assert round((ask.seen + 0.2) / TICK) in borders


def test_a_robot_without_answers_goes_on_for_a_moment_and_then_stops_walking():
    player = player_of("switch", flat(0.0)[0])
    assert player.asks(0.0) is not None
    player.takes(flat(0.5), 0.0)
    ends = HORIZON * PERIOD
    player.plays(ends - TICK)
    held = player.plays(ends + PATIENCE - 2 * TICK)
    assert player.does == "holds"
    assert (held[ACTION.base_velocity] == 0.5).all()
    stopped = player.plays(ends + PATIENCE + TICK)
    assert player.does == "stands"
    assert (stopped[ACTION.base_velocity] == 0.0).all()
    assert (stopped[ACTION.arms] == np.float32(0.5)).all()
    assert player.asks(ends + 2.0) is not None
    player.takes(flat(0.2), ends + 2.0)
    player.plays(ends + 2.0)
    assert player.does == "acts"


def test_an_answer_that_never_comes_is_asked_for_anew():
    player = player_of("fade", flat(0.0)[0])
    assert player.asks(0.0) is not None
    assert player.asks(0.5) is None
    player.fails()
    assert player.asks(0.5) is not None


def test_an_answer_that_is_over_when_it_comes_changes_nothing():
    for mode in set(MODES) - {"blocking", "rolled"}:
        player = player_of(mode, flat(0.0)[0])
        player.asks(0.0)
        player.takes(flat(0.5), 0.0)
        player.plays(0.0)
        player.asks(0.4)
        before = player.plays(0.4)
        player.takes(flat(0.9)[:1], 0.6)
        assert player.late == 1
        assert np.array_equal(player.plays(0.6), before)


def test_an_answer_that_nobody_asked_for_and_a_mode_that_is_none_are_refused():
    with pytest.raises(ValueError, match="nothing was asked"):
        player_of("switch", flat(0.0)[0]).takes(flat(0.0), 0.0)
    with pytest.raises(ValueError, match="mode is 'naive'"):
        player_of("naive", flat(0.0)[0])
    with pytest.raises(ValueError, match=r"Timing\.every is 0"):
        Timing(every=0)


def test_delays_are_remembered_for_a_while_and_mixed_clocks_are_told():
    estimate = DelayEstimate(PERIOD, last=10)
    assert estimate.steps == 0
    estimate.add(3.0)
    assert estimate.steps == 30
    for _ in range(10):
        estimate.add(0.05)
    assert estimate.steps == 1
    with pytest.raises(ValueError, match="on one clock"):
        estimate.add(-0.01)


def test_injected_delays_have_the_mean_and_the_spread_that_were_asked_for():
    delay = InjectedDelay(0.1, 0.2, np.random.default_rng(0))
    drawn = np.array([delay.draw() for _ in range(4000)])
    assert drawn.mean() == pytest.approx(0.1, rel=0.02)
    assert np.log(drawn).std() == pytest.approx(0.2, rel=0.05)
    assert InjectedDelay(0.0, 0.2, np.random.default_rng(0)).draw() == 0.0
    with pytest.raises(ValueError, match="mean is -1"):
        InjectedDelay(-1.0, 0.2, np.random.default_rng(0))


def test_jerk_is_found_at_the_border_where_a_jump_is_and_nowhere_else():
    sent = np.zeros((40, ACTION.size))
    sent[20:, ARM] = 0.1
    jumped = jerk_of(sent, [0, 20], TICK)
    assert jumped.borders > 0.0
    assert jumped.inside == 0.0
    elsewhere = jerk_of(sent, [0, 30], TICK)
    assert elsewhere.borders == 0.0
    assert elsewhere.inside > 0.0
    assert jerk_of(sent[:3], [0], TICK).borders == 0.0


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("delay", [1.19, 1.2, 1.21, 3.0])
def test_answers_that_take_as_long_as_a_chunk_lasts_or_longer_stop_no_robot_s_loop(mode, delay):
    player = player_of(mode, flat(0.25)[0])
    sent, asked, _ = play(player, delay, 400, lambda seen: flat(0.5))
    assert np.isfinite(sent).all()
    assert len(asked) >= 4
    if delay > 2.0 and mode != "blocking":
        assert player.late == len(asked) - 1
        assert player.does != "acts"
        assert (sent == np.float32(0.25)).all()


@pytest.mark.parametrize("mode", MODES)
def test_an_answer_that_is_no_chunk_is_refused_and_asked_for_anew(mode):
    player = player_of(mode, flat(0.0)[0])
    bad = (np.zeros((4, 35)), np.full((4, 36), np.nan), np.zeros(36), np.zeros((2, 3, 36)), "left", None)
    for number, answer in enumerate(bad):
        assert player.asks(float(number)) is not None
        with pytest.raises(ValueError, match=r"shape|finite|nan|convert|float"):
            player.takes(answer, number + 0.1)
        assert np.isfinite(player.plays(number + 0.1)).all()
