using Microsoft.Data.Sqlite;

namespace HaCluster.Ledger.Indexing.Sqlite;

/// <summary>
/// The tables. Each stream has its own, under a number: so a new index of the stream is built beside the one in use, and one row says which it is.
/// </summary>
internal static class SqliteTables
{
    /// <summary>Of this shape of the tables; another one is not read.</summary>
    public const long Version = 1;

    /// <summary>Says in the file whose it is: the letters "Ledg".</summary>
    public const long ApplicationId = 0x4C656467;

    // Words come ready made (Words), separated by blanks. Without `detail` FTS5 keeps which records have a word and not where: that is all that is asked for.
    private static readonly string Tokenizer = $"ascii tokenchars '{Words.Joiners}'";

    public static void CreateAll(SqliteConnection connection) => Run(
        connection,
        """
        CREATE TABLE IF NOT EXISTS numbers (number INTEGER PRIMARY KEY AUTOINCREMENT);
        CREATE TABLE IF NOT EXISTS streams (name TEXT PRIMARY KEY, number INTEGER NOT NULL, position INTEGER NOT NULL) WITHOUT ROWID;
        """);

    /// <returns>Number of the new tables.</returns>
    public static long Create(SqliteConnection connection)
    {
        var number = Number(connection, "INSERT INTO numbers DEFAULT VALUES RETURNING number")!.Value;
        Run(
            connection,
            $"""
            CREATE TABLE records_{number} (
                sequence INTEGER PRIMARY KEY, event INTEGER NOT NULL, id TEXT NOT NULL, producer TEXT NOT NULL, at TEXT NOT NULL, time TEXT, producer_sequence INTEGER,
                hash BLOB NOT NULL, data BLOB NOT NULL);
            CREATE VIRTUAL TABLE words_{number} USING fts5(words, content='', detail=none, columnsize=0, tokenize="{Tokenizer}");
            """);
        return number;
    }

    public static void CreateIndexes(SqliteConnection connection, long number) => Run(
        connection,
        $"""
        CREATE INDEX records_{number}_event ON records_{number} (event);
        CREATE INDEX records_{number}_id ON records_{number} (id);
        """);

    public static void Drop(SqliteConnection connection, long number) => Run(
        connection, $"DROP TABLE IF EXISTS words_{number}; DROP TABLE IF EXISTS records_{number}; DELETE FROM numbers WHERE number = {number};");

    /// <summary>Tables of builds that were never finished, and those that were replaced.</summary>
    public static IReadOnlyList<long> Unused(SqliteConnection connection)
    {
        var unused = new List<long>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT number FROM numbers WHERE number NOT IN (SELECT number FROM streams)";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            unused.Add(reader.GetInt64(0));
        return unused;
    }

    public static (long Number, long Position)? Find(SqliteConnection connection, string stream)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT number, position FROM streams WHERE name = $name";
        command.Parameters.AddWithValue("$name", stream);
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), reader.GetInt64(1)) : null;
    }

    public static void Set(SqliteConnection connection, string stream, long number, long position)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO streams (name, number, position) VALUES ($name, $number, $position) ON CONFLICT (name) DO UPDATE SET number = $number, position = $position";
        command.Parameters.AddWithValue("$name", stream);
        command.Parameters.AddWithValue("$number", number);
        command.Parameters.AddWithValue("$position", position);
        command.ExecuteNonQuery();
    }

    /// <summary>Adds the records after a position, into tables that the transaction has to itself.</summary>
    /// <returns>The position then.</returns>
    public static long Insert(SqliteConnection connection, long number, long position, IReadOnlyList<IndexRecord> records)
    {
        using var record = new Statement(connection, $"INSERT INTO records_{number} (sequence, event, id, producer, at, time, producer_sequence, hash, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        using var words = new Statement(connection, $"INSERT INTO words_{number} (rowid, words) VALUES (?, ?)");
        foreach (var one in records)
        {
            if (one.Sequence <= position)
                continue;
            record.Bind(1, one.Sequence).Bind(2, one.Event).Bind(3, one.Id).Bind(4, one.Producer).Bind(5, one.At).Bind(6, one.Time).Bind(7, one.ProducerSequence)
                .Bind(8, one.Hash.Span).Bind(9, one.Data.Span).Run();
            words.Bind(1, one.Sequence).Bind(2, one.Words).Run();
            position = one.Sequence;
        }

        return position;
    }

    public static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static long? Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() as long?;
    }
}
