using System.Text.Json;
using HaCluster.Operations.Connecting;

namespace HaCluster.Operations.Journal;

/// <summary>A journal that is damaged or of a newer version, with what can be said of it all the same: it is shown, never hidden, and never acted on.</summary>
/// <param name="Cluster">Empty when it does not say it.</param>
/// <param name="Error">Which file or record, what is wrong, and what to do.</param>
internal sealed record UnreadableJournal(string Id, string Cluster, string Error)
{
    /// <summary>As <see cref="ClusterIdentity.Uid"/>; empty when it does not say it.</summary>
    public string Uid { get; init; } = "";

    public string Command { get; init; } = "";

    public string Target { get; init; } = "";

    public string By { get; init; } = "";

    public DateTimeOffset At { get; init; }

    /// <summary>From the first line, as far as it is JSON: a newer version may have added to it, and damage is mostly elsewhere.</summary>
    public static UnreadableJournal Of(string id, ReadOnlySpan<byte> journal, string error)
    {
        var end = journal.IndexOf((byte)'\n');
        try
        {
            using var document = JsonDocument.Parse(journal[..Math.Max(0, end)].ToArray());
            var first = document.RootElement;
            return new UnreadableJournal(id, Text(first, "cluster"), error)
            {
                Uid = first.ValueKind == JsonValueKind.Object && first.TryGetProperty("identity", out var identity) ? Text(identity, "uid") : "",
                By = Text(first, "by"),
                At = DateTimeOffset.TryParse(Text(first, "at"), System.Globalization.CultureInfo.InvariantCulture, out var at) ? at : default,
                Command = first.ValueKind == JsonValueKind.Object && first.TryGetProperty("request", out var request) ? Text(request, "$operation") : "",
            };
        }
        catch (JsonException)
        {
            return new UnreadableJournal(id, "", error);
        }
    }

    private static string Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
