-- Up to when whatever was recorded can be read from now on. An event states when it was recorded before its commit is done, so that
-- this waits for an append that is under way: what is known as of a time never grows afterwards.
create function ledger.told() returns timestamptz language plpgsql as $$
declare
    until timestamptz := clock_timestamp();
begin
    perform pg_advisory_xact_lock_shared(119182731994482); -- the append lock
    return until;
end $$;

revoke all on function ledger.told from public;
grant execute on function ledger.told to ledger_query;
