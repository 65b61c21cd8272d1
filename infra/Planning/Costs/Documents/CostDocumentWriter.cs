using System.Globalization;
using System.Text.Json;
using HaCluster.Planning.Costs.Differences;
using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Costs.Prices;
using HaCluster.Planning.Documents;

namespace HaCluster.Planning.Costs.Documents;

/// <summary>Writes a <see cref="CostDocument"/>; equal estimates give equal bytes.</summary>
public static class CostDocumentWriter
{
    public static void Write(Stream stream, CostDocument document)
    {
        var estimate = document.Estimate;
        using (var json = new Utf8JsonWriter(stream, DocumentJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("format", CostDocument.Format);
            json.WriteString("project", estimate.Project);
            json.WriteString("stack", estimate.Stack);
            json.WriteString("region", estimate.Region);
            json.WriteString("currency", "USD");
            json.WriteNumber("hours", Price.HoursPerMonth);
            WriteMoney(json, "monthly", estimate.Monthly);
            WriteMoney(json, "monthlyOnDemand", estimate.MonthlyOnDemand);
            WriteMoney(json, "assumed", estimate.AssumedMonthly);
            WriteList(json, "components", estimate.Components, component => WriteComponent(json, component));
            WriteList(json, "redundancy", estimate.Redundancy, cost =>
            {
                json.WriteString("what", cost.What);
                json.WriteBoolean("present", cost.IsPresent);
                WriteMoney(json, "monthly", cost.Monthly);
                json.WriteString("method", cost.Method);
            });
            WriteList(json, "assumptions", estimate.Assumed, usage =>
            {
                json.WriteString("name", usage.Of.Name);
                json.WriteNumber("amount", usage.Amount);
                json.WriteString("measure", usage.Of.Measure);
                WriteMoney(json, "monthly", usage.Monthly);
            });
            WriteList(json, "unpriced", estimate.Unpriced, unpriced =>
            {
                json.WriteString("component", unpriced.Component);
                json.WriteString("what", unpriced.What);
                json.WriteString("reason", unpriced.Reason);
            });
            WriteTexts(json, "notCounted", estimate.NotCounted);
            WriteList(json, "free", estimate.Free, free =>
            {
                json.WriteString("type", free.Type);
                json.WriteNumber("count", free.Count);
                json.WriteString("reason", free.Reason);
            });
            if (document.Difference is { } difference)
                WriteDifference(json, difference);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    private static void WriteComponent(Utf8JsonWriter json, CostComponent component)
    {
        json.WriteString("name", component.Name);
        WriteMoney(json, "monthly", component.Monthly);
        WriteList(json, "lines", component.Lines, line =>
        {
            json.WriteString("what", line.What);
            json.WriteString("item", line.Price.Item);
            WriteRange(json, "count", line.Count);
            json.WriteString("unit", line.Price.Unit);
            json.WriteNumber("unitPrice", line.Price.Usd);
            json.WriteString("basis", Lower(line.Price.Basis));
            json.WriteString("date", line.Price.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            json.WriteString("source", line.Price.Source);
            WriteMoney(json, "monthly", line.Monthly);
            WriteMoney(json, "monthlyOnDemand", line.MonthlyOnDemand);
            if (!line.Zones.IsEmpty)
                WriteTexts(json, "zones", line.Zones);
            if (line.Assumption is { } assumption)
                json.WriteString("assumption", assumption);
        });
    }

    private static void WriteDifference(Utf8JsonWriter json, CostDifference difference)
    {
        json.WriteStartObject("difference");
        json.WriteStartObject("against");
        json.WriteString("project", difference.Before.Project);
        json.WriteString("stack", difference.Before.Stack);
        json.WriteString("region", difference.Before.Region);
        WriteMoney(json, "monthly", difference.Before.Monthly);
        json.WriteEndObject();
        WriteMoney(json, "monthly", difference.Monthly);
        WriteList(json, "components", difference.Components, component =>
        {
            json.WriteString("name", component.Name);
            WriteMoney(json, "before", component.Before);
            WriteMoney(json, "after", component.After);
            WriteMoney(json, "monthly", component.Monthly);
        });
        WriteList(json, "lines", difference.Lines, line =>
        {
            json.WriteString("component", line.Component);
            json.WriteString("what", line.What);
            json.WriteString("change", Lower(line.Change));
            if (line.CountBefore is { } before)
                WriteRange(json, "countBefore", before);
            if (line.CountAfter is { } after)
                WriteRange(json, "countAfter", after);
            WriteMoney(json, "monthly", line.Monthly);
        });
        json.WriteEndObject();
    }

    private static void WriteMoney(Utf8JsonWriter json, string name, CostRange amount) =>
        WriteRange(json, name, new CostRange(Cents(amount.AtRest), Cents(amount.AtMost)));

    private static decimal Cents(decimal amount) => Math.Round(amount, 2, MidpointRounding.AwayFromZero);

    private static void WriteRange(Utf8JsonWriter json, string name, CostRange range)
    {
        json.WriteStartObject(name);
        json.WriteNumber("atRest", range.AtRest);
        json.WriteNumber("atMost", range.AtMost);
        json.WriteEndObject();
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static string Lower<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
