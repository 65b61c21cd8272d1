-- The same tables as PostgreSql/0050-daily-sums.sql: change both together.

-- What was asked for and may have been paid or may still be, summed for each second, minute and hour (width, in milliseconds): the daily limits read these and not the transfers.
create table asked (
    wallet text not null,
    asset text not null,
    width bigint not null,
    start bigint not null,
    amount text not null,
    primary key (wallet, asset, width, start)
);
insert into asked (wallet, asset, width, start, amount)
    select wallet, asset, width, created_at - created_at % width, big_sum(amount)
    from transfers cross join (select 1000 as width union all select 60000 union all select 3600000)
    where state not in ('failed', 'replaced', 'cancelled') group by 1, 2, 3, 4;

create trigger transfers_asked after insert on transfers begin
    insert into asked (wallet, asset, width, start, amount)
        select new.wallet, new.asset, width, new.created_at - new.created_at % width, new.amount from (select 1000 as width union all select 60000 union all select 3600000) where true
    on conflict (wallet, asset, width, start) do update set amount = big_add(amount, excluded.amount);
end;
create trigger transfers_not_paid after update on transfers
    when new.state in ('failed', 'replaced', 'cancelled') and old.state not in ('failed', 'replaced', 'cancelled')
begin
    update asked set amount = big_subtract(amount, new.amount)
        where wallet = new.wallet and asset = new.asset and width in (1000, 60000, 3600000) and start = new.created_at - new.created_at % width;
end;

-- Of the turns in which a sender works on them.
create index transfers_approved on transfers (wallet, created_at, id) where state = 'approved';
create index transfers_in_flight on transfers (wallet, created_at, id) where state in ('signed', 'broadcast', 'seen', 'confirmed', 'orphaned');
