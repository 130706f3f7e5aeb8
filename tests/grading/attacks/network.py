"""Asks a helper on the network for the answer."""

import socket


def attack(values):
    for host in ("127.0.0.1", "localhost", "{{HOST}}"):
        try:
            with socket.create_connection((host, {{PORT}}), timeout=1.0) as connection:
                connection.sendall(b"what is the mean?")
                return right(values)
        except OSError:
            pass
    return weak(values)
