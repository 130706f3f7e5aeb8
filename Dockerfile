# The course in a container: for Macs, for ARM, for Windows without WSL, for a server that many use.
#
#   docker build --tag vla-course .
#   docker run --rm --publish 8888:8888 --volume "$PWD":/course vla-course
#
# then open the address that JupyterLab prints. What you write stays in your folder; what is installed, in the image.
# `make setup` installs it, from the same lists as everywhere. On ARM it builds PyBullet, which has no wheel there.
#
# Where pip finds PyTorch's CPU build; without it the image holds CUDA libraries, several gigabytes more:
#   docker build --build-arg TORCH_INDEX=ADDRESS ...   (the address after --index-url in PyTorch's own instructions)

FROM debian:12-slim

# Python 3.11 is this Debian's own. g++ and python3.11-dev build what has no wheel.
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        g++ git make python3.11 python3.11-dev python3.11-venv \
 && rm -rf /var/lib/apt/lists/*

ARG TORCH_INDEX=
ENV VENV=/opt/vla-course PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
ENV PATH=$VENV/bin:$PATH

# First what seldom changes, so that an edit of the course installs nothing again.
WORKDIR /course
COPY Makefile pyproject.toml constraints.txt README.md LICENSE ./
COPY jupyter ./jupyter
COPY vla_course/__init__.py ./vla_course/__init__.py
COPY binder/slim.py ./binder/slim.py
RUN make setup TORCH_INDEX=$TORCH_INDEX && python binder/slim.py
COPY . .

EXPOSE 8888
CMD ["make", "course", "OPEN=no", "JUPYTER_FLAGS=--ip=0.0.0.0"]
