import pytest

from raygateway.assignment import Assignment
from raygateway.execution import Execution, StopReason
from raygateway.status import Status

_JOB = "8c3a4f7e-9f0b-4c0e-8b36-0a1a3c1c9a11"


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def execution(clock, published) -> Execution:
    started = Execution(Assignment(_JOB, 1, 60, 5, 10 / 64, ""), published.publish, clock)
    started.start()
    return started


def test_thins_progress_out(execution, clock, published):
    for percent in range(1, 50):
        clock.now += 1 / 64
        execution.report(percent)

    assert published.said() == [("RUNNING", 0), ("RUNNING", 10), ("RUNNING", 20), ("RUNNING", 30), ("RUNNING", 40)]


def test_publishes_late_what_was_reported_early(execution, clock, published):
    execution.report(30, "then silence")
    clock.now += 1
    execution.cancelled()

    assert published.said() == [("RUNNING", 0), ("RUNNING", 30)]


def test_progress_never_goes_back_nor_reaches_100(execution, clock, published):
    for percent in (60, 40, 250):
        clock.now += 1
        execution.report(percent)

    assert published.said() == [("RUNNING", 0), ("RUNNING", 60), ("RUNNING", 99)]


def test_says_one_last_word(execution, published):
    first = execution.end(Status.COMPLETED, None, "{}")
    second = execution.end(Status.FAILED, "too late")

    assert (first is not None, second) == (True, None)
    assert published.said()[-1] == ("COMPLETED", 100)


def test_is_silent_once_the_grace_time_is_over(execution, clock, published):
    execution.stop(StopReason.CANCELLED)
    clock.now += 5.01

    assert execution.end(Status.CANCELLED) is None
    assert published.said() == [("RUNNING", 0)]


def test_is_cancelled_when_out_of_time_and_silent_when_overdue(execution, clock):
    clock.now += 60.01
    assert execution.cancelled()
    assert execution.seconds_until_given_up() == pytest.approx(4.99)

    clock.now += 5
    assert execution.end(Status.FAILED) is None


def test_an_abandoned_execution_stays_abandoned(execution):
    execution.stop(StopReason.ABANDONED)
    execution.stop(StopReason.CANCELLED)

    assert execution.stop_reason is StopReason.ABANDONED


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.02, "20 ms"), (1, "1s"), (90, "1m 30s"), (3600, "1h"), (90061.5, "25h 1m 1s")]
)
def test_says_how_long_it_took(seconds, text):
    assert Assignment(_JOB, 1, seconds, 0, 0, "").timed_out_message == f"timed out after {text}"
