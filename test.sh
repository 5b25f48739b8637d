#!/usr/bin/env bash
# Builds everything and runs the tests.
#
#   ./test.sh               everything
#   ./test.sh unit          the format, and the projects that need nothing but redis-server and PHP
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
rm -f "$results"/*.log "$results"/*.xml "$results"/*.status

source tests/Shared/install-missing.sh

# One compiler server for all projects makes the build several times as fast. It has a unique name, so that the script can stop it.
export UseSharedCompilation=true SharedCompilationId=orleans-sessions-$$
end_compiler() {
  local process
  for process in /proc/[0-9]*; do
    if grep -qsF -- "-pipename:$SharedCompilationId" "$process/cmdline"; then kill "${process#/proc/}" 2> /dev/null || true; fi
  done
}
background=
end() {
  if [[ -n $background ]]; then
    kill -- "-$background" 2> /dev/null || true
    cat "$results/background.out"
  fi
  end_compiler
}
trap end EXIT

passed=0 failed=0 skipped=0 summary=()

# Runs the tests of one part. A background shell ignores SIGINT, and its children would inherit that.
run() {
  local name=$1.Tests
  shift
  say "$name"
  # The longest takes minutes; one that hangs must not hide the others' results.
  timeout --foreground --kill-after=30 40m env --default-signal=INT dotnet "tests/$name/bin/Release/net10.0/OrleansSessions.$name.dll" -noColor -noLogo -result-xml "$results/$name.xml" "$@" \
    < /dev/null 2>&1 | tee "$results/$name.log" || echo $? > "$results/$name.status"
}

# Adds the counts of a project's result file. A missing result file means a crash, which counts as a failure.
count() {
  local name=$1.Tests status=0 assembly p f s e
  [[ ! -e $results/$name.status ]] || status=$(< "$results/$name.status")
  assembly=$(grep -o '<assembly [^>]*>' "$results/$name.xml" 2> /dev/null || true)
  if [[ -z $assembly ]]; then
    failed=$((failed + 1))
    summary+=("$name: crashed (exit code $status, no result)")
    return
  fi

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

# Prints a number from the <assembly> element that count() found.
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
    retry npm ci --prefix "$folder" --ignore-scripts --loglevel error || echo 'npm ci failed. Its tests are skipped.'
  done
fi

say 'Restoring the tools'
retry dotnet tool restore || echo 'The tools were not restored. The test of the documentation site fails.'

say 'Building'
retry dotnet restore OrleansSessions.sln --verbosity quiet
dotnet build OrleansSessions.sln -c Release --nologo -v quiet < /dev/null
end_compiler

# Two lanes, because both spend much of their time waiting. The faults come last and have the machine for themselves.
lane=(EndToEnd Deploy Aspire.Hosting) beside=(Packages) alone=(Faults)
start_processes=" ${lane[*]} ${beside[*]} ${alone[*]} "
in_process=()
while IFS= read -r name; do
  [[ $start_processes == *" $name "* ]] || in_process+=("$name")
done < <(find tests -name '*.Tests.csproj' -printf '%f\n' | sed 's/\.Tests\.csproj$//' | sort)

case $mode in
  unit) lane=() beside=("${in_process[@]}") alone=() ;;
  e2e) lane+=("${beside[@]}") beside=() ;;
  all) beside=("${in_process[@]}" "${beside[@]}") ;;
esac

run_beside() {
  local name
  dotnet format OrleansSessions.sln --verify-no-changes --no-restore < /dev/null > "$results/format.log" 2>&1 && echo 0 > "$results/format.status" || true
  for name in "${beside[@]}"; do run "$name"; done
}

if ((${#beside[@]})); then
  say "In the background: the format, ${beside[*]}"
  # A process group of its own, to end as a whole.
  set -m
  run_beside > "$results/background.out" 2>&1 &
  background=$!
  set +m
fi

for name in ${lane[@]+"${lane[@]}"}; do run "$name" -showLiveOutput ${filter:+-class "$filter"}; done

if [[ -n $background ]]; then
  wait "$background" || true
  background=
  cat "$results/background.out"
fi

for name in ${alone[@]+"${alone[@]}"}; do run "$name" -showLiveOutput ${filter:+-class "$filter"}; done

while IFS= read -r name; do count "$name"; done < <(printf '%s\n' "${lane[@]}" "${beside[@]}" "${alone[@]}" | sed '/^$/d' | sort)
if ((${#beside[@]})) && [[ ! -e $results/format.status ]]; then
  say 'The format is wrong'
  cat "$results/format.log"
  failed=$((failed + 1))
  summary+=('dotnet format: failed')
fi

# A log keeper may show the end of the output only.
if ((failed > 0)); then
  say 'Failed'
  grep -h -A 8 '\[FAIL\]' "$results"/*.log || true
fi

say 'Summary'
printf '%s\n' ${summary[@]+"${summary[@]}"}
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0 && passed > 0))
