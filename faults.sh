#!/usr/bin/env bash
# Injects every known fault into a cluster while sessions are in use, and checks the guarantees. Prints a table.
#
#   ./faults.sh [--minutes N] [--seed S] [--nemesis NAME,...] [--report]
#
#   --minutes N      start no new round after N minutes (default: one round)
#   --seed S         seed of all random choices (default: 1)
#   --nemesis NAME   only these faults, separated by commas (default: all; --nemesis help lists them)
#   --report         also write the table to docs/reliability.md
#
# Needs root (network namespaces), redis-server, nft, ip, nsenter, setsid and setpriv. Writes wrong histories to TestResults/EndToEnd/Faults.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

[[ ${1:-} != --help ]] || { sed -n '2,11p' "${BASH_SOURCE[0]}"; exit 0; }

dotnet build tests/Faults.Tests/Faults.Tests.csproj -c Release --nologo -v quiet < /dev/null

# Test the programs from the container images, compiled ahead of time, so that a restarting member takes no CPU from the others.
export E2E_PROGRAMS=$PWD/TestResults/Programs
for project in Silo WebFrontend; do
  dotnet publish "src/$project" -c Release --use-current-runtime -p:ContainerImage=true -o "$E2E_PROGRAMS/$project" --nologo -v quiet < /dev/null
done

exec dotnet tests/Faults.Tests/bin/Release/net10.0/OrleansSessions.Faults.Tests.dll run "$@"
