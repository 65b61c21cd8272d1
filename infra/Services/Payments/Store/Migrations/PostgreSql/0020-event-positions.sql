-- The same tables as Sqlite/0020-event-positions.sql: change both together.
-- Transactions end in another order than they take their numbers of the outbox in, so that a reader of those could pass by one that ends later. Readers follow positions instead, which are
-- given to events that are committed, under a lock: they have no gaps, and none appears below one that was read. Events of one object keep their order, because the next one's number is taken
-- only after the one before it is committed.

create table event_positions (
    position bigint primary key,
    sequence bigint not null unique references outbox (sequence)
);
insert into event_positions (position, sequence) select row_number() over (order by sequence), sequence from outbox;

create table events_without_position (
    sequence bigint primary key references outbox (sequence)
);

create function await_position() returns trigger language plpgsql as $$
begin
    insert into events_without_position (sequence) values (new.sequence);
    return null;
end $$;

create trigger outbox_await_position after insert on outbox for each row execute function await_position();

create function give_positions() returns void language plpgsql as $$
begin
    -- One at a time; readers do not wait.
    lock table event_positions in share row exclusive mode;
    with committed as (delete from events_without_position returning sequence)
    insert into event_positions (position, sequence)
    select (select coalesce(max(position), 0) from event_positions) + row_number() over (order by sequence), sequence from committed;
end $$;

create trigger event_positions_append_only before update or delete on event_positions for each row execute function refuse_change();
