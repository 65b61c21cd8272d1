-- The same tables as PostgreSql/0051-batches.sql: change both together.

-- Up to so many transfers of a wallet are paid by one transaction, which waits so many seconds for more of them; 1: each has its own.
alter table wallets add column batch_most bigint not null default 1 check (batch_most between 1 and 100);
alter table wallets add column batch_wait bigint not null default 0 check (batch_wait >= 0);

-- Transfers that are paid together, for good: with the coins of the first, the owner, and by its transactions.
create table batches (
    transfer text primary key references transfers (id),
    owner text not null references transfers (id),
    position bigint not null,
    unique (owner, position)
);

-- What a transaction of a batch is for each of its transfers, and what of its fee that one bears.
create table shares (
    transfer text not null references batches (transfer),
    number bigint not null,
    owner text not null,
    purpose text not null,
    fee text not null check (fee not glob '*[^0-9]*'),
    primary key (transfer, number),
    foreign key (owner, number) references attempts (transfer, number)
);

create index coins_reserved on coins (reserved_by) where reserved_by is not null;

create trigger batches_append_only_update before update on batches begin select raise(abort, 'batches is append-only'); end;
create trigger batches_append_only_delete before delete on batches begin select raise(abort, 'batches is append-only'); end;
create trigger shares_append_only_update before update on shares begin select raise(abort, 'shares is append-only'); end;
create trigger shares_append_only_delete before delete on shares begin select raise(abort, 'shares is append-only'); end;
