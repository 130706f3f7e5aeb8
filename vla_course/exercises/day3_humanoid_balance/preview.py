"""Preview control: lean before the step comes, as every walker does without knowing it."""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_discrete_are

from vla_course.course.exercise import NotAttempted, exercise

Array = NDArray[np.float64]


@exercise("3.13")
def cart_table_model(timestep: float, height: float, gravity: float = 9.81) -> tuple[Array, Array, Array]:
    """Return A (3, 3), B (3,) and C (3,): how a cart on a table moves, and where its ZMP is.

    The state x = (c, c', c'') holds position m, velocity m/s and acceleration m/s^2 of the centre of mass
    along one axis; the input u m/s^3 is its jerk, constant for one `timestep` T s; the output is the ZMP p
    m. With h = `height` m:

        x[k+1] = A x[k] + B u[k],     p[k] = C x[k]

        c[k+1] = c + T c' + T^2/2 c'' + T^3/6 u     (Taylor's series, it ends here),   p[k] = c - h/g c''

    and c' and c'' go on as the first and second derivative of the same series by T (Kajita et al. 2003).
    """
    raise NotAttempted("3.13")


class PreviewController:
    """Moves a cart-table so that its ZMP follows a reference that is known `horizon` s ahead.

    Along one axis, with the state x = (c, c', c''), the jerk u and the ZMP p of `cart_table_model`, it makes

        sum(error_weight (p - p_ref)^2 + jerk_weight du^2)

    as small as it can, du being the change of u in a timestep (Kajita et al. 2003, "Biped walking pattern
    generation by using preview control of zero-moment point", ICRA; gains after Katayama et al. 1985).
    `timestep` and `horizon` are in s, `height` in m. Raises ValueError where a number is not positive.
    """

    def __init__(
        self,
        timestep: float,
        height: float,
        horizon: float = 1.6,
        error_weight: float = 1.0,
        jerk_weight: float = 1e-6,
        gravity: float = 9.81,
    ) -> None:
        numbers = {"timestep": timestep, "height": height, "horizon": horizon, "gravity": gravity}
        for name, value in (numbers | {"error_weight": error_weight, "jerk_weight": jerk_weight}).items():
            if not value > 0.0:
                raise ValueError(f"{name} is {value}, expected more than 0")
        self.timestep, self.samples = timestep, round(horizon / timestep)
        self.error_weight, self.jerk_weight = error_weight, jerk_weight
        self.A, self.B, self.C = cart_table_model(timestep, height, gravity)
        self.error_gain, self.state_gain, self.preview_gains = self.calculate_gains()

    def calculate_gains(self) -> tuple[float, Array, Array]:
        """Return G_e, G_x (3,) and the preview gains G_p (samples,): how much each future sample counts now.

        Katayama's trick: let the state be the error and the *change* of x, so that no steady error is left.
        """
        augmented = np.zeros((4, 4))
        augmented[0, 0], augmented[0, 1:], augmented[1:, 1:] = 1.0, self.C @ self.A, self.A
        entry = np.concatenate(([self.C @ self.B], self.B))[:, None]
        cost = np.diag([self.error_weight, 0.0, 0.0, 0.0])
        riccati = solve_discrete_are(augmented, entry, cost, np.array([[self.jerk_weight]]))
        scale = 1.0 / (self.jerk_weight + (entry.T @ riccati @ entry).item())
        gains = scale * (entry.T @ riccati @ augmented)[0]
        closed = augmented - entry @ gains[None, :]
        future = -closed.T @ riccati[:, 0]
        preview = np.empty(self.samples)
        preview[0] = -gains[0]
        for k in range(1, self.samples):
            preview[k] = scale * (entry[:, 0] @ future)
            future = closed.T @ future
        return gains[0], gains[1:], preview

    @exercise("3.14")
    def step(self, state: Array, error_sum: float, zmp_reference: Array) -> tuple[Array, float]:
        """Return the state x (3,) one timestep later, and the sum of ZMP errors up to now, m.

        `zmp_reference` (1 + samples,) m says where the ZMP is wanted now, one timestep from now, and so on;
        `error_sum` m is the sum that the step before returned, 0 at the start.

            sum = error_sum + p[k] - p_ref[k]
            u   = - G_e sum - G_x x[k] - (G_p[1] p_ref[k+1] + G_p[2] p_ref[k+2] + ...)

        G_e is `error_gain`, G_x (3,) `state_gain` and G_p[1] the first of the `preview_gains` (samples,);
        they are worked out already, and `A`, `B` and `C` are those of exercise 3.13. The numbers of G_p are
        negative: with the minus, what is to come draws the body towards it.
        """
        raise NotAttempted("3.14")
