"""The start scripts, with a stand-in for Ray that listens on the ports it is given."""

import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

_RAY = Path(__file__).resolve().parents[1]

_STAND_IN = """#!{python}
import json, os, signal, socket, subprocess, sys, time
if sys.argv[2].endswith("answers.py"):
    # A listener of this stand-in answers by taking the connection.
    for address in sys.argv[4:]:
        host, port = address.split(":")
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
        except OSError:
            sys.exit(print(address + " does not answer") or 1)
    sys.exit(0)
options = dict(argument.lstrip("-").split("=", 1) for argument in sys.argv if "=" in argument)
json.dump([sys.argv, dict(os.environ)], open(os.environ["SEEN"], "w"))
if "fail" in sys.argv:
    sys.exit("Ray does not like this")
wanted = [options[name] for name in ("port", "node-manager-port") if name in options]
listening = [socket.create_server(("127.0.0.1", int(port))) for port in wanted]
signal.signal(signal.SIGUSR1, lambda *_: [server.close() for server in listening])
subprocess.Popen(["sleep", "600"])
print("Ray runtime started.", flush=True)
while True:
    time.sleep(600)
"""


GIVEN_PORTS: set[int] = set()


def free_port() -> int:
    """Another one each time, and below those that the system gives to whoever connects: nobody takes it before its owner does."""
    for _ in range(1000):
        port = random.randrange(10_000, 30_000)
        if port in GIVEN_PORTS:
            continue
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        GIVEN_PORTS.add(port)
        return port
    raise AssertionError("no free port")


class Nodes:
    """The scripts in a world of their own."""

    def __init__(self, folder: Path) -> None:
        self.run_folder = folder / "run"
        self.seen = folder / "seen"
        binaries = folder / "cache" / "ray-2.39.0-py3.11" / "bin"
        binaries.mkdir(parents=True)
        stand_in = binaries / "python"
        stand_in.write_text(_STAND_IN.format(python=sys.executable))
        stand_in.chmod(0o700)
        self.stamp = binaries.parent / ".installed"
        self.stamp.write_text(sha256((_RAY / "requirements.txt").read_bytes()).hexdigest())
        names = [line.split("=")[0] for line in (_RAY / "ports.env").read_text().splitlines() if "=" in line]
        self.ports = {name: free_port() for name in names}
        ports_file = folder / "ports.env"
        ports_file.write_text("".join(f"{name}={port}\n" for name, port in self.ports.items()))
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.fspath(folder),
            "RAYGATEWAY_CACHE": os.fspath(folder / "cache"),
            "RAYGATEWAY_RUN_DIR": os.fspath(self.run_folder),
            "RAYGATEWAY_RAY_TEMP": os.fspath(folder / "temp"),
            "RAYGATEWAY_PORTS": os.fspath(ports_file),
            "RAYGATEWAY_SERVICEBUS_CONNECTION_STRING": "SharedAccessKey=secret",
            "SEEN": os.fspath(self.seen),
        }

    def run(self, script: str, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [_RAY / script, *arguments],
            env=self.environment | changes,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )

    def session(self, node: str) -> list[str]:
        leader = (self.run_folder / f"{node}.pid").read_text().split()[0]
        return processes_of(leader)


def processes_of(leader: str) -> list[str]:
    listed = subprocess.run(["ps", "-o", "pid=,stat=", "-s", leader], capture_output=True, text=True).stdout
    # Not those that have ended and wait for init to collect them.
    return [line.split()[0] for line in listed.splitlines() if not line.split()[1].startswith("Z")]


def kill(process: str) -> None:
    ending = os.pidfd_open(int(process))
    os.kill(int(process), signal.SIGKILL)
    assert select.select([ending], [], [], 10)[0]


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[Nodes]:
    prepared = Nodes(tmp_path)
    yield prepared
    prepared.run("stop")


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """A process of somebody else's that leads a session, as a node does."""
    process = subprocess.Popen(["sleep", "600"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


def test_starts_both_nodes_and_stops_all_that_they_started(nodes):
    head = nodes.run("start-head", "--num-cpus=2")
    worker = nodes.run("start-worker")
    sessions = [nodes.session("head"), nodes.session("worker")]

    stopped = nodes.run("stop")

    assert (head.returncode, worker.returncode, stopped.returncode) == (0, 0, 0), head.stderr + worker.stderr
    assert [len(session) for session in sessions] == [2, 2]
    assert [processes_of(session[0]) for session in sessions] == [[], []]
    assert stopped.stdout == "ray/stop: stopped the worker\nray/stop: stopped the head\n"
    assert list(nodes.run_folder.glob("*.pid")) == []


def test_workers_get_settings_in_the_environment_not_as_arguments(nodes):
    nodes.run("start-head", "--num-cpus=2")

    arguments, environment = json.loads(nodes.seen.read_text())
    assert environment["RAYGATEWAY_SERVICEBUS_CONNECTION_STRING"] == "SharedAccessKey=secret"
    assert environment["PYTHONPATH"] == os.fspath(_RAY)
    assert environment["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] == "0"
    assert environment["RAY_gcs_rpc_server_reconnect_timeout_s"] == "86400"
    assert "--num-cpus=2" in arguments
    assert "secret" not in " ".join(arguments)


def test_reads_settings_from_a_file_that_only_its_owner_can_read(nodes, tmp_path):
    settings = tmp_path / "settings"
    settings.write_text("# where statuses go\nRAYGATEWAY_STATUS_TOPIC=a topic\n")
    settings.chmod(0o644)
    refused = nodes.run("start-head", RAYGATEWAY_ENV_FILE=os.fspath(settings))

    settings.chmod(0o600)
    taken = nodes.run("start-head", RAYGATEWAY_ENV_FILE=os.fspath(settings))

    assert (refused.returncode, f"run chmod 600 {settings}" in refused.stderr) == (1, True)
    assert taken.returncode == 0
    assert '"RAYGATEWAY_STATUS_TOPIC": "a topic"' in nodes.seen.read_text()


def test_refuses_to_start_a_node_twice(nodes):
    nodes.run("start-head")
    again = nodes.run("start-head")

    assert again.returncode == 1
    assert "the head runs already (process" in again.stderr


def test_names_the_port_that_is_taken(nodes):
    port = nodes.ports["HEAD_OBJECT_MANAGER_PORT"]
    with socket.create_server(("127.0.0.1", port)):
        refused = nodes.run("start-head")

    assert refused.returncode == 1
    assert f"port {port} (HEAD_OBJECT_MANAGER_PORT) is taken" in refused.stderr


def test_refuses_versions_other_than_the_pinned(nodes):
    nodes.stamp.write_text("older requirements")
    refused = nodes.run("start-worker")

    assert refused.returncode == 1
    assert "or other versions than requirements.txt names: run" in refused.stderr


def test_install_refuses_another_python(nodes, tmp_path):
    other = tmp_path / "python3.12"
    other.write_text("#!/bin/sh\necho 3.12\n")
    other.chmod(0o700)
    refused = nodes.run("install", RAYGATEWAY_PYTHON=os.fspath(other))

    assert refused.returncode == 1
    assert f"needs Python 3.11 here, {other} is version 3.12" in refused.stderr


@pytest.mark.parametrize(
    ("address", "reason"), [("10.0.0.1", "must be a loopback address"), ("127.0.1.1", "listens on every interface")]
)
def test_refuses_to_listen_beyond_loopback(nodes, address, reason):
    refused = nodes.run("start-head", RAYGATEWAY_NODE_IP=address)

    assert refused.returncode == 1
    assert reason in refused.stderr


def test_worker_says_that_there_is_no_head(nodes):
    refused = nodes.run("start-worker")

    assert refused.returncode == 1
    assert f"no Ray head answers at 127.0.0.1:{nodes.ports['HEAD_GCS_PORT']}" in refused.stderr


def test_shows_the_log_of_a_node_that_does_not_start(nodes):
    refused = nodes.run("start-head", "fail")

    assert refused.returncode == 1
    assert "Ray does not like this" in refused.stderr
    assert not (nodes.run_folder / "head.pid").exists()


def test_leaves_a_process_alone_that_has_got_the_id_of_an_ended_node(nodes, bystander):
    nodes.run_folder.mkdir()
    (nodes.run_folder / "head.pid").write_text(f"{bystander.pid} 1\n")

    stopped = nodes.run("stop", "head")

    assert stopped.stdout == "ray/stop: no head runs\n"
    assert bystander.poll() is None


def test_starts_again_after_the_leader_ended_by_itself(nodes):
    nodes.run("start-head")
    leader, child = nodes.session("head")
    kill(leader)

    again = nodes.run("start-head")

    assert again.returncode == 0, again.stderr
    assert processes_of(leader) == []


def test_stops_what_a_killed_leader_left(nodes):
    nodes.run("start-head")
    leader, child = nodes.session("head")
    kill(leader)

    nodes.run("stop", "head")

    assert processes_of(leader) == []


def test_says_that_a_node_with_living_processes_does_not_serve_and_starts_it_again(nodes):
    nodes.run("start-head")
    leader = nodes.session("head")[0]
    os.kill(int(leader), signal.SIGUSR1)

    status = nodes.run("status", "head")
    again = nodes.run("start-head")

    port = nodes.ports["HEAD_GCS_PORT"]
    assert status.returncode == 1
    assert f"the head does not serve: 127.0.0.1:{port} does not answer" in status.stdout
    assert again.returncode == 0, again.stderr
    assert processes_of(leader) == []
    assert nodes.run("status", "head").returncode == 0


def test_a_worker_of_a_head_that_is_gone_counts_as_dead(nodes):
    nodes.run("start-head")
    nodes.run("start-worker")
    worker = nodes.session("worker")[0]
    nodes.run("stop", "head")
    restarted = nodes.run("start-head")
    assert restarted.returncode == 0, restarted.stderr

    status = nodes.run("status", "worker")
    again = nodes.run("start-worker")

    assert (status.returncode, status.stdout) == (1, "ray/status: the worker belongs to a head that is gone\n")
    assert again.returncode == 0, again.stderr
    assert processes_of(worker) == []


def test_refuses_a_door_that_is_neither_open_nor_closed(nodes):
    refused = nodes.run("start-head", RAYGATEWAY_DASHBOARD="true")

    assert refused.returncode == 1
    assert "RAYGATEWAY_DASHBOARD must be yes or no, got true" in refused.stderr
