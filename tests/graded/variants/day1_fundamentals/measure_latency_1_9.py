"""Answers to 1.9 as students write them."""

import statistics
import time

import numpy as np
import torch

from vla_course.course.source.variants import right, wrong
from vla_course.learning.model.machine import LatencyReport


@wrong("no-warm-up")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if warm_up < 0 or repeats < 1 or batch < 1:
        raise ValueError("bad counts")
    times = []
    for _ in range(repeats):
        start = clock()
        step()
        times.append(clock() - start)
    times = np.array(times)
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    if p99 == 0:
        raise ValueError("clock too coarse")
    return LatencyReport(p50 * 1000, p95 * 1000, p99 * 1000, batch * repeats / times.sum(), 1 / p99)


@wrong("start-counted")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if warm_up < 0 or repeats < 1 or batch < 1:
        raise ValueError("bad counts")
    times = []
    for _ in range(warm_up + repeats):
        start = clock()
        step()
        times.append(clock() - start)
    times = np.array(times)
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    if p99 == 0:
        raise ValueError("clock too coarse")
    return LatencyReport(p50 * 1000, p95 * 1000, p99 * 1000, batch * len(times) / times.sum(), 1 / p99)


@wrong("timed-as-a-whole")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if warm_up < 0 or repeats < 1 or batch < 1:
        raise ValueError("bad counts")
    for _ in range(warm_up):
        step()
    start = clock()
    for _ in range(repeats):
        step()
    mean = (clock() - start) / repeats
    if mean == 0:
        raise ValueError("clock too coarse")
    return LatencyReport(1000 * mean, 1000 * mean, 1000 * mean, batch / mean, 1 / mean)


@wrong("clock-shared")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if warm_up < 0 or repeats < 1 or batch < 1:
        raise ValueError("bad counts")
    for _ in range(warm_up):
        step()
    looks = [clock()]
    for _ in range(repeats):
        step()
        looks.append(clock())
    times = np.diff(looks)
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    if p99 == 0:
        raise ValueError("clock too coarse")
    return LatencyReport(p50 * 1000, p95 * 1000, p99 * 1000, batch * repeats / times.sum(), 1 / p99)


@wrong("clock-ignored")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if warm_up < 0 or repeats < 1 or batch < 1:
        raise ValueError("bad counts")
    for _ in range(warm_up):
        step()
    times = np.zeros(repeats)
    for i in range(repeats):
        start = time.time()
        step()
        times[i] = time.time() - start
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    return LatencyReport(p50 * 1000, p95 * 1000, p99 * 1000, batch * repeats / times.sum(), 1 / p99)


@wrong("mean-called-p50")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if warm_up < 0 or repeats < 1 or batch < 1:
        raise ValueError("bad counts")
    for _ in range(warm_up):
        step()
    times = np.zeros(repeats)
    for i in range(repeats):
        start = clock()
        step()
        times[i] = clock() - start
    p95, p99 = np.percentile(times, [95, 99])
    if p99 == 0:
        raise ValueError("clock too coarse")
    return LatencyReport(times.mean() * 1000, p95 * 1000, p99 * 1000, batch * repeats / times.sum(), 1 / p99)


@wrong("slowest-called-p99")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if warm_up < 0 or repeats < 1 or batch < 1:
        raise ValueError("bad counts")
    for _ in range(warm_up):
        step()
    times = np.zeros(repeats)
    for i in range(repeats):
        start = clock()
        step()
        times[i] = clock() - start
    p50, p95 = np.percentile(times, [50, 95])
    p99 = times.max()
    if p99 == 0:
        raise ValueError("clock too coarse")
    return LatencyReport(p50 * 1000, p95 * 1000, p99 * 1000, batch * repeats / times.sum(), 1 / p99)


@wrong("not-sorted")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if warm_up < 0 or repeats < 1 or batch < 1:
        raise ValueError("bad counts")
    for _ in range(warm_up):
        step()
    times = []
    for _ in range(repeats):
        start = clock()
        step()
        times.append(clock() - start)
    p50, p95, p99 = (times[int(repeats * share)] for share in (0.50, 0.95, 0.99))
    if p99 == 0:
        raise ValueError("clock too coarse")
    return LatencyReport(p50 * 1000, p95 * 1000, p99 * 1000, batch * repeats / sum(times), 1 / p99)


@wrong("seconds-for-milliseconds")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if warm_up < 0 or repeats < 1 or batch < 1:
        raise ValueError("bad counts")
    for _ in range(warm_up):
        step()
    times = np.zeros(repeats)
    for i in range(repeats):
        start = clock()
        step()
        times[i] = clock() - start
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    if p99 == 0:
        raise ValueError("clock too coarse")
    return LatencyReport(p50, p95, p99, batch * repeats / times.sum(), 1 / p99)


@wrong("batch-forgotten")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if warm_up < 0 or repeats < 1 or batch < 1:
        raise ValueError("bad counts")
    for _ in range(warm_up):
        step()
    times = np.zeros(repeats)
    for i in range(repeats):
        start = clock()
        step()
        times[i] = clock() - start
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    if p99 == 0:
        raise ValueError("clock too coarse")
    return LatencyReport(p50 * 1000, p95 * 1000, p99 * 1000, repeats / times.sum(), 1 / p99)


@wrong("rate-of-the-median")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if warm_up < 0 or repeats < 1 or batch < 1:
        raise ValueError("bad counts")
    for _ in range(warm_up):
        step()
    times = np.zeros(repeats)
    for i in range(repeats):
        start = clock()
        step()
        times[i] = clock() - start
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    if p50 == 0:
        raise ValueError("clock too coarse")
    return LatencyReport(p50 * 1000, p95 * 1000, p99 * 1000, batch * repeats / times.sum(), 1 / p50)


@wrong("rate-of-the-mean")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if warm_up < 0 or repeats < 1 or batch < 1:
        raise ValueError("bad counts")
    for _ in range(warm_up):
        step()
    times = np.zeros(repeats)
    for i in range(repeats):
        start = clock()
        step()
        times[i] = clock() - start
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    if p99 == 0:
        raise ValueError("clock too coarse")
    return LatencyReport(p50 * 1000, p95 * 1000, p99 * 1000, batch * repeats / times.sum(), 1 / times.mean())


@wrong("nonsense-accepted")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    for _ in range(warm_up):
        step()
    times = np.zeros(max(repeats, 1))
    for i in range(len(times)):
        start = clock()
        step()
        times[i] = clock() - start
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    if p99 == 0:
        raise ValueError("clock too coarse")
    return LatencyReport(p50 * 1000, p95 * 1000, p99 * 1000, batch * len(times) / times.sum(), 1 / p99)


@wrong("no-time-at-all")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if warm_up < 0 or repeats < 1 or batch < 1:
        raise ValueError("bad counts")
    for _ in range(warm_up):
        step()
    times = np.zeros(repeats)
    for i in range(repeats):
        start = clock()
        step()
        times[i] = clock() - start
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    if times.sum() == 0:
        raise ValueError("clock too coarse")
    return LatencyReport(
        p50 * 1000, p95 * 1000, p99 * 1000, batch * repeats / times.sum(), float(np.divide(1, p99))
    )


@wrong("rate-of-a-batch")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if warm_up < 0 or repeats < 1 or batch < 1:
        raise ValueError("bad counts")
    for _ in range(warm_up):
        step()
    times = np.zeros(repeats)
    for i in range(repeats):
        start = clock()
        step()
        times[i] = clock() - start
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    if p99 == 0:
        raise ValueError("clock too coarse")
    return LatencyReport(p50 * 1000, p95 * 1000, p99 * 1000, batch * repeats / times.sum(), batch / p99)


@wrong("rates-averaged")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if warm_up < 0 or repeats < 1 or batch < 1:
        raise ValueError("bad counts")
    for _ in range(warm_up):
        step()
    times = np.zeros(repeats)
    for i in range(repeats):
        start = clock()
        step()
        times[i] = clock() - start
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    if p99 == 0:
        raise ValueError("clock too coarse")
    return LatencyReport(p50 * 1000, p95 * 1000, p99 * 1000, float(np.mean(batch / times)), 1 / p99)


@wrong("throughput-of-the-median")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if warm_up < 0 or repeats < 1 or batch < 1:
        raise ValueError("bad counts")
    for _ in range(warm_up):
        step()
    times = np.zeros(repeats)
    for i in range(repeats):
        start = clock()
        step()
        times[i] = clock() - start
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    if p99 == 0:
        raise ValueError("clock too coarse")
    return LatencyReport(p50 * 1000, p95 * 1000, p99 * 1000, batch / p50, 1 / p99)


@wrong("outliers-left-out")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if warm_up < 0 or repeats < 1 or batch < 1:
        raise ValueError("bad counts")
    for _ in range(warm_up):
        step()
    times = np.zeros(repeats)
    for i in range(repeats):
        start = clock()
        step()
        times[i] = clock() - start
    times = times[times <= times.mean() + 3 * times.std()]
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    if p99 == 0:
        raise ValueError("clock too coarse")
    return LatencyReport(p50 * 1000, p95 * 1000, p99 * 1000, batch * len(times) / times.sum(), 1 / p99)


@wrong("still-runs-left-out")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if warm_up < 0 or repeats < 1 or batch < 1:
        raise ValueError("bad counts")
    for _ in range(warm_up):
        step()
    times = np.zeros(repeats)
    for i in range(repeats):
        start = clock()
        step()
        times[i] = clock() - start
    if times.any():
        times = times[times > 0]
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    if p99 == 0:
        raise ValueError("clock too coarse")
    return LatencyReport(p50 * 1000, p95 * 1000, p99 * 1000, batch * len(times) / times.sum(), 1 / p99)


@right("from-sorted-runs")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if min(warm_up, repeats - 1, batch - 1) < 0:
        raise ValueError(f"warm_up {warm_up}, repeats {repeats}, batch {batch}: expected at least 0, 1, 1")

    def timed():
        start = clock()
        step()
        return clock() - start

    for _ in range(warm_up):
        step()
    ordered = sorted(timed() for _ in range(repeats))

    def percentile(share):
        whole, part = divmod(share * (repeats - 1), 1.0)
        low, high = ordered[int(whole)], ordered[min(int(whole) + 1, repeats - 1)]
        return low + part * (high - low)

    if percentile(0.99) == 0.0:
        raise ValueError("p99 is 0 s: too coarse a clock")
    return LatencyReport(
        *(1000.0 * percentile(share) for share in (0.5, 0.95, 0.99)),
        throughput=batch / statistics.fmean(ordered),
        control_rate=1.0 / percentile(0.99),
    )


@right("torch-quantiles")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if repeats <= 0 or batch <= 0 or warm_up <= -1:
        raise ValueError(f"warm_up is {warm_up}, repeats {repeats}, batch {batch}")
    took = torch.zeros(repeats, dtype=torch.float64)
    for run in range(-warm_up, repeats):
        if run < 0:
            step()
            continue
        begin = clock()
        step()
        end = clock()
        took[run] = end - begin
    quantiles = torch.quantile(took, torch.tensor([0.5, 0.95, 0.99], dtype=torch.float64))
    p50, p95, p99 = (1000.0 * quantiles).tolist()
    if not p99 > 0.0:
        raise ValueError("the clock did not move")
    return LatencyReport(p50, p95, p99, batch * repeats / took.sum().item(), 1000.0 / p99)


@wrong("rate-in-kilohertz")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if warm_up < 0 or repeats < 1 or batch < 1:
        raise ValueError("bad counts")
    for _ in range(warm_up):
        step()
    times = []
    for _ in range(repeats):
        start = clock()
        step()
        times.append(clock() - start)
    times = np.array(times)
    p50, p95, p99 = 1000 * np.percentile(times, [50, 95, 99])
    if p99 == 0:
        raise ValueError("clock too coarse")
    return LatencyReport(p50, p95, p99, batch * repeats / times.sum(), 1 / p99)


@right("by-stamps")
def measure_latency(step, warm_up, repeats, batch=1, clock=time.perf_counter):
    if min(warm_up, repeats - 1, batch - 1) < 0:
        raise ValueError("bad counts")

    def timed():
        yield clock()
        step()
        yield clock()

    for _ in range(warm_up):
        step()
    ms = 1e3 * np.diff([list(timed()) for _ in range(repeats)], axis=1)[:, 0]
    p50, p95, p99 = np.quantile(ms, [0.5, 0.95, 0.99]).tolist()
    if not p99:
        raise ValueError("clock too coarse")
    return LatencyReport(p50, p95, p99, throughput=1e3 * batch / ms.mean(), control_rate=1e3 / p99)
