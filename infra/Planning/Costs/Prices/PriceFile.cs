using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Planning.Stacks;

namespace HaCluster.Planning.Costs.Prices;

/// <summary>Reads prices: lines of <see cref="Heading"/> below that heading; lines that begin with <c>#</c> are comments.</summary>
public static class PriceFile
{
    public const string Heading = "region,item,unit,usd,date,source";

    /// <summary>Sums of what a cluster has at this price are still numbers that a decimal can hold.</summary>
    private const decimal HighestUsd = 1_000_000;

    private static readonly string[] Columns = Heading.Split(',');

    /// <summary>Reads the prices of a user.</summary>
    /// <exception cref="UnreadableInputException">The file is missing or malformed; the message names line and column.</exception>
    public static ImmutableArray<Price> ReadOwn(string path)
    {
        try
        {
            using var reader = new StreamReader(InputFile.Open(path));
            return Read(reader, path, _ => PriceBasis.Own);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableInputException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    internal static ImmutableArray<Price> Read(TextReader reader, string path, Func<string, PriceBasis> basisOf)
    {
        var prices = ImmutableArray.CreateBuilder<Price>();
        var lines = new Dictionary<(string, string), int>();
        var hasHeading = false;
        for (var line = 1; reader.ReadLine() is { } text; line++)
        {
            if (text.Length == 0 || text.StartsWith('#'))
                continue;
            if (!hasHeading)
            {
                hasHeading = text == Heading ? true : throw Malformed(path, line, 1, $"the heading must read '{Heading}'");
                continue;
            }

            var price = ReadRow(text.Split(','), path, line, basisOf);
            var key = (price.Region, price.Item);
            if (!lines.TryAdd(key, line))
                throw Malformed(path, line, 1, $"'{price.Item}' in '{price.Region}' is already in line {lines[key]}");
            prices.Add(price);
        }

        return hasHeading ? prices.ToImmutable() : throw Malformed(path, 1, 1, $"there is no heading '{Heading}'");
    }

    private static Price ReadRow(string[] cells, string path, int line, Func<string, PriceBasis> basisOf)
    {
        if (cells.Length != Columns.Length)
        {
            var column = ColumnOf(cells, Math.Min(cells.Length, Columns.Length));
            throw Malformed(path, line, column, $"{cells.Length} values instead of {Columns.Length}: {Heading}");
        }

        for (var i = 0; i < cells.Length; i++)
        {
            if (cells[i].Length == 0 || cells[i] != cells[i].Trim())
                throw Malformed(path, line, ColumnOf(cells, i), $"'{Columns[i]}' is empty, or has spaces around it");
        }

        if (!decimal.TryParse(cells[3], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var usd) || usd > HighestUsd)
            throw Malformed(path, line, ColumnOf(cells, 3), $"usd is '{cells[3]}'; it must be a number such as 0.0475, at most {HighestUsd:N0}");
        if (!DateOnly.TryParseExact(cells[4], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            throw Malformed(path, line, ColumnOf(cells, 4), $"date is '{cells[4]}'; it must be a day such as 2026-07-20");
        return new Price(cells[0], cells[1], cells[2], usd, date, cells[5], basisOf(cells[5]));
    }

    /// <summary>Where the cell begins, counted from 1.</summary>
    private static int ColumnOf(string[] cells, int index) => cells.Take(index).Sum(cell => cell.Length + 1) + 1;

    private static UnreadableInputException Malformed(string path, int line, int column, string problem) =>
        new($"{path}:{line}:{column}: {problem}");
}
