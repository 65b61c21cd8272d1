-- The same tables as PostgreSql/0090-children.sql: change both together.

-- Of a child that pays for its parent: the number of the parent, a transaction of the same transfer whose change it spends.
alter table attempts add column parent bigint;
create trigger attempts_parent_immutable before update on attempts when old.parent is not new.parent begin select raise(abort, 'attempts is append-only'); end;

-- Change that a child of this transfer spends, and no other transaction ever does.
alter table coins add column child_of text references transfers (id);
create index coins_child_of on coins (child_of) where child_of is not null;

-- A child can be asked for. SQLite cannot change a check: the table is made again.
create table transfer_requests_new (
    transfer text not null references transfers (id),
    kind text not null check (kind in ('cancel', 'bump', 'cpfp')),
    -- The newest transaction when it was asked for: a later one has answered the request.
    attempt bigint not null,
    requested_by text not null,
    requested_at bigint not null,
    primary key (transfer, kind, attempt)
);
insert into transfer_requests_new (transfer, kind, attempt, requested_by, requested_at) select transfer, kind, attempt, requested_by, requested_at from transfer_requests;
drop table transfer_requests;
alter table transfer_requests_new rename to transfer_requests;
create trigger transfer_requests_append_only_update before update on transfer_requests begin select raise(abort, 'transfer_requests is append-only'); end;
create trigger transfer_requests_append_only_delete before delete on transfer_requests begin select raise(abort, 'transfer_requests is append-only'); end;
