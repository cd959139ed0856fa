# One mesh service for each machine of a Ray cluster. Node n has the loopback address 127.0.1.n everywhere: on its own machine Ray
# listens there, on every other the sidecar does. It sends the address and port that was dialled ahead of the bytes (PROXY protocol)
# through one mutually authenticated way; the other end connects to it, if it is one of the ports that Ray's nodes need.

# Node manager, object manager, dashboard agent: the first three ports of a node. Workers follow from the eleventh.
first_port() { printf '%s' $((MESH_RAY_BASE + 100 * $1)); }

ports_of_node() {
  local first
  first=$(first_port "$1")
  seq "$first" $((first + 2))
  seq $((first + 10)) $((first + 9 + MESH_RAY_WORKERS))
}

other_nodes() {
  local number
  for number in $MESH_NODES; do
    if [ "$number" != "$MESH_NODE_NUMBER" ]; then printf '%s\n' "$number"; fi
  done
}

node_ports() {
  local number taken
  port 127.0.0.1 MESH_RAY_NODE_INBOUND_PORT
  if [ "$MESH_NODE_NUMBER" != 1 ]; then port 127.0.1.1 MESH_RAY_GCS_UPSTREAM_PORT; fi
  for number in $(other_nodes); do
    printf '127.0.0.1 %s MESH_RAY_NODE_UPSTREAM_BASE\n' $((MESH_RAY_NODE_UPSTREAM_BASE + number))
    for taken in $(ports_of_node "$number"); do printf '127.0.1.%s %s MESH_RAY_BASE\n' "$number" "$taken"; done
  done
}

# What services/ray-node.hcl names, into the environment.
describe_node() {
  [ "$MESH_PROXY" = envoy ] || fail "the part ray-node needs MESH_PROXY=envoy, got \`$MESH_PROXY\`"
  MESH_NODE_LISTENERS=$(inbound_listener && for number in $(other_nodes); do printf ',\n' && outbound_listener "$number"; done)
  MESH_NODE_CLUSTERS=$(inbound_cluster && for number in $(other_nodes); do printf ',\n' && outbound_cluster "$number"; done)
  MESH_NODE_UPSTREAMS=$(node_upstreams)
  export MESH_NODE_LISTENERS MESH_NODE_CLUSTERS MESH_NODE_UPSTREAMS
}

socket_address() { printf '{"socket_address": {"address": "%s", "port_value": %s}}' "$1" "$2"; }

tcp_proxy() {
  printf '{"name": "tcp_proxy", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy", '
  printf '"stat_prefix": "%s", "cluster": "%s", "idle_timeout": "0s"}}' "$1" "$1"
}

# A peer names where it wants to go. Only this node's own address and the ports of Ray's nodes are let through: not the driver, not
# Consul, and not GCS, which has a service and rules of its own. By filter chains, since an RBAC filter would decide at the first
# byte from the peer, when the connection is open already and its server may have spoken.
inbound_listener() {
  local port chains=''
  for port in $(ports_of_node "$MESH_NODE_NUMBER"); do
    chains+="${chains:+, }{\"filter_chain_match\": {\"prefix_ranges\": [{\"address_prefix\": \"127.0.1.$MESH_NODE_NUMBER\", \"prefix_len\": 32}], "
    chains+="\"destination_port\": $port}, \"filters\": [$(tcp_proxy ray_node_in)]}"
  done
  printf '{"name": "ray_node_in", "address": %s, ' "$(socket_address 127.0.0.1 "$MESH_RAY_NODE_INBOUND_PORT")"
  printf '"listener_filters": [{"name": "proxy_protocol", "typed_config": '
  printf '{"@type": "type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol"}}], '
  printf '"filter_chains": [%s]}' "$chains"
}

inbound_cluster() {
  printf '{"name": "ray_node_in", "type": "ORIGINAL_DST", "lb_policy": "CLUSTER_PROVIDED", "connect_timeout": "5s"}'
}

outbound_listener() {
  local more='' number
  local ports
  mapfile -t ports < <(ports_of_node "$1")
  for number in "${ports[@]:1}"; do more+="${more:+, }{\"address\": $(socket_address "127.0.1.$1" "$number")}"; done
  printf '{"name": "ray_node_%s", "address": %s, "additional_addresses": [%s], "filter_chains": [{"filters": [%s]}]}' \
    "$1" "$(socket_address "127.0.1.$1" "${ports[0]}")" "$more" "$(tcp_proxy "ray_node_$1")"
}

outbound_cluster() {
  local transport=type.googleapis.com/envoy.extensions.transport_sockets
  printf '{"name": "ray_node_%s", "type": "STATIC", "connect_timeout": "5s", "load_assignment": {"cluster_name": "ray_node_%s", ' "$1" "$1"
  printf '"endpoints": [{"lb_endpoints": [{"endpoint": {"address": %s}}]}]}, ' \
    "$(socket_address 127.0.0.1 $((MESH_RAY_NODE_UPSTREAM_BASE + $1)))"
  printf '"transport_socket": {"name": "proxy_protocol", "typed_config": {"@type": "%s.proxy_protocol.v3.ProxyProtocolUpstreamTransport", ' \
    "$transport"
  printf '"config": {"version": "V2"}, "transport_socket": {"name": "raw", "typed_config": {"@type": "%s.raw_buffer.v3.RawBuffer"}}}}}' \
    "$transport"
}

upstream() {
  printf '    upstreams {\n      destination_name = "%s"\n      local_bind_address = "%s"\n      local_bind_port = %s\n    }\n' "$@"
}

node_upstreams() {
  local number
  if [ "$MESH_NODE_NUMBER" != 1 ]; then upstream ray-gcs 127.0.1.1 "$MESH_RAY_GCS_UPSTREAM_PORT"; fi
  for number in $(other_nodes); do
    upstream "ray-node-$number" 127.0.0.1 $((MESH_RAY_NODE_UPSTREAM_BASE + number))
  done
}
