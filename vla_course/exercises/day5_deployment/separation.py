"""How fast a robot may go with a person so near: speed and separation monitoring."""

from math import sqrt

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.deployment.safety.limits import UNKNOWN_PERSON, Separation


@exercise("5.2")
def allowed_speed(distance: float, person_speed: float | None, separation: Separation) -> float:
    """Return the greatest speed, m/s, at which a robot `distance` m from a person can still stop before they meet.

    The protective separation distance (ISO/TS 15066:2016, 5.5.4.2.3, with constant speeds) is what both use up until
    the robot stands, and what nobody knows exactly:

        S_p(v) = v_h (T_r + T_s) + v T_r + S_s + C + Z

    `separation` has T_r (`reaction_time`), C (`intrusion`), Z (`uncertainty`), and a, with which the robot brakes
    (`deceleration`): evenly, so T_s and S_s, the braking time and the stopping distance, depend on v. The person walks
    on all the while. Allowed is the v for which S_p(v) is just `distance`; `separation.fastest` where that is less;
    and 0 where S_p(0) is more than `distance` already: then the robot has to stand.

    Args:
        distance: m, from the nearest part of the robot to the nearest part of the person.
        person_speed: m/s, v_h, towards the robot, as it was measured; who goes away (below 0) counts as standing. None
            where nobody measured it: then they may walk, at `UNKNOWN_PERSON`.
        separation: how this part of the robot stops.

    Returns:
        m/s, from 0 to `separation.fastest`.
    """
    raise NotAttempted("5.2")
