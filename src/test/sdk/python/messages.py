"""Sending, receiving and settling in a plain queue."""

import time
from datetime import UTC, datetime, timedelta

from azure.servicebus import ServiceBusMessage, ServiceBusReceivedMessage, ServiceBusReceiver
from azure.servicebus.amqp import AmqpAnnotatedMessage

from bus import NOT_OFFERED, PATIENCE, WORKS, Bus, assert_equal, bodies, completed, peeked, receive, step


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
