# A Ray worker machine's way to the head. Nobody may call it by this name, so its own port leads nowhere of use.
services {
  id      = "ray-worker"
  name    = "ray-worker"
  address = "127.0.0.1"
  port    = ${MESH_RAY_WORKER_PORT}
}

services {
  id      = "ray-worker-sidecar-proxy"
  name    = "ray-worker-sidecar-proxy"
  kind    = "connect-proxy"
  address = "${MESH_BIND}"
  port    = ${MESH_RAY_WORKER_SIDECAR_PORT}

  proxy {
    destination_service_id   = "ray-worker"
    destination_service_name = "ray-worker"
    local_service_address    = "127.0.0.1"
    local_service_port       = ${MESH_RAY_WORKER_PORT}
    config {
      bind_address = "${MESH_BIND}"
    }
    upstreams {
      destination_name   = "ray-gcs"
      local_bind_address = "${MESH_HEAD_ALIAS}"
      local_bind_port    = ${MESH_RAY_GCS_UPSTREAM_PORT}
    }
  }
}
