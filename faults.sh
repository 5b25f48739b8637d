#!/usr/bin/env bash
# Breaks a cluster in every known way while sessions are in use, and checks that no promise is broken. Prints a table.
#
#   ./faults.sh [--minutes N] [--seed S] [--nemesis NAME,...] [--report]
#
#   --minutes N      begin no further round after N minutes (default: one round)
#   --seed S         what everything random is derived from (default: 1)
#   --nemesis NAME   only these faults, separated by commas (default: all; --nemesis help lists them)
#   --report         also write the table to docs/reliability.md
#
# Needs root (network namespaces), redis-server, nft, ip, nsenter, setsid and setpriv. Histories that are wrong are in TestResults/EndToEnd/Faults.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

[[ ${1:-} != --help ]] || { sed -n '2,11p' "${BASH_SOURCE[0]}"; exit 0; }

dotnet build tests/Faults.Tests/Faults.Tests.csproj -c Release --nologo -v quiet < /dev/null

# What is broken is what a container image holds: compiled ahead, so that a member that starts takes no core from those that serve.
export E2E_PROGRAMS=$PWD/TestResults/Programs
for project in Silo WebFrontend; do
  dotnet publish "src/$project" -c Release --use-current-runtime -p:ContainerImage=true -o "$E2E_PROGRAMS/$project" --nologo -v quiet < /dev/null
done

exec dotnet tests/Faults.Tests/bin/Release/net10.0/OrleansSessions.Faults.Tests.dll run "$@"
