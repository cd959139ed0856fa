# A machine of a cluster: a client that joins three servers. Services, sidecars and the gateway reach it on loopback only; other
# agents reach its gossip port on MESH_BIND. Filled in by `MESH_AGENT=client consul/up`.
datacenter  = "dc1"
node_name   = "${MESH_NODE}"
data_dir    = "${MESH_RUN_DIR}/state"
server      = false
bind_addr   = "${MESH_BIND}"
client_addr = "127.0.0.1"

retry_join     = ["${MESH_SERVER_1}", "${MESH_SERVER_2}", "${MESH_SERVER_3}"]
retry_interval = "2s"

ports {
  http     = ${MESH_CONSUL_HTTP_PORT}
  grpc     = ${MESH_CONSUL_GRPC_PORT}
  server   = ${MESH_CONSUL_SERVER_PORT}
  serf_lan = ${MESH_CONSUL_SERF_PORT}
  grpc_tls = -1
  https    = -1
  dns      = -1
}

connect {
  enabled = true
}

# This agent gives the key of any service it runs a proxy for to whoever asks over HTTP, without a token: its cache of
# certificates does not look at tokens (seen with 1.22.7). Envoy gets its key over gRPC, where the token counts.
http_config {
  block_endpoints = [${MESH_BLOCKED_ENDPOINTS}]
}

encrypt = "${MESH_GOSSIP_KEY}"

# The servers sign this agent's certificate when it joins, so that no key travels to it.
auto_encrypt {
  tls = true
}
tls {
  defaults {
    ca_file         = "${MESH_RUN_DIR}/secrets/ca.pem"
    verify_outgoing = true
  }
  internal_rpc {
    verify_server_hostname = true
  }
}

acl {
  enabled        = true
  default_policy = "deny"
  tokens {
    agent = "${MESH_TOKEN_AGENT}"
  }
}

leave_on_terminate   = true
disable_update_check = true
