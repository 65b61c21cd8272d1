using System.Text.Json;
using System.Text.Json.Serialization;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Proof;

/// <summary>What a stream was at a time: FORMAT.md. Members are in the order of canonical JSON.</summary>
internal sealed record Checkpoint(
    [property: JsonPropertyName("at")] string At,
    [property: JsonPropertyName("format")] string Format,
    [property: JsonPropertyName("frontier")] IReadOnlyList<string> Frontier,
    [property: JsonPropertyName("head")] string Head,
    [property: JsonPropertyName("key")] string Key,
    [property: JsonPropertyName("previous")] string Previous,
    [property: JsonPropertyName("root")] string Root,
    [property: JsonPropertyName("size")] long Size,
    [property: JsonPropertyName("stream")] string Stream)
{
    public const string FormatName = "hacluster.ledger.checkpoint/1";

    /// <summary>What is signed.</summary>
    public byte[] ToBytes() => CanonicalJson.Of(JsonSerializer.SerializeToUtf8Bytes(this, CheckpointJson.Default.Checkpoint));

    /// <exception cref="FormatException">The frontier does not fit size and root.</exception>
    public MerkleFrontier ToFrontier()
    {
        var frontier = new MerkleFrontier(Size, Frontier.Select(Convert.FromHexString));
        return Hash.Hex(frontier.Root()) == Root ? frontier : throw new FormatException("the frontier does not lead to the root");
    }
}

/// <summary>A checkpoint with its signature: an object of the archive.</summary>
internal sealed record SignedCheckpoint(
    [property: JsonPropertyName("checkpoint")] Checkpoint Checkpoint,
    [property: JsonPropertyName("signature")] string Signature)
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict) { TypeInfoResolver = CheckpointJson.Default };

    public static async Task<SignedCheckpoint> SignAsync(Checkpoint checkpoint, ISigner signer, CancellationToken cancellationToken) =>
        new(checkpoint, Convert.ToBase64String(await signer.SignAsync(checkpoint.ToBytes(), cancellationToken)));

    public byte[] ToBytes() => [.. CanonicalJson.Of(JsonSerializer.SerializeToUtf8Bytes(this, CheckpointJson.Default.SignedCheckpoint)), (byte)'\n'];

    /// <summary>The hash that the next checkpoint names.</summary>
    [JsonIgnore]
    public string Hash => Records.Hash.HexOf(Checkpoint.ToBytes());

    /// <exception cref="FormatException">It is not a checkpoint; the message says why.</exception>
    public static SignedCheckpoint Parse(ReadOnlySpan<byte> content)
    {
        SignedCheckpoint? signed;
        try
        {
            signed = JsonSerializer.Deserialize<SignedCheckpoint>(content, Strict);
        }
        catch (JsonException exception)
        {
            throw new FormatException("it is not the JSON of a checkpoint", exception);
        }

        if (signed?.Checkpoint is not { Format: Checkpoint.FormatName, Size: > 0 } checkpoint || signed.Signature is null)
            throw new FormatException($"it is not of the format {Checkpoint.FormatName}");
        if (new[] { checkpoint.Head, checkpoint.Previous, checkpoint.Root, checkpoint.Key }.Concat(checkpoint.Frontier ?? [""]).Any(hash => !Records.Hash.IsHex(hash)))
            throw new FormatException("a hash is not 64 hexadecimal digits");
        return signed.ToBytes().AsSpan().SequenceEqual(content) ? signed : throw new FormatException("it is not in its canonical form");
    }

    public bool IsSignedBy(PublicKey key)
    {
        var signature = new byte[Signature.Length];
        return key.Id == Checkpoint.Key
            && Convert.TryFromBase64String(Signature, signature, out var length)
            // Base64 has several texts for some bytes; an archive that was not touched has only this one.
            && Convert.ToBase64String(signature.AsSpan(0, length)) == Signature
            && key.Verifies(Checkpoint.ToBytes(), signature.AsSpan(0, length));
    }
}

[JsonSerializable(typeof(SignedCheckpoint))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
