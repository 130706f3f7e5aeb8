"""Answers to 2.11 as students write them."""

from vla_course.course.source.variants import right, wrong


@wrong("oldest-loaded")
def models_to_evict(sizes, last_used, needed, limit, busy=()):
    used, going = sum(sizes.values()), []
    for name in sizes:
        if used + needed <= limit:
            break
        if name not in busy:
            going.append(name)
            used -= sizes[name]
    if used + needed > limit:
        raise MemoryError("does not fit")
    return going


@wrong("most-recently-used")
def models_to_evict(sizes, last_used, needed, limit, busy=()):
    used, going = sum(sizes.values()), []
    for name in sorted((n for n in sizes if n not in busy), key=lambda n: -last_used[n]):
        if used + needed <= limit:
            break
        going.append(name)
        used -= sizes[name]
    if used + needed > limit:
        raise MemoryError("does not fit")
    return going


@wrong("largest-first")
def models_to_evict(sizes, last_used, needed, limit, busy=()):
    used, going = sum(sizes.values()), []
    for name in sorted((n for n in sizes if n not in busy), key=lambda n: -sizes[n]):
        if used + needed <= limit:
            break
        going.append(name)
        used -= sizes[name]
    if used + needed > limit:
        raise MemoryError("does not fit")
    return going


@wrong("all-of-them")
def models_to_evict(sizes, last_used, needed, limit, busy=()):
    idle = sorted((n for n in sizes if n not in busy), key=lambda n: (last_used[n], sizes[n]))
    if sum(sizes.values()) - sum(sizes[n] for n in idle) + needed > limit:
        raise MemoryError("does not fit")
    return idle


@wrong("one-at-most")
def models_to_evict(sizes, last_used, needed, limit, busy=()):
    idle = sorted((n for n in sizes if n not in busy), key=lambda n: (last_used[n], sizes[n]))
    if sum(sizes.values()) - sum(sizes[n] for n in idle) + needed > limit:
        raise MemoryError("does not fit")
    return idle[:1] if sum(sizes.values()) + needed > limit else []


@wrong("needed-forgotten")
def models_to_evict(sizes, last_used, needed, limit, busy=()):
    used, going = sum(sizes.values()), []
    idle = sorted((n for n in sizes if n not in busy), key=lambda n: (last_used[n], sizes[n]))
    if used - sum(sizes[n] for n in idle) + needed > limit:
        raise MemoryError("does not fit")
    for name in idle:
        if used <= limit:
            break
        going.append(name)
        used -= sizes[name]
    return going


@wrong("busy-evicted")
def models_to_evict(sizes, last_used, needed, limit, busy=()):
    used, going = sum(sizes.values()), []
    for name in sorted(sizes, key=lambda n: (last_used[n], sizes[n])):
        if used + needed <= limit:
            break
        going.append(name)
        used -= sizes[name]
    if used + needed > limit:
        raise MemoryError("does not fit")
    return going


@wrong("hopes")
def models_to_evict(sizes, last_used, needed, limit, busy=()):
    used, going = sum(sizes.values()), []
    for name in sorted((n for n in sizes if n not in busy), key=lambda n: (last_used[n], sizes[n])):
        if used + needed <= limit:
            break
        going.append(name)
        used -= sizes[name]
    return going


@right("with-a-heap")
def models_to_evict(sizes, last_used, needed, limit, busy=()):
    import heapq

    over = sum(sizes.values()) + needed - limit
    heap = [(last_used[name], size, name) for name, size in sizes.items() if name not in set(busy)]
    if sum(size for _, size, _ in heap) < over:
        raise MemoryError(f"{needed} bytes do not fit in {limit}")
    heapq.heapify(heap)
    going = []
    while over > 0:
        _, size, name = heapq.heappop(heap)
        going.append(name)
        over -= size
    return going


@wrong("more-than-to-the-byte")
def models_to_evict(sizes, last_used, needed, limit, busy=()):
    used, going = sum(sizes.values()), []
    if used + needed <= limit:
        return []
    for name in sorted((n for n in sizes if n not in busy), key=lambda n: (last_used[n], sizes[n])):
        going.append(name)
        used -= sizes[name]
        if used + needed < limit:
            return going
    raise MemoryError


@wrong("nothing-needed")
def models_to_evict(sizes, last_used, needed, limit, busy=()):
    if needed == 0:
        return []
    used, going = sum(sizes.values()), []
    for name in sorted((n for n in sizes if n not in busy), key=lambda n: (last_used[n], sizes[n])):
        if used + needed <= limit:
            break
        going.append(name)
        used -= sizes[name]
    if used + needed > limit:
        raise MemoryError
    return going


@right("by-sums")
def models_to_evict(sizes, last_used, needed, limit, busy=()):
    order = sorted(set(sizes) - set(busy), key=lambda n: (last_used[n], sizes[n], n))
    over = sum(sizes.values()) + needed - limit
    for count in range(len(order) + 1):
        if sum(sizes[n] for n in order[:count]) >= over:
            return order[:count]
    raise MemoryError("does not fit")
