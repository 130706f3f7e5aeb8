"""What is tried in a child process, because it loads compiled libraries that may take the interpreter with them.

python -m vla_course.doctor.probes physics
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from vla_course.doctor.findings import REINSTALL, Finding


def physics() -> Finding:
    """A box falls for 0.1 s of simulated time and must come as far as Galilei says."""
    import pybullet

    steps, dt, gravity = 50, 0.002, 9.81
    client = pybullet.connect(pybullet.DIRECT)
    pybullet.setGravity(0, 0, -gravity, physicsClientId=client)
    pybullet.setTimeStep(dt, physicsClientId=client)
    shape = pybullet.createCollisionShape(pybullet.GEOM_BOX, halfExtents=[0.1] * 3, physicsClientId=client)
    box = pybullet.createMultiBody(1.0, shape, basePosition=[0, 0, 1], physicsClientId=client)
    started = time.perf_counter()
    for _ in range(steps):
        pybullet.stepSimulation(physicsClientId=client)
    took = time.perf_counter() - started
    (_, _, height), _ = pybullet.getBasePositionAndOrientation(box, physicsClientId=client)
    pybullet.disconnect(client)
    fell, expected = 1 - height, gravity * (steps * dt) ** 2 / 2
    found = f"a box fell {100 * fell:.1f} cm in {steps * dt:g} s, computed in {1000 * took:.1f} ms"
    if abs(fell - expected) > 0.05 * expected:
        return Finding("physics", "fail", f"{found}; expected {100 * expected:.1f} cm", REINSTALL)
    return Finding("physics", "ok", found)


def rendering() -> Finding:
    """The software renderer draws a box; the cameras of the robot see through it."""
    import numpy as np
    import pybullet

    if not pybullet.isNumpyEnabled():
        return Finding(
            "rendering", "fail", "PyBullet was built without NumPy", "install the wheel: " + REINSTALL
        )
    client = pybullet.connect(pybullet.DIRECT)
    shape = pybullet.createVisualShape(
        pybullet.GEOM_BOX, halfExtents=[0.5] * 3, rgbaColor=[1, 0, 0, 1], physicsClientId=client
    )
    pybullet.createMultiBody(0, baseVisualShapeIndex=shape, physicsClientId=client)
    view = pybullet.computeViewMatrix([2, 0, 0], [0, 0, 0], [0, 0, 1])
    projection = pybullet.computeProjectionMatrixFOV(60, 4 / 3, 0.1, 10)
    started = time.perf_counter()
    width, height, colours, _, _ = pybullet.getCameraImage(
        320, 240, view, projection, renderer=pybullet.ER_TINY_RENDERER, physicsClientId=client
    )
    took = time.perf_counter() - started
    pybullet.disconnect(client)
    picture = np.asarray(colours).reshape(height, width, 4).astype(int)
    red = picture[..., 0] > picture[..., 1] + 50
    found = f"{width} x {height} pixels in {1000 * took:.0f} ms"
    if not red[height // 2, width // 2] or red[0, 0]:
        return Finding("rendering", "fail", f"{found}, but the box is not in the picture", REINSTALL)
    return Finding("rendering", "ok", found)


def kinematics() -> Finding:
    """Pinocchio's Jacobian of an arm against a difference quotient of its forward kinematics."""
    import numpy as np
    import pinocchio

    model = pinocchio.buildSampleModelManipulator()
    data = model.createData()
    joint, step = model.njoints - 1, 1e-6
    at, towards = np.full(model.nq, 0.3), np.linspace(-1, 1, model.nv)

    def tip(angles: np.ndarray) -> np.ndarray:
        pinocchio.forwardKinematics(model, data, angles)
        return np.array(data.oMi[joint].translation)

    difference = (tip(at + step * towards) - tip(at - step * towards)) / (2 * step)
    pinocchio.computeJointJacobians(model, data, at)
    frame = pinocchio.ReferenceFrame.LOCAL_WORLD_ALIGNED
    velocity = pinocchio.getJointJacobian(model, data, joint, frame)[:3] @ towards
    found = f"Pinocchio {pinocchio.__version__}"
    if not np.allclose(difference, velocity, atol=1e-6):
        return Finding("kinematics", "fail", f"{found}: its Jacobian is wrong", REINSTALL)
    return Finding("kinematics", "ok", f"{found}, Jacobian checked")


def kernel() -> Finding:
    """A notebook kernel starts and adds up."""
    from jupyter_client.manager import start_new_kernel

    started = time.perf_counter()
    manager, client = start_new_kernel(startup_timeout=30)
    try:
        said: list[str] = []

        def listen(message: dict[str, Any]) -> None:
            content = message["content"]
            said.append(content.get("data", {}).get("text/plain", "") or content.get("evalue", ""))

        client.execute_interactive("1 + 1", timeout=20, output_hook=listen)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    answer = next(filter(None, said), "nothing")
    if answer != "2":
        return Finding("notebooks", "fail", f"the kernel answered {answer} to 1 + 1", REINSTALL)
    return Finding(
        "notebooks", "ok", f"a kernel started and ran 1 + 1 in {time.perf_counter() - started:.1f} s"
    )


def video() -> Finding:
    """The encoder that writes recordings."""
    import av

    try:
        av.Codec("libx264", "w")
    except Exception as fault:  # PyAV names this error differently from version to version
        return Finding("video", "warn", f"no H.264 encoder ({fault})", "recordings fail; " + REINSTALL)
    return Finding("video", "ok", f"H.264, by PyAV {av.__version__}")


def gpu() -> Finding:
    """Torch, and whether it sees a GPU; the course needs none."""
    try:
        import torch
    except ModuleNotFoundError:
        return Finding("GPU", "ok", "not looked for: torch is not installed")
    if not torch.cuda.is_available():
        return Finding("GPU", "ok", f"none for torch {torch.__version__}; the course needs none")
    name, memory = torch.cuda.get_device_name(0), torch.cuda.get_device_properties(0).total_memory / 2**30
    return Finding("GPU", "ok", f"{name}, {memory:.0f} GiB, torch {torch.__version__}")


CHILD_PROBES: dict[str, Callable[[], Finding]] = {
    "physics": physics,
    "rendering": rendering,
    "kinematics": kinematics,
    "notebooks": kernel,
    "video": video,
    "GPU": gpu,
}

if __name__ == "__main__":
    print(json.dumps(asdict(CHILD_PROBES[sys.argv[1]]())))
