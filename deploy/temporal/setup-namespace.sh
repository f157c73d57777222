#!/bin/sh
# Creates the namespace and its search attributes. Safe to run again.
set -eu

namespace=$TEMPORAL_NAMESPACE
temporal operator namespace describe --namespace "$namespace" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$namespace" --retention "$RETENTION"

# The server knows a new namespace after some seconds.
attempts=60
until known=$(temporal operator search-attribute list --namespace "$namespace"); do
  attempts=$((attempts - 1))
  [ "$attempts" -gt 0 ] || exit 1
  sleep 1
done
for name in O2OFederation O2OKind O2OState O2OTransition; do
  case "$known" in
    *"$name"*) ;;
    *) temporal operator search-attribute create --namespace "$namespace" --name "$name" --type Keyword ;;
  esac
done
