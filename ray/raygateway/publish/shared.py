"""The one publisher of this process."""

import atexit
import os
from functools import partial
from threading import Lock

from raygateway.publish.publisher import StatusPublisher
from raygateway.publish.service_bus import ServiceBusEventSender
from raygateway.publish.settings import ServiceBusSettings

_lock = Lock()
_publisher: StatusPublisher | None = None


def shared_publisher() -> StatusPublisher:
    """Made on first use, with the settings in the environment of the Ray node; sends what it has when the process ends.

    :raises ValueError: where the environment does not say where statuses go
    """
    global _publisher
    with _lock:
        if _publisher is None:
            settings = ServiceBusSettings.from_environment(os.environ)
            _publisher = StatusPublisher(partial(ServiceBusEventSender, settings))
            atexit.register(_publisher.close)
        return _publisher
