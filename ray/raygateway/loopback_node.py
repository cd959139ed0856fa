"""``ray start`` as the start scripts need it: ``python -m raygateway.loopback_node start ...``.

Two habits of the command in Ray 2.39 stand in the way; what it starts does not share them.

- With ``RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER=0``, without which Ray listens on every interface, it refuses to start a worker node.
  Here the command sees the answer that lets it go on, and its children see 0.
- It takes the head for running as long as any process of the machine names its address, so that a dead head could not be
  started again beside a worker that waits for it. The scripts look at the port itself.
"""

import os

import ray._private.ray_constants as constants
from ray._private import services
from ray.scripts.scripts import main

if __name__ == "__main__":
    services.find_gcs_addresses = set
    if os.environ.get(constants.ENABLE_RAY_CLUSTERS_ENV_VAR) == "0":
        constants.ENABLE_RAY_CLUSTER = True
        # Would otherwise exchange 127.0.0.1 for an address of the network.
        services.resolve_ip_for_localhost = lambda address: address
    main()
