"""The steps with the unmodified Python SDK; SdkTableIT runs them. Other suites have the same ones, by the same names and in the same order.

Writes a line of JSON for each step, see ForeignSuite.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from threading import Thread
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
from azure.servicebus.amqp import AmqpAnnotatedMessage
from azure.servicebus.exceptions import (
    MessageLockLostError,
    MessageSizeExceededError,
    ServiceBusAuthenticationError,
    ServiceBusError,
    ServiceBusQuotaExceededError,
)

SECONDS = 30
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


@contextmanager
def refused(*kinds: type[Exception]) -> Iterator[None]:
    try:
        yield
    except kinds:
        return
    raise AssertionError(f"was not refused with {' or '.join(kind.__name__ for kind in kinds)}")


@step("send")
def _(bus: Bus) -> str:
    properties = {"text": "t", "whole": 7, "real": 1.5, "flag": True, "date": datetime.now(UTC).replace(microsecond=0)}
    bus.sender().send_messages(
        ServiceBusMessage(
            "body",
            message_id="id",
            correlation_id="correlation",
            subject="subject",
            content_type="text/plain",
            application_properties=properties,
        )
    )
    got = receive(bus.receiver())
    found = (str(got), got.message_id, got.correlation_id, got.subject, got.content_type)
    assert_equal(found, ("body", "id", "correlation", "subject", "text/plain"))
    plain = {key.decode(): value for key, value in (got.application_properties or {}).items()}
    # The SDK leaves both as they are on the wire: bytes, and milliseconds.
    assert_equal(plain.pop("text"), b"t")
    assert_equal(plain.pop("date"), int(properties["date"].timestamp() * 1000))
    assert_equal(plain, {"whole": 7, "real": 1.5, "flag": True})
    return WORKS


@step("send without a message id")
def _(bus: Bus) -> str:
    bus.send("no id")
    receiver = bus.receiver()
    got = receive(receiver)
    assert got.message_id, "the message has no id"
    return completed(receiver, got)


@step("send a batch")
def _(bus: Bus) -> str:
    sender = bus.sender()
    batch = sender.create_message_batch()
    sent = [f"m{number}" for number in range(20)]
    for body in sent:
        batch.add_message(ServiceBusMessage(body))
    sender.send_messages(batch)
    assert_equal(bodies(bus.deleting(), 20), sent)
    return WORKS


@step("schedule, cancel")
def _(bus: Bus) -> str:
    sender = bus.sender()
    due = datetime.now(UTC) + timedelta(seconds=1)
    sender.schedule_messages(ServiceBusMessage("then"), due)
    sender.cancel_scheduled_messages(sender.schedule_messages(ServiceBusMessage("never"), due))
    receiver = bus.receiver()
    got = receive(receiver)
    assert_equal(str(got), "then")
    assert got.enqueued_time_utc >= due.replace(microsecond=0), "it came too early"
    return completed(receiver, got)


@step("value and sequence bodies")
def _(bus: Bus) -> str:
    sender = bus.sender()
    sender.send_messages(AmqpAnnotatedMessage(value_body="value"))
    sender.send_messages(AmqpAnnotatedMessage(sequence_body=["a", 7]))
    receiver = bus.deleting()
    assert_equal(receive(receiver).raw_amqp_message.body, b"value")
    assert_equal(list(receive(receiver).raw_amqp_message.body), [[b"a", 7]])
    return WORKS


@step("receive and delete")
def _(bus: Bus) -> str:
    bus.send("once")
    receiver = bus.deleting()
    assert_equal(bodies(receiver, 1), ["once"])
    assert_equal(peeked(receiver), [])
    return WORKS


@step("peek-lock, complete")
def _(bus: Bus) -> str:
    bus.send("once")
    receiver = bus.receiver()
    got = receive(receiver)
    assert got.locked_until_utc > datetime.now(UTC), "it is not locked"
    assert_equal(peeked(receiver), ["once"])
    return completed(receiver, got)


@step("abandon")
def _(bus: Bus) -> str:
    bus.send("again")
    receiver = bus.receiver()
    first = receive(receiver)
    receiver.abandon_message(first)
    second = receive(receiver)
    assert_equal(second.delivery_count, first.delivery_count + 1)
    return completed(receiver, second)


@step("defer, receive by sequence number, settle")
def _(bus: Bus) -> str:
    bus.send("later")
    receiver = bus.receiver()
    first = receive(receiver)
    receiver.defer_message(first)
    (deferred,) = receiver.receive_deferred_messages([first.sequence_number])
    assert_equal(str(deferred), "later")
    return completed(receiver, deferred)


def dead(bus: Bus, dead_letters: ServiceBusReceiver) -> ServiceBusReceivedMessage:
    """A message of the dead-letter queue, as a receiver of that has it."""
    bus.send("bad")
    receiver = bus.receiver()
    receiver.dead_letter_message(receive(receiver), reason="why", error_description="because")
    return receive(dead_letters)


@step("dead-letter, receive there, settle")
def _(bus: Bus) -> str:
    dead_letters = bus.dead_letters()
    got = dead(bus, dead_letters)
    found = (str(got), got.dead_letter_reason, got.dead_letter_error_description)
    assert_equal(found, ("bad", "why", "because"))
    return completed(dead_letters, got)


@step("abandon in the dead-letter queue")
def _(bus: Bus) -> str:
    dead_letters = bus.dead_letters()
    got = dead(bus, dead_letters)
    dead_letters.abandon_message(got)
    again = receive(dead_letters)
    assert_equal(again.delivery_count, got.delivery_count)
    return completed(dead_letters, again)


@step("renew a lock")
def _(bus: Bus) -> str:
    bus.sender("sdk-short-lock").send_messages(ServiceBusMessage("careful"))
    receiver = bus.receiver("sdk-short-lock")
    got = receive(receiver)
    first_end = got.locked_until_utc
    while datetime.now(UTC) <= first_end:
        assert receiver.renew_message_lock(got) >= first_end, "the lock did not become longer"
        time.sleep(0.5)
    return completed(receiver, got)


@step("settle by lock token alone")
def _(bus: Bus) -> str:
    return NOT_OFFERED


@step("peek")
def _(bus: Bus) -> str:
    for body in "abc":
        bus.send(body)
    assert_equal(peeked(bus.receiver(), 3), ["a", "b", "c"])
    assert_equal(bodies(bus.deleting(), 3), ["a", "b", "c"])
    return WORKS


@step("receive nothing in time, then a message")
def _(bus: Bus) -> str:
    # Opened first, since the SDK counts that into the time.
    with bus.receiver() as receiver:
        assert_equal(receiver.receive_messages(max_wait_time=0.5), [])
        bus.send("late")
        got = receive(receiver)
        assert_equal(got.delivery_count, 0)
        return completed(receiver, got)


@step("handle messages as they come")
def _(bus: Bus) -> str:
    sent = [f"m{number}" for number in range(50)]
    bus.sender().send_messages([ServiceBusMessage(body) for body in sent])
    receiver = bus.receiver(max_wait_time=PATIENCE)
    handled = []
    for message in receiver:
        receiver.complete_message(message)
        handled.append(str(message))
        if len(handled) == len(sent):
            break
    assert_equal(handled, sent)
    assert_equal(peeked(receiver), [])
    return WORKS


@step("time to live")
def _(bus: Bus) -> str:
    stale = ServiceBusMessage("stale", time_to_live=timedelta(seconds=0.3))
    bus.sender("sdk-expiring").send_messages(stale)
    assert_equal(receive(bus.dead_letters("sdk-expiring")).dead_letter_reason, "TTLExpiredException")
    return WORKS


@step("duplicate detection")
def _(bus: Bus) -> str:
    sender = bus.sender("sdk-deduplicated")
    sender.send_messages(ServiceBusMessage("first", message_id="a"))
    sender.send_messages(ServiceBusMessage("second", message_id="a"))
    sender.send_messages([ServiceBusMessage("third", message_id="a"), ServiceBusMessage("other", message_id="b")])
    receiver = bus.deleting("sdk-deduplicated")
    assert_equal(bodies(receiver, 2), ["first", "other"])
    return WORKS


@step("duplicate detection of scheduled messages")
def _(bus: Bus) -> str:
    sender = bus.sender("sdk-deduplicated")
    due = datetime.now(UTC) + timedelta(seconds=1)
    sender.schedule_messages(ServiceBusMessage("first", message_id="c"), due)
    sender.schedule_messages(ServiceBusMessage("second", message_id="c"), due)
    sender.send_messages(ServiceBusMessage("third", message_id="c"))
    sender.schedule_messages(ServiceBusMessage("last", message_id="d"), due + timedelta(seconds=1))
    assert_equal(bodies(bus.deleting("sdk-deduplicated"), 2), ["first", "last"])
    return WORKS


def filtered(bus: Bus, topic: str, subscription: str) -> str:
    messages = [ServiceBusMessage(f"size {size}", application_properties={"size": size}) for size in (3, 7, -7, 7)]
    bus.client.get_topic_sender(topic).send_messages(messages)
    mode = ServiceBusReceiveMode.RECEIVE_AND_DELETE
    receiver = bus.client.get_subscription_receiver(topic, subscription, receive_mode=mode)
    assert_equal(bodies(receiver, 2), ["size 7", "size 7"])
    return WORKS


@step("SQL filter on whole numbers")
def _(bus: Bus) -> str:
    return filtered(bus, "sdk-sql", "large")


@step("correlation filter on whole numbers")
def _(bus: Bus) -> str:
    return filtered(bus, "sdk-correlation", "sevens")


@step("list rules")
def _(bus: Bus) -> str:
    return NOT_OFFERED


@step("add and remove rules")
def _(bus: Bus) -> str:
    return NOT_OFFERED


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


def say(**members: str) -> None:
    print(json.dumps(members), flush=True)


def within(seconds: float, queue: str, function: Step) -> tuple[str, str]:
    """Outcome and detail of a step; one that hangs is left behind."""
    found = [("fails", f"no end within {seconds} s")]

    def run() -> None:
        try:
            with ExitStack() as opened:
                outcome = function(Bus(queue, opened))
            found.append((outcome, ""))
        except BaseException as failure:
            found.append(("fails", f"{type(failure).__name__}: {failure}"))

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    return found[-1]


for number, (name, function) in enumerate(STEPS.items(), 1):
    outcome, detail = within(SECONDS, f"sdk-{number}", function)
    say(capability=name, outcome=outcome, detail=detail)
# Threads that were left behind must not hold up the end.
sys.stdout.flush()
os._exit(0)
