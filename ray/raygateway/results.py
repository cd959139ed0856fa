"""Writes results, which travel inside a status message and so must fit into one.

Java's ``Results`` follows the same rule; ``src/test/resources/results/vectors.json`` has it case by case.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from math import isinf, isnan
from typing import Any

from raygateway.computation import ComputationError

# A standard Service Bus message holds 256 KiB; the rest is for the message around the result.
MOST_BYTES = 256 * 1024 - 8 * 1024

_MOST_LEVELS = 100
# What the gateway's reader takes of a number (it also refuses longer keys than 50,000).
_LONGEST_NUMBER = 1000
_LONGEST_KEY = 1000
_LONGEST_PATH = 200
_SHOWN_AT_EACH_END = 98
_TOO_LARGE = f"the result is too large: at most {MOST_BYTES} bytes of JSON fit into a status message; ask for fewer values"

_HINTS: list[tuple[tuple[type, ...], str]] = [
    ((date, time, timedelta), "; give its text, such as 2024-02-29T12:00:00Z"),
    ((bytes, bytearray, memoryview), "; give text, such as Base64"),
    ((set, frozenset), "; a set has no order, give a list"),
    ((Enum,), "; give its name"),
]


def to_json(result: Any) -> str:
    """The result as JSON text, of which at most :data:`MOST_BYTES` bytes of UTF-8.

    :raises ComputationError: where it is no mapping, too large, or holds what JSON cannot: with its path and type
    """
    if result is None:
        raise ComputationError("the computation returned no result")
    if not isinstance(result, Mapping):
        raise ComputationError(f"the computation must return a mapping, got {_type_name(result)}")
    return _Writer().write(result)


class _Writer:
    """Writes one result, and stops where it grows too large, however much there is to come."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._bytes = 0
        self._path: list[str | int] = []
        self._open: list[int] = []

    def write(self, result: Mapping[Any, Any]) -> str:
        self._value(result)
        return "".join(self._texts)

    def _value(self, value: Any) -> None:
        if isinstance(value, Enum):
            raise self._refused(value)
        if value is None or isinstance(value, bool):
            self._add({None: "null", True: "true", False: "false"}[value])
        elif isinstance(value, str):
            self._text(value)
        elif isinstance(value, (int, float, Decimal)):
            self._number(value)
        elif isinstance(value, Mapping):
            self._object(value, value.items())
        elif isinstance(value, (list, tuple)):
            self._array(value)
        elif is_dataclass(value) and not isinstance(value, type):
            self._object(value, ((field.name, getattr(value, field.name)) for field in fields(value)))
        else:
            self._value_of_numpy(value)

    def _value_of_numpy(self, value: Any) -> None:
        """Nothing here imports NumPy: where it was not imported, no value can be its."""
        numpy = sys.modules.get("numpy")
        if numpy is None:
            raise self._refused(value)
        if isinstance(value, numpy.ndarray):
            if value.dtype.kind not in "biufUO":
                hint = _HINTS[0][1] if value.dtype.kind in "mM" else ""
                raise self._refusal(f"{_type_name(value)} of {value.dtype} cannot be part of a result{hint}")
            # Each takes a digit and a comma at least: nothing larger is made into a list first.
            if 2 * value.size > MOST_BYTES:
                raise ComputationError(_TOO_LARGE)
            self._value(value.tolist())
        elif isinstance(value, numpy.bool_):
            self._value(bool(value))
        elif isinstance(value, numpy.integer) and not isinstance(value, numpy.timedelta64):
            self._value(int(value))
        elif isinstance(value, numpy.floating):
            self._value(float(value))
        else:
            times = (numpy.datetime64, numpy.timedelta64)
            raise self._refused(value, _HINTS[0][1] if isinstance(value, times) else "")

    def _object(self, value: Any, members: Iterable[tuple[Any, Any]]) -> None:
        separator = "{"
        for key, member in self._inside(value, members):
            self._add(separator)
            self._key(key)
            self._path.append(key)
            self._value(member)
            self._path.pop()
            separator = ","
        self._add("{}" if separator == "{" else "}")

    def _array(self, value: Any) -> None:
        separator = "["
        for index, element in enumerate(self._inside(value, value)):
            self._add(separator)
            self._path.append(index)
            self._value(element)
            self._path.pop()
            separator = ","
        self._add("[]" if separator == "[" else "]")

    def _inside(self, value: Any, parts: Iterable[Any]) -> Iterator[Any]:
        if id(value) in self._open:
            raise self._refusal("it holds itself")
        if len(self._open) == _MOST_LEVELS:
            raise self._refusal(f"more than {_MOST_LEVELS} levels")
        self._open.append(id(value))
        yield from parts
        self._open.pop()

    def _key(self, key: Any) -> None:
        if not isinstance(key, str) or isinstance(key, Enum):
            raise self._refusal(f"{'null' if key is None else _type_name(key)} cannot be a key; make it a text")
        if _units(key) > _LONGEST_KEY:
            raise self._refusal(f"a key is longer than {_LONGEST_KEY} characters")
        if not _is_unicode(key):
            raise self._refusal("a key holds half a surrogate pair")
        self._add(_quoted(key))
        self._add(":")

    def _text(self, text: str) -> None:
        if len(text) > MOST_BYTES:
            raise ComputationError(_TOO_LARGE)
        if not _is_unicode(text):
            raise self._refusal("the text holds half a surrogate pair")
        self._add(_quoted(text))

    def _number(self, value: int | float | Decimal) -> None:
        approximate = _as_double(value)
        if isnan(approximate):
            raise self._refusal("NaN is not a JSON number")
        if isinf(approximate) and not isinstance(value, int) and value in (approximate, -approximate):
            raise self._refusal(f"{'-' if approximate < 0 else ''}Infinity is not a JSON number")
        if isinf(approximate) or (approximate == 0 and value != 0):
            raise self._refusal("the number is out of the range of a double")
        text = _digits(value)
        if len(text) > _LONGEST_NUMBER:
            raise self._refusal(f"the number is longer than {_LONGEST_NUMBER} characters")
        self._add(text)

    def _add(self, text: str) -> None:
        self._bytes += len(text) if text.isascii() else len(text.encode("utf-8"))
        if self._bytes > MOST_BYTES:
            raise ComputationError(_TOO_LARGE)
        self._texts.append(text)

    def _refused(self, value: Any, hint: str = "") -> ComputationError:
        hint = hint or next((text for kinds, text in _HINTS if isinstance(value, kinds)), "")
        return self._refusal(f"{_type_name(value)} cannot be part of a result{hint}")

    def _refusal(self, reason: str) -> ComputationError:
        """With the path as a JSON pointer (RFC 6901)."""
        steps = (str(step).replace("~", "~0").replace("/", "~1") for step in self._path)
        pointer = "".join(f"/{step}" for step in steps)
        if len(pointer) > _LONGEST_PATH:
            pointer = f"{pointer[:_SHOWN_AT_EACH_END]}...{pointer[-_SHOWN_AT_EACH_END:]}"
        return ComputationError(f"result at {pointer}: {reason}" if pointer else f"result: {reason}")


def _as_double(value: int | float | Decimal) -> float:
    try:
        # Decimal's signalling NaN has no float.
        return float("nan") if isinstance(value, Decimal) and value.is_nan() else float(value)
    except OverflowError:
        return float("inf")


def _digits(value: int | float | Decimal) -> str:
    """Not by ``str``, since a class derived from a number may print itself as anything. Zero loses its sign."""
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return float.__repr__(value + 0.0)
    return Decimal.__str__(value if value else value.copy_abs())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _units(text: str) -> int:
    """Length as Java counts it."""
    return len(text) + sum(character > "\uffff" for character in text)


def _type_name(value: Any) -> str:
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
