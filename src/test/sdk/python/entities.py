"""What entities do with messages by themselves: time to live, duplicate detection, rules."""

from datetime import UTC, datetime, timedelta

from azure.servicebus import ServiceBusMessage, ServiceBusReceiveMode

from bus import NOT_OFFERED, WORKS, Bus, assert_equal, bodies, receive, step


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
