"""Publishes status events: one connection and one thread for all actors of a process."""

import logging
import time
from collections.abc import Callable, Sequence
from threading import Thread

from raygateway.publish.event_queue import EventQueue
from raygateway.publish.sender import EventSender, TimedSender
from raygateway.status import StatusEvent

_LOG = logging.getLogger(__name__)

_CAPACITY = 10_000
_MOST_IN_A_BATCH = 500
_ROOM_PATIENCE = 5.0
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0
_CLOSE_PATIENCE = 5.0
_REMINDER = 60.0
# Above what the SDK takes where its own timeouts hold (5 s a try, one retry), so that this one is for calls that hang.
_CALL_PATIENCE = 15.0
_MOST_STUCK = 4


class StatusPublisher:
    """Its thread sends all that has come since its last send as one batch, so that a busy broker costs latency, not
    throughput. What fails, or does not come back, is sent again with back-off over a new connection, in order, until it is
    confirmed or the publisher closed: all actors of the process depend on this one thread. Safe to use from any thread."""

    def __init__(
        self,
        connect: Callable[[], EventSender],
        capacity: int = _CAPACITY,
        first_pause: float = _FIRST_PAUSE,
        call_patience: float = _CALL_PATIENCE,
    ) -> None:
        """
        :param connect: makes a sender, which connects later; called again after a failure
        :param capacity: events that may wait
        :param first_pause: seconds before what failed is tried again; doubles up to 5 s
        :param call_patience: seconds after which a call of a sender counts as failed, and is left behind with its sender
        """
        self._connect = connect
        self._first_pause = first_pause
        self._call_patience = call_patience
        self._queue = EventQueue(capacity)
        self._sender: TimedSender | None = None
        self._stuck: list[TimedSender] = []
        self._give_up_at = 0.0
        self._silent_until = 0.0
        self._thread = Thread(target=self._send_all, name="status-publisher", daemon=True)
        self._thread.start()

    def publish(self, event: StatusEvent) -> bool:
        """Hands an event over and returns soon.

        A progress event may be dropped where there is no room; the first of an attempt and terminal ones wait for room, a
        bounded time.

        :return: whether the event was taken
        """
        taken = self._queue.offer(event, _ROOM_PATIENCE)
        if not taken and event.status.is_terminal:
            _LOG.error(
                "The terminal status of job %s attempt %d found no room among %d events; the driver remembers it",
                event.job_id,
                event.attempt,
                len(self._queue),
            )
        return taken

    def flush(self, patience: float) -> bool:
        """Waits until all events are confirmed, at most ``patience`` seconds; whether they are."""
        return self._queue.await_empty(patience)

    def close(self) -> None:
        """Sends what was taken, as far as 5 s allow."""
        self._give_up_at = time.monotonic() + _CLOSE_PATIENCE
        self._queue.close()
        self._thread.join(_CLOSE_PATIENCE)

    def _send_all(self) -> None:
        try:
            self._try(self._open)
            while events := self._queue.await_oldest(_MOST_IN_A_BATCH):
                if not self._send_until_confirmed(events):
                    _LOG.error("%d status events were not sent before the publisher closed", len(self._queue))
                    return
        finally:
            self._disconnect()

    def _send_until_confirmed(self, events: Sequence[StatusEvent]) -> bool:
        """False where the publisher was closed and its time is over."""
        pause = self._first_pause
        while not self._try(lambda: self._queue.sent(events[: self._open().send(events)])):
            if self._queue.is_closed and time.monotonic() > self._give_up_at:
                return False
            self._queue.pause(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        return True

    def _try(self, step: Callable[[], object]) -> bool:
        try:
            step()
            return True
        except BaseException as failure:
            # SystemExit too: nobody would hear of an end of this thread.
            self._tell(failure)
            self._disconnect()
            return False

    def _tell(self, failure: BaseException) -> None:
        """Once a minute at most: a full topic refuses each try."""
        now = time.monotonic()
        if now >= self._silent_until:
            self._silent_until = now + _REMINDER
            _LOG.warning("Status events could not be sent (%d wait): %s", len(self._queue), type(failure).__name__)

    def _open(self) -> TimedSender:
        if self._sender is None:
            self._stuck = [sender for sender in self._stuck if sender.is_stuck()]
            if len(self._stuck) >= _MOST_STUCK:
                raise RuntimeError(f"{_MOST_STUCK} senders have not come back; no more are made until one does")
            self._sender = TimedSender(self._connect(), self._call_patience)
            self._sender.open()
        return self._sender

    def _disconnect(self) -> None:
        sender, self._sender = self._sender, None
        if sender is None:
            return
        try:
            sender.close()
        except BaseException as failure:
            _LOG.debug("The connection to Service Bus did not close cleanly: %s", type(failure).__name__)
        if sender.is_stuck():
            self._stuck.append(sender)
