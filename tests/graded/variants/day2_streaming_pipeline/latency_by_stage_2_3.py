"""Answers to 2.3 as students write them."""

# ruff: noqa: F821  (they see the names of the module that they stand in)

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("mean")
def latency_by_stage(packets, percentiles=PERCENTILES):
    stages = {}
    for packet in packets:
        for stage, seconds in packet.items():
            if stage == "total" or not 0 <= seconds < float("inf"):
                raise ValueError(stage)
            stages.setdefault(stage, []).append(seconds)
    if not packets:
        return {}
    stages["total"] = [sum(packet.values()) for packet in packets]
    return {stage: [float(np.mean(some))] * len(percentiles) for stage, some in stages.items()}


@wrong("percentile-of-means")
def latency_by_stage(packets, percentiles=PERCENTILES):
    stages = {}
    for packet in packets:
        for stage, seconds in packet.items():
            if stage == "total" or not 0 <= seconds < float("inf"):
                raise ValueError(stage)
            stages.setdefault(stage, []).append(seconds)
    if not packets:
        return {}
    stages["total"] = [sum(packet.values()) for packet in packets]
    means = {
        stage: [np.mean(some[first : first + 30]) for first in range(0, len(some), 30)]
        for stage, some in stages.items()
    }
    return {stage: np.percentile(some, percentiles).tolist() for stage, some in means.items()}


@wrong("sum-of-percentiles")
def latency_by_stage(packets, percentiles=PERCENTILES):
    stages = {}
    for packet in packets:
        for stage, seconds in packet.items():
            if stage == "total" or not 0 <= seconds < float("inf"):
                raise ValueError(stage)
            stages.setdefault(stage, []).append(seconds)
    if not packets:
        return {}
    found = {stage: np.percentile(some, percentiles) for stage, some in stages.items()}
    found["total"] = sum(found.values())
    return {stage: some.tolist() for stage, some in found.items()}


@wrong("missing-as-zero")
def latency_by_stage(packets, percentiles=PERCENTILES):
    names = []
    for packet in packets:
        for stage, seconds in packet.items():
            if stage == "total" or not 0 <= seconds < float("inf"):
                raise ValueError(stage)
            if stage not in names:
                names.append(stage)
    if not packets:
        return {}
    stages = {name: [packet.get(name, 0.0) for packet in packets] for name in names}
    stages["total"] = [sum(packet.values()) for packet in packets]
    return {stage: np.percentile(some, percentiles).tolist() for stage, some in stages.items()}


@wrong("whole-packets-alone")
def latency_by_stage(packets, percentiles=PERCENTILES):
    names = list(dict.fromkeys(name for packet in packets for name in packet))
    if "total" in names or not all(0 <= s < float("inf") for packet in packets for s in packet.values()):
        raise ValueError("packets")
    whole = [packet for packet in packets if len(packet) == len(names)] or [dict.fromkeys(names, 0.0)]
    if not packets:
        return {}
    stages = {name: [packet[name] for packet in whole] for name in names}
    stages["total"] = [sum(packet.values()) for packet in whole]
    return {stage: np.percentile(some, percentiles).tolist() for stage, some in stages.items()}


@wrong("total-of-whole-packets")
def latency_by_stage(packets, percentiles=PERCENTILES):
    stages = {}
    for packet in packets:
        for stage, seconds in packet.items():
            if stage == "total" or not 0 <= seconds < float("inf"):
                raise ValueError(stage)
            stages.setdefault(stage, []).append(seconds)
    if not packets:
        return {}
    whole = [packet for packet in packets if len(packet) == len(stages)] or packets
    stages["total"] = [sum(packet.values()) for packet in whole]
    return {stage: np.percentile(some, percentiles).tolist() for stage, some in stages.items()}


@wrong("in-milliseconds")
def latency_by_stage(packets, percentiles=PERCENTILES):
    stages = {}
    for packet in packets:
        for stage, seconds in packet.items():
            if stage == "total" or not 0 <= seconds < float("inf"):
                raise ValueError(stage)
            stages.setdefault(stage, []).append(1000 * seconds)
    if not packets:
        return {}
    stages["total"] = [1000 * sum(packet.values()) for packet in packets]
    return {stage: np.percentile(some, percentiles).tolist() for stage, some in stages.items()}


@wrong("anything-accepted")
def latency_by_stage(packets, percentiles=PERCENTILES):
    stages = {}
    for packet in packets:
        for stage, seconds in packet.items():
            stages.setdefault(stage, []).append(seconds)
    if not packets:
        return {}
    stages["total"] = [sum(packet.values()) for packet in packets]
    return {stage: np.percentile(some, percentiles).tolist() for stage, some in stages.items()}


@right("by-quantile")
def latency_by_stage(packets, percentiles=PERCENTILES):
    names = list(dict.fromkeys(name for packet in packets for name in packet))
    if "total" in names:
        raise ValueError("total")
    found = {}
    for name in names:
        some = np.array([packet[name] for packet in packets if name in packet])
        if not np.isfinite(some).all() or some.min() < 0:
            raise ValueError(name)
        found[name] = [float(np.quantile(some, percent / 100)) for percent in percentiles]
    if packets:
        sums = [sum(packet.values()) for packet in packets]
        found["total"] = [float(np.quantile(sums, percent / 100)) for percent in percentiles]
    return found


@wrong("empty-left-out")
def latency_by_stage(packets, percentiles=PERCENTILES):
    stages = {}
    totals = []
    for packet in packets:
        for stage, s in packet.items():
            if stage == "total" or not (0 <= s < float("inf")):
                raise ValueError(stage)
            stages.setdefault(stage, []).append(s)
        if packet:
            totals.append(sum(packet.values()))
    if not packets:
        return {}
    if totals:
        stages["total"] = totals
    return {k: np.percentile(v, percentiles).tolist() for k, v in stages.items()}
