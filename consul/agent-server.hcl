# A server that is a cluster by itself, or one of three (MESH_SERVERS=3). With MESH_BIND=127.0.0.1, the default, nothing of it can be
# reached from another machine; with another address, clients and the other servers may join there.
# Filled in by consul/up; the result holds secrets and stays in the private run directory.
datacenter       = "dc1"
node_name        = "${MESH_NODE}"
data_dir         = "${MESH_RUN_DIR}/state"
server           = true
bootstrap_expect = ${MESH_SERVERS}
bind_addr        = "${MESH_BIND}"
client_addr      = "127.0.0.1"

retry_join     = [${MESH_OTHER_SERVERS}]
retry_interval = "2s"

ports {
  http     = ${MESH_CONSUL_HTTP_PORT}
  grpc     = ${MESH_CONSUL_GRPC_PORT}
  server   = ${MESH_CONSUL_SERVER_PORT}
  serf_lan = ${MESH_CONSUL_SERF_PORT}
  serf_wan = -1
  grpc_tls = -1
  https    = -1
  dns      = -1
}

performance {
  raft_multiplier = 1
}

connect {
  enabled = true
}

# This agent gives the key of any service it runs a proxy for to whoever asks over HTTP, without a token: its cache of
# certificates does not look at tokens (seen with 1.22.7). Envoy gets its key over gRPC, where the token counts.
http_config {
  block_endpoints = [${MESH_BLOCKED_ENDPOINTS}]
}

default_intention_policy = "deny"

encrypt = "${MESH_GOSSIP_KEY}"

tls {
  defaults {
    ca_file         = "${MESH_RUN_DIR}/secrets/ca.pem"
    cert_file       = "${MESH_RUN_DIR}/secrets/server.pem"
    key_file        = "${MESH_RUN_DIR}/secrets/server-key.pem"
    verify_incoming = true
    verify_outgoing = true
  }
  internal_rpc {
    verify_server_hostname = true
  }
}

# Clients that join get their certificates signed here.
auto_encrypt {
  allow_tls = true
}

acl {
  enabled        = true
  default_policy = "deny"
  tokens {
    initial_management = "${MESH_TOKEN_MANAGEMENT}"
    agent              = "${MESH_TOKEN_AGENT}"
  }
}

disable_update_check = true
