#!/bin/sh
# After an installation and after an upgrade. Starts nothing by itself: the operator says which of the units a machine runs.
set -e
root="${DPKG_ROOT:-}"

# The user of the checks, who owns the log.
if command -v systemd-sysusers >/dev/null 2>&1; then
  systemd-sysusers --root="${root:-/}" alertmanager-proxy.conf || true
elif ! grep -q '^sensu:' "$root/etc/passwd" 2>/dev/null; then
  useradd --system --user-group --no-create-home --shell /usr/sbin/nologin sensu || true
fi
mkdir -p "$root/etc/sensu/conf.d"

if [ -z "$root" ] && [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  for unit in alertmanager-proxy alertmanager-proxy-node alertmanager-proxy-agent alertmanager-proxy-runner; do
    systemctl try-restart "$unit.service" || true
  done
fi
