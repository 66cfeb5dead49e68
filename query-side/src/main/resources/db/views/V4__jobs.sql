-- Long work that admins start: what it has done so far, and which node is at it. It is about the whole ledger and holds
-- no rows of tenants; belongs_to says whose callers may see it.
create table views.job (
    id                uuid             primary key,
    belongs_to        text             not null,
    kind              text             not null,
    subject           text             not null,
    state             text             not null,
    checkpoint        json,
    done              bigint           not null default 0,
    total             bigint           not null default 0,
    events_per_second double precision not null default 0,
    result            json,
    error             text,
    started_by        text             not null,
    idempotency_key   text,
    created_at        timestamptz      not null default clock_timestamp(),
    finished_at       timestamptz,
    owner             text,
    leased_until      timestamptz
);
-- One at a time for each subject: also the one that was canceled is at it until its node has cleared away what it began.
create unique index job_busy on views.job (subject) where finished_at is null or owner is not null;
create unique index job_idempotency on views.job (belongs_to, started_by, idempotency_key);
create index job_newest on views.job (created_at desc, id desc);

grant select on views.job to ledger_query;
grant select, insert, update on views.job to ledger_projector;
