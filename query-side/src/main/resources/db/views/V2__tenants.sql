-- Every tenant sees its own rows and no others, whatever a query forgot to say. Readers are ledger_query, for the tenant that
-- their connection is set to; only ledger_projector, which the projectors become for a transaction, writes and sees all.

do $$
begin
    begin
        if not exists (select from pg_roles where rolname = 'ledger_projector') then
            create role ledger_projector nologin;
        end if;
    exception when duplicate_object or unique_violation then
        null; -- another node, or another database of this server, was faster
    end;
    grant ledger_projector to current_user;
end $$;

-- For each table of rows that belong to tenants, also those of later migrations.
create function views.keep_tenants_apart(rows regclass) returns void language plpgsql as $$
begin
    execute format('alter table %s enable row level security', rows);
    execute format('create policy own_tenant on %s for select to ledger_query '
        'using (tenant = current_setting(''ledger.tenant'', true))', rows);
    execute format('create policy all_tenants on %s to ledger_projector using (true) with check (true)', rows);
    execute format('revoke all on %s from ledger_query', rows);
    execute format('grant select on %s to ledger_query', rows);
    execute format('grant select, insert, update, delete on %s to ledger_projector', rows);
end $$;
revoke all on function views.keep_tenants_apart from public;

select views.keep_tenants_apart('views.subscription');
select views.keep_tenants_apart('views.total');
select views.keep_tenants_apart('views.plan');
select views.keep_tenants_apart('views.plan_version');

revoke all on views.projection from ledger_query;
grant select on views.projection to ledger_query;
grant usage on schema views to ledger_projector;
grant select, insert, update, delete on views.projection to ledger_projector;
