using System.Numerics;
using System.Reflection;
using Dapper;

namespace HaCluster.Payments.Store;

/// <summary>Rows to insert.</summary>
/// <typeparam name="T">Its properties are the columns, <c>PascalCase</c> here and <c>snake_case</c> there: text, 64-bit numbers and amounts.</typeparam>
internal static class Rows<T>
{
    private static readonly PropertyInfo[] Properties = typeof(T).GetProperties();

    private static readonly string Columns = string.Join(", ", Properties.Select(property => Snake(property.Name)));

    private static readonly string OneRow = string.Join(", ", Properties.Select(property => $"@{property.Name}"));

    private static readonly string ManyRows = string.Join(", ", Properties.Select(property => $"cast(@{property.Name} as {(IsText(property) ? "text" : IsAmount(property) ? "numeric" : "bigint")}[])"));

    public static string Insert(string table) => $"insert into {table} ({Columns}) values ({OneRow})";

    /// <summary>All in one statement, which is the same however many there are: a column is one parameter. For PostgreSQL.</summary>
    public static (string Sql, DynamicParameters Parameters) InsertAll(string table, IReadOnlyList<T> rows)
    {
        var parameters = new DynamicParameters();
        foreach (var property in Properties)
        {
            var values = rows.Select(row => property.GetValue(row));
            parameters.Add(property.Name, IsText(property) ? values.Cast<string?>().ToArray() : IsAmount(property) ? values.Cast<BigInteger>().ToArray() : values.Cast<long?>().ToArray());
        }

        return ($"insert into {table} ({Columns}) select {Columns} from unnest({ManyRows}) with ordinality as rows ({Columns}, number_of_row) order by number_of_row", parameters);
    }

    private static bool IsText(PropertyInfo property) => property.PropertyType == typeof(string);

    private static bool IsAmount(PropertyInfo property) => property.PropertyType == typeof(BigInteger);

    private static string Snake(string name) => string.Concat(name.Select((letter, at) => char.IsAsciiLetterUpper(letter) ? $"{(at == 0 ? "" : "_")}{char.ToLowerInvariant(letter)}" : $"{letter}"));
}
