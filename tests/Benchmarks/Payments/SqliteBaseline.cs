using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace HaCluster.Benchmarks.Payments;

/// <summary>Rows that SQLite commits one after the other, each on the disk before the next, with the settings of the service: it has one writer, so more clients change nothing.</summary>
internal static class SqliteBaseline
{
    private const int Rows = 2000;

    /// <returns>How many, and the 99th percentile of the seconds that one takes.</returns>
    public static (double PerSecond, double P99) Insert(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        Execute(connection, "pragma journal_mode = wal; pragma synchronous = full; create table rows (id integer primary key, body text not null);");
        var body = new string('x', 500);
        var times = new double[Rows];
        for (var row = 0; row < Rows; row++)
        {
            var began = Stopwatch.GetTimestamp();
            using var transaction = connection.BeginTransaction(deferred: false);
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "insert into rows (body) values ($body)";
            command.Parameters.AddWithValue("$body", body);
            command.ExecuteNonQuery();
            transaction.Commit();
            times[row] = Stopwatch.GetElapsedTime(began).TotalSeconds;
        }

        var perSecond = Rows / times.Sum();
        Array.Sort(times);
        return (perSecond, times[Rows * 99 / 100]);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
