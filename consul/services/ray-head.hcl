# The Ray driver's gRPC. It is healthy as long as Ray's own control store (GCS) accepts connections: the check looks at the real
# port, never at the proxy, which listens whether Ray lives or not.
services {
  id      = "ray-head"
  name    = "ray-head"
  address = "127.0.0.1"
  port    = ${MESH_DRIVER_PORT}

  check {
    id       = "ray-head-gcs"
    name     = "Ray GCS"
    tcp      = "${MESH_HEAD_ADDRESS}:${MESH_GCS_PORT}"
    interval = "10s"
    timeout  = "1s"
  }
}

services {
  id      = "ray-head-sidecar-proxy"
  name    = "ray-head-sidecar-proxy"
  kind    = "connect-proxy"
  address = "${MESH_BIND}"
  port    = ${MESH_RAY_HEAD_SIDECAR_PORT}

  check {
    id            = "ray-head-sidecar-proxy-alias"
    name          = "What ray-head's check says"
    alias_service = "ray-head"
  }

  proxy {
    destination_service_id   = "ray-head"
    destination_service_name = "ray-head"
    local_service_address    = "127.0.0.1"
    local_service_port       = ${MESH_DRIVER_PORT}
    config {
      bind_address = "${MESH_BIND}"
    }
  }
}
