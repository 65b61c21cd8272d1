-- The same tables as Sqlite/0080-openings.sql: change both together.

-- How often something of a wallet was taken into the books that blocks do not show: blocks that were read before that were read without it, and are read again.
alter table scans add column openings bigint not null default 0;
