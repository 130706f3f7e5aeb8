"""Answers to 3.10 as students write them."""

# ruff: noqa: F821  (they see the names of the module that they stand in)

from vla_course.course.source.variants import right, wrong


@wrong("short-of-the-dcm")
def calculate_capture_zmp(self, state):
    shift = self.com_controller.generate_adjustment(state.center_of_mass, state.support_polygon)
    rest = state.center_of_mass[:2] + shift[:2]
    dcm = divergent_component_of_motion(state.center_of_mass, state.com_velocity, state.gravity)
    return rest + self.config.dcm_gain * (dcm - rest)


@wrong("rest-forgotten")
def calculate_capture_zmp(self, state):
    shift = self.com_controller.generate_adjustment(state.center_of_mass, state.support_polygon)
    rest = state.center_of_mass[:2] + shift[:2]
    dcm = divergent_component_of_motion(state.center_of_mass, state.com_velocity, state.gravity)
    return (1 + self.config.dcm_gain) * dcm


@wrong("runs-with-the-fall")
def calculate_capture_zmp(self, state):
    shift = self.com_controller.generate_adjustment(state.center_of_mass, state.support_polygon)
    rest = state.center_of_mass[:2] + shift[:2]
    dcm = divergent_component_of_motion(state.center_of_mass, state.com_velocity, state.gravity)
    return dcm - self.config.dcm_gain * (dcm - rest)


@wrong("velocity-forgotten")
def calculate_capture_zmp(self, state):
    shift = self.com_controller.generate_adjustment(state.center_of_mass, state.support_polygon)
    rest = state.center_of_mass[:2] + shift[:2]
    dcm = divergent_component_of_motion(state.center_of_mass, state.com_velocity, state.gravity)
    return rest + (1 + self.config.dcm_gain) * (state.center_of_mass[:2] - rest)


@wrong("shift-taken-for-rest")
def calculate_capture_zmp(self, state):
    rest = self.com_controller.generate_adjustment(state.center_of_mass, state.support_polygon)[:2]
    dcm = divergent_component_of_motion(state.center_of_mass, state.com_velocity, state.gravity)
    return rest + (1 + self.config.dcm_gain) * (dcm - rest)


@wrong("rest-beyond-reach")
def calculate_capture_zmp(self, state):
    rest = state.support_polygon.mean(axis=0)
    dcm = divergent_component_of_motion(state.center_of_mass, state.com_velocity, state.gravity)
    return rest + (1 + self.config.dcm_gain) * (dcm - rest)


@wrong("gain-fixed")
def calculate_capture_zmp(self, state):
    shift = self.com_controller.generate_adjustment(state.center_of_mass, state.support_polygon)
    rest = state.center_of_mass[:2] + shift[:2]
    dcm = divergent_component_of_motion(state.center_of_mass, state.com_velocity, state.gravity)
    return rest + (1 + BalanceConfig().dcm_gain) * (dcm - rest)


@wrong("gravity-fixed")
def calculate_capture_zmp(self, state):
    shift = self.com_controller.generate_adjustment(state.center_of_mass, state.support_polygon)
    rest = state.center_of_mass[:2] + shift[:2]
    dcm = divergent_component_of_motion(state.center_of_mass, state.com_velocity)
    return rest + (1 + self.config.dcm_gain) * (dcm - rest)


@right("by-hand")
def calculate_capture_zmp(self, state):
    c, v = state.center_of_mass, state.com_velocity
    k, lead = self.config.dcm_gain, (c[2] / state.gravity) ** 0.5
    way = self.com_controller.generate_adjustment(c, state.support_polygon)
    return [(1 + k) * (c[i] + lead * v[i]) - k * (c[i] + way[i]) for i in (0, 1)]


@right("from-the-body")
def calculate_capture_zmp(self, state):
    shift = self.com_controller.generate_adjustment(state.center_of_mass, state.support_polygon)[:2]
    ahead = divergent_component_of_motion(state.center_of_mass, state.com_velocity, state.gravity)
    ahead = ahead - state.center_of_mass[:2]
    return state.center_of_mass[:2] + ahead + self.config.dcm_gain * (ahead - shift)
