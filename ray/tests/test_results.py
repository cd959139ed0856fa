"""What becomes of each thing that a computation may return or say; Java's tests read the same cases."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from raygateway import ComputationError
from raygateway.lines import one_line
from raygateway.results import MOST_BYTES, to_json
from raygateway.status import Status, StatusEvent

_FILE = json.loads(
    (Path(__file__).resolve().parents[2] / "src/test/resources/results/vectors.json").read_text(encoding="utf-8")
)


class Unit(Enum):
    DAYS = 1


class Word(StrEnum):
    RED = "red"


@dataclass
class Sample:
    name: Any
    value: Any


class Endless(list[int]):
    def __iter__(self) -> Iterator[int]:
        while True:
            yield 0


def build(value: Any) -> Any:
    """The value that Python has for what stands in the file."""
    if isinstance(value, dict):
        first = next(iter(value), "")
        if first.startswith("$"):
            return _SPECIAL[first](value[first])
        return {name: build(member) for name, member in value.items()}
    return [build(element) for element in value] if isinstance(value, list) else value


def _units(units: list[int]) -> str:
    return "".join(map(chr, units))


def _cycle(kind: str) -> Any:
    items: list[Any] = []
    members: dict[str, Any] = {}
    items.append(items)
    members["self"] = members
    return items if kind == "list" else members


def _twice(elements: list[Any]) -> dict[str, Any]:
    return {"a": elements, "b": elements}


def _deep(levels: int) -> list[Any]:
    nested: list[Any] = []
    for _ in range(levels - 1):
        nested = [nested]
    return nested


def _numpy(described: list[Any]) -> Any:
    kind, value = described
    if kind == "zero-dimensional":
        return np.array(float(value))
    if kind == "object":
        objects = np.empty(len(value), dtype=object)
        objects[:] = [build(element) for element in value]
        return objects
    made = np.array(value, dtype=np.int64).astype(np.bool_) if kind == "bool" else np.array(value).astype(kind)
    return made if isinstance(value, list) else made[()]


_SPECIAL = {
    "$nothing": lambda of: None,
    "$double": float,
    "$float": np.float32,
    "$integer": int,
    "$power": lambda of: 10**of,
    "$decimal": Decimal,
    "$digits": lambda of: Decimal("1." + "1" * (of - 2)),
    "$doubles": lambda of: np.array(of, dtype=np.float64),
    "$floats": lambda of: np.array(of, dtype=np.float32),
    "$ints": lambda of: np.array(of, dtype=np.int32),
    "$longs": lambda of: np.array(of, dtype=np.int64),
    "$booleans": lambda of: np.array(of, dtype=np.bool_),
    "$matrix": lambda of: np.array(of, dtype=np.float64),
    "$texts": np.array,
    "$tuple": lambda of: tuple(build(of)),
    "$record": lambda of: Sample(build(of["name"]), build(of["value"])),
    "$units": _units,
    "$repeat": lambda of: of[0] * of[1],
    "$keys": lambda of: {build(key): build(value) for key, value in of},
    "$cycle": _cycle,
    "$twice": _twice,
    "$deep": _deep,
    "$endless": lambda of: Endless(),
    "$numpy": _numpy,
    "$zeros": lambda of: np.broadcast_to(np.float64(0), of),
    "$thread": lambda of: threading.Thread(),
    "$object": lambda of: object(),
    "$time": datetime.fromisoformat,
    "$date": date.fromisoformat,
    "$duration": lambda of: timedelta(seconds=of),
    "$bytes": bytes,
    "$set": set,
    "$enum": lambda of: Unit.DAYS,
    "$textenum": lambda of: Word.RED,
}


def _cases() -> list[Any]:
    cases = [case for case in _FILE["vectors"] if case.get("only") != "java"]
    return [pytest.param(case, id=case["name"]) for case in cases]


@pytest.mark.parametrize("case", _cases())
def test_writes_or_refuses(case):
    result = build(case["result"])
    if "refused" in case:
        with pytest.raises(ComputationError) as refused:
            to_json(result)
        assert str(refused.value) == case["refused"].replace("{type}", case.get("types", {}).get("python", ""))
        return
    text = to_json(result)
    assert len(text.encode("utf-8")) <= MOST_BYTES
    assert "text" not in case or text == case["text"]
    assert "json" not in case or json.loads(text) == case["json"]
    assert list(json.loads(text)) == list(result)


@pytest.mark.parametrize("case", [pytest.param(line, id=line["name"]) for line in _FILE["lines"]])
def test_says_one_line(case):
    if "repeat" in case:
        (of, times), (kept, how_often, end) = case["repeat"], case["repeated"]
        text, line = of * times, kept * how_often + end
    else:
        text, line = _units(case["units"]) if "units" in case else case["text"], case["line"]

    assert one_line(text) == line
    event = StatusEvent("8c3a4f7e-9f0b-4c0e-8b36-0a1a3c1c9a11", Status.FAILED, -1, 1, 2, text)
    assert json.loads(event.to_json())["message"] == line


def test_refuses_a_result_that_is_no_mapping():
    with pytest.raises(ComputationError, match="the computation must return a mapping, got list"):
        to_json([1])
