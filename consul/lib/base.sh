# Shared by the scripts of consul/: settings, messages, templates, waiting. Sourced with `script` set to the caller's name.
set -euo pipefail

mesh_home=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s: %s\n' "$script" "$*"; }

fail() {
  printf '%s: %s\n' "$script" "$*" >&2
  exit 1
}

need() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null 2>&1 || fail "\`$tool\` is needed and not on the PATH: install it"
  done
}

# Everything a template or a child process may name is exported.
load_settings() {
  set -a
  # shellcheck source=../ports.env
  . "$mesh_home/ports.env"
  : "${MESH_RUN_DIR:=$(cd -P "$mesh_home/.." && pwd)/data/mesh}"
  : "${MESH_NODE:=$(hostname)}"
  : "${MESH_AGENT:=server}" # server; client: joins MESH_SERVER_1..3
  : "${MESH_SERVERS:=1}"    # 1: a server is a mesh of its machine alone; 3: it is one of MESH_SERVER_1..3
  : "${MESH_PROXY:=envoy}"  # envoy; builtin: Consul's own proxy, which tells services apart but not paths
  : "${MESH_BIND:=127.0.0.1}"
  : "${MESH_ENVOY_CONCURRENCY:=1}"
  : "${MESH_NODES:=1}"       # numbers of all Ray nodes, such as "1 2 3"; the head is 1
  : "${MESH_NODE_NUMBER:=1}" # this machine's
  : "${MESH_RAY_WORKERS:=16}"
  : "${MESH_HEAD_ADDRESS:=127.0.0.1}"
  set +a
  case $MESH_PROXY in envoy | builtin) ;; *) fail "MESH_PROXY must be envoy or builtin, got \`$MESH_PROXY\`" ;; esac
  case $MESH_AGENT in server | client) ;; *) fail "MESH_AGENT must be server or client, got \`$MESH_AGENT\`" ;; esac
  case $MESH_SERVERS in 1 | 3) ;; *) fail "MESH_SERVERS must be 1 or 3, got \`$MESH_SERVERS\`" ;; esac
  case $MESH_RUN_DIR in /*) ;; *) fail "MESH_RUN_DIR must be an absolute path, got \`$MESH_RUN_DIR\`" ;; esac
  CONSUL_HTTP_ADDR=http://127.0.0.1:$MESH_CONSUL_HTTP_PORT
  export CONSUL_HTTP_ADDR
}

private_folder() {
  mkdir -p "$1"
  chmod 0700 "$1"
}

# One up or down at a time for a run directory. Children must not inherit descriptor 9, or they would hold the lock.
lock_run_dir() {
  need flock
  private_folder "$MESH_RUN_DIR"
  exec 9>"$MESH_RUN_DIR/lock"
  flock -w 120 9 || fail "another start or stop has held $MESH_RUN_DIR/lock for 2 minutes: wait for it or end it"
}

# render TEMPLATE FILE: replaces every ${NAME} by the environment's; a name that is not set is an error.
render() {
  (umask 077 && awk '
    {
      line = $0; out = ""
      while (match(line, /\$\{[A-Za-z0-9_]+\}/)) {
        name = substr(line, RSTART + 2, RLENGTH - 3)
        if (!(name in ENVIRON)) { print "not set: " name > "/dev/stderr"; exit 1 }
        out = out substr(line, 1, RSTART - 1) ENVIRON[name]
        line = substr(line, RSTART + RLENGTH)
      }
      print out line
    }' "$1" >"$2") || fail "$1 could not be filled in: set what is named above"
}

now_ms() { date +%s%3N; }

# await SECONDS COMMAND...: repeats the command until it succeeds; false once the time is over.
await() {
  local deadline=$(($(now_ms) + $1 * 1000))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$(now_ms)" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}

# Whether something listens on a loopback port.
listens() { (exec 3<>"/dev/tcp/${2:-127.0.0.1}/$1") 2>/dev/null; }

# The name of a setting that belongs to a service: port_name SIDECAR ray-head gives MESH_RAY_HEAD_SIDECAR_PORT.
port_name() {
  local service=${2//-/_}
  printf 'MESH_%s_%s_PORT' "${service^^}" "$1"
}
