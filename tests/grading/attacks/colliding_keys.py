"""Returns dictionaries whose keys all hash alike."""


def attack(values):
    step = 2**61 - 1
    return {step * number: 0 for number in range(1, 6000)}
