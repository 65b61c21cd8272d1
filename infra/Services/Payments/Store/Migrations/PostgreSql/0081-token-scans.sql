-- The same tables as Sqlite/0081-token-scans.sql: change both together.

-- Up to which block all were looked through with a token. Replicas whose settings do not name it look through later ones without it; a replica that knows it reads these again.
create table token_scans (
    asset text primary key,
    height bigint not null
);
insert into token_scans (asset, height)
    select distinct asset, coalesce((select max(height) from blocks where chain = 'ethereum'), 0) from token_openings;
