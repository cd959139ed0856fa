"""Events waiting to be sent."""

from collections import deque
from collections.abc import Sequence
from itertools import islice
from threading import Condition

from raygateway.status import StatusEvent


class EventQueue:
    """Keeps the order of at most ``capacity`` events.

    Where it is full, progress gives way: a new progress event is dropped, and an essential one (the first of an attempt,
    or terminal) takes the place of the oldest progress, or waits.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._events: deque[StatusEvent] = deque()
        self._changed = Condition()
        self._closed = False

    def offer(self, event: StatusEvent, patience: float) -> bool:
        """Whether the event was taken. An essential event may have waited ``patience`` seconds for that."""
        with self._changed:
            if not self._has_room() and event.is_essential and not self._drop_oldest_progress():
                self._changed.wait_for(lambda: self._closed or self._has_room(), patience)
            if self._closed or not self._has_room():
                return False
            self._events.append(event)
            self._changed.notify_all()
            return True

    def await_oldest(self, most: int) -> list[StatusEvent]:
        """The oldest events, still in the queue; waits for one. Empty once closed and sent."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or len(self._events) > 0)
            return list(islice(self._events, most))

    def sent(self, done: Sequence[StatusEvent]) -> None:
        """Forgets events that were sent; some may have been dropped in the meantime."""
        with self._changed:
            for event in done:
                if self._events and self._events[0] is event:
                    self._events.popleft()
            self._changed.notify_all()

    def await_empty(self, patience: float) -> bool:
        """Whether all was sent within ``patience`` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._events, patience)

    def pause(self, seconds: float) -> None:
        """Waits; not any longer once the queue is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed, seconds)

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def is_closed(self) -> bool:
        return self._closed

    def __len__(self) -> int:
        return len(self._events)

    def _has_room(self) -> bool:
        return len(self._events) < self._capacity

    def _drop_oldest_progress(self) -> bool:
        oldest = next((event for event in self._events if not event.is_essential), None)
        if oldest is None:
            return False
        self._events.remove(oldest)
        return True
