"""One tick of a plan: guards are asked again and again, attempts are counted, and only what is perceived is done."""

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.deployment.executor.tree import GuardedSequence, Status


@exercise("5.8")
def tick_sequence(sequence: GuardedSequence) -> Status:
    """Tick a plan once: ask the guard of the step that is due, then let its action go on for one tick.

    Called over and over, many times a second; so it never waits. It changes `sequence`, which remembers
    between two ticks how far the plan has come, and nothing else does. In this order:

    1. A sequence that has ended, SUCCESS or FAILURE, stays so: it answers its status, asks and ticks nothing.
    2. A step that is not `running` and is perceived to be `done()` is behind us: the next one is due, in this very
       tick, with all its attempts. After the last one the sequence ends with SUCCESS.
    3. The `guard()` of the step that is due is asked on every tick, before its action is. Where it says what is wrong,
       an action that is running is halted (one that is not running is left alone), and the sequence ends with FAILURE
       for that `reason`. The world has changed: what is needed is another plan, not another attempt.
    4. The action is ticked, once. While it is RUNNING, so is the sequence.
    5. With SUCCESS or FAILURE an attempt has ended. Whatever the action said: where the step is now perceived to be
       `done()`, the next one is due, in this very tick. Where it is not, the attempt has failed, for the action's
       `reason` if it said FAILURE, and for "NAME: not seen to be done", with the step's name, if it said SUCCESS.
    6. After a failed attempt the step is tried again at the next tick, from its beginning; with as many failed
       attempts as `sequence.attempts` the sequence ends with FAILURE, for the reason of the last one.

    Args:
        sequence: the plan. `at`, `tries`, `running`, `status` and `reason` are yours to keep up; `reason` is set
            where the sequence fails, and only there.

    Returns:
        The sequence's status after this tick, as in `sequence.status`.
    """
    # BEGIN SOLUTION
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
        break
    return sequence.status
    # END SOLUTION
