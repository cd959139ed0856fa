"""Where a real head and a real worker listen, and what the world of the machine can make them do there."""

import os
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import grpc
import pytest
import ray  # noqa: F401 (brings the psutil of the next line)
import psutil  # isort: skip

from test_scripts import GIVEN_PORTS, free_port

_RAY = Path(__file__).resolve().parents[1]
_ALWAYS = {"NODE_MANAGER", "OBJECT_MANAGER", "RUNTIME_ENV_AGENT"}
_WITH_DASHBOARD = {"AGENT_GRPC", "AGENT_HTTP", "METRICS"}
_OF_THE_HEAD = {"DASHBOARD", "DASHBOARD_GRPC", "AUTOSCALER_METRICS", "DASHBOARD_METRICS"}


class Cluster:
    def __init__(self, folder: Path, **settings: str) -> None:
        names = [line.split("=")[0] for line in (_RAY / "ports.env").read_text().splitlines() if "=" in line]
        self.ports = {name: free_port() for name in names if "_WORKER_PORT" not in name}
        workers = _free_block(40)
        for node, first in (("HEAD", workers), ("WORKER", workers + 20)):
            self.ports |= {f"{node}_FIRST_WORKER_PORT": first, f"{node}_LAST_WORKER_PORT": first + 19}
        file = folder / "ports.env"
        file.write_text("".join(f"{name}={port}\n" for name, port in self.ports.items()))
        self._run_folder = folder / "run"
        self.environment = os.environ | {
            "RAYGATEWAY_RUN_DIR": os.fspath(self._run_folder),
            "RAYGATEWAY_RAY_TEMP": os.fspath(folder / "t"),
            "RAYGATEWAY_PORTS": os.fspath(file),
            **settings,
        }

    def run(self, script: str, *arguments: str) -> None:
        done = subprocess.run(
            [_RAY / script, *arguments], env=self.environment, capture_output=True, text=True, timeout=150
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> None:
        self.run("start-head", "--num-cpus=0", "--object-store-memory=80000000")
        self.run("start-worker", "--num-cpus=1", "--object-store-memory=80000000")
        # A node is ready for work before all of it listens.
        for port in self.named("HEAD", _ALWAYS) | self.named("WORKER", _ALWAYS):
            _await_port(port)

    def stop(self) -> None:
        self.run("stop")

    def listeners(self, node: str) -> list[tuple[str, int]]:
        session = int((self._run_folder / f"{node}.pid").read_text().split()[0])
        return [
            (connection.laddr.ip, connection.laddr.port)
            for process in psutil.process_iter()
            if _session(process.pid) == session
            for connection in process.net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN
        ]

    def named(self, node: str, names: set[str]) -> set[int]:
        return {self.ports[f"{node}_{name}_PORT"] for name in names}

    def python(self, program: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(program), f"127.0.0.1:{self.ports['HEAD_GCS_PORT']}"],
            env=self.environment | {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_DEDUP_LOGS": "0"},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def _await_port(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, f"nothing listens on port {port}"
            time.sleep(0.05)


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return -1


def _free_block(count: int) -> int:
    for _ in range(100):
        first = free_port()
        if GIVEN_PORTS & set(range(first + 1, first + count)):
            continue
        held: list[socket.socket] = []
        try:
            for port in range(first, first + count):
                held.append(socket.create_server(("127.0.0.1", port)))
        except (OSError, OverflowError):
            continue
        finally:
            for taken in held:
                taken.close()
        return first
    raise AssertionError(f"no {count} free ports in a row")


def _started(folder: Path, **settings: str) -> Iterator[Cluster]:
    cluster = Cluster(folder, **settings)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    yield from _started(tmp_path_factory.mktemp("plain"))


def _http(port: int, path: str, headers: dict[str, str] | None = None) -> int:
    """The status of a post, or 0 where no HTTP came back."""
    try:
        with urlopen(Request(f"http://127.0.0.1:{port}{path}", b"{}", headers or {}), timeout=5) as answer:
            return answer.status
    except HTTPError as refused:
        return refused.code
    except (HTTPException, OSError):
        return 0


def test_only_what_ray_cannot_do_without_listens_and_on_loopback(plain):
    found = {node: plain.listeners(node) for node in ("head", "worker")}

    workers = range(plain.ports["HEAD_FIRST_WORKER_PORT"], plain.ports["WORKER_LAST_WORKER_PORT"] + 1)
    assert {ip.removeprefix("::ffff:") for each in found.values() for ip, _ in each} == {"127.0.0.1"}
    head, worker = ({port for _, port in found[node] if port not in workers} for node in ("head", "worker"))
    assert head == plain.named("HEAD", _ALWAYS | {"GCS"})
    assert worker == plain.named("WORKER", _ALWAYS)


@pytest.mark.parametrize("path", ["/api/jobs/", "/api/job_agent/jobs/"])
def test_takes_no_job_over_http(plain, path):
    answers = {port: _http(port, path) for node in ("head", "worker") for _, port in plain.listeners(node)}

    assert set(answers.values()) <= {0, 404}, answers


def test_serves_no_ray_client(plain):
    for _, port in plain.listeners("head"):
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            with pytest.raises(grpc.RpcError) as refused:
                channel.unary_unary("/ray.rpc.RayletDriver/ClusterInfo")(b"", timeout=5)
        assert refused.value.code() in {grpc.StatusCode.UNIMPLEMENTED, grpc.StatusCode.UNAVAILABLE}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Referer": "https://example.org/"},
        {"Host": "rebound.example.org"},
    ],
)
def test_web_pages_prepare_no_environment(plain, headers):
    for port in plain.named("HEAD", {"RUNTIME_ENV_AGENT"}) | plain.named("WORKER", {"RUNTIME_ENV_AGENT"}):
        assert _http(port, "/get_or_create_runtime_env", headers) == 403


def test_a_task_with_an_environment_of_its_own_runs(plain):
    said = plain.python(
        """
        import os, sys, ray
        ray.init(address=sys.argv[1], logging_level="error", log_to_driver=False)
        look = ray.remote(lambda: os.environ["COLOUR"])
        print(ray.get(look.options(runtime_env={"env_vars": {"COLOUR": "red"}}).remote(), timeout=60))
        """
    )

    assert said.split() == ["red"]


def test_the_dashboard_comes_where_it_is_asked_for(tmp_path_factory):
    for cluster in _started(tmp_path_factory.mktemp("full"), RAYGATEWAY_DASHBOARD="yes", RAYGATEWAY_CLIENT_SERVER="yes"):
        for port in cluster.named("HEAD", _WITH_DASHBOARD | _OF_THE_HEAD | {"CLIENT_SERVER"}):
            _await_port(port)
        assert _http(cluster.ports["HEAD_DASHBOARD_PORT"], "/api/jobs/") in {400, 500}
