#!/bin/sh
# Before a removal, and not before an upgrade: dpkg says `remove` or `upgrade`, rpm how many versions stay.
set -e
case "${1:-}" in
  remove | 0)
    if [ -z "${DPKG_ROOT:-}" ] && [ -d /run/systemd/system ]; then
      for unit in alertmanager-proxy alertmanager-proxy-node alertmanager-proxy-agent alertmanager-proxy-runner; do
        systemctl disable --now "$unit.service" || true
      done
    fi
    ;;
esac
