# Bash functions to start a mock and to control it: `. ./mock.sh`. They need mockidp and curl 7.82.
# What a mock that was started here logs is in mockidp.log. It ends with the shell.
# shellcheck shell=bash disable=SC2119,SC2120

mock=
trap stop EXIT

# serve [OPTION...]: start a mock on a free port, in place of one that was started before
serve() {
  local line
  stop
  mkfifo ready
  mockidp serve --listen localhost:0 --no-tls --json "$@" > ready 2>> mockidp.log &
  mock=$!
  read -r line < ready # one line of JSON, once the mock answers
  rm ready
  line=${line#*'"url": "'}
  export MOCKIDP_URL=${line%%'"'*} # tells `mockidp push` and the other commands which mock to use
}

# use_mock: use the mock at MOCKIDP_URL, for example a service container; start one if it is not set
use_mock() {
  [ -n "${MOCKIDP_URL:-}" ] || serve
  mockidp wait --timeout 10
}

# stop [SIGNAL]: end the mock that was started here
stop() {
  [ -z "$mock" ] || { kill "${1:--TERM}" "$mock" && wait "$mock"; } 2> /dev/null || true
  mock=
}

# control METHOD PATH [JSON]: call the control API
control() {
  curl --silent --show-error --fail-with-body --request "$1" "$MOCKIDP_URL/_mockidp/v1$2" ${3+--json "$3"}
}
