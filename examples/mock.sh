# Bash functions that start and control a mock: `. ./mock.sh`. They need mockidp and curl 7.82.
# The mock logs to mockidp.log and stops with the shell.
# shellcheck shell=bash disable=SC2119,SC2120

mock=
trap stop EXIT

# serve [OPTION...]: start a mock on a free port, after stopping the previous one
serve() {
  local line
  stop
  mkfifo ready
  mockidp serve --listen localhost:0 --no-tls --json "$@" > ready 2>> mockidp.log &
  mock=$!
  read -r line < ready # one line of JSON, when the mock is ready
  rm ready
  line=${line#*'"url": "'}
  export MOCKIDP_URL=${line%%'"'*} # read by `mockidp push` and other commands
}

# use_mock: use the mock at MOCKIDP_URL, such as a service container, or start one if it is not set
use_mock() {
  [ -n "${MOCKIDP_URL:-}" ] || serve
  mockidp wait --timeout 10
}

# stop [SIGNAL]: stop the mock that `serve` started
stop() {
  [ -z "$mock" ] || { kill "${1:--TERM}" "$mock" && wait "$mock"; } 2> /dev/null || true
  mock=
}

# control METHOD PATH [JSON]: call the control API
control() {
  curl --silent --show-error --fail-with-body --request "$1" "$MOCKIDP_URL/_mockidp/v1$2" ${3+--json "$3"}
}
