using System.Data;
using System.Globalization;
using System.Reflection;
using System.Text;
using Dapper;

namespace HaCluster.Payments.Store;

/// <summary>Rows to insert.</summary>
/// <typeparam name="T">Its properties are the columns, <c>PascalCase</c> here and <c>snake_case</c> there.</typeparam>
internal static class Rows<T>
{
    private static readonly PropertyInfo[] Properties = typeof(T).GetProperties();

    // A null says nothing of its type, and a prepared statement is one of certain types.
    private static readonly DbType?[] Types = [.. Properties.Select(property => TypeOf(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType))];

    private static readonly string Columns = string.Join(", ", Properties.Select(property => Snake(property.Name)));

    private static readonly string OneRow = string.Join(", ", Properties.Select(property => $"@{property.Name}"));

    /// <param name="mostParameters">Of one statement.</param>
    /// <param name="after">What follows the rows, such as what to do with those that are there.</param>
    public static IEnumerable<(string Sql, object Parameters)> Inserts(string table, IEnumerable<T> rows, int mostParameters, string after)
    {
        foreach (var group in rows.Chunk(Math.Max(1, mostParameters / Properties.Length)))
            yield return group is [{ } one] ? ($"insert into {table} ({Columns}) values ({OneRow}) {after}", one) : Together(table, group, after);
    }

    private static (string Sql, object Parameters) Together(string table, T[] rows, string after)
    {
        var (sql, parameters) = (new StringBuilder($"insert into {table} ({Columns}) values "), new DynamicParameters());
        foreach (var (number, row) in rows.Index())
        {
            sql.Append(number == 0 ? "(" : ", (");
            for (var column = 0; column < Properties.Length; column++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"p{number}_{column}");
                sql.Append(column == 0 ? "@" : ", @").Append(name);
                parameters.Add(name, Properties[column].GetValue(row), Types[column]);
            }

            sql.Append(')');
        }

        return (sql.Append(' ').Append(after).ToString(), parameters);
    }

    // Amounts have a handler of their own.
    private static DbType? TypeOf(Type type) => type == typeof(long) ? DbType.Int64 : type == typeof(string) ? DbType.String : null;

    private static string Snake(string name) => string.Concat(name.Select((letter, at) => char.IsAsciiLetterUpper(letter) ? $"{(at == 0 ? "" : "_")}{char.ToLowerInvariant(letter)}" : $"{letter}"));
}
