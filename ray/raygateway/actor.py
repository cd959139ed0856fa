"""The Ray actor that runs a computation and publishes its statuses."""

import json
import logging
import time
from collections.abc import Callable
from threading import Event

from raygateway.assignment import Assignment
from raygateway.computation import Computation, ComputationError
from raygateway.entry_point import load
from raygateway.execution import Execution, StopReason
from raygateway.lines import one_line
from raygateway.parameters import Parameters
from raygateway.publish import StatusPublisher, shared_publisher
from raygateway.results import to_json
from raygateway.status import Status, StatusEvent

NO_TERMINAL = ""
"""What ``run_...`` returns where the driver has the last word."""

_LOG = logging.getLogger(__name__)
_GENERAL_FAILURE = "the computation failed unexpectedly; the log of its actor has the details"
_WITHOUT_WORDS = "the computation failed and did not say why"
_CONFIRMATION_PATIENCE = 10.0


class ComputationActor:
    """Made by the driver with ``PyActorClass.of("raygateway.actor", "ComputationActor")`` and strings alone.

    A dedicated actor is named ``actor_{job_id}`` and runs :meth:`run_simulation` once; a pooled one has no job of its own
    and runs :meth:`run_assigned` again and again. Ray calls :meth:`stop` and :meth:`describe` on other threads
    (``max_concurrency`` above 1).
    """

    def __init__(
        self,
        entry_point: str,
        own_assignment: str,
        publisher: Callable[[], StatusPublisher] = shared_publisher,
    ) -> None:
        """
        :param entry_point: ``module:Class`` of the computation
        :param own_assignment: the one :class:`Assignment` of a dedicated actor as JSON; empty for a pooled actor
        :param publisher: where events go; the driver leaves it out
        """
        self._entry_point = entry_point
        self._own_assignment = own_assignment
        self._publisher = publisher()
        self._computation: Computation | None = None
        self._current: Execution | None = None
        self._last_stop: tuple[str, int, StopReason] | None = None
        self._began: float | None = None
        self._terminal = NO_TERMINAL
        self._ended = Event()
        self._warm_up()

    def run_simulation(self, parameters: str) -> str:
        """Runs a dedicated actor's one job; see :meth:`run_assigned`.

        Returns once its last event is confirmed, or after a bounded time, since the driver ends the actor then.
        """
        self._began = time.monotonic()
        terminal = NO_TERMINAL
        try:
            terminal = self._run(Assignment.parse(self._own_assignment), parameters, confirmed=True)
            return terminal
        finally:
            self._terminal = terminal
            self._ended.set()

    def describe(self, patience_ms: int) -> str:
        """Tells a driver that did not start this dedicated actor how far it is.

        :param patience_ms: how long to wait for the end of the run, at most
        :return: JSON: the assignment, milliseconds since the run began or -1, whether it has ended, and what it returned
        """
        ended = self._ended.wait(patience_ms / 1000)
        began = self._began
        situation = {
            "assignment": self._own_assignment,
            "elapsed_ms": -1 if began is None else int((time.monotonic() - began) * 1000),
            "ended": ended,
            "terminal": self._terminal,
        }
        return json.dumps(situation)

    def run_assigned(self, assignment: str, parameters: str) -> str:
        """Runs one job to its end, publishing RUNNING, progress and one terminal event.

        :param assignment: an :class:`Assignment` as JSON
        :param parameters: a JSON object
        :return: the terminal status message, or :data:`NO_TERMINAL`
        """
        return self._run(Assignment.parse(assignment), parameters, confirmed=False)

    def stop(self, job_id: str, attempt: int, reason: str) -> bool:
        """Asks an execution to stop. It may come before the execution's own call, since their threads differ.

        :param job_id: which one; another running job is left alone
        :param reason: name of a :class:`StopReason`
        :return: whether that execution is running here
        """
        self._last_stop = (job_id, attempt, StopReason[reason])
        execution = self._current
        return execution is not None and self._stop_if_asked(execution)

    def _run(self, assignment: Assignment, parameters: str, confirmed: bool) -> str:
        execution = Execution(assignment, self._publisher.publish)
        self._current = execution
        try:
            stopped_before = self._stop_if_asked(execution)
            terminal = self._stopped(execution) if stopped_before else self._run_to_end(execution, parameters)
            if confirmed:
                self._publisher.flush(min(_CONFIRMATION_PATIENCE, execution.seconds_until_given_up()))
            return NO_TERMINAL if terminal is None else terminal.to_json()
        finally:
            self._current = None

    def _stop_if_asked(self, execution: Execution) -> bool:
        if self._last_stop is None:
            return False
        job_id, attempt, reason = self._last_stop
        meant = (job_id, attempt) == (execution.assignment.job_id, execution.assignment.attempt)
        if meant:
            execution.stop(reason)
        return meant

    def _run_to_end(self, execution: Execution, parameters: str) -> StatusEvent | None:
        try:
            execution.start()
            result = to_json(self._loaded().run(Parameters.parse(parameters), execution))
            return self._stopped(execution) if execution.cancelled() else execution.end(Status.COMPLETED, None, result)
        except ComputationError as told:
            return execution.end(Status.FAILED, one_line(told) or _WITHOUT_WORDS)
        except BaseException:
            # Cancelled, and SystemExit too: whatever ended the computation, the job must get its terminal event.
            return self._stopped(execution) if execution.cancelled() else self._failed(execution)

    @staticmethod
    def _stopped(execution: Execution) -> StatusEvent | None:
        if execution.stop_reason is StopReason.CANCELLED:
            return execution.end(Status.CANCELLED, "cancelled")
        return execution.end(Status.FAILED, execution.assignment.timed_out_message)

    def _failed(self, execution: Execution) -> StatusEvent | None:
        assignment = execution.assignment
        _LOG.exception("Job %s attempt %d failed in %s", assignment.job_id, assignment.attempt, self._entry_point)
        return execution.end(Status.FAILED, _GENERAL_FAILURE)

    def _loaded(self) -> Computation:
        if self._computation is None:
            self._computation = load(self._entry_point)()
        return self._computation

    def _warm_up(self) -> None:
        """Imports are the slow part of a first job. What fails here fails again in the job, where it can be told."""
        try:
            self._loaded()
        except Exception as failure:
            _LOG.warning("%s cannot be prepared: %s", self._entry_point, type(failure).__name__)
