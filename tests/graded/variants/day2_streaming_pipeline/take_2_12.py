"""Answers to 2.12 as students write them."""

from vla_course.course.source.variants import right, wrong


@wrong("clocks-mixed")
def take(self, answer, now):
    slot = int(answer["id"]) % len(self._slots)
    sent = self._slots[slot]
    if sent is None or sent[0] != answer["id"]:
        return None
    self._slots[slot] = None
    return answer["stamp"] - sent[1]


@wrong("symptom-treated")
def take(self, answer, now):
    slot = int(answer["id"]) % len(self._slots)
    sent = self._slots[slot]
    if sent is None or sent[0] != answer["id"]:
        return None
    self._slots[slot] = None
    return max(answer["stamp"] - sent[1], 0.0)


@wrong("slot-believed")
def take(self, answer, now):
    slot = int(answer["id"]) % len(self._slots)
    sent = self._slots[slot]
    self._slots[slot] = None
    return None if sent is None else now - sent[1]


@wrong("answered-twice")
def take(self, answer, now):
    sent = self._slots[int(answer["id"]) % len(self._slots)]
    if sent is None or sent[0] != answer["id"]:
        return None
    return now - sent[1]


@wrong("others-forgotten")
def take(self, answer, now):
    slot = int(answer["id"]) % len(self._slots)
    sent = self._slots[slot]
    self._slots[slot] = None
    if sent is None or sent[0] != answer["id"]:
        return None
    return now - sent[1]


@wrong("raises")
def take(self, answer, now):
    slot = int(answer["id"]) % len(self._slots)
    number, since = self._slots[slot]
    if number != answer["id"]:
        return None
    self._slots[slot] = None
    return now - since


@right("through-all-slots")
def take(self, answer, now):
    for place, sent in enumerate(self._slots):
        if sent is not None and sent[0] == answer["id"]:
            self._slots[place] = None
            return now - sent[1]
    return None


@right("with-match")
def take(self, answer, now):
    place = answer["id"] % len(self._slots)
    match self._slots[place]:
        case (packet, since) if packet == answer["id"]:
            self._slots[place] = None
            return now - since
    return None


@wrong("age-of-zero-lost")
def take(self, answer, now):
    slot = answer["id"] % len(self._slots)
    sent = self._slots[slot]
    if not sent or sent[0] != answer["id"]:
        return None
    self._slots[slot] = None
    return (now - sent[1]) or None


@wrong("older-forgotten")
def take(self, answer, now):
    slot = answer["id"] % len(self._slots)
    sent = self._slots[slot]
    if not sent or sent[0] != answer["id"]:
        return None
    for k, one in enumerate(self._slots):
        if one and one[0] <= answer["id"]:
            self._slots[k] = None
    return now - sent[1]


@right("with-a-dict")
def take(self, answer, now):
    waiting = {one[0]: k for k, one in enumerate(self._slots) if one}
    if answer["id"] not in waiting:
        return None
    k = waiting[answer["id"]]
    since = self._slots[k][1]
    self._slots[k] = None
    return now - since
