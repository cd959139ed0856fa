"""What all steps share: the clients of one step, receiving in time, and checks."""

import json
import os
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from azure.servicebus import (
    ServiceBusClient,
    ServiceBusMessage,
    ServiceBusReceivedMessage,
    ServiceBusReceiver,
    ServiceBusReceiveMode,
    ServiceBusSender,
    ServiceBusSubQueue,
)

PATIENCE = 10
WORKS, REFUSED, NOT_OFFERED = "works", "refused", "not offered"

Step = Callable[["Bus"], str]
STEPS: dict[str, Step] = {}


def step(capability: str) -> Callable[[Step], Step]:
    def add(function: Step) -> Step:
        STEPS[capability] = function
        return function

    return add


class Bus:
    """Clients of one step, and its own queue."""

    def __init__(self, queue: str, opened: ExitStack) -> None:
        self.queue = queue
        self._opened = opened
        self.client = self.connect(os.environ["SERVICEBUS_CONNECTION_STRING"])

    def connect(self, connection_string: str, retries: int = 3) -> ServiceBusClient:
        return self._opened.enter_context(
            ServiceBusClient.from_connection_string(
                connection_string, retry_total=retries, retry_backoff_factor=0.2, retry_backoff_max=1
            )
        )

    def sender(self, queue: str | None = None) -> ServiceBusSender:
        return self.client.get_queue_sender(queue or self.queue)

    def send(self, body: str) -> None:
        self.sender().send_messages(ServiceBusMessage(body), timeout=PATIENCE)

    def receiver(self, queue: str | None = None, **options: Any) -> ServiceBusReceiver:
        return self.client.get_queue_receiver(queue or self.queue, **options)

    def deleting(self, queue: str | None = None) -> ServiceBusReceiver:
        return self.receiver(queue, receive_mode=ServiceBusReceiveMode.RECEIVE_AND_DELETE)

    def dead_letters(self, queue: str | None = None) -> ServiceBusReceiver:
        return self.receiver(queue, sub_queue=ServiceBusSubQueue.DEAD_LETTER)


def receive(receiver: ServiceBusReceiver) -> ServiceBusReceivedMessage:
    received = receiver.receive_messages(max_message_count=1, max_wait_time=PATIENCE)
    assert received, "no message came in time"
    return received[0]


def bodies(receiver: ServiceBusReceiver, count: int) -> list[str]:
    """Of so many messages, or of fewer where no more came in time."""
    found: list[str] = []
    while len(found) < count:
        received = receiver.receive_messages(max_message_count=count - len(found), max_wait_time=PATIENCE)
        if not received:
            break
        found += map(str, received)
    return found


def peeked(receiver: ServiceBusReceiver, count: int = 1) -> list[str]:
    """From the first on, since the SDK goes on where it has received."""
    return [str(message) for message in receiver.peek_messages(count, sequence_number=1)]


def completed(receiver: ServiceBusReceiver, message: ServiceBusReceivedMessage) -> str:
    receiver.complete_message(message)
    assert_equal(peeked(receiver), [])
    return WORKS


def assert_equal(got: object, expected: object) -> None:
    assert got == expected, f"expected {expected!r}, got {got!r}"


def say(**members: str) -> None:
    print(json.dumps(members), flush=True)
