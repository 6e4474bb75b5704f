#!/bin/sh
# What git's hooks call: `sh hook.sh pre-commit`.
exec node "${0%/*}/cli.js" "$@"
