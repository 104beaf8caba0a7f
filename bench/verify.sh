#!/usr/bin/env bash
# Verifies and compares one large artifact, against the everyday tools that read all of a file, in one run.
#
# usage: bench/verify.sh [--keep] [GIB]      (default: 8)
#
# One payload of GIB GiB of noise is packed; then each command runs three times, in turns. The table has the median seconds, the throughput, the
# peak memory, and the throughput as a multiple of xxhsum's. The peak of `verify` must stay under 120 MiB. The work folder, below ${TMPDIR:-/tmp},
# takes 2 x GIB GiB, and is removed at the end; --keep keeps it. Needs xxhsum (Debian: xxhash).
set -euo pipefail

# shellcheck source=bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

peak_limit_mib=120
gib=8
keep=
while [ $# -gt 0 ]; do
  case $1 in
    --keep) keep=yes ;;
    [1-9]*) gib=$1 ;;
    *)
      say 'usage: bench/verify.sh [--keep] [GIB]'
      exit 2
      ;;
  esac
  shift
done

command -v xxhsum >/dev/null || fail 'there is no xxhsum; install it (Debian: apt-get install xxhash)'
build_if_absent
make_work verify

say "a payload of $gib GiB"
head -c "${gib}G" /dev/urandom >"$work/noise"
printf '{"schema_version":1,"assets":[{"asset_id":1,"asset_name":"noise","bank_type":"SOUNDS","file":"noise"}]}' >"$work/plan.json"
node "$cli" pack "$work/plan.json" -o "$work/build" --quiet
rm "$work/noise"
cp "$work/build/assets.pa" "$work/copy.pa"
artifact=$work/build/assets.pa
bytes=$(stat -c %s "$artifact")
cat "$artifact" "$work/copy.pa" >/dev/null

names=(xxhsum sha256sum verify verify-companions cmp diff)
commands=(
  "xxhsum -H1 $artifact"
  "sha256sum $artifact"
  "node $cli verify $artifact"
  "node $cli verify $artifact --companions"
  "cmp $artifact $work/copy.pa"
  "node $cli diff $artifact $work/copy.pa"
)
shown=('`xxhsum -H1`' '`sha256sum`' '`verify`' '`verify --companions` (XXH64 and SHA-256, of the file and of the payload)' '`cmp` of two equal files' '`diff` of two equal files')

for round in 1 2 3; do
  for i in "${!names[@]}"; do
    # shellcheck disable=SC2086 # the words of a command
    measure "${names[i]}-$round" ${commands[i]}
  done
done

# median NAME: seconds
median() {
  for round in 1 2 3; do seconds "$1-$round"; done | sort -n | sed -n 2p
}

peak() {
  for round in 1 2 3; do mebibytes "$1-$round"; done | sort -n | tail -n 1
}

machine
printf '%s bytes, in the page cache, three runs each\n\n' "$(grouped "$bytes")"
printf '| command | seconds | GB/s | peak MiB | throughput, xxhsum = 1 |\n| --- | --: | --: | --: | --: |\n'
base=$(median xxhsum)
for i in "${!names[@]}"; do
  s=$(median "${names[i]}")
  python3 - "${shown[i]}" "$s" "$bytes" "$(peak "${names[i]}")" "$base" <<'PYTHON'
import sys
name, s, size, peak, base = sys.argv[1], *map(float, sys.argv[2:])
print(f'| {name} | {s:.2f} | {size / s / 1e9:.1f} | {peak:.0f} | {base / s:.2f} |')
PYTHON
done
[ "$(peak verify)" -lt "$peak_limit_mib" ] || fail "verify took $(peak verify) MiB"
