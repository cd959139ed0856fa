# Ray's control store on the head, for workers on other machines. Long polls: the proxy sets no time limit of its own.
# No check: a slow second must not cut every worker off, and Ray finds out by itself whether GCS lives. ray-head tells the gateway.
services {
  id      = "ray-gcs"
  name    = "ray-gcs"
  address = "${MESH_HEAD_ADDRESS}"
  port    = ${MESH_GCS_PORT}
}

services {
  id      = "ray-gcs-sidecar-proxy"
  name    = "ray-gcs-sidecar-proxy"
  kind    = "connect-proxy"
  address = "${MESH_BIND}"
  port    = ${MESH_RAY_GCS_SIDECAR_PORT}

  proxy {
    destination_service_id   = "ray-gcs"
    destination_service_name = "ray-gcs"
    local_service_address    = "${MESH_HEAD_ADDRESS}"
    local_service_port       = ${MESH_GCS_PORT}
    config {
      bind_address             = "${MESH_BIND}"
      local_request_timeout_ms = 0
      local_idle_timeout_ms    = 0
    }
  }
}
