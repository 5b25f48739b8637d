#!/usr/bin/env bash
# Builds the benchmarks and runs them against the peers over loopback.
#
#   ./bench.sh                everything, in about an hour; results in bench/results, to be committed
#   ./bench.sh one php scale ...      whole groups; their results too
#   ./bench.sh --quick        the most important part, in under 3 minutes; results in bench/results/partial
#   ./bench.sh --stacks NAME,... --workloads NAME,... --rounds N --seconds N     a selection; each option is optional
#   ./bench.sh growth [--sessions N,...] [--reminders N]     the cost of many sessions: memory, activation, expiry; part of the full run
#   ./bench.sh micro [...]    the micro-benchmarks; arguments go to BenchmarkDotNet
#
# Installs missing programs that the stacks need besides the .NET SDK, if possible. docs/performance.md explains the results.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
results=$PWD/TestResults
mkdir -p "$results"
source tests/Shared/install-missing.sh

if [[ ${1:-} == micro ]]; then
  shift
  exec dotnet run --project bench/Micro -c Release -- --artifacts "$results/micro" "${@:---filter=*}"
fi

install_missing wrk=wrk redis-server=redis-server nginx=nginx node=nodejs npm=npm setsid=util-linux setpriv=util-linux taskset=util-linux \
  '/usr/sbin/php-fpm*=php-fpm' '/usr/lib/php/*/redis.so=php-redis'
npm ci --prefix bench/peers/express --ignore-scripts --loglevel error < /dev/null

dotnet build bench/Runner -c Release --nologo -v quiet < /dev/null
exec dotnet bench/Runner/bin/Release/net10.0/OrleansSessions.Bench.Runner.dll "$@"
