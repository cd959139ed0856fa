# A machine of a Ray cluster of several, head or worker: one mesh service for all connections among their Ray processes.
# Its inbound listener (lib/nodes.sh) hands each connection to the port it was meant for, on this node's own address only.
# No check: Ray decides by itself which of its nodes live.
services {
  id      = "ray-node"
  name    = "ray-node"
  address = "127.0.0.1"
  port    = ${MESH_RAY_NODE_INBOUND_PORT}
  meta {
    number = "${MESH_NODE_NUMBER}"
  }
}

services {
  id      = "ray-node-sidecar-proxy"
  name    = "ray-node-sidecar-proxy"
  kind    = "connect-proxy"
  address = "${MESH_BIND}"
  port    = ${MESH_RAY_NODE_SIDECAR_PORT}
  meta {
    number = "${MESH_NODE_NUMBER}"
  }

  proxy {
    destination_service_id   = "ray-node"
    destination_service_name = "ray-node"
    local_service_address    = "127.0.0.1"
    local_service_port       = ${MESH_RAY_NODE_INBOUND_PORT}
    config {
      bind_address                      = "${MESH_BIND}"
      envoy_extra_static_listeners_json = <<EOF
${MESH_NODE_LISTENERS}
EOF
      envoy_extra_static_clusters_json  = <<EOF
${MESH_NODE_CLUSTERS}
EOF
    }
${MESH_NODE_UPSTREAMS}
  }
}
