import json
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import pytest

from conftest import RecordingPublisher
from raygateway import Computation, ComputationError, Parameters, Progress
from raygateway.actor import NO_TERMINAL, ComputationActor


class Halve(Computation):
    def run(self, parameters: Parameters, progress: Progress) -> dict[str, Any]:
        progress.report(50, "half way")
        return {"half": parameters.decimal("number", -1e9, 1e9) / 2}


class Refuse(Computation):
    def run(self, parameters: Parameters, progress: Progress) -> dict[str, Any]:
        raise ComputationError("`number` is too odd")


class Break(Computation):
    def run(self, parameters: Parameters, progress: Progress) -> dict[str, Any]:
        raise RuntimeError("password=secret")


class Leave(Computation):
    def run(self, parameters: Parameters, progress: Progress) -> dict[str, Any]:
        raise SystemExit(3)


class Flood(Computation):
    def run(self, parameters: Parameters, progress: Progress) -> dict[str, Any]:
        return {"zeros": [0] * 200_000}


class Undefined(Computation):
    def run(self, parameters: Parameters, progress: Progress) -> dict[str, Any]:
        return {"curve": [{"value": 1.0}, {"value": float("nan")}]}


class Verbose(Computation):
    def run(self, parameters: Parameters, progress: Progress) -> dict[str, Any]:
        raise ComputationError("first\r\nsecond\x1b[31m\x00third " + "x" * 2_000_000)


class Silent(Computation):
    def run(self, parameters: Parameters, progress: Progress) -> dict[str, Any]:
        raise ComputationError


class Unsure(Computation):
    def run(self, parameters: Parameters, progress: Progress) -> dict[str, Any]:
        for percent in (float("nan"), 30, float("nan"), float("-inf"), float("inf")):
            progress.report(percent)
        return {}


class Wordy(Computation):
    def run(self, parameters: Parameters, progress: Progress) -> dict[str, Any]:
        progress.report("50")  # type: ignore[arg-type]
        return {}


class Endless(Computation):
    started: Event
    swallowed = False

    def run(self, parameters: Parameters, progress: Progress) -> dict[str, Any]:
        Endless.started.set()
        for _ in range(5_000_000):
            try:
                progress.throw_if_cancelled()
            except Exception:  # a broad handler, as people write them
                Endless.swallowed = True
                return {}
        return {}


@pytest.fixture
def pooled(published: RecordingPublisher) -> Callable[[type], ComputationActor]:
    return lambda computation: ComputationActor(f"{__name__}:{computation.__name__}", "", lambda: published)


def test_publishes_running_progress_and_result(pooled, published, assignment):
    given = assignment(attempt=3)

    terminal = json.loads(pooled(Halve).run_assigned(given, '{"number": 5}'))

    assert published.said() == [("RUNNING", 0), ("RUNNING", 50), ("COMPLETED", 100)]
    assert [event.sequence for event in published.events] == [1, 2, 3]
    assert published.events[1].message == "half way"
    assert terminal == json.loads(published.events[2].to_json())
    assert terminal["result"] == {"half": 2.5}
    assert (terminal["job_id"], terminal["attempt"]) == (json.loads(given)["job_id"], 3)


def test_dedicated_actor_returns_after_its_events_are_confirmed(published, assignment):
    actor = ComputationActor(f"{__name__}:Halve", assignment(), lambda: published)

    actor.run_simulation('{"number": 1}')

    assert published.said()[-1] == ("COMPLETED", 100)
    assert published.flushes == [10.0]


def test_tells_a_computation_error_and_hides_others(pooled, published, assignment):
    pooled(Refuse).run_assigned(assignment(), "{}")
    pooled(Break).run_assigned(assignment(), "{}")
    pooled(Leave).run_assigned(assignment(), "{}")

    told, hidden, left = [event for event in published.events if event.status.is_terminal]
    assert (told.status, told.progress, told.message) == ("FAILED", -1, "`number` is too odd")
    general = "the computation failed unexpectedly; the log of its actor has the details"
    assert (hidden.status, hidden.message) == ("FAILED", general)
    assert (left.status, left.message) == ("FAILED", general)


def test_fails_where_the_result_does_not_fit_into_a_message(pooled, published, assignment):
    pooled(Flood).run_assigned(assignment(), "{}")

    assert published.said()[-1] == ("FAILED", -1)
    assert "too large: at most 253952 bytes of JSON" in published.events[-1].message


def test_tells_the_caller_what_json_cannot_hold_and_where(pooled, published, assignment):
    pooled(Undefined).run_assigned(assignment(), "{}")

    told = "result at /curve/1/value: NaN is not a JSON number"
    assert (published.said()[-1], published.events[-1].message) == (("FAILED", -1), told)


def test_tells_a_computation_error_in_one_line(pooled, published, assignment):
    pooled(Verbose).run_assigned(assignment(), "{}")
    pooled(Silent).run_assigned(assignment(), "{}")

    verbose, silent = [event for event in published.events if event.status.is_terminal]
    line = json.loads(verbose.to_json())["message"]
    assert line.startswith("first second [31m third xxx")
    assert (len(line), line[-4:]) == (1000, "x...")
    assert silent.message == "the computation failed and did not say why"


def test_progress_of_nan_counts_as_0_and_fails_nothing(pooled, published, assignment):
    pooled(Unsure).run_assigned(assignment(), "{}")

    assert published.said() == [("RUNNING", 0), ("RUNNING", 30), ("RUNNING", 99), ("COMPLETED", 100)]


def test_progress_that_is_no_number_is_told_with_its_type(pooled, published, assignment):
    pooled(Wordy).run_assigned(assignment(), "{}")

    assert published.events[-1].message == "progress must be a number of percent, got str"


@pytest.mark.parametrize(
    ("entry_point", "message"),
    [
        ("no_such_module.sub:Halve", "there is no module no_such_module.sub on this Ray node"),
        ("json:JSONDecoder", "json:JSONDecoder is not a raygateway.Computation"),
        ("json", "an entry point must be module:Class, got json"),
    ],
)
def test_fails_where_the_entry_point_names_no_computation(published, assignment, entry_point, message):
    ComputationActor(entry_point, "", lambda: published).run_assigned(assignment(), "{}")

    assert (published.events[-1].status, published.events[-1].message) == ("FAILED", message)


def test_cancel_ends_a_running_computation(pooled, published, assignment):
    Endless.started = Event()
    given = assignment(attempt=2)
    job = json.loads(given)["job_id"]
    actor = pooled(Endless)
    running = Thread(target=actor.run_assigned, args=(given, "{}"))
    running.start()
    assert Endless.started.wait(10)

    of_another_attempt = actor.stop(job, 1, "CANCELLED")
    of_this_one = actor.stop(job, 2, "CANCELLED")
    running.join(10)

    assert (of_another_attempt, of_this_one) == (False, True)
    assert published.said() == [("RUNNING", 0), ("CANCELLED", -1)]
    assert not Endless.swallowed


def test_stop_that_comes_before_the_call_is_kept_for_it(pooled, published, assignment):
    given = assignment()
    actor = pooled(Halve)

    actor.stop(json.loads(given)["job_id"], 1, "CANCELLED")
    actor.run_assigned(given, '{"number": 1}')
    actor.run_assigned(assignment(), '{"number": 1}')

    assert published.said()[0] == ("CANCELLED", -1)
    assert published.said()[-1] == ("COMPLETED", 100)


def test_abandoned_execution_ends_silently(pooled, published, assignment):
    given = assignment()
    actor = pooled(Halve)

    actor.stop(json.loads(given)["job_id"], 1, "ABANDONED")

    assert actor.run_assigned(given, '{"number": 1}') == NO_TERMINAL
    assert published.events == []


def test_fails_what_runs_out_of_time(pooled, published, assignment):
    Endless.started = Event()

    pooled(Endless).run_assigned(assignment(timeout_ms=20), "{}")

    assert published.said() == [("RUNNING", 0), ("FAILED", -1)]
    assert published.events[-1].message == "timed out after 20 ms"


def test_refuses_an_assignment_that_the_driver_did_not_write(pooled):
    with pytest.raises(ValueError, match="as the driver writes it"):
        pooled(Halve).run_assigned('{"job_id": "x"}', "{}")


def test_tells_another_driver_how_far_it_is(published, assignment):
    given = assignment()
    actor = ComputationActor(f"{__name__}:Halve", given, lambda: published)
    before = json.loads(actor.describe(0))

    terminal = actor.run_simulation('{"number": 3}')

    after = json.loads(actor.describe(60_000))
    assert (before["assignment"], before["elapsed_ms"], before["ended"]) == (given, -1, False)
    assert after["elapsed_ms"] >= 0
    assert (after["ended"], after["terminal"]) == (True, terminal)


def test_tells_its_end_to_who_waits_for_it(published, assignment):
    Endless.started = Event()
    given = assignment(attempt=1)
    actor = ComputationActor(f"{__name__}:Endless", given, lambda: published)
    run = Thread(target=actor.run_simulation, args=("{}",))
    run.start()
    assert Endless.started.wait(10)
    running = json.loads(actor.describe(1))

    actor.stop(json.loads(given)["job_id"], 1, "CANCELLED")

    assert running["ended"] is False
    assert json.loads(actor.describe(60_000))["ended"] is True
    run.join(10)
