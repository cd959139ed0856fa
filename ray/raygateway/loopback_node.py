"""``ray start`` for a worker node on the loopback interface alone: ``python -m raygateway.loopback_node start ...``.

Ray 2.39 listens on 127.0.0.1 alone where it takes the machine for one that cannot join a cluster
(``RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER=0``), and then refuses to start a worker node. The refusal stands in the command, not in
what it starts: here the command sees the answer that lets it go on, and its children see 0.
"""

import os

import ray._private.ray_constants as constants
from ray._private import services
from ray.scripts.scripts import main

if __name__ == "__main__":
    os.environ[constants.ENABLE_RAY_CLUSTERS_ENV_VAR] = "0"
    constants.ENABLE_RAY_CLUSTER = True
    # Would otherwise exchange 127.0.0.1 for an address of the network.
    services.resolve_ip_for_localhost = lambda address: address
    main()
