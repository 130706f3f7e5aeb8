"""Answers to 5.1 as students write them."""

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("sides-swapped")
def clip_rates(rates, positions, lower, upper, fastest, deceleration, gain, period):
    q = np.asarray(positions)

    def most(room):
        stops = (
            np.sqrt((deceleration * period) ** 2 + 2 * deceleration * np.maximum(room, 0))
            - deceleration * period
        )
        return np.clip(np.minimum(gain * room, np.where(room > 0, stops, 0)), -np.asarray(fastest), fastest)

    return np.clip(rates, -most(np.asarray(upper) - q), most(q - lower))


@wrong("one-side-only")
def clip_rates(rates, positions, lower, upper, fastest, deceleration, gain, period):
    room = np.asarray(upper) - positions
    stops = (
        np.sqrt((deceleration * period) ** 2 + 2 * deceleration * np.maximum(room, 0)) - deceleration * period
    )
    most = np.minimum(gain * room, np.where(room > 0, stops, 0))
    return np.clip(rates, -np.asarray(fastest), np.clip(most, -np.asarray(fastest), fastest))


@wrong("braking-forgotten")
def clip_rates(rates, positions, lower, upper, fastest, deceleration, gain, period):
    q = np.asarray(positions)
    most = np.clip(gain * (np.asarray(upper) - q), -np.asarray(fastest), fastest)
    least = np.clip(-gain * (q - np.asarray(lower)), -np.asarray(fastest), fastest)
    return np.clip(rates, least, most)


@wrong("period-forgotten")
def clip_rates(rates, positions, lower, upper, fastest, deceleration, gain, period):
    q = np.asarray(positions)

    def most(room):
        stops = np.sqrt(2 * deceleration * np.maximum(room, 0))
        return np.clip(np.minimum(gain * room, np.where(room > 0, stops, 0)), -np.asarray(fastest), fastest)

    return np.clip(rates, -most(q - lower), most(np.asarray(upper) - q))


@wrong("half-forgotten")
def clip_rates(rates, positions, lower, upper, fastest, deceleration, gain, period):
    q = np.asarray(positions)

    def most(room):
        half = deceleration * period / 2
        stops = np.sqrt(half**2 + deceleration * np.maximum(room, 0)) - half
        return np.clip(np.minimum(gain * room, np.where(room > 0, stops, 0)), -np.asarray(fastest), fastest)

    return np.clip(rates, -most(q - lower), most(np.asarray(upper) - q))


@wrong("speed-forgotten")
def clip_rates(rates, positions, lower, upper, fastest, deceleration, gain, period):
    q = np.asarray(positions)

    def most(room):
        stops = (
            np.sqrt((deceleration * period) ** 2 + 2 * deceleration * np.maximum(room, 0))
            - deceleration * period
        )
        return np.minimum(gain * room, np.where(room > 0, stops, 0))

    return np.clip(rates, -most(q - lower), most(np.asarray(upper) - q))


@wrong("gain-forgotten")
def clip_rates(rates, positions, lower, upper, fastest, deceleration, gain, period):
    q = np.asarray(positions)

    def most(room):
        stops = (
            np.sqrt((deceleration * period) ** 2 + 2 * deceleration * np.maximum(room, 0))
            - deceleration * period
        )
        return np.where(room > 0, np.minimum(stops, fastest), np.clip(gain * room, -np.asarray(fastest), 0))

    return np.clip(rates, -most(q - lower), most(np.asarray(upper) - q))


@wrong("sign-of-the-lower-bound")
def clip_rates(rates, positions, lower, upper, fastest, deceleration, gain, period):
    q = np.asarray(positions)

    def most(room):
        stops = (
            np.sqrt((deceleration * period) ** 2 + 2 * deceleration * np.maximum(room, 0))
            - deceleration * period
        )
        return np.clip(np.minimum(gain * room, np.where(room > 0, stops, 0)), -np.asarray(fastest), fastest)

    return np.minimum(np.maximum(rates, most(q - lower)), most(np.asarray(upper) - q))


@wrong("not-a-number")
def clip_rates(rates, positions, lower, upper, fastest, deceleration, gain, period):
    q = np.asarray(positions)

    def most(room):
        with np.errstate(invalid="ignore"):
            stops = np.sqrt((deceleration * period) ** 2 + 2 * deceleration * room) - deceleration * period
        return np.minimum(np.minimum(gain * room, stops), fastest)

    return np.clip(rates, -most(q - lower), most(np.asarray(upper) - q))


@wrong("stays-beyond")
def clip_rates(rates, positions, lower, upper, fastest, deceleration, gain, period):
    q = np.asarray(positions)

    def most(room):
        room = np.maximum(room, 0)
        stops = np.sqrt((deceleration * period) ** 2 + 2 * deceleration * room) - deceleration * period
        return np.minimum(np.minimum(gain * room, stops), fastest)

    return np.clip(rates, -most(q - lower), most(np.asarray(upper) - q))


@wrong("too-quick-back")
def clip_rates(rates, positions, lower, upper, fastest, deceleration, gain, period):
    q, lower, upper = np.asarray(positions), np.asarray(lower), np.asarray(upper)

    def most(room):
        stops = (
            np.sqrt((deceleration * period) ** 2 + 2 * deceleration * np.maximum(room, 0))
            - deceleration * period
        )
        return np.minimum(np.minimum(gain * room, stops), fastest)

    inside = np.clip(rates, -most(q - lower), most(upper - q))
    back = np.where(q > upper, np.minimum(rates, gain * (upper - q)), np.maximum(rates, gain * (lower - q)))
    return np.where((q > upper) | (q < lower), back, inside)


@wrong("scaled-together")
def clip_rates(rates, positions, lower, upper, fastest, deceleration, gain, period):
    q, rates = np.asarray(positions), np.asarray(rates)

    def most(room):
        stops = (
            np.sqrt((deceleration * period) ** 2 + 2 * deceleration * np.maximum(room, 0))
            - deceleration * period
        )
        return np.clip(np.minimum(gain * room, np.where(room > 0, stops, 0)), -np.asarray(fastest), fastest)

    up, down = most(np.asarray(upper) - q), most(q - lower)
    safe = np.clip(rates, -down, up)
    if ((q < lower) | (q > upper)).any() or not rates.any():
        return safe
    with np.errstate(divide="ignore", invalid="ignore"):
        return rates * np.nanmin(np.where(rates == 0, 1.0, safe / rates))


@wrong("bound-returned")
def clip_rates(rates, positions, lower, upper, fastest, deceleration, gain, period):
    q = np.asarray(positions)

    def most(room):
        stops = (
            np.sqrt((deceleration * period) ** 2 + 2 * deceleration * np.maximum(room, 0))
            - deceleration * period
        )
        return np.clip(np.minimum(gain * room, np.where(room > 0, stops, 0)), -np.asarray(fastest), fastest)

    up, down = most(np.asarray(upper) - q), -most(q - lower)
    return np.where(np.asarray(rates) < -1.0, down, up)


@wrong("in-degrees")
def clip_rates(rates, positions, lower, upper, fastest, deceleration, gain, period):
    q = np.asarray(positions)

    def most(room):
        stops = (
            np.sqrt((deceleration * period) ** 2 + 2 * deceleration * np.maximum(room, 0))
            - deceleration * period
        )
        return np.clip(np.minimum(gain * room, np.where(room > 0, stops, 0)), -np.asarray(fastest), fastest)

    return np.degrees(np.clip(rates, -most(q - lower), most(np.asarray(upper) - q)))


@right("joint-by-joint")
def clip_rates(rates, positions, lower, upper, fastest, deceleration, gain, period):
    count = len(rates)
    fastest = np.broadcast_to(fastest, count)
    answer = np.empty(count)
    for k in range(count):
        bounds = []
        for room in (upper[k] - positions[k], positions[k] - lower[k]):
            if room > 0:
                loss = deceleration * period
                stops = 2 * deceleration * room / (np.sqrt(loss**2 + 2 * deceleration * room) + loss)
                bounds.append(min(fastest[k], gain * room, stops))
            else:
                bounds.append(max(-fastest[k], gain * room))
        answer[k] = min(max(rates[k], -bounds[1]), bounds[0])
    return answer


@right("stacked")
def clip_rates(rates, positions, lower, upper, fastest, deceleration, gain, period):
    room = np.stack((np.asarray(upper, float) - positions, np.asarray(positions, float) - lower))
    stops = deceleration * (np.sqrt(period**2 + 2 * np.abs(room) / deceleration) - period)
    free = np.where(room > 0, np.minimum(gain * room, stops), gain * room)
    up, down = np.maximum(np.minimum(free, fastest), -np.asarray(fastest, float))
    return np.minimum(np.maximum(rates, -down), up)
