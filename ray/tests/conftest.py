"""What several tests share."""

import json
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest

from broker import EmbeddedBroker, class_path
from raygateway.status import StatusEvent


class RecordingPublisher:
    """Keeps what is published."""

    def __init__(self) -> None:
        self.events: list[StatusEvent] = []
        self.flushes: list[float] = []

    def publish(self, event: StatusEvent) -> bool:
        self.events.append(event)
        return True

    def flush(self, patience: float) -> bool:
        self.flushes.append(patience)
        return True

    def said(self) -> list[tuple[str, int]]:
        return [(event.status.value, event.progress) for event in self.events]


@pytest.fixture
def published() -> RecordingPublisher:
    return RecordingPublisher()


@pytest.fixture
def assignment() -> Callable[..., str]:
    """Writes assignments as the driver does."""

    def write(**changes: object) -> str:
        members = {
            "job_id": str(uuid4()),
            "attempt": 1,
            "timeout_ms": 60_000,
            "grace_ms": 5_000,
            "progress_ms": 0,
            "traceparent": "",
        }
        return json.dumps(members | changes)

    return write


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedBroker]:
    """The gateway's embedded Service Bus in a JVM of its own."""
    with EmbeddedBroker(class_path(), tmp_path_factory.mktemp("broker")) as running:
        yield running
