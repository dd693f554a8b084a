#!/usr/bin/env bash
#
# Runs an sshd for tests: on a free port of the loopback interface, with keys, a configuration and a
# home folder of its own, all in a folder that is made; until the standard input ends.
#
#     scripts/sshd.sh FOLDER [LINE OF SSHD_CONFIG]...
#
# Prints 'ready' when it listens. 'ssh -F FOLDER/config NAME', where NAME is the last part of FOLDER,
# then reaches it. Installs Debian's openssh-server if it is missing, which needs root or sudo.
set -euo pipefail

fail() {
  printf 'sshd.sh: %s\n' "$1" >&2
  exit 1
}

find_sshd() {
  sshd=$(PATH=$PATH:/usr/sbin:/usr/local/sbin type -P sshd)
}

# Installs sshd without starting it on its usual port. Not twice at a time.
install_sshd() {
  type -P apt-get flock >/dev/null || fail 'there is no sshd here, and no apt-get to install it with'
  local as_root=()
  if ((EUID != 0)); then
    as_root=(sudo -n)
  fi
  (
    flock 9
    ! find_sshd || exit 0
    policy=/usr/sbin/policy-rc.d
    if [[ -e $policy ]]; then
      policy=
    else
      printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
      "${as_root[@]}" chmod 755 "$policy"
    fi
    trap '[[ -z $policy ]] || "${as_root[@]}" rm -f "$policy"' EXIT
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends openssh-server openssh-client
  ) 9>"${TMPDIR:-/tmp}/places-sshd-install.lock" >&2 || fail 'openssh-server cannot be installed'
  find_sshd || fail 'openssh-server is installed, but there is no sshd'
}

write_configuration() {
  mkdir -p "$folder/home"
  chmod 700 "$folder" "$folder/home"
  ssh-keygen -q -t ed25519 -N '' -C "places test" -f "$folder/host-key"
  ssh-keygen -q -t ed25519 -N '' -C "places test" -f "$folder/key"
  cp "$folder/key.pub" "$folder/authorized_keys"
  {
    # What is said first counts.
    for line in "$@"; do
      printf '%s\n' "$line"
    done
    cat <<EOF
ListenAddress 127.0.0.1
HostKey $folder/host-key
AuthorizedKeysFile $folder/authorized_keys
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
SetEnv HOME=$folder/home
EOF
  } >"$folder/sshd_config"
}

write_client_configuration() {
  printf '[127.0.0.1]:%s %s\n' "$port" "$(<"$folder/host-key.pub")" >"$folder/known_hosts"
  cat >"$folder/config" <<EOF
Host ${folder##*/}
  HostName 127.0.0.1
  Port $port
  User $(id -un)
  IdentityFile $folder/key
  IdentitiesOnly yes
  UserKnownHostsFile $folder/known_hosts
  StrictHostKeyChecking yes
EOF
}

# Starts sshd on some port that is free. Sets port and sshd_process.
start() {
  local attempt
  for attempt in {1..20}; do
    port=$((20000 + RANDOM % 12000))
    : >"$folder/log"
    "$sshd" -D -e -f "$folder/sshd_config" -p "$port" </dev/null >/dev/null 2>"$folder/log" &
    sshd_process=$!
    while kill -0 "$sshd_process" 2>/dev/null; do
      if grep -q '^Server listening' "$folder/log"; then
        return 0
      fi
      sleep 0.02
    done
    grep -q 'Address already in use' "$folder/log" || break
  done
  cat "$folder/log" >&2
  fail 'sshd does not start'
}

[[ $# -ge 1 ]] || fail 'usage: sshd.sh FOLDER [LINE OF SSHD_CONFIG]...'
find_sshd || install_sshd
# sshd insists on this folder when root runs it.
if ((EUID == 0)); then
  mkdir -p -m 755 /run/sshd
fi
mkdir -p "$1"
folder=$(cd -P "$1" && pwd)
shift
write_configuration "$@"
start
trap 'kill "$sshd_process" 2>/dev/null || true' EXIT
write_client_configuration
echo ready
while read -r _; do
  : # only the end counts
done
