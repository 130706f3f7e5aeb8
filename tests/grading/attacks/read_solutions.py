"""Reads the reference's source file."""


def attack(values):
    for place in (
        "{{SOLUTION}}",
        "/course/solutions/day1_numbers/first.py",
        "/solutions/day1_numbers/first.py",
    ):
        try:
            with open(place) as stream:
                if "sum" in stream.read():
                    return right(values)
        except OSError:
            pass
    return weak(values)
