"""Answers to 3.20 as students write them."""

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("steps-on-an-edge")
def rate_footing(ground, limits):
    plane = np.column_stack((np.ones(len(ground.points)), ground.points))
    fit = np.linalg.pinv(plane) @ ground.heights.T
    slope = np.arctan(np.hypot(fit[1], fit[2]))
    gap = np.abs(ground.heights.T - plane @ fit).max(axis=0)
    cost = limits.slope_cost * slope / limits.max_slope + limits.gap_cost * gap / limits.max_gap
    cost = cost + limits.roughness_cost * ground.roughness.mean(axis=1)
    safe = (slope <= limits.max_slope) & (gap <= limits.max_gap) & ~ground.edges[:, 0]
    safe &= (ground.clearance.min(axis=1) >= limits.min_clearance) & ~np.isnan(cost)
    return np.where(safe, cost, np.inf)


@wrong("corners-only")
def rate_footing(ground, limits):
    plane = np.column_stack((np.ones(len(ground.points)), ground.points))
    fit = np.linalg.pinv(plane) @ ground.heights.T
    slope = np.arctan(np.hypot(fit[1], fit[2]))
    gap = np.abs(ground.heights.T - plane @ fit).max(axis=0)
    cost = limits.slope_cost * slope / limits.max_slope + limits.gap_cost * gap / limits.max_gap
    cost = cost + limits.roughness_cost * ground.roughness.mean(axis=1)
    away = np.abs(ground.points - ground.points[0]).sum(axis=1)
    looked = (away > away.max() - 1e-6) | (away == 0)
    safe = (slope <= limits.max_slope) & (gap <= limits.max_gap) & ~ground.edges[:, looked].any(axis=1)
    safe &= (ground.clearance.min(axis=1) >= limits.min_clearance) & ~np.isnan(cost)
    return np.where(safe, cost, np.inf)


@wrong("cost-is-nan")
def rate_footing(ground, limits):
    plane = np.column_stack((np.ones(len(ground.points)), ground.points))
    fit = np.linalg.pinv(plane) @ ground.heights.T
    slope = np.arctan(np.hypot(fit[1], fit[2]))
    gap = np.abs(ground.heights.T - plane @ fit).max(axis=0)
    cost = limits.slope_cost * slope / limits.max_slope + limits.gap_cost * gap / limits.max_gap
    cost = cost + limits.roughness_cost * ground.roughness.mean(axis=1)
    cost[(slope > limits.max_slope) | (gap > limits.max_gap) | ground.edges.any(axis=1)] = np.inf
    cost[ground.clearance.min(axis=1) < limits.min_clearance] = np.inf
    return cost


@wrong("unknown-is-fine")
def rate_footing(ground, limits):
    heights = np.nan_to_num(ground.heights)
    plane = np.column_stack((np.ones(len(ground.points)), ground.points))
    fit = np.linalg.pinv(plane) @ heights.T
    slope = np.arctan(np.hypot(fit[1], fit[2]))
    gap = np.abs(heights.T - plane @ fit).max(axis=0)
    cost = limits.slope_cost * slope / limits.max_slope + limits.gap_cost * gap / limits.max_gap
    cost = cost + limits.roughness_cost * np.nan_to_num(ground.roughness).mean(axis=1)
    safe = (slope <= limits.max_slope) & (gap <= limits.max_gap) & ~ground.edges.any(axis=1)
    safe &= ground.clearance.min(axis=1) >= limits.min_clearance
    return np.where(safe, cost, np.inf)


@wrong("gap-about-the-mean")
def rate_footing(ground, limits):
    plane = np.column_stack((np.ones(len(ground.points)), ground.points))
    fit = np.linalg.pinv(plane) @ ground.heights.T
    slope = np.arctan(np.hypot(fit[1], fit[2]))
    gap = np.abs(ground.heights - ground.heights.mean(axis=1, keepdims=True)).max(axis=1)
    cost = limits.slope_cost * slope / limits.max_slope + limits.gap_cost * gap / limits.max_gap
    cost = cost + limits.roughness_cost * ground.roughness.mean(axis=1)
    safe = (slope <= limits.max_slope) & (gap <= limits.max_gap) & ~ground.edges.any(axis=1)
    safe &= (ground.clearance.min(axis=1) >= limits.min_clearance) & ~np.isnan(cost)
    return np.where(safe, cost, np.inf)


@wrong("slope-of-the-tangent")
def rate_footing(ground, limits):
    plane = np.column_stack((np.ones(len(ground.points)), ground.points))
    fit = np.linalg.pinv(plane) @ ground.heights.T
    slope = np.hypot(fit[1], fit[2])
    gap = np.abs(ground.heights.T - plane @ fit).max(axis=0)
    cost = limits.slope_cost * slope / limits.max_slope + limits.gap_cost * gap / limits.max_gap
    cost = cost + limits.roughness_cost * ground.roughness.mean(axis=1)
    safe = (slope <= limits.max_slope) & (gap <= limits.max_gap) & ~ground.edges.any(axis=1)
    safe &= (ground.clearance.min(axis=1) >= limits.min_clearance) & ~np.isnan(cost)
    return np.where(safe, cost, np.inf)


@wrong("clearance-of-the-farthest")
def rate_footing(ground, limits):
    plane = np.column_stack((np.ones(len(ground.points)), ground.points))
    fit = np.linalg.pinv(plane) @ ground.heights.T
    slope = np.arctan(np.hypot(fit[1], fit[2]))
    gap = np.abs(ground.heights.T - plane @ fit).max(axis=0)
    cost = limits.slope_cost * slope / limits.max_slope + limits.gap_cost * gap / limits.max_gap
    cost = cost + limits.roughness_cost * ground.roughness.mean(axis=1)
    safe = (slope <= limits.max_slope) & (gap <= limits.max_gap) & ~ground.edges.any(axis=1)
    safe &= (ground.clearance.max(axis=1) >= limits.min_clearance) & ~np.isnan(cost)
    return np.where(safe, cost, np.inf)


@wrong("gap-of-the-mean")
def rate_footing(ground, limits):
    plane = np.column_stack((np.ones(len(ground.points)), ground.points))
    fit = np.linalg.pinv(plane) @ ground.heights.T
    slope = np.arctan(np.hypot(fit[1], fit[2]))
    gap = np.sqrt(((ground.heights.T - plane @ fit) ** 2).mean(axis=0))
    cost = limits.slope_cost * slope / limits.max_slope + limits.gap_cost * gap / limits.max_gap
    cost = cost + limits.roughness_cost * ground.roughness.mean(axis=1)
    safe = (slope <= limits.max_slope) & (gap <= limits.max_gap) & ~ground.edges.any(axis=1)
    safe &= (ground.clearance.min(axis=1) >= limits.min_clearance) & ~np.isnan(cost)
    return np.where(safe, cost, np.inf)


@wrong("gap-on-one-side")
def rate_footing(ground, limits):
    plane = np.column_stack((np.ones(len(ground.points)), ground.points))
    fit = np.linalg.pinv(plane) @ ground.heights.T
    slope = np.arctan(np.hypot(fit[1], fit[2]))
    gap = (ground.heights.T - plane @ fit).max(axis=0)
    cost = limits.slope_cost * slope / limits.max_slope + limits.gap_cost * gap / limits.max_gap
    cost = cost + limits.roughness_cost * ground.roughness.mean(axis=1)
    safe = (slope <= limits.max_slope) & (gap <= limits.max_gap) & ~ground.edges.any(axis=1)
    safe &= (ground.clearance.min(axis=1) >= limits.min_clearance) & ~np.isnan(cost)
    return np.where(safe, cost, np.inf)


@right("place-by-place")
def rate_footing(ground, limits):
    costs = []
    table = np.insert(ground.points, 0, 1.0, axis=1)
    for k in range(len(ground.heights)):
        h, rough = ground.heights[k], ground.roughness[k]
        if np.isnan(h).any() or np.isnan(rough).any() or ground.edges[k].any():
            costs.append(np.inf)
            continue
        fit = np.linalg.lstsq(table, h, rcond=None)[0]
        slope = np.arctan(np.linalg.norm(fit[1:]))
        gap = max(abs(h - table @ fit))
        if (
            slope > limits.max_slope
            or gap > limits.max_gap
            or min(ground.clearance[k]) < limits.min_clearance
        ):
            costs.append(np.inf)
        else:
            uneven = limits.gap_cost * gap / limits.max_gap
            costs.append(
                limits.slope_cost * slope / limits.max_slope + uneven + limits.roughness_cost * np.mean(rough)
            )
    return costs
