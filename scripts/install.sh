#!/usr/bin/env bash
# Makes both environments: .venv (the bot, Python >= 3.11) and rasa_project/.venv (Rasa, Python 3.10 only), from hashed
# requirements files. Does nothing, and needs no network, when they are up to date. `install.sh dev` adds the test tools.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
fail() { say "Không cài được: $*"; exit 1; }

# Interpreters that pyenv keeps are not on PATH by their version; uv finds them once they are.
add_pyenv_interpreters() {
  local root="${PYENV_ROOT:-}"
  if [ -z "$root" ] && command -v pyenv >/dev/null; then root="$(pyenv root)"; fi
  [ -d "$root/versions" ] || return 0
  local wanted found
  for wanted in 3.10 3.11; do
    "python$wanted" -c '' 2>/dev/null && continue
    found="$(find "$root/versions" -maxdepth 1 -name "$wanted.*" | sort -V | tail -n 1)"
    # At the end: what the machine calls python3 stays what it was.
    if [ -n "$found" ]; then PATH="$PATH:$found/bin"; fi
  done
  export PATH
}

bring_uv() {
  if command -v uv >/dev/null; then UV="$(command -v uv)"; return; fi
  UV="$PWD/.tools/uv/bin/uv"
  [ -x "$UV" ] && return
  local python
  python="$(command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)" ||
    fail "máy chưa có Python 3.11 trở lên; hãy cài python3 rồi chạy lại."
  say "Đang cài uv (trình cài gói Python)..."
  "$python" -m venv .tools/uv && .tools/uv/bin/python -m pip install --quiet --require-hashes -r scripts/uv-requirements.txt ||
    fail "không tải được uv; hãy kiểm tra mạng rồi chạy lại."
}

# install ENVIRONMENT PYTHON LOCK: makes the environment hold exactly what the lock file says; a stamp remembers which.
install() {
  local environment="$1" python="$2" lock="$3"
  local stamp="$environment/.installed-from" hash
  hash="$(sha256sum "$lock" | cut -d' ' -f1)"
  [ -x "$environment/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$hash" ] && return 0
  say "Đang cài $environment từ $lock..."
  if ! "$environment/bin/python" -c '' 2>/dev/null; then
    "$UV" venv --quiet --clear --python "$python" "$environment" || fail "không tìm hoặc tải được Python $python."
  fi
  rm -f "$stamp"
  "$UV" pip sync --quiet --require-hashes --python "$environment/bin/python" "$lock" ||
    fail "không tải được các gói trong $lock; hãy kiểm tra mạng rồi chạy lại."
  printf '%s' "$hash" >"$stamp"
}

# The test tools' lock holds everything of the plain one, so an environment made for tests also serves `make run`, which
# must not take the tools out of it.
lock_for() {
  local environment="$1" plain="$2" with_tests="$3"
  if [ "$wanted" = dev ] || [ -x "$environment/bin/pytest" ]; then
    echo "$with_tests"
  else
    echo "$plain"
  fi
}

install_bot() {
  install .venv '>=3.11' "$(lock_for .venv requirements.lock requirements-dev.lock)"
  if ! .venv/bin/daisuso --version >/dev/null 2>&1; then
    "$UV" pip install --quiet --no-deps --no-build-isolation --offline --python .venv/bin/python --editable . ||
      fail "không cài được lệnh daisuso."
  fi
}

install_rasa() {
  local environment=rasa_project/.venv
  install "$environment" 3.10 "$(lock_for "$environment" rasa_project/requirements.lock rasa_project/requirements-dev.lock)"
  # uv does not refuse newer versions, on which Rasa installs but cannot start.
  "$environment/bin/python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' ||
    fail "$environment phải dùng Python 3.10; hãy xoá thư mục đó rồi chạy lại."
}

wanted="${1:-}"
add_pyenv_interpreters
bring_uv
install_bot
install_rasa
