"""Sends status events to a Service Bus topic."""

from collections.abc import Sequence

from azure.servicebus import ServiceBusClient, ServiceBusMessage
from azure.servicebus.exceptions import MessageSizeExceededError

from raygateway.publish.settings import ServiceBusSettings
from raygateway.status import StatusEvent

# The SDK's defaults block for minutes; the publisher's own back-off goes on after these.
_RETRIES = {"retry_total": 1, "retry_backoff_factor": 0.2, "retry_backoff_max": 1}
_SEND_SECONDS = 5.0


class ServiceBusEventSender:
    """Correlation id = job id; message id = ``job:attempt:sequence``, so that a topic with duplicate detection drops what is
    sent again; the job's ``traceparent`` (W3C Trace Context) is among the application properties. Holds one connection;
    one call at a time, but for ``close``, which may come while another hangs."""

    def __init__(self, settings: ServiceBusSettings) -> None:
        # The SDK itself looks at no variable.
        options = _RETRIES | {"connection_verify": settings.trusted}
        if settings.connection_string is not None:
            self._client = ServiceBusClient.from_connection_string(settings.connection_string, **options)
        else:
            # Only here, since its import takes longer than a connection to a broker nearby.
            from azure.identity import DefaultAzureCredential

            self._client = ServiceBusClient(settings.namespace, DefaultAzureCredential(), **options)
        self._sender = self._client.get_topic_sender(settings.topic)

    def open(self) -> None:
        """Connects now rather than with the first event."""
        self._sender.create_message_batch()

    def send(self, events: Sequence[StatusEvent]) -> int:
        """Sends some of the events, from the first on, as one confirmed batch.

        :return: how many were sent, at least 1; the rest is for the next call
        :raises Exception: where nothing is known to have been sent; it may be sent again, under the same message ids
        """
        if len(events) == 1:
            return self._send_one(events[0])
        batch = self._sender.create_message_batch()
        count = 0
        for event in events:
            try:
                batch.add_message(_message(event))
            except MessageSizeExceededError:
                break
            count += 1
        if count == 0:
            # A batch has its own overhead: what does not fit into one may still fit into a message.
            return self._send_one(events[0])
        self._sender.send_messages(batch, timeout=_SEND_SECONDS)
        return count

    def _send_one(self, event: StatusEvent) -> int:
        self._sender.send_messages(_message(event), timeout=_SEND_SECONDS)
        return 1

    def close(self) -> None:
        self._client.close()


def _message(event: StatusEvent) -> ServiceBusMessage:
    return ServiceBusMessage(
        event.to_json(),
        message_id=event.message_id,
        correlation_id=event.job_id,
        content_type="application/json",
        application_properties={"traceparent": event.traceparent} if event.traceparent else None,
    )
