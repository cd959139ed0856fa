"""The publisher with the real SDK against the embedded Service Bus."""

import json
from threading import Event
from threading import enumerate as enumerate_threads
from uuid import uuid4

import pytest
from azure.servicebus import ServiceBusClient, ServiceBusReceivedMessage
from azure.servicebus._pyamqp.client import SendClient

from broker import EmbeddedBroker
from raygateway.actor import ComputationActor
from raygateway.publish import StatusPublisher
from raygateway.publish.service_bus import ServiceBusEventSender
from raygateway.publish.settings import ServiceBusSettings
from raygateway.results import MOST_BYTES
from raygateway.status import Status, StatusEvent


def publisher(broker: EmbeddedBroker) -> StatusPublisher:
    settings = ServiceBusSettings(broker.connection_string, None, "job-status")
    return StatusPublisher(lambda: ServiceBusEventSender(settings))


def receive(broker: EmbeddedBroker, expected: int) -> list[ServiceBusReceivedMessage]:
    received: list[ServiceBusReceivedMessage] = []
    with ServiceBusClient.from_connection_string(broker.connection_string) as client:
        with client.get_subscription_receiver("job-status", "gateway", receive_mode="receiveanddelete") as receiver:
            while len(received) < expected:
                group = receiver.receive_messages(max_message_count=expected - len(received), max_wait_time=10)
                assert group, f"{len(received)} of {expected} messages came"
                received += group
    return received


def test_actor_publishes_through_the_real_sdk(broker, assignment):
    traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    given = assignment(attempt=2, traceparent=traceparent)
    sending = publisher(broker)

    terminal = ComputationActor("test_actor:Halve", given, lambda: sending).run_simulation('{"number": 3}')

    job = json.loads(given)["job_id"]
    messages = receive(broker, 3)
    assert [message.message_id for message in messages] == [f"{job}:2:{sequence}" for sequence in (1, 2, 3)]
    assert {(message.correlation_id, message.content_type) for message in messages} == {(job, "application/json")}
    assert [json.loads(str(message))["status"] for message in messages] == ["RUNNING", "RUNNING", "COMPLETED"]
    assert [message.application_properties for message in messages] == [{b"traceparent": traceparent.encode()}] * 3
    assert str(messages[2]) == terminal
    sending.close()


def test_sends_many_large_results_in_order(broker):
    job = str(uuid4())
    sending = publisher(broker)
    result = json.dumps({"text": "x" * (MOST_BYTES - 20)})

    for sequence in range(1, 9):
        sending.publish(StatusEvent(job, Status.COMPLETED, 100, 1, sequence, None, result))
    flushed = sending.flush(20)

    assert flushed
    assert [json.loads(str(message))["sequence"] for message in receive(broker, 8)] == list(range(1, 9))
    sending.close()


def test_terminal_event_survives_an_outage_of_the_broker(broker):
    job = str(uuid4())
    sending = publisher(broker)
    sending.publish(StatusEvent(job, Status.RUNNING, 0, 1, 1))
    assert sending.flush(10)

    broker.stop()
    sending.publish(StatusEvent(job, Status.COMPLETED, 100, 1, 2, None, "{}"))
    unconfirmed = sending.flush(0.5)
    broker.start()

    assert not unconfirmed
    assert sending.flush(30)
    messages = receive(broker, 2)
    assert [json.loads(str(message))["status"] for message in messages] == ["RUNNING", "COMPLETED"]
    assert not any(message.application_properties for message in messages)
    sending.close()


def test_goes_on_after_a_send_from_which_the_sdk_never_returns(broker, monkeypatch):
    job = str(uuid4())
    unread = Event()
    read_outcome = SendClient._on_send_complete

    def fail_once(self, *outcome):
        if not unread.is_set():
            unread.set()
            raise IndexError("an outcome that the SDK cannot read")
        read_outcome(self, *outcome)

    monkeypatch.setattr(SendClient, "_on_send_complete", fail_once)
    settings = ServiceBusSettings(broker.connection_string, None, "job-status")
    sending = StatusPublisher(lambda: ServiceBusEventSender(settings), call_patience=2)

    sending.publish(StatusEvent(job, Status.RUNNING, 0, 1, 1))
    assert unread.wait(10)
    sending.publish(StatusEvent(job, Status.COMPLETED, 100, 1, 2, None, "{}"))

    assert sending.flush(20)
    messages = receive(broker, 3)
    assert [json.loads(str(message))["sequence"] for message in messages] == [1, 1, 2]
    assert messages[0].message_id == messages[1].message_id
    sending.close()
    await_end_of("status-sender")


def await_end_of(thread_name: str) -> None:
    for thread in enumerate_threads():
        if thread.name == thread_name:
            thread.join(10)
            assert not thread.is_alive(), "a call that hung goes on after its sender was closed"


@pytest.mark.parametrize(
    ("environment", "got"),
    [
        ({}, "got none"),
        (
            {
                "RAYGATEWAY_SERVICEBUS_CONNECTION_STRING": "Endpoint=sb://x;SharedAccessKey=secret",
                "RAYGATEWAY_SERVICEBUS_NAMESPACE": "x.servicebus.windows.net",
            },
            "got both",
        ),
    ],
)
def test_says_what_the_environment_must_hold(environment, got):
    with pytest.raises(ValueError, match=got) as refused:
        ServiceBusSettings.from_environment(environment)

    assert "secret" not in str(refused.value)


def test_settings_do_not_show_the_key():
    settings = ServiceBusSettings.from_environment({"RAYGATEWAY_SERVICEBUS_CONNECTION_STRING": "SharedAccessKey=secret"})

    assert "secret" not in repr(settings)
    assert settings.topic == "job-status"


def test_trusts_the_certificates_that_the_environment_names():
    environment = {"RAYGATEWAY_SERVICEBUS_NAMESPACE": "x.servicebus.windows.net"}

    own = ServiceBusSettings.from_environment(environment | {"SSL_CERT_FILE": "/etc/ssl/own.pem"})

    assert own.trusted == "/etc/ssl/own.pem"
    assert ServiceBusSettings.from_environment(environment).trusted is None
