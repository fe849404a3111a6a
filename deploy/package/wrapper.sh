#!/bin/sh
exec /usr/lib/alertmanager-proxy/node /usr/lib/alertmanager-proxy/dist/main.js "$@"
