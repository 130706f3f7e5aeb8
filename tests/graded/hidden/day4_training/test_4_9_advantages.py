"""4.9, hidden: ends of both kinds at once, the ends of lambda and gamma, a single step, types."""

from dataclasses import replace

import numpy as np

from shown.day4_training.surprises import some_rollout
from vla_course.course.checking.judging import expect, expect_close, graded


@graded("4.9", points=1, says="a step that is terminated and truncated at once is terminated")
def test_both_at_once(student, rng):
    rollout = some_rollout(rng, 12, 2)
    some = replace(
        rollout,
        truncated=rollout.truncated | rollout.terminated,
        final_values=np.where(rollout.terminated, 3.0, rollout.final_values),
    )
    cut = replace(some, terminated=some.terminated & ~some.truncated)
    got, returns = some.asked(student)
    right = some.summed()
    mistakes = {"truncation-first": cut.summed()}
    expect_close(got, right, what="the advantages where steps end in both ways", atol=1e-4, mistakes=mistakes)
    expect_close(
        returns, right + some.values[:-1], what="the returns where steps end in both ways", atol=1e-4
    )


@graded(
    "4.9", points=1, says="lam 0 looks one step ahead, lam 1 to the end; the first row may end, or be all there is"
)
def test_ends_of_lam(student, rng):
    rollout = some_rollout(rng, 9, 2)
    for lam in (0.0, 1.0):
        some = replace(rollout, lam=lam, gamma=1.0 if lam else rollout.gamma)
        expect_close(
            some.asked(student)[0], some.summed(), what=f"the advantages with lam {lam:g}", atol=1e-4
        )
    long = some_rollout(rng, 300, 1)
    never = np.zeros_like(long.terminated)
    long = replace(long, terminated=never, truncated=never, lam=1.0, gamma=1.0)
    expect_close(long.asked(student)[0], long.summed(), what="the advantages of a long episode", atol=2e-3)
    edges = some_rollout(rng, 12, 2)
    edges.terminated[0, 0], edges.truncated[-1, 1] = True, True
    edges = replace(edges, final_values=np.where(edges.truncated, 0.0, np.nan))
    expect_close(
        edges.asked(student)[0],
        edges.summed(),
        what="the advantages where the first and the last row end episodes, and what is cut off is worth 0",
        atol=1e-4,
    )
    for ended in (False, True):
        end = np.array([[ended]])
        single = replace(
            rollout,
            rewards=rollout.rewards[:1, :1],
            values=rollout.values[:2, :1],
            terminated=end,
            truncated=~end & False,
            final_values=rollout.final_values[:1, :1],
        )
        expect_close(
            single.asked(student)[0], single.summed(), what="the advantage of a single step", atol=1e-5
        )


@graded("4.9", points=1, says="advantages and returns are float32, and finite")
def test_types(student, rng):
    some = some_rollout(rng, 10, 4)
    some = replace(some, final_values=np.where(np.isnan(some.final_values), np.inf, some.final_values))
    for name, got in zip(("advantages", "returns"), some.asked(student), strict=True):
        found = np.asarray(got)
        expect(
            bool(np.isfinite(found).all()),
            f"the {name} are not all finite",
            got=found,
            mistake="nan-multiplied",
        )
        is_right = found.dtype == np.float32
        expect(is_right, f"the {name} are of another type", got=found.dtype, mistake="another-type")
