#!/usr/bin/env bash
# Packs and encodes at the size that the format allows, not the size of a test.
#
# usage: bench/scale.sh [--keep] [big] [many] [million]      (default: all three)
#
#   big      a payload region beyond 4 GiB: three sparse files of 1.5 GiB, then small ones at offsets beyond 2^32. Peak memory of the pack
#            must stay under 150 MiB.
#   many     200,000 assets: as files of a folder tree, and as inline payloads of one plan
#   million  1,000,000 entries through the header codec
#
# Each artifact is checked, byte for byte, by bench/check_artifact.py. Prints a Markdown table. The work folder, below ${TMPDIR:-/tmp}, takes up to
# 6 GB and is removed at the end; --keep keeps it.
set -euo pipefail

# shellcheck source=bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

peak_limit_mib=150
assets=200000
keep=
runs=()
while [ $# -gt 0 ]; do
  case $1 in
    --keep) keep=yes ;;
    big | many | million) runs+=("$1") ;;
    *)
      say 'usage: bench/scale.sh [--keep] [big] [many] [million]'
      exit 2
      ;;
  esac
  shift
done
[ ${#runs[@]} -gt 0 ] || runs=(big many million)

build_if_absent
make_work scale
rows=()

# pack_and_check NAME PLAN: measured pack, measured check, artifact removed. Leaves its size in $size.
pack_and_check() {
  local name=$1 plan=$2 out=$work/out-$1
  measure "pack-$name" node "$cli" pack "$plan" -o "$out" --progress never
  measure "check-$name" python3 "$root/bench/check_artifact.py" "$out/assets.pa" "$plan"
  say "$(cat "$work/check-$name.log")"
  size=$(stat -c %s "$out/assets.pa")
  [ -n "$keep" ] || rm -r "$out"
}

# row RUN ENTRIES BYTES SECONDS MIB: a row of the table.
row() {
  rows+=("| $1 | $(grouped "$2") | $(grouped "$3") | $4 | $5 |")
}

run_big() {
  local tree=$work/big part text
  mkdir "$tree"
  for part in 1 2 3; do
    truncate -s 1536M "$tree/large-$part.bin"
    for at in 0 805306367 1610612700; do
      text=$(printf 'part %s, byte %s\n' "$part" "$at" | head -c 36)
      printf '%s' "$text" | dd of="$tree/large-$part.bin" bs=64K oflag=seek_bytes seek="$at" conv=notrunc status=none
    done
  done
  for part in 1 2 3 4 5; do printf 'small file %s\n' "$part" >"$tree/small-$part.bin"; done
  python3 - >"$tree/plan.json" <<'PYTHON'
import json
names = ['large-%d' % i for i in (1, 2, 3)] + ['small-%d' % i for i in range(1, 6)]
print(json.dumps({'schema_version': 1, 'assets': [
    {'asset_id': i, 'asset_name': name, 'bank_type': 'SCENE', 'file': name + '.bin'} for i, name in enumerate(names)]}))
PYTHON
  pack_and_check big "$tree/plan.json"
  [ -n "$keep" ] || rm -r "$tree"
  [ "$size" -gt 4294967296 ] || fail "big: only $size bytes"
  grep -q ' 5 offsets beyond 2^32' "$work/check-big.log" || fail 'big: offsets do not pass 2^32'
  [ "$(mebibytes pack-big)" -lt "$peak_limit_mib" ] || fail "big: peak memory $(mebibytes pack-big) MiB, limit $peak_limit_mib"
  row 'pack, payloads beyond 4 GiB' 8 "$size" "$(seconds pack-big)" "$(mebibytes pack-big)"
}

run_many() {
  local tree=$work/many
  python3 - "$tree" "$work/inline.json" "$assets" <<'PYTHON'
import base64, json, os, sys
tree, inline, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
planned = []
for i in range(count):
    folder = '%s/%03d' % (tree, i // 1000)
    os.makedirs(folder, exist_ok=True)
    payload = ('asset %d\n' % i).encode() * (1 + i % 40)
    with open('%s/%06d.bin' % (folder, i), 'wb') as file:
        file.write(payload)
    # Declared from the last to the first: the packer has to order them.
    planned.append({'asset_id': 7 * (count - i), 'asset_name': 'inline %d' % i, 'bank_type': 'SOUNDS',
                    'inline': base64.b64encode(payload).decode(), 'metadata': {'number': i}})
with open(inline, 'w') as file:
    json.dump({'schema_version': 1, 'layout': {'alignment': 64}, 'assets': planned}, file)
PYTHON
  measure plan-many node "$cli" plan "$tree" -o "$tree/plan.json" --bank '**/*=SCENE'
  row 'plan of a folder tree' "$assets" "$(stat -c %s "$tree/plan.json")" "$(seconds plan-many)" "$(mebibytes plan-many)"
  pack_and_check many "$tree/plan.json"
  row 'pack, a file each' "$assets" "$size" "$(seconds pack-many)" "$(mebibytes pack-many)"
  [ -n "$keep" ] || rm -r "$tree"
  pack_and_check inline "$work/inline.json"
  row 'pack, inline payloads, alignment 64' "$assets" "$size" "$(seconds pack-inline)" "$(mebibytes pack-inline)"
}

run_million() {
  local phase log figures program=$work/header-million.mjs
  # As the command line is bundled: run through a loader, the codecs would be slower than they are.
  "$root/node_modules/.bin/esbuild" "$root/bench/header-million.ts" --bundle --platform=node --format=esm --outfile="$program" --log-level=error
  for phase in build encode write decode; do
    log=$work/header-$phase.log
    measure "header-$phase" node "$program" "$phase" "$work/header.bin"
    figures=$(python3 - "$log" <<'PYTHON'
import json, sys
it = json.load(open(sys.argv[1]))
print(it['entries'], it['bytes'], '%.2f' % it['seconds'], '%.0f' % (it['peak_rss_bytes'] / 2**20))
PYTHON
    )
    say "$figures"
    # shellcheck disable=SC2086
    case $phase in
      build) row 'header: the entries alone' $figures ;;
      encode) row 'header: encode' $figures ;;
      decode) row 'header: strict decode' $figures ;;
    esac
  done
  [ "$(member "$work/header-encode.log" bytes)" = "$(member "$work/header-decode.log" bytes)" ] || fail 'million: lengths differ'
}

for run in "${runs[@]}"; do "run_$run"; done
printf '%s\n\n| run | entries | bytes | seconds | peak MiB |\n|---|--:|--:|--:|--:|\n' "$(machine)"
printf '%s\n' "${rows[@]}"
