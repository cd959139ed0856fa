# The gateway. Its proxy is a service of its own, not nested: the gateway may register and deregister itself without ending it.
services {
  id      = "api-gateway"
  name    = "api-gateway"
  address = "127.0.0.1"
  port    = ${MESH_GATEWAY_PORT}

  check {
    id       = "api-gateway-health"
    name     = "The gateway's health"
    http     = "http://127.0.0.1:${MESH_GATEWAY_OPERATIONS_PORT}/observe/health"
    interval = "10s"
    timeout  = "2s"
  }
}

services {
  id      = "api-gateway-sidecar-proxy"
  name    = "api-gateway-sidecar-proxy"
  kind    = "connect-proxy"
  address = "${MESH_BIND}"
  port    = ${MESH_API_GATEWAY_SIDECAR_PORT}

  proxy {
    destination_service_id   = "api-gateway"
    destination_service_name = "api-gateway"
    local_service_address    = "127.0.0.1"
    local_service_port       = ${MESH_GATEWAY_PORT}
    config {
      bind_address = "${MESH_BIND}"
    }
    upstreams {
      destination_name   = "ray-head"
      local_bind_address = "127.0.0.1"
      local_bind_port    = ${MESH_RAY_HEAD_UPSTREAM_PORT}
    }
  }
}
