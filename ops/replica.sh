#!/bin/sh
# A copy of the primary that follows it. The slot keeps what it has not seen yet, up to max_slot_wal_keep_size.
set -eu

copy() {
    pg_basebackup --pgdata="$PGDATA" --write-recovery-conf --wal-method=stream --slot=replica "$@" \
        --dbname="host=postgres user=replica password=$POSTGRES_PASSWORD"
}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    copy --create-slot || copy # an attempt before this one may have left the slot
fi
exec docker-entrypoint.sh postgres "$@"
