"""One running execution inside its actor."""

import time
from collections.abc import Callable
from enum import Enum
from math import inf, isnan
from threading import RLock

from raygateway.assignment import Assignment
from raygateway.computation import ComputationError, Progress
from raygateway.status import NO_PROGRESS, Status, StatusEvent

_MOST_PERCENT = 99


class StopReason(Enum):
    CANCELLED = "CANCELLED"
    """Someone cancelled the job: it ends CANCELLED."""

    ABANDONED = "ABANDONED"
    """Nobody waits for this attempt any more, or the driver has had the last word: it ends silently."""


class Execution(Progress):
    """Numbers and publishes the events of one execution, thins out its progress, and knows when it should stop.

    Once it was given up nothing more is published, so that the driver's last word stays the last.
    """

    def __init__(
        self,
        assignment: Assignment,
        publish: Callable[[StatusEvent], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.assignment = assignment
        self._send = publish
        self._clock = clock
        self._lock = RLock()
        self._started = clock()
        self._sequence = 0
        self._published_percent = 0
        self._published_at = self._started
        self._reported_percent = 0
        self._reported_message: str | None = None
        self._ended = False
        self._stop_requested_at = 0.0
        self._stop_reason: StopReason | None = None

    @property
    def stop_reason(self) -> StopReason | None:
        return self._stop_reason

    def start(self) -> None:
        with self._lock:
            self._publish(Status.RUNNING, 0)

    def report(self, percent: float, message: str | None = None) -> None:
        clamped = _whole(percent)
        said = None if message is None else str(message)
        with self._lock:
            if clamped >= self._reported_percent:
                self._reported_percent = clamped
                self._reported_message = said
                self._publish_progress_if_due()

    def cancelled(self) -> bool:
        if self._stop_reason is not None or self._age() > self.assignment.timeout:
            return True
        with self._lock:
            self._publish_progress_if_due()
        return False

    def stop(self, reason: StopReason) -> None:
        with self._lock:
            if self._stop_reason is None:
                self._stop_requested_at = self._clock()
            if self._stop_reason is not StopReason.ABANDONED:
                self._stop_reason = reason

    def end(self, status: Status, message: str | None = None, result: str | None = None) -> StatusEvent | None:
        """Publishes the terminal event, once; None where the driver has the last word."""
        with self._lock:
            if self._ended or self._given_up():
                return None
            event = self._publish(status, 100 if status is Status.COMPLETED else NO_PROGRESS, message, result)
            self._ended = True
            return event

    def seconds_until_given_up(self) -> float:
        """Time left until the driver ends the execution with a word of its own."""
        with self._lock:
            overdue = self._started + self.assignment.timeout
            asked = overdue if self._stop_reason is None else self._stop_requested_at
            return max(0.0, min(overdue, asked) + self.assignment.grace - self._clock())

    def _publish_progress_if_due(self) -> None:
        due = (
            self._reported_percent > self._published_percent
            and self._clock() - self._published_at >= self.assignment.progress_interval
            and not self._ended
            and self._stop_reason is None
            and not self._given_up()
        )
        if due:
            self._publish(Status.RUNNING, self._reported_percent, self._reported_message)

    def _given_up(self) -> bool:
        """After the grace time the driver has the last word; the actor's would come too late."""
        return self._stop_reason is StopReason.ABANDONED or self.seconds_until_given_up() == 0

    def _age(self) -> float:
        return self._clock() - self._started

    def _publish(
        self, status: Status, progress: int, message: str | None = None, result: str | None = None
    ) -> StatusEvent:
        self._published_percent = max(progress, 0)
        self._published_at = self._clock()
        self._sequence += 1
        event = StatusEvent(
            self.assignment.job_id,
            status,
            progress,
            self.assignment.attempt,
            self._sequence,
            message,
            result,
            traceparent=self.assignment.traceparent,
        )
        self._send(event)
        return event


def _whole(percent: float) -> int:
    """As Java's cast does it: NaN counts as 0, what lies outside 0-99 as the nearest of them."""
    try:
        number = None if isinstance(percent, (str, bytes)) else float(percent)
    except OverflowError:
        number = inf if percent > 0 else -inf
    except (TypeError, ValueError):
        number = None
    if number is None:
        raise ComputationError(f"progress must be a number of percent, got {type(percent).__name__}")
    return 0 if isnan(number) else int(max(0, min(_MOST_PERCENT, number)))
