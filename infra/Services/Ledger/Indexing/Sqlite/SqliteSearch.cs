using System.Text;
using Microsoft.Data.Sqlite;

namespace HaCluster.Ledger.Indexing.Sqlite;

/// <summary>Finds a page of records, in one snapshot of the database.</summary>
internal static class SqliteSearch
{
    /// <summary>With fewer records that have all words, those are sorted; with more, records are walked in their order until the page is full.</summary>
    private const int Few = 20_000;

    private const string Columns = "sequence, event, id, producer, at, time, producer_sequence, hash, data";

    public static RecordPage Find(SqliteConnection connection, RecordQuery query)
    {
        using var snapshot = connection.BeginTransaction(deferred: true);
        if (SqliteTables.Find(connection, query.Stream) is not var (number, _))
            return RecordPage.Empty;
        var match = Match(query);
        using var command = connection.CreateCommand();
        command.CommandText = Sql(number, query, match is not null, match is not null && HasFew(connection, number, match));
        command.Parameters.AddWithValue("$limit", query.Limit + 1);
        if (match is not null)
            command.Parameters.AddWithValue("$match", match);
        if (Earliest(query) is { } earliest)
            command.Parameters.AddWithValue("$earliest", earliest);
        if (query.To is { } to)
            command.Parameters.AddWithValue("$to", to);
        if (query.Id is { } id)
            command.Parameters.AddWithValue("$id", id);
        if (query.After is { } after)
        {
            command.Parameters.AddWithValue("$event", after.Event);
            command.Parameters.AddWithValue("$sequence", after.Sequence);
        }

        return Read(command, query.Limit);
    }

    private static RecordPage Read(SqliteCommand command, int limit)
    {
        var records = new List<IndexRecord>();
        var size = 0L;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (records.Count == limit || (size >= RecordQuery.LargestPage && records.Count > 0))
                return new RecordPage(records, HasMore: true);
            var record = new IndexRecord
            {
                Sequence = reader.GetInt64(0),
                Event = reader.GetInt64(1),
                Id = reader.GetString(2),
                Producer = reader.GetString(3),
                At = reader.GetString(4),
                Time = reader.IsDBNull(5) ? null : reader.GetString(5),
                ProducerSequence = reader.IsDBNull(6) ? null : reader.GetInt64(6),
                Hash = reader.GetFieldValue<byte[]>(7),
                Data = reader.GetFieldValue<byte[]>(8),
            };
            records.Add(record);
            size += record.Data.Length;
        }

        return new RecordPage(records, HasMore: false);
    }

    /// <summary>Words have no quotation marks, and in quotation marks nothing of them is an operator of FTS5.</summary>
    private static string? Match(RecordQuery query) => query.Words.IsEmpty ? null : string.Join(' ', query.Words.Select(word => $"\"{word}\""));

    /// <summary>One bound, where the page begins: of two, the planner might start at the one that is passed long ago.</summary>
    private static long? Earliest(RecordQuery query) => query.After is { } after ? Math.Max(after.Event, query.From ?? after.Event) : query.From;

    private static bool HasFew(SqliteConnection connection, long number, string match)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM (SELECT 1 FROM words_{number} WHERE words_{number} MATCH $match LIMIT {Few + 1})";
        command.Parameters.AddWithValue("$match", match);
        return (long)command.ExecuteScalar()! <= Few;
    }

    private static string Sql(long number, RecordQuery query, bool hasWords, bool hasFew)
    {
        var sql = new StringBuilder($"SELECT {Columns} FROM records_{number} WHERE 1");
        // A plus sign keeps the planner from using an index for a term (https://sqlite.org/optoverview.html).
        var isWalked = query.Id is null && !hasFew;
        if (hasWords)
            sql.Append($" AND {(isWalked ? "+" : "")}sequence IN (SELECT rowid FROM words_{number} WHERE words_{number} MATCH $match)");
        var time = isWalked ? "event" : "+event";
        if (Earliest(query) is not null)
            sql.Append($" AND {time} >= $earliest");
        if (query.To is not null)
            sql.Append($" AND {time} < $to");
        if (query.Id is not null)
            sql.Append(" AND id = $id");
        if (query.After is not null)
            sql.Append($" AND ({time}, sequence) > ($event, $sequence)");
        return sql.Append($" ORDER BY {time}, sequence LIMIT $limit").ToString();
    }
}
