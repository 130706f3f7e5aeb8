"""openpi's public client against this server: a hundred requests with the token, and none without.

The client (openpi-client 0.1.2) wants another NumPy than the course, so it runs in an environment of its own; the
variable OPENPI_PYTHON names its interpreter:

    python -m venv build/openpi && build/openpi/bin/pip install openpi-client==0.1.2 "numpy<2" typing_extensions
    OPENPI_PYTHON=build/openpi/bin/python python benchmarks/streaming_openpi.py [--quick] [--json]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Final

import numpy as np
from report import Figure, arguments, report, share

from vla_course.serving.network.settings import ServerSettings
from vla_course.serving.network.thread import ServerThread
from vla_course.serving.packets.wire import Tree

TOKEN: Final = "a token of the benchmark"
CLIENT: Final = """
import json, sys, time
import numpy as np
from openpi_client.websocket_client_policy import WebsocketClientPolicy

port, token, count = int(sys.argv[1]), sys.argv[2] or None, int(sys.argv[3])
try:
    policy = WebsocketClientPolicy("127.0.0.1", port, token)
except Exception as refused:
    print(json.dumps({"refused": str(refused)}))
    sys.exit()
good, times = 0, []
for nth in range(count):
    state = np.full(8, nth, np.float64)
    began = time.perf_counter()
    reply = policy.infer({
        "observation/image": np.full((224, 224, 3), nth, np.uint8),
        "observation/wrist_image": np.full((224, 224, 3), nth, np.uint8),
        "observation/state": state,
        "prompt": "pick up the red cup",
    })
    times.append(time.perf_counter() - began)
    good += reply["actions"].shape == (10, 8) and bool((reply["actions"] == nth).all())
    good -= "infer_ms" not in reply["server_timing"]
try:
    policy.infer({"fail": True})
    error = ""
except RuntimeError as fault:
    error = str(fault)
goes_on = policy.infer({"observation/state": np.zeros(8), "prompt": "x"})["actions"].shape == (10, 8)
print(json.dumps({
    "good": good, "times": times, "error": error, "goes_on": goes_on, "metadata": policy.get_server_metadata()["model"],
}))
"""


class Holds:
    """Answers with the state that it was given, ten times."""

    metadata: Final = {"model": "holds"}

    def infer(self, observation: Tree) -> Tree:
        """Return ten actions, or fail where that is asked."""
        if "fail" in observation:
            raise RuntimeError("as asked")
        return {"actions": np.tile(observation["observation/state"], (10, 1))}


def ask(python: str, port: int, token: str, count: int) -> dict[str, object]:
    """Let openpi's client ask `count` times and return what it says."""
    ran = subprocess.run(
        [python, "-c", CLIENT, str(port), token, str(count)],
        capture_output=True,
        text=True,
        timeout=300,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"NO_PROXY": "*"},
        check=False,
    )
    if ran.returncode:
        raise SystemExit(f"openpi's client failed:\n{ran.stderr[-2000:]}")
    said: dict[str, object] = json.loads(ran.stdout.strip().splitlines()[-1])
    return said


def main() -> None:
    """Ask."""
    options = arguments(__doc__ or "")
    python = os.environ.get("OPENPI_PYTHON")
    if python is None:
        sys.exit(
            "OPENPI_PYTHON is not set: it names the interpreter of an environment with openpi-client==0.1.2"
        )
    count = 20 if options.quick else 100
    with ServerThread(Holds(), ServerSettings(host="0.0.0.0", port=0, token=TOKEN)) as server:
        port = server.server.port
        said = ask(python, port, TOKEN, count)
        without = [ask(python, port, token, 1) for token in ("", "wrong", TOKEN[:-1])]
    with ServerThread(Holds(), ServerSettings(port=0)) as server:
        loopback = ask(python, server.server.port, "", 5)
    times = said["times"]
    assert isinstance(times, list)
    good = int(str(said["good"]))
    report(
        "streaming_openpi",
        [
            share("requests with the token, answered", [nth < good for nth in range(count)], ">= 1"),
            share(
                "without the token beyond loopback, refused (401)",
                ["401" in str(one.get("refused")) for one in without],
                ">= 1",
            ),
            Figure(
                "on loopback without a token, answered", float(str(loopback.get("good", 0))), "", ">= 5", n=5
            ),
            Figure(
                "a failed model: an error with a code, no traceback, and the connection goes on",
                float(
                    "model_failed" in str(said["error"])
                    and "Traceback" not in str(said["error"])
                    and said["goes_on"] is True
                ),
                "",
                ">= 1",
            ),
            Figure(
                "round trip with two pictures of 224 x 224, median",
                1e3 * float(np.median(times)),
                "ms",
                n=count,
            ),
        ],
        options,
    )


if __name__ == "__main__":
    main()
