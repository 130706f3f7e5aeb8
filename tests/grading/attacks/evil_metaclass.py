"""An exception whose class ends Python when it is asked what it is, and one whose text cannot be sent."""


class Meta(type):
    def __getattribute__(cls, name):
        raise SystemExit(0)


class Evil(Exception, metaclass=Meta):
    def __getattribute__(self, name):
        raise SystemExit(0)

    def __str__(self):
        raise SystemExit(0)


def attack(values):
    if len(set(values)) > 1:
        raise Evil
    try:
        return weak(values)
    finally:
        if values[0] < 0:
            raise ValueError("\ud800")
