"""The actor on a real Ray node: its statuses leave a worker process through the real SDK."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import ray

from broker import EmbeddedBroker
from raygateway.actor import ComputationActor
from test_service_bus import receive


@pytest.fixture
def node(broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A Ray node on loopback whose workers find the package and the broker in their environment."""
    monkeypatch.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
    monkeypatch.setenv("RAYGATEWAY_SERVICEBUS_CONNECTION_STRING", broker.connection_string)
    monkeypatch.setenv("PYTHONPATH", os.fspath(Path(__file__).parents[1]))
    ray.init(
        num_cpus=1,
        object_store_memory=80_000_000,
        include_dashboard=False,
        log_to_driver=False,
        namespace="raygateway",
        _node_ip_address="127.0.0.1",
    )
    yield
    ray.shutdown()


def test_dedicated_actor_computes_and_publishes_on_a_ray_worker(node, broker, assignment):
    given = assignment(progress_ms=20)
    job = json.loads(given)["job_id"]
    parameters = {"points": 64, "diffusivity": 0.1, "duration": 0.1, "steps": 300, "initial": "sine", "mode_x": 1}
    actor = (
        ray.remote(ComputationActor)
        .options(name=f"actor_{job}", max_concurrency=2, num_cpus=1)
        .remote("raygateway.computations.heat_equation:HeatEquation", given)
    )

    terminal = json.loads(ray.get(actor.run_simulation.remote(json.dumps(parameters | {"mode_y": 1})), timeout=60))
    ray.kill(actor)

    assert (terminal["job_id"], terminal["status"], terminal["progress"]) == (job, "COMPLETED", 100)
    assert terminal["result"]["largest_error"] < 1e-3
    events = [json.loads(str(message)) for message in receive(broker, terminal["sequence"])]
    assert [event["sequence"] for event in events] == list(range(1, terminal["sequence"] + 1))
    assert events[-1] == terminal
