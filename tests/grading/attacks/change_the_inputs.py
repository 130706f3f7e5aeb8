"""Makes the given numbers equal, so that its answer is right for what is left of them."""


def attack(values):
    answer = weak(values)
    values[:] = answer
    return answer
