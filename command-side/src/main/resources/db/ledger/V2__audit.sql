-- Auditing is itself audited: who asked what, when. Readers may write nothing into the ledger but through this function: one event
-- of type audit.…, to the stream of that tenant, actor and day. It is durable when the caller's transaction is.
create function ledger.audit(
    whose text, who text, kind text, shape int, effective timestamptz, body json, about json
) returns bigint language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    stream uuid := md5(whose || '/audit/' || who || '/' || to_char(effective at time zone 'UTC', 'YYYY-MM-DD'))::uuid;
    stored bigint;
begin
    if kind not like 'audit.%' then
        raise exception '% is not an event of an audit', kind using errcode = 'insufficient_privilege';
    end if;
    perform set_config('synchronous_commit', 'on', true); -- readers' connections do not wait for the disk otherwise
    perform pg_advisory_xact_lock(119182731994482);       -- the append lock, under which positions are given out
    insert into ledger.event
        (position, tenant, stream_id, stream_type, version, event_id, type, revision, effective_at, payload, metadata)
    select (select coalesce(max(e.position), 0) + 1 from ledger.event e), whose, stream, 'audit',
           (select coalesce(max(e.version), -1) + 1 from ledger.event e where e.stream_id = stream),
           uuidv7(), kind, shape, effective, body, about
    returning position into stored;
    perform pg_notify('ledger_appended', stored::text);
    return stored;
end $$;

revoke all on function ledger.audit from public;
grant execute on function ledger.audit to ledger_command, ledger_query;
