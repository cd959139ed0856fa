"""One execution, as an actor is told of it."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Assignment:
    """What the driver writes as JSON for Java and Python actors alike.

    :param timeout: seconds the computation may take
    :param grace: seconds between asking it to stop and ending it by force
    :param progress_interval: least seconds between two progress events
    :param traceparent: W3C trace context, or empty
    """

    job_id: str
    attempt: int
    timeout: float
    grace: float
    progress_interval: float
    traceparent: str

    @staticmethod
    def parse(text: str) -> "Assignment":
        """:raises ValueError: where the text is not what the driver writes"""
        try:
            members: dict[str, Any] = json.loads(text)
            return Assignment(
                str(UUID(members["job_id"])),
                int(members["attempt"]),
                int(members["timeout_ms"]) / 1000,
                int(members["grace_ms"]) / 1000,
                int(members["progress_ms"]) / 1000,
                str(members.get("traceparent") or ""),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as malformed:
            raise ValueError("an assignment must be JSON as the driver writes it") from malformed

    @property
    def timed_out_message(self) -> str:
        """The words for an execution that took too long; the driver uses the same."""
        return "timed out after " + _duration_text(self.timeout)


def _duration_text(seconds: float) -> str:
    """``90`` reads as ``1m 30s``; below a second, milliseconds."""
    if seconds < 1:
        return f"{round(seconds * 1000)} ms"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "m"), (rest, "s")]
    return " ".join(f"{number}{unit}" for number, unit in parts if number)
