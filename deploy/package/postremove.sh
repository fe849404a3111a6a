#!/bin/sh
# The user stays, as files may belong to it, and so does what the operator wrote to /etc.
set -e
if [ -z "${DPKG_ROOT:-}" ] && [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
