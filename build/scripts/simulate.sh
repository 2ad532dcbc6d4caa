#!/usr/bin/env bash
# Simulates whatever can happen to a till, many times: see TestSimulation.
#
# Usage: simulate.sh runs [seed [other]]
#
# The runs are shared by two processes, which draw their seeds, or begin at the
# two that are given: then they are the same runs each time. A run that fails
# names its seed: simulate.sh 1 seed is that run again.
set -uo pipefail
cd "$(dirname "$0")/../.."

runs=$1
mkdir -p bin
go test -c -o bin/simulation.test ./backend/reconcile || exit 1
cd backend/reconcile || exit 1

simulate() {
	# Most of what a run makes is forgotten with it: collecting it seldom is faster; and a run does one thing at a time, so that one processor is enough.
	GOGC=400 GOMAXPROCS=1 ../../bin/simulation.test -test.run '^TestSimulation$' -test.timeout 24h -test.v -rapid.nofailfile -rapid.checks="$@"
}

if [ $# -eq 2 ]; then
	simulate "$runs" -rapid.seed="$2"
	exit
fi
simulate $((runs / 2)) ${2:+-rapid.seed="$2"} &
other=$!
simulate $((runs - runs / 2)) ${3:+-rapid.seed="$3"}
code=$?
wait $other || code=1
exit $code
