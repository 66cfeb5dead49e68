#!/bin/sh
# A copy of the primary that follows it. The slot keeps what it has not seen yet, up to max_slot_wal_keep_size; a replica that was
# away for longer has to be made anew: remove its volume.
set -eu
copying="$PGDATA.copying"

copy() {
    rm -rf "$copying" # what an attempt that was stopped has left
    PGPASSWORD="$POSTGRES_PASSWORD" pg_basebackup --pgdata="$copying" --write-recovery-conf --wal-method=stream \
        --slot=replica "$@" --host=postgres --username=replica
}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    mkdir -p "$PGDATA"
    copy --create-slot || copy # an attempt before this one may have left the slot
    rmdir "$PGDATA"
    mv "$copying" "$PGDATA"
fi
exec docker-entrypoint.sh postgres "$@"
