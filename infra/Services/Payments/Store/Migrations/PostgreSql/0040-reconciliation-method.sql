-- How the node was asked; null: before this was written down.
alter table reconciliations add column method text;
