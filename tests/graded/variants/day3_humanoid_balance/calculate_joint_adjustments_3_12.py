"""Answers to 3.12 as students write them."""

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("timestep-forgotten")
def calculate_joint_adjustments(self, zmp_correction, com_adjustment, state):
    config, dt = self.config, state.timestep
    e = self.calculate_capture_zmp(state) - self.calculate_desired_zmp(state)
    hip = np.clip(config.hip_gain * np.array([-e[1], e[0], 0.0]), -config.hip_limit, config.hip_limit)
    trunk = (
        hip - config.trunk_stiffness * state.trunk_tilt - config.trunk_damping * state.trunk_angular_velocity
    )
    lever = config.trunk_inertia / (state.mass * config.pendulum_height)
    shove = lever * np.array([-trunk[1], trunk[0]])
    climb = config.height_stiffness * com_adjustment[2] - config.height_damping * state.com_velocity[2]
    v = state.com_velocity + np.append(zmp_correction + shove, climb) * dt
    w = state.trunk_angular_velocity + trunk * dt
    return state.posture_velocity + state.motion_map @ np.concatenate((v, w))


@wrong("acceleration-taken-for-velocity")
def calculate_joint_adjustments(self, zmp_correction, com_adjustment, state):
    config, dt = self.config, state.timestep
    e = self.calculate_capture_zmp(state) - self.calculate_desired_zmp(state)
    hip = np.clip(config.hip_gain * np.array([-e[1], e[0], 0.0]), -config.hip_limit, config.hip_limit)
    trunk = (
        hip - config.trunk_stiffness * state.trunk_tilt - config.trunk_damping * state.trunk_angular_velocity
    )
    lever = config.trunk_inertia / (state.mass * config.pendulum_height)
    shove = lever * np.array([-trunk[1], trunk[0]])
    climb = config.height_stiffness * com_adjustment[2] - config.height_damping * state.com_velocity[2]
    v = state.com_velocity + np.append(zmp_correction + shove, climb)
    w = state.trunk_angular_velocity + trunk
    return (state.posture_velocity + state.motion_map @ np.concatenate((v, w))) * dt


@wrong("velocity-forgotten")
def calculate_joint_adjustments(self, zmp_correction, com_adjustment, state):
    config, dt = self.config, state.timestep
    e = self.calculate_capture_zmp(state) - self.calculate_desired_zmp(state)
    hip = np.clip(config.hip_gain * np.array([-e[1], e[0], 0.0]), -config.hip_limit, config.hip_limit)
    trunk = (
        hip - config.trunk_stiffness * state.trunk_tilt - config.trunk_damping * state.trunk_angular_velocity
    )
    lever = config.trunk_inertia / (state.mass * config.pendulum_height)
    shove = lever * np.array([-trunk[1], trunk[0]])
    climb = config.height_stiffness * com_adjustment[2] - config.height_damping * state.com_velocity[2]
    v = np.append(zmp_correction + shove, climb) * dt
    w = trunk * dt
    return (state.posture_velocity + state.motion_map @ np.concatenate((v, w))) * dt


@wrong("posture-forgotten")
def calculate_joint_adjustments(self, zmp_correction, com_adjustment, state):
    config, dt = self.config, state.timestep
    e = self.calculate_capture_zmp(state) - self.calculate_desired_zmp(state)
    hip = np.clip(config.hip_gain * np.array([-e[1], e[0], 0.0]), -config.hip_limit, config.hip_limit)
    trunk = (
        hip - config.trunk_stiffness * state.trunk_tilt - config.trunk_damping * state.trunk_angular_velocity
    )
    lever = config.trunk_inertia / (state.mass * config.pendulum_height)
    shove = lever * np.array([-trunk[1], trunk[0]])
    climb = config.height_stiffness * com_adjustment[2] - config.height_damping * state.com_velocity[2]
    v = state.com_velocity + np.append(zmp_correction + shove, climb) * dt
    w = state.trunk_angular_velocity + trunk * dt
    return state.motion_map @ np.concatenate((v, w)) * dt


@wrong("height-damping-sign")
def calculate_joint_adjustments(self, zmp_correction, com_adjustment, state):
    config, dt = self.config, state.timestep
    e = self.calculate_capture_zmp(state) - self.calculate_desired_zmp(state)
    hip = np.clip(config.hip_gain * np.array([-e[1], e[0], 0.0]), -config.hip_limit, config.hip_limit)
    trunk = (
        hip - config.trunk_stiffness * state.trunk_tilt - config.trunk_damping * state.trunk_angular_velocity
    )
    lever = config.trunk_inertia / (state.mass * config.pendulum_height)
    shove = lever * np.array([-trunk[1], trunk[0]])
    climb = config.height_stiffness * com_adjustment[2] + config.height_damping * state.com_velocity[2]
    v = state.com_velocity + np.append(zmp_correction + shove, climb) * dt
    w = state.trunk_angular_velocity + trunk * dt
    return (state.posture_velocity + state.motion_map @ np.concatenate((v, w))) * dt


@wrong("tilt-sign")
def calculate_joint_adjustments(self, zmp_correction, com_adjustment, state):
    config, dt = self.config, state.timestep
    e = self.calculate_capture_zmp(state) - self.calculate_desired_zmp(state)
    hip = np.clip(config.hip_gain * np.array([-e[1], e[0], 0.0]), -config.hip_limit, config.hip_limit)
    trunk = (
        hip + config.trunk_stiffness * state.trunk_tilt - config.trunk_damping * state.trunk_angular_velocity
    )
    lever = config.trunk_inertia / (state.mass * config.pendulum_height)
    shove = lever * np.array([-trunk[1], trunk[0]])
    climb = config.height_stiffness * com_adjustment[2] - config.height_damping * state.com_velocity[2]
    v = state.com_velocity + np.append(zmp_correction + shove, climb) * dt
    w = state.trunk_angular_velocity + trunk * dt
    return (state.posture_velocity + state.motion_map @ np.concatenate((v, w))) * dt


@wrong("trunk-damping-sign")
def calculate_joint_adjustments(self, zmp_correction, com_adjustment, state):
    config, dt = self.config, state.timestep
    e = self.calculate_capture_zmp(state) - self.calculate_desired_zmp(state)
    hip = np.clip(config.hip_gain * np.array([-e[1], e[0], 0.0]), -config.hip_limit, config.hip_limit)
    trunk = (
        hip - config.trunk_stiffness * state.trunk_tilt + config.trunk_damping * state.trunk_angular_velocity
    )
    lever = config.trunk_inertia / (state.mass * config.pendulum_height)
    shove = lever * np.array([-trunk[1], trunk[0]])
    climb = config.height_stiffness * com_adjustment[2] - config.height_damping * state.com_velocity[2]
    v = state.com_velocity + np.append(zmp_correction + shove, climb) * dt
    w = state.trunk_angular_velocity + trunk * dt
    return (state.posture_velocity + state.motion_map @ np.concatenate((v, w))) * dt


@wrong("shove-forgotten")
def calculate_joint_adjustments(self, zmp_correction, com_adjustment, state):
    config, dt = self.config, state.timestep
    e = self.calculate_capture_zmp(state) - self.calculate_desired_zmp(state)
    hip = np.clip(config.hip_gain * np.array([-e[1], e[0], 0.0]), -config.hip_limit, config.hip_limit)
    trunk = (
        hip - config.trunk_stiffness * state.trunk_tilt - config.trunk_damping * state.trunk_angular_velocity
    )
    lever = config.trunk_inertia / (state.mass * config.pendulum_height)
    shove = np.zeros(2)
    climb = config.height_stiffness * com_adjustment[2] - config.height_damping * state.com_velocity[2]
    v = state.com_velocity + np.append(zmp_correction + shove, climb) * dt
    w = state.trunk_angular_velocity + trunk * dt
    return (state.posture_velocity + state.motion_map @ np.concatenate((v, w))) * dt


@wrong("shove-backward")
def calculate_joint_adjustments(self, zmp_correction, com_adjustment, state):
    config, dt = self.config, state.timestep
    e = self.calculate_capture_zmp(state) - self.calculate_desired_zmp(state)
    hip = np.clip(config.hip_gain * np.array([-e[1], e[0], 0.0]), -config.hip_limit, config.hip_limit)
    trunk = (
        hip - config.trunk_stiffness * state.trunk_tilt - config.trunk_damping * state.trunk_angular_velocity
    )
    lever = config.trunk_inertia / (state.mass * config.pendulum_height)
    shove = lever * np.array([trunk[1], -trunk[0]])
    climb = config.height_stiffness * com_adjustment[2] - config.height_damping * state.com_velocity[2]
    v = state.com_velocity + np.append(zmp_correction + shove, climb) * dt
    w = state.trunk_angular_velocity + trunk * dt
    return (state.posture_velocity + state.motion_map @ np.concatenate((v, w))) * dt


@wrong("shove-of-the-bow-only")
def calculate_joint_adjustments(self, zmp_correction, com_adjustment, state):
    config, dt = self.config, state.timestep
    e = self.calculate_capture_zmp(state) - self.calculate_desired_zmp(state)
    hip = np.clip(config.hip_gain * np.array([-e[1], e[0], 0.0]), -config.hip_limit, config.hip_limit)
    trunk = (
        hip - config.trunk_stiffness * state.trunk_tilt - config.trunk_damping * state.trunk_angular_velocity
    )
    lever = config.trunk_inertia / (state.mass * config.pendulum_height)
    shove = lever * np.array([-hip[1], hip[0]])
    climb = config.height_stiffness * com_adjustment[2] - config.height_damping * state.com_velocity[2]
    v = state.com_velocity + np.append(zmp_correction + shove, climb) * dt
    w = state.trunk_angular_velocity + trunk * dt
    return (state.posture_velocity + state.motion_map @ np.concatenate((v, w))) * dt


@wrong("hip-backward")
def calculate_joint_adjustments(self, zmp_correction, com_adjustment, state):
    config, dt = self.config, state.timestep
    e = self.calculate_capture_zmp(state) - self.calculate_desired_zmp(state)
    hip = np.clip(config.hip_gain * np.array([e[1], -e[0], 0.0]), -config.hip_limit, config.hip_limit)
    trunk = (
        hip - config.trunk_stiffness * state.trunk_tilt - config.trunk_damping * state.trunk_angular_velocity
    )
    lever = config.trunk_inertia / (state.mass * config.pendulum_height)
    shove = lever * np.array([-trunk[1], trunk[0]])
    climb = config.height_stiffness * com_adjustment[2] - config.height_damping * state.com_velocity[2]
    v = state.com_velocity + np.append(zmp_correction + shove, climb) * dt
    w = state.trunk_angular_velocity + trunk * dt
    return (state.posture_velocity + state.motion_map @ np.concatenate((v, w))) * dt


@wrong("hip-axes-swapped")
def calculate_joint_adjustments(self, zmp_correction, com_adjustment, state):
    config, dt = self.config, state.timestep
    e = self.calculate_capture_zmp(state) - self.calculate_desired_zmp(state)
    hip = np.clip(config.hip_gain * np.append(e, 0.0), -config.hip_limit, config.hip_limit)
    trunk = (
        hip - config.trunk_stiffness * state.trunk_tilt - config.trunk_damping * state.trunk_angular_velocity
    )
    lever = config.trunk_inertia / (state.mass * config.pendulum_height)
    shove = lever * np.array([-trunk[1], trunk[0]])
    climb = config.height_stiffness * com_adjustment[2] - config.height_damping * state.com_velocity[2]
    v = state.com_velocity + np.append(zmp_correction + shove, climb) * dt
    w = state.trunk_angular_velocity + trunk * dt
    return (state.posture_velocity + state.motion_map @ np.concatenate((v, w))) * dt


@wrong("hip-forgotten")
def calculate_joint_adjustments(self, zmp_correction, com_adjustment, state):
    config, dt = self.config, state.timestep
    e = self.calculate_capture_zmp(state) - self.calculate_desired_zmp(state)
    hip = np.zeros(3)
    trunk = (
        hip - config.trunk_stiffness * state.trunk_tilt - config.trunk_damping * state.trunk_angular_velocity
    )
    lever = config.trunk_inertia / (state.mass * config.pendulum_height)
    shove = lever * np.array([-trunk[1], trunk[0]])
    climb = config.height_stiffness * com_adjustment[2] - config.height_damping * state.com_velocity[2]
    v = state.com_velocity + np.append(zmp_correction + shove, climb) * dt
    w = state.trunk_angular_velocity + trunk * dt
    return (state.posture_velocity + state.motion_map @ np.concatenate((v, w))) * dt


@wrong("hip-unlimited")
def calculate_joint_adjustments(self, zmp_correction, com_adjustment, state):
    config, dt = self.config, state.timestep
    e = self.calculate_capture_zmp(state) - self.calculate_desired_zmp(state)
    hip = config.hip_gain * np.array([-e[1], e[0], 0.0])
    trunk = (
        hip - config.trunk_stiffness * state.trunk_tilt - config.trunk_damping * state.trunk_angular_velocity
    )
    lever = config.trunk_inertia / (state.mass * config.pendulum_height)
    shove = lever * np.array([-trunk[1], trunk[0]])
    climb = config.height_stiffness * com_adjustment[2] - config.height_damping * state.com_velocity[2]
    v = state.com_velocity + np.append(zmp_correction + shove, climb) * dt
    w = state.trunk_angular_velocity + trunk * dt
    return (state.posture_velocity + state.motion_map @ np.concatenate((v, w))) * dt


@wrong("hip-limited-as-a-vector")
def calculate_joint_adjustments(self, zmp_correction, com_adjustment, state):
    config, dt = self.config, state.timestep
    e = self.calculate_capture_zmp(state) - self.calculate_desired_zmp(state)
    hip = (
        config.hip_gain
        * np.array([-e[1], e[0], 0.0])
        * min(1.0, config.hip_limit / max(1e-12, config.hip_gain * np.hypot(*e)))
    )
    trunk = (
        hip - config.trunk_stiffness * state.trunk_tilt - config.trunk_damping * state.trunk_angular_velocity
    )
    lever = config.trunk_inertia / (state.mass * config.pendulum_height)
    shove = lever * np.array([-trunk[1], trunk[0]])
    climb = config.height_stiffness * com_adjustment[2] - config.height_damping * state.com_velocity[2]
    v = state.com_velocity + np.append(zmp_correction + shove, climb) * dt
    w = state.trunk_angular_velocity + trunk * dt
    return (state.posture_velocity + state.motion_map @ np.concatenate((v, w))) * dt


@wrong("hip-limit-fixed")
def calculate_joint_adjustments(self, zmp_correction, com_adjustment, state):
    config, dt = self.config, state.timestep
    e = self.calculate_capture_zmp(state) - self.calculate_desired_zmp(state)
    hip = np.clip(config.hip_gain * np.array([-e[1], e[0], 0.0]), -60.0, 60.0)
    trunk = (
        hip - config.trunk_stiffness * state.trunk_tilt - config.trunk_damping * state.trunk_angular_velocity
    )
    lever = config.trunk_inertia / (state.mass * config.pendulum_height)
    shove = lever * np.array([-trunk[1], trunk[0]])
    climb = config.height_stiffness * com_adjustment[2] - config.height_damping * state.com_velocity[2]
    v = state.com_velocity + np.append(zmp_correction + shove, climb) * dt
    w = state.trunk_angular_velocity + trunk * dt
    return (state.posture_velocity + state.motion_map @ np.concatenate((v, w))) * dt


@right("joint-by-joint")
def calculate_joint_adjustments(self, zmp_correction, com_adjustment, state):
    config, dt = self.config, state.timestep
    e = self.calculate_capture_zmp(state) - self.calculate_desired_zmp(state)
    turn = [-config.hip_gain * e[1], config.hip_gain * e[0], 0.0]
    turn = [min(max(part, -config.hip_limit), config.hip_limit) for part in turn]
    for i in range(3):
        turn[i] -= config.trunk_stiffness * state.trunk_tilt[i]
        turn[i] -= config.trunk_damping * state.trunk_angular_velocity[i]
    k = config.trunk_inertia / state.mass / config.pendulum_height
    pull = [
        zmp_correction[0] - k * turn[1],
        zmp_correction[1] + k * turn[0],
        config.height_stiffness * com_adjustment[2] - config.height_damping * state.com_velocity[2],
    ]
    body = [speed + dt * a for speed, a in zip(state.com_velocity, pull)]
    body += [speed + dt * a for speed, a in zip(state.trunk_angular_velocity, turn)]
    return [
        dt * (q + sum(m * b for m, b in zip(row, body)))
        for q, row in zip(state.posture_velocity, state.motion_map)
    ]


@right("two-maps")
def calculate_joint_adjustments(self, zmp_correction, com_adjustment, state):
    config, dt = self.config, state.timestep
    ex, ey = np.subtract(self.calculate_capture_zmp(state), self.calculate_desired_zmp(state))
    bow = np.clip([-ey * config.hip_gain, ex * config.hip_gain], -config.hip_limit, config.hip_limit)
    w_dot = -(config.trunk_stiffness * state.trunk_tilt + config.trunk_damping * state.trunk_angular_velocity)
    w_dot[:2] += bow
    c_ddot = np.empty(3)
    c_ddot[:2] = zmp_correction + np.cross([0, 0, 1], w_dot)[:2] * (
        config.trunk_inertia / (state.mass * config.pendulum_height)
    )
    c_ddot[2] = np.dot(
        [config.height_stiffness, -config.height_damping], [com_adjustment[2], state.com_velocity[2]]
    )
    move, turn = state.motion_map[:, :3], state.motion_map[:, 3:]
    velocity = move @ (state.com_velocity + c_ddot * dt) + turn @ (state.trunk_angular_velocity + w_dot * dt)
    return velocity * dt + state.posture_velocity * dt
