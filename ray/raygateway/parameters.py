"""The parameters of a job."""

import json
from collections.abc import Sequence
from math import isfinite
from typing import Any

from raygateway.computation import ComputationError


class Parameters(dict[str, Any]):
    """A job's parameters as JSON has them, by name.

    The gateway has checked them against the catalogue's schema and filled in its defaults; the getters check again,
    since a computation may also be started by other means. They raise :class:`ComputationError`.
    """

    @staticmethod
    def parse(text: str) -> "Parameters":
        """Reads a JSON object."""
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, dict):
            raise ComputationError("the parameters must be a JSON object")
        return Parameters(values)

    def whole(self, name: str, minimum: int, maximum: int) -> int:
        """A whole number in ``minimum..maximum``; ``1e6`` counts as one."""
        value = self._required(name)
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise ComputationError(f"`{name}` must be a whole number")
        return self._in_range(name, value, minimum, maximum)

    def decimal(self, name: str, minimum: float, maximum: float) -> float:
        """A finite number in ``minimum..maximum``."""
        value = self._required(name)
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not isfinite(value):
            raise ComputationError(f"`{name}` must be a number")
        return float(self._in_range(name, value, minimum, maximum))

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """One of a few words."""
        value = self._required(name)
        if not isinstance(value, str) or value not in choices:
            raise ComputationError(f"`{name}` must be one of {', '.join(choices)}")
        return value

    def _required(self, name: str) -> Any:
        value = self.get(name)
        if value is None:
            raise ComputationError(f"`{name}` is missing")
        return value

    @staticmethod
    def _in_range(name: str, value: Any, minimum: Any, maximum: Any) -> Any:
        if not minimum <= value <= maximum:
            raise ComputationError(f"`{name}` must lie in {minimum}..{maximum}, got {value}")
        return value
