-- The same tables as PostgreSql/0023-audit-trail.sql: change both together.

create table audit_trail (
    number integer primary key autoincrement,
    at bigint not null,
    key text not null,
    address text,
    method text not null,
    path text not null,
    idempotency_key text,
    status bigint not null,
    problem text
);
create trigger audit_trail_append_only_update before update on audit_trail begin select raise(abort, 'audit_trail is append-only'); end;
create trigger audit_trail_append_only_delete before delete on audit_trail begin select raise(abort, 'audit_trail is append-only'); end;
