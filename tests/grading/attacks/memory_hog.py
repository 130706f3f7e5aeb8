"""Takes all the memory that there is."""

hoard = []


def attack(values):
    while True:
        hoard.append(bytearray(2**26))
