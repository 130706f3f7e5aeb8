"""Answers to 3.26 as students write them."""

from dataclasses import replace

import numpy as np

from vla_course.course.source.variants import right, wrong
from vla_course.motion.footsteps.plan import Stance
from vla_course.motion.planning.step_safety import (
    LEAN,
    OMEGA,
    Mended,
    VerifiedSteps,
    fault_of_step,
    nearest_safe_step,
)


@wrong("first-step-only")
def verify(self, start, steps, step_time):
    longest = LEAN * np.exp(OMEGA * step_time)
    stance, kept, changes = start, [], []
    for k, step in enumerate(steps):
        standing = stance.foot("right" if step.side == "left" else "left")
        fault = fault_of_step(self.graph, stance, step)
        if not fault and np.hypot(step.x - standing.x, step.y - standing.y) > longest:
            fault = "the step is too long for its pace"
        if fault and k == 0:
            instead = nearest_safe_step(self.graph, stance, step, longest)
            if instead is None:
                return VerifiedSteps(tuple(kept), tuple(changes), fault)
            changes.append(Mended(k, step, instead, fault))
            step = instead
        kept.append(step)
        stance = replace(stance, **{step.side: step})
    return VerifiedSteps(tuple(kept), tuple(changes), "")


@wrong("unsafe-passes")
def verify(self, start, steps, step_time):
    longest = LEAN * np.exp(OMEGA * step_time)
    stance, kept, changes = start, [], []
    for k, step in enumerate(steps):
        standing = stance.foot("right" if step.side == "left" else "left")
        fault = fault_of_step(self.graph, stance, step)
        if not fault and np.hypot(step.x - standing.x, step.y - standing.y) > longest:
            fault = "the step is too long for its pace"
        if fault:
            instead = nearest_safe_step(self.graph, stance, step, longest)
            if instead is None:
                return VerifiedSteps(tuple(kept), tuple(changes), fault)
        kept.append(step)
        stance = replace(stance, **{step.side: step})
    return VerifiedSteps(tuple(kept), tuple(changes), "")


@wrong("judged-from-the-start")
def verify(self, start, steps, step_time):
    longest = LEAN * np.exp(OMEGA * step_time)
    stance, kept, changes = start, [], []
    for k, step in enumerate(steps):
        standing = stance.foot("right" if step.side == "left" else "left")
        fault = fault_of_step(self.graph, stance, step)
        if not fault and np.hypot(step.x - standing.x, step.y - standing.y) > longest:
            fault = "the step is too long for its pace"
        if fault:
            instead = nearest_safe_step(self.graph, stance, step, longest)
            if instead is None:
                return VerifiedSteps(tuple(kept), tuple(changes), fault)
            changes.append(Mended(k, step, instead, fault))
            step = instead
        kept.append(step)
        stance = start
    return VerifiedSteps(tuple(kept), tuple(changes), "")


@wrong("later-steps-not-rechecked")
def verify(self, start, steps, step_time):
    longest = LEAN * np.exp(OMEGA * step_time)
    stance, kept, changes = start, [], []
    for k, step in enumerate(steps):
        standing = stance.foot("right" if step.side == "left" else "left")
        fault = fault_of_step(self.graph, stance, step)
        if not fault and np.hypot(step.x - standing.x, step.y - standing.y) > longest:
            fault = "the step is too long for its pace"
        asked = step
        if fault:
            instead = nearest_safe_step(self.graph, stance, step, longest)
            if instead is None:
                return VerifiedSteps(tuple(kept), tuple(changes), fault)
            changes.append(Mended(k, step, instead, fault))
            step = instead
        kept.append(step)
        stance = replace(stance, **{asked.side: asked})
    return VerifiedSteps(tuple(kept), tuple(changes), "")


@wrong("never-mends")
def verify(self, start, steps, step_time):
    longest = LEAN * np.exp(OMEGA * step_time)
    stance, kept, changes = start, [], []
    for k, step in enumerate(steps):
        standing = stance.foot("right" if step.side == "left" else "left")
        fault = fault_of_step(self.graph, stance, step)
        if not fault and np.hypot(step.x - standing.x, step.y - standing.y) > longest:
            fault = "the step is too long for its pace"
        if fault:
            return VerifiedSteps(tuple(kept), (), fault)
        kept.append(step)
        stance = replace(stance, **{step.side: step})
    return VerifiedSteps(tuple(kept), tuple(changes), "")


@wrong("throws-all-away")
def verify(self, start, steps, step_time):
    longest = LEAN * np.exp(OMEGA * step_time)
    stance, kept, changes = start, [], []
    for k, step in enumerate(steps):
        standing = stance.foot("right" if step.side == "left" else "left")
        fault = fault_of_step(self.graph, stance, step)
        if not fault and np.hypot(step.x - standing.x, step.y - standing.y) > longest:
            fault = "the step is too long for its pace"
        if fault:
            return VerifiedSteps((), (), fault)
        kept.append(step)
        stance = replace(stance, **{step.side: step})
    return VerifiedSteps(tuple(kept), tuple(changes), "")


@wrong("skips-the-step")
def verify(self, start, steps, step_time):
    longest = LEAN * np.exp(OMEGA * step_time)
    stance, kept, changes = start, [], []
    for k, step in enumerate(steps):
        standing = stance.foot("right" if step.side == "left" else "left")
        fault = fault_of_step(self.graph, stance, step)
        if not fault and np.hypot(step.x - standing.x, step.y - standing.y) > longest:
            fault = "the step is too long for its pace"
        if fault:
            instead = nearest_safe_step(self.graph, stance, step, longest)
            if instead is None:
                continue
            changes.append(Mended(k, step, instead, fault))
            step = instead
        kept.append(step)
        stance = replace(stance, **{step.side: step})
    return VerifiedSteps(tuple(kept), tuple(changes), "")


@wrong("pace-ignored")
def verify(self, start, steps, step_time):
    longest = np.inf
    stance, kept, changes = start, [], []
    for k, step in enumerate(steps):
        standing = stance.foot("right" if step.side == "left" else "left")
        fault = fault_of_step(self.graph, stance, step)
        if not fault and np.hypot(step.x - standing.x, step.y - standing.y) > longest:
            fault = "the step is too long for its pace"
        if fault:
            instead = nearest_safe_step(self.graph, stance, step, longest)
            if instead is None:
                return VerifiedSteps(tuple(kept), tuple(changes), fault)
            changes.append(Mended(k, step, instead, fault))
            step = instead
        kept.append(step)
        stance = replace(stance, **{step.side: step})
    return VerifiedSteps(tuple(kept), tuple(changes), "")


@wrong("mended-too-long")
def verify(self, start, steps, step_time):
    longest = LEAN * np.exp(OMEGA * step_time)
    stance, kept, changes = start, [], []
    for k, step in enumerate(steps):
        standing = stance.foot("right" if step.side == "left" else "left")
        fault = fault_of_step(self.graph, stance, step)
        if not fault and np.hypot(step.x - standing.x, step.y - standing.y) > longest:
            fault = "the step is too long for its pace"
        if fault:
            instead = nearest_safe_step(self.graph, stance, step)
            if instead is None:
                return VerifiedSteps(tuple(kept), tuple(changes), fault)
            changes.append(Mended(k, step, instead, fault))
            step = instead
        kept.append(step)
        stance = replace(stance, **{step.side: step})
    return VerifiedSteps(tuple(kept), tuple(changes), "")


@wrong("growth-sign")
def verify(self, start, steps, step_time):
    longest = LEAN * np.exp(-OMEGA * step_time)
    stance, kept, changes = start, [], []
    for k, step in enumerate(steps):
        standing = stance.foot("right" if step.side == "left" else "left")
        fault = fault_of_step(self.graph, stance, step)
        if not fault and np.hypot(step.x - standing.x, step.y - standing.y) > longest:
            fault = "the step is too long for its pace"
        if fault:
            instead = nearest_safe_step(self.graph, stance, step, longest)
            if instead is None:
                return VerifiedSteps(tuple(kept), tuple(changes), fault)
            changes.append(Mended(k, step, instead, fault))
            step = instead
        kept.append(step)
        stance = replace(stance, **{step.side: step})
    return VerifiedSteps(tuple(kept), tuple(changes), "")


@wrong("omega-forgotten")
def verify(self, start, steps, step_time):
    longest = LEAN * np.exp(step_time)
    stance, kept, changes = start, [], []
    for k, step in enumerate(steps):
        standing = stance.foot("right" if step.side == "left" else "left")
        fault = fault_of_step(self.graph, stance, step)
        if not fault and np.hypot(step.x - standing.x, step.y - standing.y) > longest:
            fault = "the step is too long for its pace"
        if fault:
            instead = nearest_safe_step(self.graph, stance, step, longest)
            if instead is None:
                return VerifiedSteps(tuple(kept), tuple(changes), fault)
            changes.append(Mended(k, step, instead, fault))
            step = instead
        kept.append(step)
        stance = replace(stance, **{step.side: step})
    return VerifiedSteps(tuple(kept), tuple(changes), "")


@wrong("measured-from-its-own-foot")
def verify(self, start, steps, step_time):
    longest = LEAN * np.exp(OMEGA * step_time)
    stance, kept, changes = start, [], []
    for k, step in enumerate(steps):
        standing = stance.foot("left" if step.side == "left" else "right")
        fault = fault_of_step(self.graph, stance, step)
        if not fault and np.hypot(step.x - standing.x, step.y - standing.y) > longest:
            fault = "the step is too long for its pace"
        if fault:
            instead = nearest_safe_step(self.graph, stance, step, longest)
            if instead is None:
                return VerifiedSteps(tuple(kept), tuple(changes), fault)
            changes.append(Mended(k, step, instead, fault))
            step = instead
        kept.append(step)
        stance = replace(stance, **{step.side: step})
    return VerifiedSteps(tuple(kept), tuple(changes), "")


@wrong("tells-nothing")
def verify(self, start, steps, step_time):
    longest = LEAN * np.exp(OMEGA * step_time)
    stance, kept, changes = start, [], []
    for k, step in enumerate(steps):
        standing = stance.foot("right" if step.side == "left" else "left")
        fault = fault_of_step(self.graph, stance, step)
        if not fault and np.hypot(step.x - standing.x, step.y - standing.y) > longest:
            fault = "the step is too long for its pace"
        if fault:
            instead = nearest_safe_step(self.graph, stance, step, longest)
            if instead is None:
                return VerifiedSteps(tuple(kept), tuple(changes), fault)
            step = instead
        kept.append(step)
        stance = replace(stance, **{step.side: step})
    return VerifiedSteps(tuple(kept), tuple(changes), "")


@wrong("silent-end")
def verify(self, start, steps, step_time):
    longest = LEAN * np.exp(OMEGA * step_time)
    stance, kept, changes = start, [], []
    for k, step in enumerate(steps):
        standing = stance.foot("right" if step.side == "left" else "left")
        fault = fault_of_step(self.graph, stance, step)
        if not fault and np.hypot(step.x - standing.x, step.y - standing.y) > longest:
            fault = "the step is too long for its pace"
        if fault:
            instead = nearest_safe_step(self.graph, stance, step, longest)
            if instead is None:
                return VerifiedSteps(tuple(kept), tuple(changes), "")
            changes.append(Mended(k, step, instead, fault))
            step = instead
        kept.append(step)
        stance = replace(stance, **{step.side: step})
    return VerifiedSteps(tuple(kept), tuple(changes), "")


@wrong("counts-from-one")
def verify(self, start, steps, step_time):
    longest = LEAN * np.exp(OMEGA * step_time)
    stance, kept, changes = start, [], []
    for k, step in enumerate(steps, start=1):
        standing = stance.foot("right" if step.side == "left" else "left")
        fault = fault_of_step(self.graph, stance, step)
        if not fault and np.hypot(step.x - standing.x, step.y - standing.y) > longest:
            fault = "the step is too long for its pace"
        if fault:
            instead = nearest_safe_step(self.graph, stance, step, longest)
            if instead is None:
                return VerifiedSteps(tuple(kept), tuple(changes), fault)
            changes.append(Mended(k, step, instead, fault))
            step = instead
        kept.append(step)
        stance = replace(stance, **{step.side: step})
    return VerifiedSteps(tuple(kept), tuple(changes), "")


@wrong("asked-for-instead")
def verify(self, start, steps, step_time):
    longest = LEAN * np.exp(OMEGA * step_time)
    stance, kept, changes = start, [], []
    for k, step in enumerate(steps):
        standing = stance.foot("right" if step.side == "left" else "left")
        fault = fault_of_step(self.graph, stance, step)
        if not fault and np.hypot(step.x - standing.x, step.y - standing.y) > longest:
            fault = "the step is too long for its pace"
        if fault:
            instead = nearest_safe_step(self.graph, stance, step, longest)
            if instead is None:
                return VerifiedSteps(tuple(kept), tuple(changes), fault)
            changes.append(Mended(k, instead, step, fault))
            step = instead
        kept.append(step)
        stance = replace(stance, **{step.side: step})
    return VerifiedSteps(tuple(kept), tuple(changes), "")


@right("queue-and-dict")
def verify(self, start, steps, step_time):
    longest, feet = LEAN * np.exp(OMEGA) ** step_time, {"left": start.left, "right": start.right}
    left, safe, told, why = list(steps), [], [], ""
    while left and not why:
        step, stance = left.pop(0), Stance(**feet)
        (there,) = (foot for side, foot in feet.items() if side != step.side)
        reach = abs(complex(step.x, step.y) - complex(there.x, there.y))
        said = fault_of_step(self.graph, stance, step) or ("too long" if reach > longest else "")
        taken = nearest_safe_step(self.graph, stance, step, longest) if said else step
        if taken is None:
            why = said
            continue
        if said:
            told.append(Mended(len(safe), step, taken, said))
        safe.append(taken)
        feet[taken.side] = taken
    return VerifiedSteps(tuple(safe), tuple(told), why)


@right("one-step-and-the-rest")
def verify(self, start, steps, step_time):
    def onward(stance, number):
        if number == len(steps):
            return (), (), ""
        step = steps[number]
        bearing = stance.right if step.side == "left" else stance.left
        fault = fault_of_step(self.graph, stance, step)
        if np.linalg.norm((step.x - bearing.x, step.y - bearing.y)) * np.exp(-OMEGA * step_time) > LEAN:
            fault = fault or "it is too long for this pace"
        change = ()
        if fault:
            instead = nearest_safe_step(self.graph, stance, step, LEAN / np.exp(-OMEGA * step_time))
            if instead is None:
                return (), (), fault
            change, step = (Mended(number, step, instead, fault),), instead
        steps_left, changes_left, reason = onward(replace(stance, **{step.side: step}), number + 1)
        return (step, *steps_left), change + changes_left, reason

    return VerifiedSteps(*onward(start, 0))
