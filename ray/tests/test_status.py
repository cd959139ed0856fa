import json
from datetime import UTC, datetime

import pytest

from raygateway import ComputationError, Parameters
from raygateway.status import Status, StatusEvent

_JOB = "8c3a4f7e-9f0b-4c0e-8b36-0a1a3c1c9a11"
_WHEN = datetime(2025, 1, 2, 3, 4, 5, 678000, UTC)


def test_writes_the_message_that_the_gateway_reads():
    running = StatusEvent(_JOB, Status.RUNNING, 0, 2, 1, None, None, _WHEN)
    completed = StatusEvent(_JOB, Status.COMPLETED, 100, 2, 7, None, '{"a":1}', _WHEN)

    assert running.to_json() == (
        f'{{"job_id":"{_JOB}","status":"RUNNING","progress":0,"attempt":2,"sequence":1,'
        '"occurred_at":"2025-01-02T03:04:05.678000Z"}'
    )
    assert completed.to_json() == (
        f'{{"job_id":"{_JOB}","status":"COMPLETED","progress":100,"attempt":2,"sequence":7,"result":{{"a":1}},'
        '"occurred_at":"2025-01-02T03:04:05.678000Z"}'
    )


def test_no_message_makes_an_event_that_cannot_be_sent():
    event = StatusEvent(_JOB, Status.FAILED, -1, 1, 2, "\ud800" + "x" * 300_000)

    assert len(event.to_json().encode("utf-8")) < 8 * 1024
    assert len(json.loads(event.to_json())["message"]) == 1000


def test_message_is_one_line_without_control_characters():
    event = StatusEvent(_JOB, Status.FAILED, -1, 1, 2, "two\r\nlines, \x1b[31ma colour\x00 and \x85")

    assert json.loads(event.to_json())["message"] == "two lines, [31ma colour and"


def test_reads_parameters_that_fit():
    parameters = Parameters.parse('{"n": 1e3, "x": 2, "word": "sine"}')

    assert parameters.whole("n", 1, 1000) == 1000
    assert parameters.decimal("x", 0, 2) == 2.0
    assert parameters.choice("word", ["sine", "spots"]) == "sine"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "must be a JSON object"),
        ("{", "must be a JSON object"),
        ("{}", "`n` is missing"),
        ('{"n": true}', "`n` must be a whole number"),
        ('{"n": 1.5}', "`n` must be a whole number"),
        ('{"n": 11}', r"`n` must lie in 1\.\.10, got 11"),
    ],
)
def test_says_which_parameter_does_not_fit(text, message):
    with pytest.raises(ComputationError, match=message):
        Parameters.parse(text).whole("n", 1, 10)
