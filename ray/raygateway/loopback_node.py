"""``ray start`` as the start scripts need it: ``python -m raygateway.loopback_node start ...``.

Habits of the command in Ray 2.39 stand in the way; what it starts does not share them.

- With ``RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER=0``, without which Ray listens on every interface, it refuses to start a worker node.
  Here the command sees the answer that lets it go on, and its children see 0.
- It takes the head for running as long as any process of the machine names its address, so that a dead head could not be
  started again beside a worker that waits for it. The scripts look at the port itself.
- Without the dashboard the agent beside each raylet still takes jobs over HTTP, from web pages too, and the head still serves
  ``ray://`` clients. Both end where Ray believes that only its core is installed, as it is by ``pip install ray``.
- The agent for runtime environments, which no raylet goes without, takes commands in plain HTTP posts:
  :mod:`raygateway.environment_agent` stands in front of it.
"""

import os
from collections.abc import Callable
from typing import Any

import ray._private.ray_constants as constants
import ray._private.utils as utils
from ray._private import services
from ray.scripts import scripts
from ray.scripts.scripts import main

from raygateway import environment_agent


def _is_wanted(setting: str) -> bool:
    return os.environ.get(setting) == "yes"


def _with_guarded_agent(start: Callable[..., Any]) -> Callable[..., Any]:
    def start_process(command: list[str], *arguments: Any, **named: Any) -> Any:
        guarded = [part.replace(environment_agent.RAYS_OWN, environment_agent.__file__) for part in command]
        return start(guarded, *arguments, **named)

    return start_process


if __name__ == "__main__":
    services.find_gcs_addresses = set
    services.start_ray_process = _with_guarded_agent(services.start_ray_process)
    if not _is_wanted("RAYGATEWAY_DASHBOARD"):
        utils.check_dashboard_dependencies_installed = lambda: False
    if not _is_wanted("RAYGATEWAY_CLIENT_SERVER"):
        scripts.check_ray_client_dependencies_installed = lambda: False
    if os.environ.get(constants.ENABLE_RAY_CLUSTERS_ENV_VAR) == "0":
        constants.ENABLE_RAY_CLUSTER = True
        # Would otherwise exchange 127.0.0.1 for an address of the network.
        services.resolve_ip_for_localhost = lambda address: address
    main()
