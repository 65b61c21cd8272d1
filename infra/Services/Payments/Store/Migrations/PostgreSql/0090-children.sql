-- The same tables as Sqlite/0090-children.sql: change both together.

-- Of a child that pays for its parent: the number of the parent, a transaction of the same transfer whose change it spends.
alter table attempts add column parent bigint;
create trigger attempts_parent_immutable before update on attempts for each row when (old.parent is distinct from new.parent) execute function refuse_change();

-- Change that a child of this transfer spends, and no other transaction ever does.
alter table coins add column child_of text references transfers (id);
create index coins_child_of on coins (child_of) where child_of is not null;

-- A child can be asked for.
alter table transfer_requests drop constraint transfer_requests_kind_check;
alter table transfer_requests add constraint transfer_requests_kind_check check (kind in ('cancel', 'bump', 'cpfp'));
