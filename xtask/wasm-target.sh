#!/usr/bin/env bash
# Builds a toolchain for wasm32-unknown-unknown where rustup cannot reach its server, on Debian 12.
#
# Debian ships a newer compiler for its web browsers, together with the source of the standard library. That source
# is compiled for wasm32 once (about two minutes), and rustup learns the result as toolchain `debian`.
set -euo pipefail

target=wasm32-unknown-unknown
host=$(uname -m)-unknown-linux-gnu
std=/usr/lib/rustlib/$target/lib
root() { if [ "$(id -u)" = 0 ]; then env "$@"; else sudo -n env "$@"; fi; }

if ! command -v apt-get >/dev/null; then
  echo "this is not Debian: install the target $target by hand" >&2
  exit 1
fi

if ! ls "$std"/libstd-*.rlib >/dev/null 2>&1; then
  root apt-get update -qq
  root DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    rustc-web cargo-web rust-web-src rustfmt-web rust-web-clippy lld-22
  root mkdir -p "/usr/lib/rustlib/$host/bin"
  root ln -sf /usr/bin/lld-22 "/usr/lib/rustlib/$host/bin/rust-lld"

  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir "$work/src"
  printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n' >"$work/Cargo.toml"
  : >"$work/src/lib.rs"
  # Bitcode lets release builds optimise across the standard library.
  (cd "$work" && env -u RUSTUP_TOOLCHAIN -u CARGO_TARGET_DIR -u LD_LIBRARY_PATH \
    PATH="/usr/bin:$PATH" RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes \
    /usr/bin/cargo build --release --target "$target" -Zbuild-std=std,panic_abort,panic_unwind)
  root mkdir -p "$std"
  find "$work/target/$target/release/deps" -name 'lib*.rlib' ! -name 'libempty-*' -print0 |
    while IFS= read -r -d '' library; do root cp "$library" "$std/"; done
fi
rustup toolchain link debian /usr
