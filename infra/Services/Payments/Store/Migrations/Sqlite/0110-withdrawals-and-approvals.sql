-- A policy that does not hold yet can be withdrawn.
alter table policies add column withdrawn_by text;
alter table policies add column withdrawn_at bigint;

-- The limit of a day counts what was approved in it.
create index approvals_at on approvals (approved_at);
