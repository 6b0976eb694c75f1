# Sourced by ./test. Finds the browser for the journeys and names it in CHROMIUM; installs Debian's where it is missing and
# that is allowed (root, apt-get). Without one the journeys fail, and say so.

troth_find_chromium() {
  local name
  if [ -n "${CHROMIUM:-}" ]; then return; fi
  for name in chromium chromium-browser google-chrome-stable google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then
      CHROMIUM="$(command -v "$name")"
      export CHROMIUM
      return
    fi
  done
  if [ -x '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome' ]; then
    export CHROMIUM='/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
    return
  fi
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    printf -- '-- installing Chromium for the journeys\n'
    if apt-get -qq update >/dev/null 2>&1 && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium </dev/null >/dev/null 2>&1; then
      CHROMIUM="$(command -v chromium)"
      export CHROMIUM
      return
    fi
  fi
  printf 'no Chromium on this machine, and it could not be installed: journeys in the browser will fail\n'
  printf 'hint: install Chromium or Chrome, or name it in CHROMIUM\n'
}
