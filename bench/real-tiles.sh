#!/usr/bin/env bash
# Puts 64 tiles of a real game through the glyph encoder, and compares every pixel of the previews.
#
# usage: bench/real-tiles.sh [--keep] [--data DIR]
#
# The tiles are those of Dungeon Crawl Stone Soup as Debian ships them (packages crawl-tiles-data and crawl-common; downloaded, not installed). --data takes
# a folder with feat.png, player.png, floor.png and wall.png of that game instead. bench/real_tiles.py cuts 32 tiles with transparent pixels and 32
# opaque ones of 4 to 15 colours, 32 x 32 pixels each, writes a workspace of them with a palette each, and compares. --keep keeps the work folder.
set -euo pipefail

# shellcheck source=bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

data=
keep=
read_options real-tiles.sh "$@"

build_if_absent
make_work tiles

if [ -z "$data" ]; then
  mkdir "$work/packages"
  (cd "$work/packages" && apt-get download crawl-tiles-data crawl-common) >"$work/apt.log" 2>&1 || {
    tail -n 5 "$work/apt.log" >&2
    fail 'the packages cannot be downloaded'
  }
  for package in "$work"/packages/*.deb; do
    printf '%s %s\n' "$(dpkg-deb -f "$package" Package)" "$(dpkg-deb -f "$package" Version)"
    dpkg-deb -x "$package" "$work/game"
  done
  data=$work/game/usr/share/crawl/dat/tiles
  printf 'licence: %s\n' "$(grep -m 1 'most of tiles' "$work/game/usr/share/doc/crawl-common/copyright")"
fi

project=$work/project
python3 "$root/bench/real_tiles.py" make "$data" "$project"
node "$cli" build "$project" --progress never 2>"$work/warnings.log" || {
  tail -n 5 "$work/warnings.log" >&2
  fail 'the build'
}
printf 'warnings of colours that RGB565 cannot hold: %s\n' "$(grep -c GLYPH_COLOUR_LOSS "$work/warnings.log" || true)"
node "$cli" verify "$project/build/assets.pa" --companions --quiet
mkdir "$work/previews"
for palette in $(seq 0 63); do
  node "$cli" preview "$project/build/assets.pa" --palette "$palette" -o "$work/previews/$palette.png" --quiet
done
python3 "$root/bench/real_tiles.py" compare "$project" "$work/previews"
node "$cli" extract "$project/build/assets.pa" -o "$work/payload" --quiet
printf 'SHA-256 of the payload: %s\n' "$(cat "$work"/payload/* | sha256sum | cut -d ' ' -f 1)"
