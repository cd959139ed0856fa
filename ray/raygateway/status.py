"""Status events, as they travel on the status topic; the Java side writes and reads the same."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from raygateway.lines import one_line

NO_PROGRESS = -1


class Status(StrEnum):
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def is_terminal(self) -> bool:
        return self is not Status.RUNNING


@dataclass(frozen=True)
class StatusEvent:
    """What is said about a job at one position (attempt, sequence) of its history.

    :param progress: percent: RUNNING 0-99, COMPLETED 100, FAILED and CANCELLED -1
    :param sequence: rises within an attempt, from 1
    :param result: JSON text, COMPLETED only
    :param traceparent: W3C Trace Context of the job, or empty; goes beside the JSON, not into it
    """

    job_id: str
    status: Status
    progress: int
    attempt: int
    sequence: int
    message: str | None = None
    result: str | None = None
    occurred_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    traceparent: str = ""

    @property
    def is_essential(self) -> bool:
        """Whether it is more than progress: the first of an attempt, or its last."""
        return self.status.is_terminal or self.sequence <= 1

    @property
    def message_id(self) -> str:
        """What a topic with duplicate detection knows it by."""
        return f"{self.job_id}:{self.attempt}:{self.sequence}"

    def to_json(self) -> str:
        """The message is made one line, without what cannot be sent or would steer a terminal; a result is as it was written."""
        members: dict[str, object] = {
            "job_id": self.job_id,
            "status": self.status.value,
            "progress": self.progress,
            "attempt": self.attempt,
            "sequence": self.sequence,
        }
        if self.message is not None:
            members["message"] = one_line(self.message)
        texts = {name: json.dumps(value) for name, value in members.items()}
        if self.result is not None:
            texts["result"] = self.result
        texts["occurred_at"] = json.dumps(self.occurred_at.isoformat().replace("+00:00", "Z"))
        return "{" + ",".join(f'"{name}":{text}' for name, text in texts.items()) + "}"
