# Starting and stopping the parts of the mesh: the agent, and each service with its sidecar.

part_names() { cd "$mesh_home/services" && printf '%s\n' agent *.hcl | sed 's/\.hcl$//'; }

check_parts() {
  local part
  for part in "$@"; do
    part_names | grep -qx -- "$part" || fail "unknown part \`$part\`: expected one of $(part_names | tr '\n' ' ')"
  done
}

# The process of a part: the agent itself, or a service's sidecar.
process_of() {
  case $1 in
    agent) printf consul-agent ;;
    *) printf 'sidecar-%s' "$1" ;;
  esac
}

api() {
  local token=$MESH_RUN_DIR/secrets/token-$1
  shift
  curl --silent --max-time 5 --header @<(printf 'X-Consul-Token: %s' "$(<"$token")") "$@"
}

port() { printf '%s %s %s\n' "$1" "${!2}" "$2"; }

# `address port setting` for each port that a part binds.
ports_of() {
  case $1 in
    agent)
      port 127.0.0.1 MESH_CONSUL_HTTP_PORT
      port 127.0.0.1 MESH_CONSUL_GRPC_PORT
      port "$MESH_BIND" MESH_CONSUL_SERF_PORT
      if [ "$MESH_AGENT" = server ]; then port "$MESH_BIND" MESH_CONSUL_SERVER_PORT; fi
      ;;
    *) port "$MESH_BIND" "$(port_name SIDECAR "$1")" ;;&
    api-gateway) port 127.0.0.1 MESH_RAY_HEAD_UPSTREAM_PORT ;;
    ray-node) node_ports ;;
  esac
}

# Before anything is started: every port of the parts is free, and no two of them are the same.
check_ports() {
  local part address port name taken='' seen=' '
  for part in "$@"; do
    while read -r address port name; do
      case $seen in
        *" $address:$port "*) taken+="; $address:$port is asked for twice, once as $name" ;;
      esac
      seen+="$address:$port "
      if listens "$port" "$address"; then taken+="; $address:$port is taken (set $name to a free port)"; fi
    done < <(ports_of "$part")
  done
  [ -z "$taken" ] || fail "nothing was started: ${taken#; }"
}

ports_are_free() {
  local address port name
  while read -r address port name; do
    ! listens "$port" "$address" || return 1
  done < <(ports_of "$1")
}

agent_is_ready() {
  local leader
  leader=$(curl --silent --max-time 2 "$CONSUL_HTTP_ADDR/v1/status/leader") && [ "${#leader}" -gt 4 ] &&
    api "$1" --fail --output /dev/null "$CONSUL_HTTP_ADDR/v1/acl/token/self"
}

# A server alone makes its secrets and configures itself. Three share secrets, and there is nothing to configure before two of
# them run: both are left to an operator.
start_agent() {
  private_folder "$MESH_RUN_DIR/config"
  private_folder "$MESH_RUN_DIR/state"
  if is_alone; then "$mesh_home/make-secrets" "$consul"; fi
  fill_agent_template
  start_process consul-agent "$consul" agent -log-level=warn -config-file="$MESH_RUN_DIR/config/agent.hcl"
  await 60 agent_has_come_or_ended || fail_with_log consul-agent "Consul's agent was not ready within 60 s"
  running consul-agent >/dev/null || fail_with_log consul-agent "Consul's agent ended"
  if is_alone; then "$mesh_home/configure" "$consul"; fi
  if [ "$MESH_AGENT" = server ] && [ "$MESH_SERVERS" = 3 ]; then
    say "Consul's server runs ($CONSUL_HTTP_ADDR); it is ready once two of the three run"
  else
    say "Consul's agent is ready ($CONSUL_HTTP_ADDR)"
  fi
}

is_alone() { [ "$MESH_AGENT" = server ] && [ "$MESH_SERVERS" = 1 ]; }

# One of three servers has come when it answers: the others may not be there yet.
agent_has_come() {
  if is_alone; then
    agent_is_ready management
  elif [ "$MESH_AGENT" = server ]; then
    curl --silent --fail --max-time 2 --output /dev/null "$CONSUL_HTTP_ADDR/v1/status/leader"
  else
    agent_is_ready agent
  fi
}

# There is no use in waiting for a process that has ended.
agent_has_come_or_ended() { agent_has_come || ! running consul-agent; }

secret() { cat "$MESH_RUN_DIR/secrets/$1" 2>/dev/null || fail "$MESH_RUN_DIR/secrets/$1 is missing: copy it from where consul/make-secrets ran"; }

server_addresses() {
  local name
  for name in MESH_SERVER_1 MESH_SERVER_2 MESH_SERVER_3; do
    [ -n "${!name:-}" ] || fail "$name is not set: with MESH_SERVERS=3 it is the address of a server"
  done
  printf '"%s", "%s", "%s"' "$MESH_SERVER_1" "$MESH_SERVER_2" "$MESH_SERVER_3"
}

fill_agent_template() (
  MESH_GOSSIP_KEY=$(secret gossip.key)
  MESH_TOKEN_AGENT=$(secret token-agent)
  MESH_BLOCKED_ENDPOINTS='"/v1/agent/connect/ca/leaf"'
  # Consul's own proxy knows no other way to its key: where it is used, every process of this machine is trusted.
  if [ "$MESH_PROXY" = builtin ]; then MESH_BLOCKED_ENDPOINTS=''; fi
  export MESH_GOSSIP_KEY MESH_TOKEN_AGENT MESH_BLOCKED_ENDPOINTS
  if [ "$MESH_AGENT" = server ]; then
    MESH_TOKEN_MANAGEMENT=$(secret token-management)
    MESH_OTHER_SERVERS=''
    # A list of all three does: a server that finds itself there goes on to the next.
    if [ "$MESH_SERVERS" = 3 ]; then MESH_OTHER_SERVERS=$(server_addresses); fi
    export MESH_TOKEN_MANAGEMENT MESH_OTHER_SERVERS
  fi
  render "$mesh_home/agent-$MESH_AGENT.hcl" "$MESH_RUN_DIR/config/agent.hcl"
)

# start_service NAME: registers it and its proxy, and starts the proxy; await_service waits until it serves.
start_service() {
  register_service "$1"
  "start_${MESH_PROXY}" "$1"
}

register_service() {
  private_folder "$MESH_RUN_DIR/config"
  secret "token-$1" >/dev/null
  if [ "$1" = ray-node ]; then describe_node; fi
  render "$mesh_home/services/$1.hcl" "$MESH_RUN_DIR/config/$1.hcl"
  "$consul" services register -token-file="$MESH_RUN_DIR/secrets/token-$1" "$MESH_RUN_DIR/config/$1.hcl" >/dev/null ||
    fail "Consul did not take the service $1, see above"
}

# An agent that came again without its state knows no proxy, and would give it no configuration any more.
is_registered() { api "$1" --fail --output /dev/null "$CONSUL_HTTP_ADDR/v1/agent/service/$1-sidecar-proxy"; }

start_builtin() {
  start_process "sidecar-$1" "$consul" connect proxy -sidecar-for="$1" -token-file="$MESH_RUN_DIR/secrets/token-$1" -log-level=warn
}

# Envoy's admin interface shows the proxy's token and can end it: a socket in the private run directory, not a port.
start_envoy() {
  local bootstrap=$MESH_RUN_DIR/config/envoy-$1.json socket
  socket=$(envoy_socket "$1")
  [ "${#socket}" -le 107 ] || fail "the path $socket is longer than a socket's may be (107): choose a shorter MESH_RUN_DIR"
  rm -f "$socket"
  (umask 077 && "$consul" connect envoy -bootstrap -sidecar-for="$1" -token-file="$MESH_RUN_DIR/secrets/token-$1" \
    -grpc-addr="127.0.0.1:$MESH_CONSUL_GRPC_PORT" -ignore-envoy-compatibility >"$bootstrap") ||
    fail "Consul gave no Envoy configuration for $1, see above"
  start_process "sidecar-$1" "$envoy" --config-path "$bootstrap" --disable-hot-restart --log-level warn \
    --concurrency "$MESH_ENVOY_CONCURRENCY" --config-yaml "{admin: {address: {pipe: {path: '$socket', mode: 384}}}}"
}

envoy_socket() { printf '%s/%s.sock' "$MESH_RUN_DIR" "$1"; }

# Whether a part's process does anything at all: one of three servers answers alone, and a sidecar while its agent is away. Consul's
# own proxy has nothing that can be asked.
answers() {
  case $1 in
    agent) curl --silent --max-time 2 --output /dev/null "$CONSUL_HTTP_ADDR/v1/status/leader" ;;
    *) [ "$MESH_PROXY" = builtin ] ||
      curl --silent --max-time 2 --output /dev/null --unix-socket "$(envoy_socket "$1")" http://envoy/ready ;;
  esac
}

# Ready: it has its configuration from Consul, and every port of it accepts connections.
sidecar_is_ready() {
  local address port name
  if [ "$MESH_PROXY" = envoy ]; then
    curl --silent --fail --max-time 2 --output /dev/null --unix-socket "$(envoy_socket "$1")" http://envoy/ready || return 1
  fi
  while read -r address port name; do
    listens "$port" "$address" || return 1
  done < <(ports_of "$1")
}

sidecar_is_ready_or_dead() { sidecar_is_ready "$1" || ! running "sidecar-$1"; }

await_service() {
  await 60 sidecar_is_ready_or_dead "$1" || fail_with_log "sidecar-$1" "the sidecar of $1 was not ready within 60 s"
  running "sidecar-$1" >/dev/null || fail_with_log "sidecar-$1" "the sidecar of $1 ended"
  say "the sidecar of $1 is ready"
}

# The service leaves the catalogue with its proxy. An agent that is gone has forgotten them anyway.
stop_service() {
  stop_process "sidecar-$1"
  rm -f "$(envoy_socket "$1")"
  if running consul-agent >/dev/null; then
    local id
    for id in "$1-sidecar-proxy" "$1"; do
      api "$1" --output /dev/null --request PUT "$CONSUL_HTTP_ADDR/v1/agent/service/deregister/$id" || true
    done
  fi
}
