-- The same tables as Sqlite/0023-audit-trail.sql: change both together.

create table audit_trail (
    number bigint generated always as identity primary key,
    at bigint not null,
    key text not null,
    address text,
    method text not null,
    path text not null,
    idempotency_key text,
    status bigint not null,
    problem text
);
create trigger audit_trail_append_only before update or delete on audit_trail for each row execute function refuse_change();
create trigger audit_trail_no_truncate before truncate on audit_trail for each statement execute function refuse_change();
