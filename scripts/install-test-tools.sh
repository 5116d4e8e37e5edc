#!/usr/bin/env bash
# Brings what only the tests need from the system: PostgreSQL's server, a headless Chromium, and
# LibreOffice, which opens the office's reports (Debian, Ubuntu).
set -euo pipefail

has_postgres() { command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
has_chromium() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }
has_libreoffice() { command -v soffice >/dev/null; }

missing=()
has_postgres || missing+=(postgresql)
has_chromium || missing+=(chromium)
has_libreoffice || missing+=(libreoffice-writer-nogui libreoffice-calc-nogui)
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "Tests need ${missing[*]}; install them with this system's package manager, then run make test again." >&2
  exit 1
fi
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
echo "Installing for the tests: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
# PostgreSQL's package starts a cluster of its own unless told otherwise; the tests make theirs.
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
