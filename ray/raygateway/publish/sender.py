"""Senders of status events, and one whose calls end in time."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from threading import Thread
from typing import Protocol, TypeVar

from raygateway.status import StatusEvent

_T = TypeVar("_T")


class EventSender(Protocol):
    """See :class:`raygateway.publish.service_bus.ServiceBusEventSender`."""

    def open(self) -> None: ...

    def send(self, events: Sequence[StatusEvent]) -> int: ...

    def close(self) -> None: ...


class NeverReturned(Exception):
    """A call did not come back in time; nothing is known of what it did."""


class TimedSender:
    """Runs each call of a sender in a thread of its own: the SDK's timeouts do not cover all it does, and it waits for ever, for
    one, for a message whose refusal it cannot read. Such a thread is left behind; closing the sender under it ends it as a rule."""

    def __init__(self, sender: EventSender, patience: float) -> None:
        """
        :param patience: seconds that a call may take
        """
        self._sender = sender
        self._patience = patience
        self._left: list[Thread] = []

    def open(self) -> None:
        self._call(self._sender.open)

    def send(self, events: Sequence[StatusEvent]) -> int:
        return self._call(lambda: self._sender.send(events))

    def close(self) -> None:
        self._call(self._sender.close)

    def is_stuck(self) -> bool:
        """Whether a call has not come back to this day."""
        return any(thread.is_alive() for thread in self._left)

    def _call(self, step: Callable[[], _T]) -> _T:
        answer: Future[_T] = Future()
        thread = Thread(target=_answer, args=(answer, step), name="status-sender", daemon=True)
        thread.start()
        if not wait([answer], self._patience).done:
            self._left.append(thread)
            raise NeverReturned(f"no answer within {self._patience} s")
        return answer.result()


def _answer(answer: Future[_T], step: Callable[[], _T]) -> None:
    try:
        answer.set_result(step())
    except BaseException as failure:
        answer.set_exception(failure)
