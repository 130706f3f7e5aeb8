"""5.4: how far features are from those that are known."""

from dataclasses import replace

import numpy as np

from shown.day5_deployment.clouds import some_cloud
from shown.slips import expect_all
from vla_course.course.checking.judging import expect_close, expect_raises, graded


@graded("5.4", points=3, says="along each axis of the cloud, distances are in deviations along it")
def test_distances(student, rng):
    expect_all(
        some_cloud(rng).case(student, "the distances"),
        some_cloud(rng, n=30, p=3, shrinkage=0.4).case(student, "those in three dimensions"),
        unit="",
        atol=1e-8,
    )


@graded("5.4", points=1, says="what one feature is judged to be does not depend on who else is judged")
def test_alone(student, rng):
    cloud = some_cloud(rng)
    for number in (0, 4):
        alone = replace(cloud, features=cloud.features[number : number + 1])
        expect_close(
            alone.asked(student),
            cloud.right()[number : number + 1],
            what="the distance of a feature on its own",
            atol=1e-8,
            mistakes={"own-statistics": np.zeros(1), "squared": cloud.right()[number : number + 1] ** 2},
        )


@graded("5.4", points=1, says="fewer examples than numbers will do: no direction is flat")
def test_few(student, rng):
    cloud = some_cloud(rng, n=6, p=12)
    case = cloud.case(student, "the distances from six examples of twelve numbers")
    expect_close(
        case.got,
        case.expected,
        what=case.what,
        atol=1e-7,
        mistakes={"not-shrunk": case.mistakes["not-shrunk"]},
    )
    bad = cloud.features.copy()
    bad[1, 2] = np.nan
    for what, some in (
        ("features that are not finite", replace(cloud, features=bad)),
        ("a single example", replace(cloud, known=cloud.known[:1])),
        ("a shrinkage of 0", replace(cloud, shrinkage=0.0)),
        ("a shrinkage of 2", replace(cloud, shrinkage=2.0)),
        ("features of fewer numbers", replace(cloud, features=cloud.features[:, :-1])),
    ):
        expect_raises(ValueError, some.asked, student, what=what, mistake="anything-accepted")
