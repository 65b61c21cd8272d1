using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Journal;

/// <summary>
/// Entries as JSON lines. A line counts only when its line feed is there: what is after the last one was cut off by a crash or a full disk, and is as if it
/// had never been written. An unreadable line before the last is damage, and is refused.
/// </summary>
internal static class JournalFormat
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        // Titles and the like are computed.
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // Read by people: quotes of a selector are to be quotes. Nothing of it reaches a browser.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameDerivedTypes } },
    };

    public static byte[] Write(JournalEntry entry) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, Options) + "\n");

    /// <param name="source">Where the lines are from, for messages.</param>
    /// <param name="complete">How many bytes belong to complete lines.</param>
    /// <exception cref="HaClusterException">The journal is damaged, or of a newer version.</exception>
    public static IReadOnlyList<JournalEntry> Read(ReadOnlySpan<byte> bytes, string source, out int complete)
    {
        var entries = new List<JournalEntry>();
        complete = 0;
        while (bytes[complete..].IndexOf((byte)'\n') is var length && length >= 0)
        {
            var line = bytes.Slice(complete, length);
            if (entries.Count == 0)
                RefuseNewer(line, source);
            entries.Add(ReadLine(line, source, entries.Count + 1));
            complete += length + 1;
        }
        return entries;
    }

    private static JournalEntry ReadLine(ReadOnlySpan<byte> line, string source, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalEntry>(line, Options) ?? throw new JsonException("null is not an entry");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw JournalFailure.Damaged(source, $"line {number} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Before the line is read as a whole: a newer version may have entries and steps that this one has no types for.</summary>
    private static void RefuseNewer(ReadOnlySpan<byte> line, string source)
    {
        Header? header;
        try
        {
            header = JsonSerializer.Deserialize<Header>(line, Options);
        }
        catch (JsonException e)
        {
            throw JournalFailure.Damaged(source, $"line 1 cannot be read: {e.Message}", e);
        }
        if (header is not { Schema: > 0 })
            throw JournalFailure.Damaged(source, "line 1 has no schema version", null);
        if (header.Schema > OperationBegun.CurrentSchema)
            throw JournalFailure.Newer(source, header.Schema);
    }

    /// <summary>Entries, requests and steps are told apart by the name of their type, which is part of the format.</summary>
    private static void NameDerivedTypes(JsonTypeInfo type)
    {
        var (discriminator, suffix) = type.Type == typeof(JournalEntry) ? ("$event", "")
            : type.Type == typeof(OperationRequest) ? ("$operation", "")
            : type.Type == typeof(Step) ? ("$step", "Step")
            : ("", "");
        if (discriminator.Length == 0)
            return;
        type.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = discriminator };
        foreach (var derived in typeof(JournalFormat).Assembly.GetTypes().Where(derived => !derived.IsAbstract && type.Type.IsAssignableFrom(derived)))
            type.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(derived, Name(derived.Name, suffix)));
    }

    private static string Name(string type, string suffix) =>
        JsonNamingPolicy.KebabCaseLower.ConvertName(suffix.Length > 0 && type.EndsWith(suffix, StringComparison.Ordinal) ? type[..^suffix.Length] : type);

    private sealed record Header(int Schema);
}
