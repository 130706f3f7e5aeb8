"""Answers to 4.11 as students write them."""

import math
from statistics import NormalDist

from scipy.stats import beta, binomtest, norm

from vla_course.course.source.variants import right, wrong


@wrong("deviation-of-what-was-seen")
def success_interval(successes, n, confidence=0.95):
    if n < 1 or not 0 <= successes <= n or not 0 < confidence < 1:
        raise ValueError("counts or confidence")
    z = norm.ppf(1 - (1 - confidence) / 2)
    p = successes / n
    half = z * math.sqrt(p * (1 - p) / n)
    return max(0.0, float(p - half)), min(1.0, float(p + half))


@wrong("one-sided")
def success_interval(successes, n, confidence=0.95):
    if n < 1 or not 0 <= successes <= n or not 0 < confidence < 1:
        raise ValueError("counts or confidence")
    z = norm.ppf(confidence)
    p = successes / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    low = 0.0 if successes == 0 else float(middle - half)
    high = 1.0 if successes == n else float(middle + half)
    return low, high


@wrong("always-95")
def success_interval(successes, n, confidence=0.95):
    if n < 1 or not 0 <= successes <= n or not 0 < confidence < 1:
        raise ValueError("counts or confidence")
    z = norm.ppf(0.975)
    p = successes / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    low = 0.0 if successes == 0 else float(middle - half)
    high = 1.0 if successes == n else float(middle + half)
    return low, high


@wrong("about-two")
def success_interval(successes, n, confidence=0.95):
    if n < 1 or not 0 <= successes <= n or not 0 < confidence < 1:
        raise ValueError("counts or confidence")
    z = 2.0
    p = successes / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    low = 0.0 if successes == 0 else float(middle - half)
    high = 1.0 if successes == n else float(middle + half)
    return low, high


@wrong("not-moved-inward")
def success_interval(successes, n, confidence=0.95):
    if n < 1 or not 0 <= successes <= n or not 0 < confidence < 1:
        raise ValueError("counts or confidence")
    z = norm.ppf(1 - (1 - confidence) / 2)
    p = successes / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    low = 0.0 if successes == 0 else float(p - half)
    high = 1.0 if successes == n else float(p + half)
    return low, high


@wrong("agresti-coull")
def success_interval(successes, n, confidence=0.95):
    if n < 1 or not 0 <= successes <= n or not 0 < confidence < 1:
        raise ValueError("counts or confidence")
    z = norm.ppf(1 - (1 - confidence) / 2)
    p = successes / n
    pulled = (successes + z**2 / 2) / (n + z**2)
    half = z * math.sqrt(pulled * (1 - pulled) / (n + z**2))
    return float(pulled - half), float(pulled + half)


@wrong("exact-instead")
def success_interval(successes, n, confidence=0.95):
    if n < 1 or not 0 <= successes <= n or not 0 < confidence < 1:
        raise ValueError("counts or confidence")
    rest = (1 - confidence) / 2
    low = beta.ppf(rest, successes, n - successes + 1) if successes else 0.0
    high = beta.isf(rest, successes + 1, n - successes) if successes < n else 1.0
    return float(low), float(high)


@wrong("in-percent")
def success_interval(successes, n, confidence=0.95):
    if n < 1 or not 0 <= successes <= n or not 0 < confidence < 1:
        raise ValueError("counts or confidence")
    z = norm.ppf(1 - (1 - confidence) / 2)
    p = successes / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    low = 0.0 if successes == 0 else float(middle - half)
    high = 1.0 if successes == n else float(middle + half)
    return 100 * low, 100 * high


@wrong("middle-and-half")
def success_interval(successes, n, confidence=0.95):
    if n < 1 or not 0 <= successes <= n or not 0 < confidence < 1:
        raise ValueError("counts or confidence")
    z = norm.ppf(1 - (1 - confidence) / 2)
    p = successes / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return float(middle), float(half)


@wrong("high-first")
def success_interval(successes, n, confidence=0.95):
    if n < 1 or not 0 <= successes <= n or not 0 < confidence < 1:
        raise ValueError("counts or confidence")
    z = norm.ppf(1 - (1 - confidence) / 2)
    p = successes / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    low = 0.0 if successes == 0 else float(middle - half)
    high = 1.0 if successes == n else float(middle + half)
    return high, low


@wrong("not-quite")
def success_interval(successes, n, confidence=0.95):
    if n < 1 or not 0 <= successes <= n or not 0 < confidence < 1:
        raise ValueError("counts or confidence")
    z = norm.ppf(1 - (1 - confidence) / 2)
    p = successes / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return float(middle - half) - 1e-12, float(middle + half) + 1e-12


@wrong("anything-accepted")
def success_interval(successes, n, confidence=0.95):
    n = max(n, 1)
    successes = min(max(successes, 0), n)
    confidence = min(max(confidence, 1e-6), 1 - 1e-6)
    z = norm.ppf(1 - (1 - confidence) / 2)
    p = successes / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    low = 0.0 if successes == 0 else float(middle - half)
    high = 1.0 if successes == n else float(middle + half)
    return low, high


@right("roots")
def success_interval(successes, n, confidence=0.95):
    if n < 1 or not 0 <= successes <= n or not 0 < confidence < 1:
        raise ValueError("counts or confidence")
    z2 = NormalDist().inv_cdf((1 + confidence) / 2) ** 2
    # (n + z^2) p^2 - (2 k + z^2) p + k^2 / n = 0
    a, b, c = n + z2, -(2 * successes + z2), successes**2 / n
    root = math.sqrt(b * b - 4 * a * c)
    low, high = (-b - root) / (2 * a), (-b + root) / (2 * a)
    if successes == 0:
        low = 0.0
    if successes == n:
        high = 1.0
    return low, high


@right("from-the-library")
def success_interval(successes, n, confidence=0.95):
    if n < 1 or successes < 0 or successes > n:
        raise ValueError("counts")
    if not 0 < confidence < 1:
        raise ValueError("confidence")
    ends = binomtest(successes, n).proportion_ci(confidence, method="wilson")
    return (0.0 if successes == 0 else float(ends.low)), (1.0 if successes == n else float(ends.high))
