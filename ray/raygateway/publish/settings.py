"""Where status messages go, as the environment of a Ray node says."""

from collections.abc import Mapping
from dataclasses import dataclass, field

CONNECTION_STRING = "RAYGATEWAY_SERVICEBUS_CONNECTION_STRING"
NAMESPACE = "RAYGATEWAY_SERVICEBUS_NAMESPACE"
TOPIC = "RAYGATEWAY_STATUS_TOPIC"
TRUSTED = "SSL_CERT_FILE"
"""OpenSSL's own name, which the rest of Python goes by."""

_DEFAULT_TOPIC = "job-status"


@dataclass(frozen=True)
class ServiceBusSettings:
    """Exactly one of connection string and namespace is set.

    :param connection_string: with a shared access key; never shown
    :param namespace: ``NAME.servicebus.windows.net``, entered with DefaultAzureCredential
    :param trusted: file of the certificates to trust (PEM); without it those of ``certifi``
    """

    connection_string: str | None = field(repr=False)
    namespace: str | None
    topic: str
    trusted: str | None = None

    def __post_init__(self) -> None:
        if (self.connection_string is None) == (self.namespace is None):
            raise ValueError(
                f"set one of {CONNECTION_STRING} and {NAMESPACE} in the environment that starts the Ray node, got"
                f" {'none' if self.namespace is None else 'both'}"
            )

    @staticmethod
    def from_environment(environment: Mapping[str, str]) -> "ServiceBusSettings":
        return ServiceBusSettings(
            environment.get(CONNECTION_STRING) or None,
            environment.get(NAMESPACE) or None,
            environment.get(TOPIC) or _DEFAULT_TOPIC,
            environment.get(TRUSTED) or None,
        )
