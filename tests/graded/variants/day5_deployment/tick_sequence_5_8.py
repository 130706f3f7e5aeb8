"""Answers to 5.8 as students write them."""

# ruff: noqa: F821  (they see the names of the module that they stand in)

from vla_course.course.source.variants import right, wrong


@right("by-returns")
def tick_sequence(sequence):
    def end(status, reason=""):
        sequence.running, sequence.status, sequence.reason = False, status, reason
        return status

    if sequence.status is not Status.RUNNING:
        return sequence.status
    for index in range(sequence.at, len(sequence.steps)):
        if index > sequence.at:
            sequence.at, sequence.tries, sequence.running = index, 0, False
        step, begun = sequence.steps[index], sequence.running
        if not begun and step.done():
            continue
        trouble = step.guard()
        if trouble:
            if begun:
                step.action.halt()
            return end(Status.FAILURE, trouble)
        answer = step.action.tick()
        sequence.running = answer == Status.RUNNING
        if sequence.running:
            return Status.RUNNING
        if step.done():
            continue
        reason = step.name + ": not seen to be done" if answer == Status.SUCCESS else step.action.reason
        sequence.tries += 1
        if sequence.tries >= sequence.attempts:
            return end(Status.FAILURE, reason)
        return Status.RUNNING
    sequence.at = len(sequence.steps)
    return end(Status.SUCCESS)


@wrong("guards-at-the-start-only")
def tick_sequence(sequence):
    while sequence.status is Status.RUNNING:
        if sequence.at == len(sequence.steps):
            sequence.status = Status.SUCCESS
            break
        step = sequence.steps[sequence.at]
        if not sequence.running and step.done():
            sequence.at, sequence.tries = sequence.at + 1, 0
            continue
        if not sequence.running and (wrong := step.guard()):
            if sequence.running:
                step.action.halt()
            sequence.running, sequence.status, sequence.reason = False, Status.FAILURE, wrong
            break
        status = step.action.tick()
        sequence.running = status is Status.RUNNING
        if sequence.running:
            break
        if step.done():
            continue
        sequence.tries += 1
        if sequence.tries == sequence.attempts:
            unseen = f"{step.name}: not seen to be done"
            sequence.status = Status.FAILURE
            sequence.reason = unseen if status is Status.SUCCESS else step.action.reason
        break
    return sequence.status


@wrong("moves-before-it-asks")
def tick_sequence(sequence):
    while sequence.status is Status.RUNNING:
        if sequence.at == len(sequence.steps):
            sequence.status = Status.SUCCESS
            break
        step = sequence.steps[sequence.at]
        if not sequence.running and step.done():
            sequence.at, sequence.tries = sequence.at + 1, 0
            continue
        status = step.action.tick()
        sequence.running = status is Status.RUNNING
        if wrong := step.guard():
            if sequence.running:
                step.action.halt()
            sequence.running, sequence.status, sequence.reason = False, Status.FAILURE, wrong
            break
        if sequence.running:
            break
        if step.done():
            continue
        sequence.tries += 1
        if sequence.tries == sequence.attempts:
            unseen = f"{step.name}: not seen to be done"
            sequence.status = Status.FAILURE
            sequence.reason = unseen if status is Status.SUCCESS else step.action.reason
        break
    return sequence.status


@wrong("left-running")
def tick_sequence(sequence):
    while sequence.status is Status.RUNNING:
        if sequence.at == len(sequence.steps):
            sequence.status = Status.SUCCESS
            break
        step = sequence.steps[sequence.at]
        if not sequence.running and step.done():
            sequence.at, sequence.tries = sequence.at + 1, 0
            continue
        if wrong := step.guard():
            sequence.running, sequence.status, sequence.reason = False, Status.FAILURE, wrong
            break
        status = step.action.tick()
        sequence.running = status is Status.RUNNING
        if sequence.running:
            break
        if step.done():
            continue
        sequence.tries += 1
        if sequence.tries == sequence.attempts:
            unseen = f"{step.name}: not seen to be done"
            sequence.status = Status.FAILURE
            sequence.reason = unseen if status is Status.SUCCESS else step.action.reason
        break
    return sequence.status


@wrong("tries-again-what-the-world-forbids")
def tick_sequence(sequence):
    while sequence.status is Status.RUNNING:
        if sequence.at == len(sequence.steps):
            sequence.status = Status.SUCCESS
            break
        step = sequence.steps[sequence.at]
        if not sequence.running and step.done():
            sequence.at, sequence.tries = sequence.at + 1, 0
            continue
        if wrong := step.guard():
            if sequence.running:
                step.action.halt()
            sequence.running = False
            sequence.tries += 1
            if sequence.tries == sequence.attempts:
                sequence.status, sequence.reason = Status.FAILURE, wrong
            break
        status = step.action.tick()
        sequence.running = status is Status.RUNNING
        if sequence.running:
            break
        if step.done():
            continue
        sequence.tries += 1
        if sequence.tries == sequence.attempts:
            unseen = f"{step.name}: not seen to be done"
            sequence.status = Status.FAILURE
            sequence.reason = unseen if status is Status.SUCCESS else step.action.reason
        break
    return sequence.status


@wrong("believes-the-action")
def tick_sequence(sequence):
    while sequence.status is Status.RUNNING:
        if sequence.at == len(sequence.steps):
            sequence.status = Status.SUCCESS
            break
        step = sequence.steps[sequence.at]
        if not sequence.running and step.done():
            sequence.at, sequence.tries = sequence.at + 1, 0
            continue
        if wrong := step.guard():
            if sequence.running:
                step.action.halt()
            sequence.running, sequence.status, sequence.reason = False, Status.FAILURE, wrong
            break
        status = step.action.tick()
        sequence.running = status is Status.RUNNING
        if sequence.running:
            break
        if status is Status.SUCCESS:
            sequence.at, sequence.tries = sequence.at + 1, 0
            continue
        sequence.tries += 1
        if sequence.tries == sequence.attempts:
            unseen = f"{step.name}: not seen to be done"
            sequence.status = Status.FAILURE
            sequence.reason = unseen if status is Status.SUCCESS else step.action.reason
        break
    return sequence.status


@wrong("begins-what-is-done")
def tick_sequence(sequence):
    while sequence.status is Status.RUNNING:
        if sequence.at == len(sequence.steps):
            sequence.status = Status.SUCCESS
            break
        step = sequence.steps[sequence.at]
        if wrong := step.guard():
            if sequence.running:
                step.action.halt()
            sequence.running, sequence.status, sequence.reason = False, Status.FAILURE, wrong
            break
        status = step.action.tick()
        sequence.running = status is Status.RUNNING
        if sequence.running:
            break
        if step.done():
            sequence.at, sequence.tries = sequence.at + 1, 0
            continue
        sequence.tries += 1
        if sequence.tries == sequence.attempts:
            unseen = f"{step.name}: not seen to be done"
            sequence.status = Status.FAILURE
            sequence.reason = unseen if status is Status.SUCCESS else step.action.reason
        break
    return sequence.status


@wrong("cut-short")
def tick_sequence(sequence):
    while sequence.status is Status.RUNNING:
        if sequence.at == len(sequence.steps):
            sequence.status = Status.SUCCESS
            break
        step = sequence.steps[sequence.at]
        if step.done():
            sequence.at, sequence.tries, sequence.running = sequence.at + 1, 0, False
            continue
        if wrong := step.guard():
            if sequence.running:
                step.action.halt()
            sequence.running, sequence.status, sequence.reason = False, Status.FAILURE, wrong
            break
        status = step.action.tick()
        sequence.running = status is Status.RUNNING
        if sequence.running:
            break
        if step.done():
            continue
        sequence.tries += 1
        if sequence.tries == sequence.attempts:
            unseen = f"{step.name}: not seen to be done"
            sequence.status = Status.FAILURE
            sequence.reason = unseen if status is Status.SUCCESS else step.action.reason
        break
    return sequence.status


@wrong("failure-swallowed")
def tick_sequence(sequence):
    while sequence.status is Status.RUNNING:
        if sequence.at == len(sequence.steps):
            sequence.status = Status.SUCCESS
            break
        step = sequence.steps[sequence.at]
        if not sequence.running and step.done():
            sequence.at, sequence.tries = sequence.at + 1, 0
            continue
        if wrong := step.guard():
            if sequence.running:
                step.action.halt()
            sequence.running, sequence.status, sequence.reason = False, Status.FAILURE, wrong
            break
        status = step.action.tick()
        sequence.running = status is Status.RUNNING
        if sequence.running:
            break
        if step.done():
            continue
        sequence.tries += 1
        if sequence.tries == sequence.attempts:
            sequence.at, sequence.tries = sequence.at + 1, 0
            continue
        break
    return sequence.status


@wrong("tries-without-end")
def tick_sequence(sequence):
    while sequence.status is Status.RUNNING:
        if sequence.at == len(sequence.steps):
            sequence.status = Status.SUCCESS
            break
        step = sequence.steps[sequence.at]
        if not sequence.running and step.done():
            sequence.at, sequence.tries = sequence.at + 1, 0
            continue
        if wrong := step.guard():
            if sequence.running:
                step.action.halt()
            sequence.running, sequence.status, sequence.reason = False, Status.FAILURE, wrong
            break
        status = step.action.tick()
        sequence.running = status is Status.RUNNING
        if sequence.running:
            break
        if step.done():
            continue
        sequence.tries += 1
        if False:
            unseen = f"{step.name}: not seen to be done"
            sequence.status = Status.FAILURE
            sequence.reason = unseen if status is Status.SUCCESS else step.action.reason
        break
    return sequence.status


@wrong("one-too-many")
def tick_sequence(sequence):
    while sequence.status is Status.RUNNING:
        if sequence.at == len(sequence.steps):
            sequence.status = Status.SUCCESS
            break
        step = sequence.steps[sequence.at]
        if not sequence.running and step.done():
            sequence.at, sequence.tries = sequence.at + 1, 0
            continue
        if wrong := step.guard():
            if sequence.running:
                step.action.halt()
            sequence.running, sequence.status, sequence.reason = False, Status.FAILURE, wrong
            break
        status = step.action.tick()
        sequence.running = status is Status.RUNNING
        if sequence.running:
            break
        if step.done():
            continue
        sequence.tries += 1
        if sequence.tries > sequence.attempts:
            unseen = f"{step.name}: not seen to be done"
            sequence.status = Status.FAILURE
            sequence.reason = unseen if status is Status.SUCCESS else step.action.reason
        break
    return sequence.status


@wrong("one-too-few")
def tick_sequence(sequence):
    while sequence.status is Status.RUNNING:
        if sequence.at == len(sequence.steps):
            sequence.status = Status.SUCCESS
            break
        step = sequence.steps[sequence.at]
        if not sequence.running and step.done():
            sequence.at, sequence.tries = sequence.at + 1, 0
            continue
        if wrong := step.guard():
            if sequence.running:
                step.action.halt()
            sequence.running, sequence.status, sequence.reason = False, Status.FAILURE, wrong
            break
        status = step.action.tick()
        sequence.running = status is Status.RUNNING
        if sequence.running:
            break
        if step.done():
            continue
        sequence.tries += 1
        if sequence.tries >= sequence.attempts - 1:
            unseen = f"{step.name}: not seen to be done"
            sequence.status = Status.FAILURE
            sequence.reason = unseen if status is Status.SUCCESS else step.action.reason
        break
    return sequence.status


@wrong("attempts-not-counted-anew")
def tick_sequence(sequence):
    while sequence.status is Status.RUNNING:
        if sequence.at == len(sequence.steps):
            sequence.status = Status.SUCCESS
            break
        step = sequence.steps[sequence.at]
        if not sequence.running and step.done():
            sequence.at += 1
            continue
        if wrong := step.guard():
            if sequence.running:
                step.action.halt()
            sequence.running, sequence.status, sequence.reason = False, Status.FAILURE, wrong
            break
        status = step.action.tick()
        sequence.running = status is Status.RUNNING
        if sequence.running:
            break
        if step.done():
            continue
        sequence.tries += 1
        if sequence.tries == sequence.attempts:
            unseen = f"{step.name}: not seen to be done"
            sequence.status = Status.FAILURE
            sequence.reason = unseen if status is Status.SUCCESS else step.action.reason
        break
    return sequence.status


@wrong("back-to-the-first")
def tick_sequence(sequence):
    while sequence.status is Status.RUNNING:
        if sequence.at == len(sequence.steps):
            sequence.status = Status.SUCCESS
            break
        step = sequence.steps[sequence.at]
        if not sequence.running and step.done():
            sequence.at, sequence.tries = sequence.at + 1, 0
            continue
        if wrong := step.guard():
            if sequence.running:
                step.action.halt()
            sequence.running, sequence.status, sequence.reason = False, Status.FAILURE, wrong
            break
        status = step.action.tick()
        sequence.running = status is Status.RUNNING
        if sequence.running:
            break
        if step.done():
            continue
        sequence.tries += 1
        if sequence.tries == sequence.attempts:
            unseen = f"{step.name}: not seen to be done"
            sequence.status = Status.FAILURE
            sequence.reason = unseen if status is Status.SUCCESS else step.action.reason
        else:
            sequence.at = 0
        break
    return sequence.status


@wrong("a-tick-between-steps")
def tick_sequence(sequence):
    while sequence.status is Status.RUNNING:
        if sequence.at == len(sequence.steps):
            sequence.status = Status.SUCCESS
            break
        step = sequence.steps[sequence.at]
        if not sequence.running and step.done():
            sequence.at, sequence.tries = sequence.at + 1, 0
            continue
        if wrong := step.guard():
            if sequence.running:
                step.action.halt()
            sequence.running, sequence.status, sequence.reason = False, Status.FAILURE, wrong
            break
        status = step.action.tick()
        sequence.running = status is Status.RUNNING
        if sequence.running:
            break
        if status is Status.SUCCESS and step.done():
            sequence.at, sequence.tries = sequence.at + 1, 0
            if sequence.at == len(sequence.steps):
                sequence.status = Status.SUCCESS
            break
        sequence.tries += 1
        if sequence.tries == sequence.attempts:
            unseen = f"{step.name}: not seen to be done"
            sequence.status = Status.FAILURE
            sequence.reason = unseen if status is Status.SUCCESS else step.action.reason
        break
    return sequence.status


@wrong("goes-on-after-its-end")
def tick_sequence(sequence):
    sequence.status = Status.RUNNING
    while True:
        if sequence.at == len(sequence.steps):
            sequence.status = Status.SUCCESS
            break
        step = sequence.steps[sequence.at]
        if not sequence.running and step.done():
            sequence.at, sequence.tries = sequence.at + 1, 0
            continue
        if wrong := step.guard():
            if sequence.running:
                step.action.halt()
            sequence.running, sequence.status, sequence.reason = False, Status.FAILURE, wrong
            break
        status = step.action.tick()
        sequence.running = status is Status.RUNNING
        if sequence.running:
            break
        if step.done():
            continue
        sequence.tries += 1
        if sequence.tries == sequence.attempts:
            unseen = f"{step.name}: not seen to be done"
            sequence.status = Status.FAILURE
            sequence.reason = unseen if status is Status.SUCCESS else step.action.reason
        break
    return sequence.status


@wrong("halts-what-rests")
def tick_sequence(sequence):
    while sequence.status is Status.RUNNING:
        if sequence.at == len(sequence.steps):
            sequence.status = Status.SUCCESS
            break
        step = sequence.steps[sequence.at]
        if not sequence.running and step.done():
            sequence.at, sequence.tries = sequence.at + 1, 0
            continue
        if wrong := step.guard():
            step.action.halt()
            sequence.running, sequence.status, sequence.reason = False, Status.FAILURE, wrong
            break
        status = step.action.tick()
        sequence.running = status is Status.RUNNING
        if sequence.running:
            break
        if step.done():
            continue
        sequence.tries += 1
        if sequence.tries == sequence.attempts:
            unseen = f"{step.name}: not seen to be done"
            sequence.status = Status.FAILURE
            sequence.reason = unseen if status is Status.SUCCESS else step.action.reason
        break
    return sequence.status


@wrong("no-reason")
def tick_sequence(sequence):
    while sequence.status is Status.RUNNING:
        if sequence.at == len(sequence.steps):
            sequence.status = Status.SUCCESS
            break
        step = sequence.steps[sequence.at]
        if not sequence.running and step.done():
            sequence.at, sequence.tries = sequence.at + 1, 0
            continue
        if wrong := step.guard():
            if sequence.running:
                step.action.halt()
            sequence.running, sequence.status = False, Status.FAILURE
            break
        status = step.action.tick()
        sequence.running = status is Status.RUNNING
        if sequence.running:
            break
        if step.done():
            continue
        sequence.tries += 1
        if sequence.tries == sequence.attempts:
            unseen = f"{step.name}: not seen to be done"
            sequence.status = Status.FAILURE
            sequence.reason = unseen if status is Status.SUCCESS else step.action.reason
        break
    return sequence.status
