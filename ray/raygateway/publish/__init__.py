"""Publishing of status events: one sender for all actors of a worker process."""

from raygateway.publish.publisher import StatusPublisher
from raygateway.publish.shared import shared_publisher

__all__ = ["StatusPublisher", "shared_publisher"]
