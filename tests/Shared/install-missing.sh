# Sourced by the scripts that need more than the .NET SDK. They set "results", the folder for logs.

say() { printf '\n== %s\n' "$*"; }

# Runs a command that downloads, up to three times.
retry() {
  local pause
  for pause in 10 30; do
    "$@" < /dev/null && return 0
    sleep "$pause"
  done
  "$@" < /dev/null
}

# Installs missing Debian packages. Arguments are command=package or file=package; a file may be a pattern.
install_missing() {
  local wanted missing=() as_root=()
  for wanted in "$@"; do
    PATH=$PATH:/usr/sbin command -v "${wanted%%=*}" > /dev/null || compgen -G "${wanted%%=*}" > /dev/null || missing+=("${wanted#*=}")
  done
  ((${#missing[@]})) || return 0

  ((EUID == 0)) || as_root=(sudo -n)
  if ! command -v apt-get > /dev/null || ! "${as_root[@]}" true 2> /dev/null; then
    echo "Missing, and not installable here: ${missing[*]}. Tests that need them can't run."
    return 0
  fi

  say "Installing ${missing[*]}"
  # Packages must not start daemons: the tests start what they need, on their own ports.
  local policy=/usr/sbin/policy-rc.d added=
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" > /dev/null
    "${as_root[@]}" chmod +x "$policy"
    added=yes
  fi
  local status=0
  "${as_root[@]}" apt-get update -qq -o Acquire::Retries=5 < /dev/null || status=$?
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y -o Acquire::Retries=5 --no-install-recommends "${missing[@]}" < /dev/null > "$results/apt.log" 2>&1 || status=$?
  [[ -z $added ]] || "${as_root[@]}" rm -f "$policy"
  if ((status)); then
    tail -n 20 "$results/apt.log"
    echo "Installing ${missing[*]} failed. Tests that need them can't run."
  fi
}
