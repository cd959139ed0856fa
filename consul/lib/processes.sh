# Processes that the mesh starts: each leaves a file with its pid and start time, so that nothing else is ever stopped.

# When a process started, in clock ticks since boot: tells a reused pid from the one that was written down. Empty for the dead.
started_at() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  stat=${stat##*) }
  # shellcheck disable=SC2086
  set -- $stat
  [ "$1" = Z ] || printf '%s' "${20}"
}

pid_file() { printf '%s/pids/%s.pid' "$MESH_RUN_DIR" "$1"; }

log_file() { printf '%s/log/%s.log' "$MESH_RUN_DIR" "$1"; }

# The pid of a running process by its name here; false where it does not run.
running() {
  local pid ticks file
  file=$(pid_file "$1")
  [ -f "$file" ] || return 1
  read -r pid ticks <"$file" || return 1
  [ -n "$ticks" ] && [ "$(started_at "$pid")" = "$ticks" ] || return 1
  printf '%s' "$pid"
}

# start_process NAME COMMAND...: in a session of its own, log to log/NAME.log.
start_process() {
  local name=$1 pid
  shift
  need setsid
  mkdir -p "$MESH_RUN_DIR/pids" "$MESH_RUN_DIR/log"
  (umask 077 && : >"$(log_file "$name")")
  setsid "$@" </dev/null >>"$(log_file "$name")" 2>&1 9>&- &
  pid=$!
  printf '%s %s\n' "$pid" "$(started_at "$pid")" >"$(pid_file "$name")"
  disown "$pid"
  started+=("$name")
}

is_gone() { [ "$(started_at "$1")" != "$2" ]; }

# stop_process NAME: asks, and ends by force what is still there after 10 s.
stop_process() {
  local file pid ticks
  file=$(pid_file "$1")
  if pid=$(running "$1"); then
    ticks=$(started_at "$pid")
    kill -TERM "$pid" 2>/dev/null || true
    if await 10 is_gone "$pid" "$ticks"; then
      say "$1 stopped"
    else
      kill -KILL "$pid" 2>/dev/null || true
      await 5 is_gone "$pid" "$ticks" || fail "$1 (pid $pid) cannot be ended"
      say "$1 did not stop within 10 s and was killed"
    fi
  fi
  rm -f "$file"
}

# kill_process NAME: what hangs hears nothing else.
kill_process() {
  local pid ticks
  pid=$(running "$1") || return 0
  ticks=$(started_at "$pid")
  kill -KILL "$pid" 2>/dev/null || true
  await 5 is_gone "$pid" "$ticks" || fail "$1 (pid $pid) cannot be ended"
  rm -f "$(pid_file "$1")"
}

# fail_with_log NAME MESSAGE: the last lines of the log say more than a deadline can.
fail_with_log() {
  tail -n 15 "$(log_file "$1")" >&2 || true
  fail "$2; the end of $(log_file "$1") is above"
}
