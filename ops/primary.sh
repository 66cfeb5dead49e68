#!/bin/sh
# Run once, by the image of PostgreSQL, when the database is made: lets a replica follow.
set -eu
psql --username "$POSTGRES_USER" --set=ON_ERROR_STOP=1 --set=secret="$POSTGRES_PASSWORD" <<'END'
create role replica replication login password :'secret';
END
echo 'host replication replica all scram-sha-256' >> "$PGDATA/pg_hba.conf"
