#!/usr/bin/env bash
# Gradescope runs this once, while it builds the autograder's image; the Dockerfile beside it runs the same.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# Where pip finds PyTorch's CPU build (the address after --index-url in PyTorch's own instructions). Without it pip
# takes the default build, which for Linux brings CUDA along: several gigabytes more, for nothing.
torch_index="${TORCH_INDEX:-}"

apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends bubblewrap python3.11 python3.11-venv
python3.11 -m venv /autograder/venv
# The image's own pip may be too old to find the tested set of versions.
/autograder/venv/bin/pip install --quiet --no-cache-dir --upgrade pip
install() {
    /autograder/venv/bin/pip install --quiet --no-cache-dir --constraint "$here/course/constraints.txt" "$@"
}
if [ -n "$torch_index" ]; then
    install --no-deps --index-url "$torch_index" torch
fi
install --requirement "$here/requirements.txt"
/autograder/venv/bin/pip install --quiet --no-cache-dir --no-deps --editable "$here/course"
