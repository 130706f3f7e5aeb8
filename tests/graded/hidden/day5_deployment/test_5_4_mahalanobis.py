"""5.4, hidden: units, the middle, a single number, many of them, and what is refused."""

from dataclasses import replace

import numpy as np

from shown.day5_deployment.clouds import Cloud, some_cloud
from vla_course.course.checking.judging import expect_close, expect_raises, graded


@graded(
    "5.4", points=1, says="units do not matter, the mean is at 0, and a shrinkage of 1 leaves only the size"
)
def test_laws(student, rng):
    cloud = some_cloud(rng)
    for factor in (1e-3, 1e4):
        other = Cloud(cloud.features * factor, cloud.known * factor, cloud.shrinkage)
        expect_close(
            other.asked(student), cloud.right(), what=f"distances in units {1 / factor:g} as large", atol=1e-7
        )
    middle = replace(cloud, features=cloud.known.mean(axis=0)[None])
    expect_close(middle.asked(student), [0.0], what="the distance of the mean", atol=1e-7)
    whole = replace(cloud, shrinkage=1.0)
    size = np.sqrt(cloud.known.var(axis=0, ddof=1).mean())
    plain = np.linalg.norm(cloud.features - cloud.known.mean(axis=0), axis=1) / size
    expect_close(whole.asked(student), plain, what="distances with a shrinkage of 1", atol=1e-8)


@graded(
    "5.4",
    points=1,
    says="one number or sixty, and two examples or none to judge, have their distances; lists will do",
)
def test_sizes(student, rng):
    for n, p in ((40, 1), (2, 3), (20, 60)):
        cloud = some_cloud(rng, n=n, p=p)
        got = student.mahalanobis(cloud.features.tolist(), cloud.known.tolist(), cloud.shrinkage)
        expect_close(got, cloud.right(), what=f"distances from {n} examples of {p} numbers", atol=1e-6)
    cloud = some_cloud(rng, shrinkage=0.1)
    expect_close(
        student.mahalanobis(cloud.features, cloud.known),
        cloud.right(),
        what="distances by default",
        atol=1e-8,
    )
    nobody = student.mahalanobis(np.zeros((0, 5)), cloud.known, 0.1)
    expect_close(nobody, np.zeros(0), what="the distances of nobody", atol=0.0)
    bolted = replace(cloud, known=cloud.known * [1.0, 1.0, 0.0, 1.0, 1.0] + [0.0, 0.0, 3.0, 0.0, 0.0])
    expect_close(
        bolted.asked(student), bolted.right(), what="distances where a number never changes", atol=1e-7
    )
    alike = replace(cloud, known=np.full((5, 5), 3.0))
    tenths = replace(cloud, known=np.full((3, 5), 0.1))  # whose mean is 0.10000000000000002
    rowed = replace(cloud, known=np.tile([0.1, 0.2, 0.3, 0.6, 0.7], (3, 1)))
    broken = replace(cloud, known=np.where(cloud.known == cloud.known[3, 1], np.inf, cloud.known))
    for what, some in (
        ("examples that are all the same", alike),
        ("examples of nothing but 0.1", tenths),
        ("one example, three times", rowed),
        ("no example", replace(cloud, known=cloud.known[:0])),
        ("an example that is not finite", broken),
        ("features of one axis", replace(cloud, features=cloud.features[0])),
        ("features of three axes", replace(cloud, features=np.stack([cloud.features[:5]] * 4))),
        ("features of one number, examples of five", replace(cloud, features=cloud.features[:, :1])),
        ("examples of one axis", replace(cloud, known=cloud.known[:, 0])),
        (
            "examples of three axes",
            replace(cloud, features=cloud.features[:5], known=cloud.known[:25].reshape(5, 5, 5)),
        ),
        ("a shrinkage below 0", replace(cloud, shrinkage=-0.1)),
    ):
        expect_raises(ValueError, some.asked, student, what=what, mistake="anything-accepted")
