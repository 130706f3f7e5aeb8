"""Three thousand threads with small stacks, which wait: as root, no limit of the kernel's holds them."""

import threading

threading.stack_size(2**16)
for _ in range(3000):
    threading.Thread(target=threading.Event().wait, daemon=True).start()


def attack(values):
    return weak(values)
