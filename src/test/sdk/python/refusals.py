"""What is refused, in time and without harm to what comes next; and what becomes of clients when the broker restarts."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from azure.servicebus import ServiceBusMessage
from azure.servicebus.exceptions import (
    MessageLockLostError,
    MessageSizeExceededError,
    ServiceBusAuthenticationError,
    ServiceBusError,
    ServiceBusQuotaExceededError,
)

from bus import NOT_OFFERED, PATIENCE, REFUSED, WORKS, Bus, assert_equal, bodies, receive, say, step


@contextmanager
def refused(*kinds: type[Exception]) -> Iterator[None]:
    try:
        yield
    except kinds:
        return
    raise AssertionError(f"was not refused with {' or '.join(kind.__name__ for kind in kinds)}")


@step("settle with a lost lock")
def _(bus: Bus) -> str:
    bus.sender("sdk-short-lock").send_messages(ServiceBusMessage("slow"))
    slow, following = bus.receiver("sdk-short-lock"), bus.receiver("sdk-short-lock")
    lost = receive(slow)
    found = receive(following)
    with refused(MessageLockLostError):
        slow.complete_message(lost)
    following.complete_message(found)
    return REFUSED


@step("send what is too large")
def _(bus: Bus) -> str:
    sender = bus.sender()
    with refused(MessageSizeExceededError):
        sender.send_messages(ServiceBusMessage(bytes(2 << 20)), timeout=PATIENCE)
    sender.send_messages(ServiceBusMessage("fits"), timeout=PATIENCE)
    assert_equal(bodies(bus.deleting(), 1), ["fits"])
    return REFUSED


@step("send to a full queue")
def _(bus: Bus) -> str:
    small = bus.connect(os.environ["SERVICEBUS_SMALL_CONNECTION_STRING"])
    sender = small.get_queue_sender(bus.queue)
    for number in range(10):
        sender.send_messages(ServiceBusMessage(f"m{number}"), timeout=PATIENCE)
    with refused(ServiceBusQuotaExceededError):
        sender.send_messages(ServiceBusMessage("too much"), timeout=PATIENCE)
    receiver = small.get_queue_receiver(bus.queue)
    receiver.complete_message(receive(receiver))
    sender.send_messages(ServiceBusMessage("fits again"), timeout=PATIENCE)
    return REFUSED


@step("use an entity that is not there")
def _(bus: Bus) -> str:
    client = bus.connect(os.environ["SERVICEBUS_CONNECTION_STRING"], retries=0)
    # What Azure's $cbs answers with 404 is an authentication error to this SDK.
    with refused(ServiceBusAuthenticationError):
        client.get_queue_sender("no-such-queue").send_messages(ServiceBusMessage("lost"), timeout=PATIENCE)
    with refused(ServiceBusAuthenticationError):
        receive(client.get_queue_receiver("no-such-queue"))
    return REFUSED


@step("use a wrong key")
def _(bus: Bus) -> str:
    parts = os.environ["SERVICEBUS_CONNECTION_STRING"].split(";")
    wrong = ";".join("SharedAccessKey=d3Jvbmc=" if part.startswith("SharedAccessKey=") else part for part in parts)
    with refused(ServiceBusAuthenticationError):
        bus.connect(wrong, retries=0).get_queue_sender(bus.queue).send_messages(ServiceBusMessage("no"), timeout=PATIENCE)
    return REFUSED


@step("accept a session")
def _(bus: Bus) -> str:
    with refused(ServiceBusError):
        bus.receiver(session_id="s").receive_messages(max_wait_time=PATIENCE)
    return REFUSED


@step("begin a transaction")
def _(bus: Bus) -> str:
    return NOT_OFFERED


@step("go on after a restart of the broker")
def _(bus: Bus) -> str:
    sender, receiver = bus.sender(), bus.receiver()
    sender.send_messages(ServiceBusMessage("before"), timeout=PATIENCE)
    receiver.complete_message(receive(receiver))
    sender.send_messages(ServiceBusMessage("kept"), timeout=PATIENCE)
    say(please="restart")
    assert_equal(sys.stdin.readline(), "restarted\n")
    sender.send_messages(ServiceBusMessage("after"), timeout=PATIENCE)
    assert_equal([str(receive(receiver)), str(receive(receiver))], ["kept", "after"])
    return WORKS
