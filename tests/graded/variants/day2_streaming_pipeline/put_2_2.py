"""Answers to 2.2 as students write them."""

from vla_course.course.source.variants import right, wrong


@wrong("newest-dropped")
def put(self, item):
    with self._changed:
        if self._closed:
            raise RuntimeError("closed")
        if len(self._items) == self._capacity:
            self.dropped += 1
            return item
        self._items.append(item)
        self._changed.notify()
        return None


@wrong("unbounded")
def put(self, item):
    with self._changed:
        if self._closed:
            raise RuntimeError("closed")
        self._items.append(item)
        self._changed.notify()


@wrong("waits-for-room")
def put(self, item):
    with self._changed:
        while len(self._items) == self._capacity and not self._closed:
            self._changed.wait()
        if self._closed:
            raise RuntimeError("closed")
        self._items.append(item)
        self._changed.notify()


@wrong("last-overwritten")
def put(self, item):
    with self._changed:
        if self._closed:
            raise RuntimeError("closed")
        gone = None
        if len(self._items) == self._capacity:
            gone = self._items.pop()
            self.dropped += 1
        self._items.append(item)
        self._changed.notify()
        return gone


@wrong("all-thrown-away")
def put(self, item):
    with self._changed:
        if self._closed:
            raise RuntimeError("closed")
        gone = None
        if len(self._items) == self._capacity:
            gone = self._items[0]
            self.dropped += len(self._items)
            self._items.clear()
        self._items.append(item)
        self._changed.notify()
        return gone


@wrong("not-told")
def put(self, item):
    with self._changed:
        if self._closed:
            raise RuntimeError("closed")
        if len(self._items) == self._capacity:
            self._items.popleft()
            self.dropped += 1
        self._items.append(item)
        self._changed.notify()


@wrong("not-counted")
def put(self, item):
    with self._changed:
        if self._closed:
            raise RuntimeError("closed")
        gone = self._items.popleft() if len(self._items) == self._capacity else None
        self._items.append(item)
        self._changed.notify()
        return gone


@wrong("room-too-early")
def put(self, item):
    with self._changed:
        if self._closed:
            raise RuntimeError("closed")
        gone = None
        if self._items and len(self._items) >= self._capacity - 1:
            gone = self._items.popleft()
            self.dropped += 1
        self._items.append(item)
        self._changed.notify()
        return gone


@wrong("nobody-woken")
def put(self, item):
    with self._changed:
        if self._closed:
            raise RuntimeError("closed")
        gone = self._items.popleft() if len(self._items) == self._capacity else None
        self.dropped += gone is not None
        self._items.append(item)
        return gone


@wrong("closed-accepted")
def put(self, item):
    with self._changed:
        gone = self._items.popleft() if len(self._items) == self._capacity else None
        self.dropped += gone is not None
        self._items.append(item)
        self._changed.notify()
        return gone


@wrong("looks-before-locking")
def put(self, item):
    if self._closed:
        raise RuntimeError("closed")
    full = len(self._items) >= self._capacity
    with self._changed:
        gone = self._items.popleft() if full else None
        self.dropped += full
        self._items.append(item)
        self._changed.notify()
        return gone


@right("puts-first")
def put(self, item):
    self._changed.acquire()
    try:
        if self._closed:
            raise RuntimeError("no longer open")
        self._items.append(item)
        self._changed.notify_all()
        if len(self._items) <= self._capacity:
            return None
        self.dropped += 1
        return self._items.popleft()
    finally:
        self._changed.release()


@wrong("let-go-in-between")
def put(self, item):
    oldest = None
    with self._changed:
        if self._closed:
            raise RuntimeError("closed")
        if len(self._items) == self._capacity:
            oldest = self._items.popleft()
            self.dropped += 1
    with self._changed:
        self._items.append(item)
        self._changed.notify()
    return oldest


@right("with-acquire")
def put(self, item):
    self._changed.acquire()
    try:
        if self._closed:
            raise RuntimeError("closed")
        made_room = None
        while len(self._items) >= self._capacity:
            made_room = self._items[0]
            del self._items[0]
            self.dropped = self.dropped + 1
        self._items.extend([item])
        self._changed.notify_all()
        return made_room
    finally:
        self._changed.release()
