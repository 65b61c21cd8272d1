using System.Text;
using Microsoft.Data.Sqlite;

namespace HaCluster.Ledger.Indexing.Sqlite;

/// <summary>Finds a page of records, in one snapshot of the database.</summary>
internal static class SqliteSearch
{
    /// <summary>With fewer records that have all words, those are sorted; with more, records are walked in their order until the page is full.</summary>
    public const int Few = 20_000;

    /// <summary>Records at most that are walked before it is asked which of them have the words.</summary>
    private const int LongestStride = 32_768;

    /// <summary>Sequences that are no further from each other are looked for together: to pass a few that are not asked for costs less than to look once more.</summary>
    private const int Gap = 64;

    private const string Columns = "sequence, event, id, producer, at, time, producer_sequence, hash, data";

    public static RecordPage Find(SqliteConnection connection, RecordQuery query, int few, CancellationToken cancellationToken)
    {
        using var snapshot = connection.BeginTransaction(deferred: true);
        if (SqliteTables.Find(connection, query.Stream) is not var (number, _))
            return RecordPage.Empty;
        var match = Match(query);
        if (match is not null && query.Id is null && !HasFew(connection, number, match, few))
            return Read(connection, number, Walk(connection, number, query, match, cancellationToken), query.Limit);
        using var command = Command(connection, Columns, number, query, match, query.Limit + 1);
        return Read(command, query.Limit);
    }

    /// <summary>
    /// Records that have the words, in order, one more than the page has. A page costs as much as the records that are walked for it, and not as all that have the words: those
    /// are asked for only between the sequences of a stride, which are close to each other where records arrive about as they happen.
    /// </summary>
    private static List<long> Walk(SqliteConnection connection, long number, RecordQuery query, string match, CancellationToken cancellationToken)
    {
        var found = new List<long>(query.Limit + 1);
        for (var stride = 4 * query.Limit; found.Count <= query.Limit; stride = Math.Min(2 * stride, LongestStride))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var places = Places(connection, number, query, stride);
            var having = Having(connection, number, match, places);
            found.AddRange(places.Select(place => place.Sequence).Where(having.Contains).Take(query.Limit + 1 - found.Count));
            if (places.Count < stride)
                break;
            query = query with { After = places[^1] };
        }

        return found;
    }

    private static List<Place> Places(SqliteConnection connection, long number, RecordQuery query, int limit)
    {
        var places = new List<Place>(limit);
        using var command = Command(connection, "event, sequence", number, query, match: null, limit);
        using var reader = command.ExecuteReader();
        while (reader.Read())
            places.Add(new Place(reader.GetInt64(0), reader.GetInt64(1)));
        return places;
    }

    /// <returns>Sequences that have the words: those of the places, and some between them.</returns>
    private static HashSet<long> Having(SqliteConnection connection, long number, string match, List<Place> places)
    {
        var having = new HashSet<long>();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT rowid FROM words_{number} WHERE words_{number} MATCH $match AND rowid BETWEEN $first AND $last";
        command.Parameters.AddWithValue("$match", match);
        var (first, last) = (command.Parameters.AddWithValue("$first", 0L), command.Parameters.AddWithValue("$last", 0L));
        var sequences = places.Select(place => place.Sequence).Order().ToArray();
        for (var (start, end) = (0, 0); start < sequences.Length; start = end)
        {
            for (end = start + 1; end < sequences.Length && sequences[end] - sequences[end - 1] <= Gap;)
                end++;
            (first.Value, last.Value) = (sequences[start], sequences[end - 1]);
            using var reader = command.ExecuteReader();
            while (reader.Read())
                having.Add(reader.GetInt64(0));
        }

        return having;
    }

    private static RecordPage Read(SqliteConnection connection, long number, List<long> sequences, int limit)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM records_{number} WHERE sequence IN (SELECT value FROM json_each($sequences)) ORDER BY +event, sequence";
        command.Parameters.AddWithValue("$sequences", $"[{string.Join(',', sequences)}]");
        return Read(command, limit);
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

    private static bool HasFew(SqliteConnection connection, long number, string match, int few)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM (SELECT 1 FROM words_{number} WHERE words_{number} MATCH $match LIMIT {few + 1})";
        command.Parameters.AddWithValue("$match", match);
        return (long)command.ExecuteScalar()! <= few;
    }

    /// <param name="match">Null: no words, or they are looked at later.</param>
    private static SqliteCommand Command(SqliteConnection connection, string columns, long number, RecordQuery query, string? match, int limit)
    {
        var command = connection.CreateCommand();
        var sql = new StringBuilder($"SELECT {columns} FROM records_{number} WHERE 1");
        // A plus sign keeps the planner from using an index for a term (https://sqlite.org/optoverview.html): what has an id or a rare word is sorted.
        var time = query.Id is null && match is null ? "event" : "+event";
        if (match is not null)
            Add($"sequence IN (SELECT rowid FROM words_{number} WHERE words_{number} MATCH $match)", "$match", match);
        if (Earliest(query) is { } earliest)
            Add($"{time} >= $earliest", "$earliest", earliest);
        if (query.To is { } to)
            Add($"{time} < $to", "$to", to);
        if (query.Id is { } id)
            Add("id = $id", "$id", id);
        if (query.After is { } after)
        {
            command.Parameters.AddWithValue("$event", after.Event);
            Add($"({time}, sequence) > ($event, $sequence)", "$sequence", after.Sequence);
        }

        command.CommandText = sql.Append($" ORDER BY {time}, sequence LIMIT $limit").ToString();
        command.Parameters.AddWithValue("$limit", limit);
        return command;

        void Add(string term, string parameter, object value)
        {
            sql.Append($" AND {term}");
            command.Parameters.AddWithValue(parameter, value);
        }
    }
}
