#!/usr/bin/env bash
# Packs the data of a real game, twice, and checks the result.
#
# usage: bench/real-input.sh [--keep] [--data DIR]
#
# The input is SuperTux's data as Debian ships it (package supertux-data, about 4,000 files, 220 MB); as root it is installed when it is
# not there. --data takes another folder. The tree is copied twice into a work folder below ${TMPDIR:-/tmp}, the second time in another
# file order; each copy goes through plan, pack and inspect, and bench/check_artifact.py compares every byte. The first copy is named by its full
# path, the second from inside the tree. Plans, artifacts and companions of both must be equal. Prints a Markdown table. --keep keeps the work
# folder.
set -euo pipefail

# shellcheck source=bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

data=/usr/share/games/supertux2
keep=
read_options real-input.sh "$@"

install_game_data "$data"
build_if_absent
make_work real

# copy LIST TREE: the files of a list, created in its order.
copy() {
  mkdir "$2"
  tar -C "$data" --null --no-recursion -T "$1" -cf - | tar -C "$2" -xf -
}

(cd "$data" && find . -type f -print0) | LC_ALL=C sort -z >"$work/sorted"
# The same disorder every time: ordered by the digest of the path.
python3 - "$work/sorted" >"$work/shuffled" <<'PYTHON'
import hashlib, sys
names = open(sys.argv[1], 'rb').read().split(b'\0')[:-1]
names.sort(key=lambda name: hashlib.sha256(name).digest())
sys.stdout.buffer.write(b''.join(name + b'\0' for name in names))
PYTHON
files=$(tr -cd '\0' <"$work/sorted" | wc -c)
[ "$files" -gt 0 ] || fail "no files in $data"
copy "$work/sorted" "$work/tree-sorted"
copy "$work/shuffled" "$work/tree-shuffled"

for order in sorted shuffled; do
  cd "$work/tree-$order"
  tree=$work/tree-$order
  [ "$order" = sorted ] || tree=.
  out=$work/out-$order
  measure "plan-$order" node "$cli" plan "$tree" -o "$tree/plan.json" \
    --bank '**/*=SCENE' --bank '**/*.{ogg,wav}=SOUNDS'
  measure "pack-$order" node "$cli" pack "$tree/plan.json" -o "$out" --progress never
  measure "inspect-$order" node "$cli" inspect "$out/assets.pa" --json
  measure "check-$order" python3 "$root/bench/check_artifact.py" "$out/assets.pa" "$tree/plan.json"
  say "$(cat "$work/check-$order.log")"
  packed=$(python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))["asset_table"]))' "$work/inspect-$order.log")
  [ "$packed" = "$files" ] || fail "$files files, $packed assets"
done

for name in assets.pa asset_table.json preload.json asset_table_metadata.json; do
  first=$(sha256sum <"$work/out-sorted/$name")
  second=$(sha256sum <"$work/out-shuffled/$name")
  [ "$first" = "$second" ] || fail "$name depends on the order of the files"
done
cmp "$work/tree-sorted/plan.json" "$work/tree-shuffled/plan.json"

bytes=$(stat -c %s "$work/out-sorted/assets.pa")
printf '%s; SHA-256 of both artifacts: %s\n\n' "$(machine)" "$(sha256sum <"$work/out-sorted/assets.pa" | cut -d ' ' -f 1)"
printf '| files created | files | bytes of assets.pa | plan, s | plan, peak MiB | pack, s | pack, peak MiB | inspect, s |\n'
printf '|---|--:|--:|--:|--:|--:|--:|--:|\n'
for order in sorted shuffled; do
  printf "| %s | %s | %s | %s | %s | %s | %s | %s |\n" "$order" "$(grouped "$files")" "$(grouped "$bytes")" \
    "$(seconds "plan-$order")" "$(mebibytes "plan-$order")" \
    "$(seconds "pack-$order")" "$(mebibytes "pack-$order")" "$(seconds "inspect-$order")"
done
