#!/bin/sh
# Creates or upgrades Temporal's two databases, and creates the one of the ledger, which brings up its own schema. Safe to run
# again; run it before a newer server starts.
set -eu

for database in temporal temporal_visibility; do
  schema=/etc/temporal/schema/postgresql/v12/${database#temporal_}/versioned
  sql() { temporal-sql-tool --plugin postgres12 --ep "$POSTGRES_SEEDS" -p "$DB_PORT" -u "$POSTGRES_USER" --db "$database" "$@"; }
  sql create
  sql setup-schema -v 0.0
  sql update-schema -d "$schema"
done

temporal-sql-tool --plugin postgres12 --ep "$POSTGRES_SEEDS" -p "$DB_PORT" -u "$POSTGRES_USER" --db org2org create
