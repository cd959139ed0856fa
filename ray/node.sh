# What the scripts of this folder share; to be sourced. Each sets `program` first.
#
#   RAYGATEWAY_CACHE     where Ray is installed          (~/.cache/ray-gateway)
#   RAYGATEWAY_RUN_DIR   process ids and logs            ($RAYGATEWAY_CACHE/run)
#   RAYGATEWAY_RAY_TEMP  Ray's sockets and session logs  (/tmp/ray-gateway-UID; short, since sockets allow 107 bytes)
#   RAYGATEWAY_PORTS     file with the fixed ports       (ports.env of this folder)
#   RAYGATEWAY_ENV_FILE  file of NAME=value for workers, readable by its owner alone
#   RAYGATEWAY_NODE_IP   127.0.0.1
#   RAYGATEWAY_ANSWER_SECONDS  what does not answer for so long counts as dead          (5)
#   RAYGATEWAY_DASHBOARD       yes: Ray's dashboard, its Jobs API and its figures too   (no)
#   RAYGATEWAY_CLIENT_SERVER   yes: the head also serves ray:// clients                 (no)
#     Both take orders from every process of the machine without a login, and the former from web pages: nothing here needs them.

ray_folder=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ray_version=2.39.0
python_version=3.11
cache=${RAYGATEWAY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/ray-gateway}
venv=$cache/ray-$ray_version-py$python_version
run_folder=${RAYGATEWAY_RUN_DIR:-$cache/run}
node_ip=${RAYGATEWAY_NODE_IP:-127.0.0.1}
export RAYGATEWAY_DASHBOARD=${RAYGATEWAY_DASHBOARD:-no} RAYGATEWAY_CLIENT_SERVER=${RAYGATEWAY_CLIENT_SERVER:-no}
answer_seconds=${RAYGATEWAY_ANSWER_SECONDS:-5}
start_seconds=90
stop_seconds=20

fail() {
  printf '%s: %s\n' "$program" "$*" >&2
  exit 1
}

requirements_stamp() {
  sha256sum <"$ray_folder/requirements.txt" | cut -d ' ' -f 1
}

require_installed() {
  [ "$(uname -s)" = Linux ] || fail "Ray nodes start on Linux only, this is $(uname -s)"
  [ "$(cat "$venv/.installed" 2>/dev/null)" = "$(requirements_stamp)" ] ||
    fail "Ray $ray_version is not installed in $venv, or other versions than requirements.txt names: run $ray_folder/install"
}

load_ports() {
  local file=${RAYGATEWAY_PORTS:-$ray_folder/ports.env}
  [ -r "$file" ] || fail "the file of ports $file cannot be read"
  # shellcheck source=ports.env
  . "$file"
}

is_listening() {
  (: <>"/dev/tcp/$node_ip/$1") 2>/dev/null
}

# Threads of a process that was killed may hold its port a moment longer.
is_free_soon() {
  local looked
  for looked in 1 2 3 4 5; do
    is_listening "$1" || return 0
    sleep 0.2
  done
  return 1
}

# Argument: a setting that is yes or no.
is_wanted() {
  case ${!1} in
    yes) return 0 ;;
    no) return 1 ;;
    *) fail "$1 must be yes or no, got ${!1}" ;;
  esac
}

# Arguments: names of variables in ports.env.
require_free_ports() {
  local name
  for name in "$@"; do
    [ -n "${!name:-}" ] || fail "the file of ports must set $name"
    is_free_soon "${!name}" ||
      fail "port ${!name} ($name) is taken: stop what listens there, or name another file of ports in RAYGATEWAY_PORTS"
  done
}

# Ray listens on loopback alone for 127.0.0.1, and on every interface for any other address, 127.0.1.1 too.
set_listening() {
  case $node_ip in
    127.0.0.1)
      export RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER=0
      ;;
    127.*)
      [ "${RAYGATEWAY_BEHIND_FIREWALL:-}" = yes ] ||
        fail "with RAYGATEWAY_NODE_IP=$node_ip Ray listens on every interface: close its ports in the firewall, then set RAYGATEWAY_BEHIND_FIREWALL=yes"
      unset RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER
      ;;
    *)
      fail "RAYGATEWAY_NODE_IP must be a loopback address, got $node_ip: the mesh, not the network, leads to Ray"
      ;;
  esac
}

# Settings reach workers in the environment, which other users cannot read, and never as arguments, which they can.
load_worker_environment() {
  local file=${RAYGATEWAY_ENV_FILE:-} line
  if [ -n "$file" ]; then
    [ -f "$file" ] && [ -r "$file" ] || fail "the file of settings $file (RAYGATEWAY_ENV_FILE) cannot be read"
    case $(stat -L -c %a "$file") in
      *00) ;;
      *) fail "the file of settings $file may be read by others: run chmod 600 $file" ;;
    esac
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in
        '' | '#'*) ;;
        [A-Za-z_]*=*) export "${line?}" ;;
        *) fail "the file of settings $file must hold NAME=value lines" ;;
      esac
    done <"$file"
  fi
  export PYTHONPATH=$ray_folder${RAYGATEWAY_PYTHONPATH:+:$RAYGATEWAY_PYTHONPATH}
  export RAY_USAGE_STATS_ENABLED=0
  # The head may be away for a day: without this, whatever speaks to it ends after 60 s.
  export RAY_gcs_rpc_server_reconnect_timeout_s=86400
  # Else every node serves its figures on a port of their own.
  if ! is_wanted RAYGATEWAY_DASHBOARD; then export RAY_enable_metrics_collection=0; fi
  # Java workers are started with the `java` of the PATH.
  if [ -n "${JAVA_HOME:-}" ]; then export PATH=$JAVA_HOME/bin:$PATH; fi
  if [ -z "${RAYGATEWAY_SERVICEBUS_CONNECTION_STRING:-}${RAYGATEWAY_SERVICEBUS_NAMESPACE:-}" ]; then
    echo "$program: neither RAYGATEWAY_SERVICEBUS_CONNECTION_STRING nor RAYGATEWAY_SERVICEBUS_NAMESPACE is set: computations on this node cannot publish" >&2
  fi
}

make_private() {
  mkdir -p -m 700 "$1"
  [ -O "$1" ] && [ ! -L "$1" ] || fail "$1 must be a folder of this user's own"
  chmod 700 "$1"
}

# When a process started, in ticks: with it a process id names one process only.
started_at() {
  sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20
}

# Sets `leader` to the node's process, which leads the session of all that the node started. False where there is none.
find_leader() {
  local ticks now
  read -r leader ticks 2>/dev/null <"$run_folder/$1.pid" || return 1
  now=$(started_at "$leader")
  # A session outlives its leader, and its number is not given away meanwhile.
  [ -z "$now" ] || [ "$now" = "$ticks" ]
}

# Without those that have ended and only wait to be collected.
session_processes() {
  ps -o pid=,stat= -s "$1" 2>/dev/null | awk '$2 !~ /^Z/ { print $1 }'
}

is_running() {
  find_leader "$1" && [ -n "$(session_processes "$leader")" ]
}

# Arguments: addresses of gRPC servers. Says which do not answer or are not ready; see answers.py.
answer() {
  "$venv/bin/python" -I "$ray_folder/raygateway/answers.py" "$answer_seconds" "$@"
}

# Says why a node does not serve: nothing where it does. Its processes may live and hang, or wait for those that died.
why_not_serving() {
  local node=$1 silent
  # shellcheck disable=SC2046
  if ! is_running "$node"; then
    echo "no $node runs"
  elif ! session_processes "$leader" | grep -qx "$leader"; then
    echo "the $node has ended, and left processes behind"
  elif [ "$node" = worker ] && is_older_than_head; then
    echo "the worker belongs to a head that is gone"
  elif ! silent=$(answer $(doors_of "$node")); then
    echo "the $node does not serve: $(paste -sd ';' <<<"$silent" | sed 's/;/; /g')"
  fi
}

doors_of() {
  if [ "$1" = head ]; then
    echo "$node_ip:$HEAD_GCS_PORT $node_ip:$HEAD_NODE_MANAGER_PORT"
  else
    echo "$node_ip:$WORKER_NODE_MANAGER_PORT"
  fi
}

# A head that comes again knows nothing of the workers of the one before, which end by themselves, after a while.
is_older_than_head() {
  local of_worker of_head
  read -r _ of_worker 2>/dev/null <"$run_folder/worker.pid" && read -r _ of_head 2>/dev/null <"$run_folder/head.pid" &&
    [ "$of_worker" -lt "$of_head" ]
}

# Only one script at a time starts or stops a node.
lock_node() {
  exec 8>"$run_folder/$1.lock"
  flock -w $((start_seconds + stop_seconds)) 8 || fail "the $1 is being started or stopped by somebody else"
}

# Ends by force what is left of a node that does not serve: Ray ends some of its processes where others die, and waits with the rest.
require_stopped() {
  if is_running "$1"; then
    local reason
    reason=$(why_not_serving "$1")
    [ -n "$reason" ] || fail "the $1 runs already (process $leader): stop it with $ray_folder/stop $1"
    echo "$program: $reason; what is left of it is ended"
    kill_node
  fi
}

# Of the leader that was found. Those that hang take no other signal.
kill_node() {
  local waited=0 left
  while left=$(session_processes "$leader") && [ -n "$left" ]; do
    [ "$waited" -lt $((stop_seconds * 5)) ] || fail "processes cannot be ended: ${left//$'\n'/ }"
    # shellcheck disable=SC2086
    kill -KILL $left 2>/dev/null || true
    sleep 0.2
    waited=$((waited + 1))
  done
}

# Arguments: name of a locked and stopped node, variable of the port that shows it is ready, command.
start_node() {
  local node=$1 ready_port=$2 log=$run_folder/$1.log waited=0
  shift 2
  umask 077
  setsid "$@" >"$log" 2>&1 </dev/null 8>&- &
  local pid=$!
  printf '%s %s\n' "$pid" "$(started_at "$pid")" >"$run_folder/$node.pid"
  until grep -q 'Ray runtime started' "$log" && is_listening "${!ready_port}"; do
    if ! kill -0 "$pid" 2>/dev/null || [ "$waited" -ge $((start_seconds * 5)) ]; then
      tail -n 20 "$log" >&2
      end_node "$node"
      fail "the $node did not start, see above (all of it: $log)"
    fi
    sleep 0.2
    waited=$((waited + 1))
  done
  echo "$program: the $node runs on $node_ip, process $pid, log $log"
}

# Ends a node's whole session, asking first.
end_node() {
  local waited=0
  if is_running "$1"; then
    kill -TERM "$leader" 2>/dev/null || true
    until [ -z "$(session_processes "$leader")" ]; do
      if [ "$waited" -ge $((stop_seconds * 5)) ]; then
        # shellcheck disable=SC2046
        kill -KILL $(session_processes "$leader") 2>/dev/null || true
      elif ! session_processes "$leader" | grep -qx "$leader"; then
        # shellcheck disable=SC2046
        kill -TERM $(session_processes "$leader") 2>/dev/null || true
      fi
      sleep 0.2
      waited=$((waited + 1))
    done
  fi
  rm -f "$run_folder/$1.pid"
}
