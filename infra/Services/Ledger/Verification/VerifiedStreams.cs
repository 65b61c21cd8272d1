using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HaCluster.Ledger.Verification;

/// <summary>How far the service has verified its streams: a file, so that a restart does not read all of the archive again.</summary>
/// <param name="Archive">Its address: another one is verified from its beginning.</param>
internal sealed record VerifiedStreams(
    [property: JsonPropertyName("archive")] string Archive,
    [property: JsonPropertyName("streams")] ImmutableDictionary<string, VerifiedStream> Streams)
{
    /// <summary>What cannot be read is verified again from the beginning.</summary>
    public static VerifiedStreams Read(string file, string archive)
    {
        try
        {
            var read = JsonSerializer.Deserialize(File.ReadAllBytes(file), VerifiedJson.Default.VerifiedStreams);
            if (read is { Streams: not null } && read.Archive == archive && read.Streams.Values.All(one => one is { Records: >= 0 }))
                return read;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // As if there was none.
        }

        return new VerifiedStreams(archive, ImmutableDictionary<string, VerifiedStream>.Empty);
    }

    public VerifiedStreams With(string stream, VerifiedStream verified) => this with { Streams = Streams.SetItem(stream, verified) };

    public void Write(string file)
    {
        // A kill leaves the old one or the new one.
        var partial = file + ".partial";
        File.WriteAllBytes(partial, JsonSerializer.SerializeToUtf8Bytes(this, VerifiedJson.Default.VerifiedStreams));
        File.Move(partial, file, overwrite: true);
    }
}

/// <param name="Records">Size of the last checkpoint that was found to be true.</param>
/// <param name="At">When it was verified last.</param>
internal sealed record VerifiedStream([property: JsonPropertyName("records")] long Records, [property: JsonPropertyName("at")] DateTimeOffset At);

[JsonSerializable(typeof(VerifiedStreams))]
internal sealed partial class VerifiedJson : JsonSerializerContext;
