# Shared by the scripts of this folder; sourced, not run. Needs bash, GNU coreutils, python3, node.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cli=$root/dist/cli/main.js

say() {
  printf '%s\n' "$*" >&2
}

fail() {
  say "failed: $*"
  exit 1
}

build_if_absent() {
  [ -f "$cli" ] || (cd "$root" && npm run --silent build >&2)
}

# read_options SCRIPT WORD...: --keep sets $keep, --data DIR sets $data.
read_options() {
  local script=$1
  shift
  while [ $# -gt 0 ]; do
    case $1 in
      --keep) keep=yes ;;
      --data)
        data=${2:?--data needs a folder}
        shift
        ;;
      *)
        say "usage: bench/$script [--keep] [--data DIR]"
        exit 2
        ;;
    esac
    shift
  done
}

# make_work NAME: a new folder in $work, removed at the end unless $keep says otherwise.
make_work() {
  work=$(mktemp -d "${TMPDIR:-/tmp}/assets-pa-$1.XXXXXX")
  trap 'if [ -n "$keep" ]; then say "kept: $work"; else rm -rf "$work"; fi' EXIT
}

# install_game_data DIR: SuperTux's data, unless DIR is there; as root on Debian.
install_game_data() {
  [ ! -d "$1" ] || return 0
  [ "$1" = /usr/share/games/supertux2 ] || fail "there is no folder $1"
  [ "$(id -u)" = 0 ] || fail 'supertux-data is not installed; as root: apt-get install supertux-data'
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends supertux-data >&2
  [ -d "$1" ] || fail "supertux-data has no $1"
}

# measure NAME COMMAND...: runs a command; its figures go to $work/NAME.json, its output to $work/NAME.log.
measure() {
  local name=$1
  shift
  say "$name"
  python3 "$root/bench/measure.py" --json "$work/$name.json" -- "$@" >"$work/$name.log" 2>&1 || {
    tail -n 20 "$work/$name.log" >&2
    fail "$name"
  }
}

# seconds NAME, mebibytes NAME: the figures of a command that was measured.
seconds() {
  python3 -c 'import json, sys; print("%.2f" % json.load(open(sys.argv[1]))["wall_s"])' "$work/$1.json"
}

mebibytes() {
  python3 -c 'import json, sys; print("%.0f" % (json.load(open(sys.argv[1]))["peak_rss_bytes"] / 2**20))' "$work/$1.json"
}

# member FILE NAME: a member of a JSON document.
member() {
  python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$@"
}

# grouped NUMBER: with its thousands separated, whatever the locale.
grouped() {
  printf '%s\n' "$1" | sed -e ':again' -e 's/\([0-9]\)\([0-9]\{3\}\)\($\|,\)/\1,\2\3/' -e 't again'
}

machine() {
  local processor
  processor=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)
  printf '%s, %s cores, Linux %s, Node %s\n' "${processor:-unknown processor}" "$(nproc)" "$(uname -r)" "$(node --version)"
}
