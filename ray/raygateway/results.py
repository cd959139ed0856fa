"""Writes results, which travel inside a status message and so must fit into one."""

import json
from collections.abc import Mapping
from typing import Any

from raygateway.computation import ComputationError

# A standard Service Bus message holds 256 KiB; the rest is for the message around the result.
MOST_BYTES = 256 * 1024 - 8 * 1024


def to_json(result: Any) -> str:
    """The result as ASCII JSON text.

    :raises ComputationError: where it is no mapping, too large, or cannot be written as JSON
    """
    if result is None:
        raise ComputationError("the computation returned no result")
    if not isinstance(result, Mapping):
        raise ComputationError(f"the computation must return a mapping, got {type(result).__name__}")
    try:
        text = json.dumps(dict(result), default=_plain, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as unwritable:
        raise ComputationError("the result cannot be written as JSON") from unwritable
    if len(text) > MOST_BYTES:
        raise ComputationError(
            f"the result is too large: {len(text)} bytes of JSON, at most {MOST_BYTES} fit into a status message;"
            " ask for fewer values"
        )
    return text


def _plain(value: Any) -> Any:
    """NumPy's scalars and arrays have ``tolist``; nothing here imports NumPy for them."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is no JSON value")
