-- The same tables as Sqlite/0050-daily-sums.sql: change both together.

-- What was asked for and may have been paid or may still be, summed for each second, minute and hour (width, in milliseconds): the daily limits read these and not the transfers.
create table asked (
    wallet text not null,
    asset text not null,
    width bigint not null,
    start bigint not null,
    amount numeric(78, 0) not null,
    primary key (wallet, asset, width, start)
);
-- What another replica asks for meanwhile waits, or it would be neither among these nor seen by the triggers.
lock table transfers in share row exclusive mode;
insert into asked (wallet, asset, width, start, amount)
    select wallet, asset, width, created_at - created_at % width, sum(amount)
    from transfers cross join (values (1000::bigint), (60000), (3600000)) as widths (width)
    where state not in ('failed', 'replaced', 'cancelled') group by 1, 2, 3, 4;

create function ask() returns trigger language plpgsql as $$
begin
    insert into asked (wallet, asset, width, start, amount)
        select new.wallet, new.asset, width, new.created_at - new.created_at % width, case tg_op when 'INSERT' then new.amount else -new.amount end
        from (values (1000::bigint), (60000), (3600000)) as widths (width)
    on conflict (wallet, asset, width, start) do update set amount = asked.amount + excluded.amount;
    return null;
end $$;
create trigger transfers_asked after insert on transfers for each row execute function ask();
create trigger transfers_not_paid after update on transfers for each row
    when (new.state in ('failed', 'replaced', 'cancelled') and old.state not in ('failed', 'replaced', 'cancelled')) execute function ask();

-- Of the turns in which a sender works on them.
create index transfers_approved on transfers (wallet, created_at, id) where state = 'approved';
create index transfers_in_flight on transfers (wallet, created_at, id) where state in ('signed', 'broadcast', 'seen', 'confirmed', 'orphaned');
