#!/usr/bin/env bash
# Starts the session cluster, two PHP servers, two ASP.NET Core servers and nginx in front of them, all on this machine, with one shared
# session. Ctrl-C stops everything.
#
#   samples/php/run.sh [--port 8080] [--resp-port 6380] [--no-build] [options of LocalCluster]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PATH=$PATH:/usr/sbin

port=8080 resp=6380 build=yes cluster=()
while (($#)); do
  case $1 in
    --port) port=$2; shift 2 ;;
    --resp-port) resp=$2; shift 2 ;;
    --no-build) build=; shift ;;
    *) cluster+=("$1"); shift ;;
  esac
done

# Debian puts the version into the command's name.
fpm=$(compgen -c php-fpm | sort -V | tail -n 1 || true)
missing=()
command -v nginx > /dev/null || missing+=(nginx)
[[ $fpm ]] || missing+=(php-fpm)
# Read all input: grep -q would exit at the first match, and PHP, still writing, would fail.
[[ $fpm ]] && "$fpm" -m 2> /dev/null | grep -x redis > /dev/null || missing+=(php-redis)
if ((${#missing[@]})); then
  echo "Missing: ${missing[*]}. On Debian and Ubuntu: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
fi

launcher=$here/../../src/LocalCluster
[[ -z $build ]] || dotnet build "$launcher" -c Release --nologo -v quiet

run=$(mktemp -d) pids=()
stop() {
  trap '' INT TERM HUP
  # Stop the servers that take requests first, the cluster last.
  local i
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    kill -TERM "${pids[i]}" 2> /dev/null || true
    wait "${pids[i]}" 2> /dev/null || true
  done
  rm -rf "$run"
}
trap stop EXIT
trap 'exit 0' INT TERM HUP

# Each runs in its own process group, out of reach of the terminal's Ctrl-C: stop() decides the order.
start() {
  set -m
  "$@" < /dev/null &
  set +m
  pids+=($!)
}

until_true() {
  until "$@"; do
    kill -0 "${pids[-1]}" 2> /dev/null || exit 1
    sleep 0.1
  done
}

Sessions__Namespace=PHPREDIS_SESSION: Sessions__Cookie__Name=PHPSESSID Resp__UserNamespace=PHPREDIS_SESSION: \
  start dotnet "$launcher/bin/Release/net10.0/OrleansSessions.LocalCluster.dll" \
  --port 0 --frontends 2 --resp-port "$resp" --status-file "$run/status.json" ${cluster[@]+"${cluster[@]}"}
until_true grep -qs '"ready": true' "$run/status.json"

export RUN_AS SERVER_LABEL SESSION_SAVE_PATH=tcp://127.0.0.1:$resp AUTO_PREPEND_FILE
RUN_AS=$(id -un)
fpm_as_root=() nginx_as_root=()
if ((EUID == 0)); then
  fpm_as_root=(--allow-to-run-as-root) nginx_as_root=(-g 'user root;')
fi
sed "s|tcp://127.0.0.1:6380|$SESSION_SAVE_PATH|" "$here/php.ini" > "$run/php.ini"

# php.ini configures the first PHP server, the handler class the second.
SERVER_LABEL=php-1 AUTO_PREPEND_FILE='' start "$fpm" --nodaemonize --force-stderr ${fpm_as_root[@]+"${fpm_as_root[@]}"} -p "$run" -y "$here/fpm.conf" -c "$run/php.ini"
until_true test -S "$run/php-1.sock"
SERVER_LABEL=php-2 AUTO_PREPEND_FILE=$here/handler.php start "$fpm" --nodaemonize --force-stderr ${fpm_as_root[@]+"${fpm_as_root[@]}"} -p "$run" -y "$here/fpm.conf"
until_true test -S "$run/php-2.sock"

# The status file has one line per frontend url.
sed -n '/"frontends"/,$ s|.*"url": "http://\(.*\)".*|server \1;|p' "$run/status.json" > "$run/aspnet.conf"
sed "s|127.0.0.1:8080|127.0.0.1:$port|" "$here/nginx.conf" > "$run/nginx.conf"
ln -s "$here/public" "$run/public"
cd "$run"
start nginx -e stderr -p "$run" -c nginx.conf ${nginx_as_root[@]+"${nginx_as_root[@]}"}
until_true test -s "$run/nginx.pid"

echo "PHP:          http://localhost:$port/index.php"
echo "ASP.NET Core: http://localhost:$port/"
wait -n "${pids[@]}" || true
echo "One of the servers has ended; stopping the others." >&2
exit 1
