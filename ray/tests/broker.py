"""Starts the embedded Service Bus from the project's class path."""

import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

_HOME = Path(__file__).resolve().parents[2]


def class_path() -> str:
    """RAYGATEWAY_TEST_CLASSPATH, else what Maven has built; skips the test where there is neither, but never in CI."""
    given = os.environ.get("RAYGATEWAY_TEST_CLASSPATH")
    if given:
        return given
    classes, libraries = _HOME / "target" / "classes", _HOME / "target" / "lib"
    if classes.is_dir() and libraries.is_dir():
        return f"{classes}{os.pathsep}{libraries}/*"
    missing = "the embedded Service Bus is not built: run `mvn package` first"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


class EmbeddedBroker:
    """May be stopped and started again: its messages stay, and so does its port."""

    def __init__(self, class_path: str, folder: Path) -> None:
        self._class_path = class_path
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._port = 0
        self.connection_string = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def start(self) -> None:
        launcher = Path(__file__).with_name("StartBroker.java")
        command = ["java", "-cp", self._class_path, launcher, self._folder / "broker.db", str(self._port)]
        with open(self._folder / "broker.log", "a") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("connect "):
                self.connection_string = line.removeprefix("connect ").strip()
                self._port = int(self.connection_string.split(";")[0].rpartition(":")[2])
                return
        raise AssertionError(f"the broker did not start, see {self._folder}/broker.log")

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.communicate(timeout=30)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
