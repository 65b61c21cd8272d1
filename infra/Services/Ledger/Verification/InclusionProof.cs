using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Verification;

/// <summary>Proves that a record is in a stream, to somebody who has nothing but this and the public key (FORMAT.md).</summary>
/// <param name="Entry">The line of the archive.</param>
/// <param name="Path">From the leaf to the root.</param>
internal sealed record InclusionProof(
    [property: JsonPropertyName("checkpoint")] Checkpoint Checkpoint,
    [property: JsonPropertyName("entry")] string Entry,
    [property: JsonPropertyName("format")] string Format,
    [property: JsonPropertyName("path")] IReadOnlyList<string> Path,
    [property: JsonPropertyName("sequence")] long Sequence,
    [property: JsonPropertyName("signature")] string Signature)
{
    public const string FormatName = "hacluster.ledger.proof/1";

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict) { TypeInfoResolver = ProofJson.Default };

    public byte[] ToBytes() => [.. CanonicalJson.Of(JsonSerializer.SerializeToUtf8Bytes(this, ProofJson.Default.InclusionProof)), (byte)'\n'];

    /// <exception cref="FormatException">It is not a proof.</exception>
    public static InclusionProof Parse(ReadOnlySpan<byte> content)
    {
        try
        {
            var proof = JsonSerializer.Deserialize<InclusionProof>(content, Strict);
            if (proof is { Format: FormatName, Entry: not null, Path: not null, Checkpoint: not null, Signature: not null } && proof.Path.All(Hash.IsHex))
                return proof;
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new FormatException($"it is not of the format {FormatName}");
    }

    /// <summary>What is wrong with it; null when it proves what it says.</summary>
    public string? FaultUnder(PublicKey key)
    {
        var line = Encoding.UTF8.GetBytes(Entry);
        try
        {
            var entry = Records.Entry.Parse(line);
            if (entry.Sequence != Sequence || entry.Stream != Checkpoint.Stream || !Records.Entry.IsCanonical(line))
                return "the entry is not the record that it is said to be";
        }
        catch (FormatException exception)
        {
            return $"the entry is not a record: {exception.Message}";
        }

        var root = InclusionPath.Root(Hash.Leaf(line), Sequence - 1, Checkpoint.Size, [.. Path.Select(Convert.FromHexString)]);
        if (root is null || Hash.Hex(root) != Checkpoint.Root)
            return "the path does not lead from the entry to the root of the checkpoint";
        return new SignedCheckpoint(Checkpoint, Signature).IsSignedBy(key) ? null : $"the checkpoint is not signed by the key {key.Id}";
    }

    /// <summary>Finds a record by its id and proves it by the last checkpoint.</summary>
    /// <param name="producer">Null: whoever sent it.</param>
    /// <exception cref="FormatException">It cannot be proved; the message says why.</exception>
    public static async Task<InclusionProof> FindAsync(IArchive archive, string stream, string id, string? producer, CancellationToken cancellationToken)
    {
        string? last = null;
        await foreach (var name in archive.ListAsync(ArchiveNames.Checkpoints(stream), "", cancellationToken))
            last = name;
        if (last is null)
            throw new FormatException($"the stream {stream} has no checkpoint yet; one is signed at the latest when the service stops");
        var signed = SignedCheckpoint.Parse(await archive.ReadAsync(last, cancellationToken));
        var leaves = new byte[checked((int)signed.Checkpoint.Size * Hash.Size)];
        (long Sequence, byte[] Line)? found = null;
        var next = 1L;
        try
        {
            await foreach (var name in archive.ListAsync(ArchiveNames.Segments(stream), "", cancellationToken))
            {
                var content = await archive.ReadAsync(name, cancellationToken);
                var segment = Segment.Read(content, (in entry, line) =>
                {
                    if (found is null && entry.Id == id && (producer is null || entry.Producer == producer))
                        found = (entry.Sequence, line.ToArray());
                });
                if (segment.First > next)
                    throw new FormatException($"records {next} to {segment.First - 1} have expired or were deleted: a proof needs the hashes of all records before the checkpoint; make proofs before records expire");
                next = segment.Last + 1;
                var covered = Math.Min(segment.Last, signed.Checkpoint.Size) - segment.First + 1;
                if (covered > 0)
                    segment.Leaves.AsSpan(0, (int)covered * Hash.Size).CopyTo(leaves.AsSpan((int)(segment.First - 1) * Hash.Size));
            }
        }
        catch (Exception exception) when (exception is BreachException or ArgumentOutOfRangeException)
        {
            throw new FormatException($"the archive is broken ({exception.Message}); run ledger verify", exception);
        }

        if (found is not { } record)
            throw new FormatException($"the stream {stream} has no record with the id {id}");
        if (record.Sequence > signed.Checkpoint.Size)
            throw new FormatException($"record {record.Sequence} is not covered by a checkpoint yet; the last one covers {signed.Checkpoint.Size}");
        var path = InclusionPath.Of(record.Sequence - 1, leaves);
        if (!(InclusionPath.Root(Hash.Leaf(record.Line), record.Sequence - 1, signed.Checkpoint.Size, path) is { } root && Hash.Hex(root) == signed.Checkpoint.Root))
            throw new FormatException("the archive is not what its last checkpoint signs; run ledger verify");
        return new InclusionProof(signed.Checkpoint, Encoding.UTF8.GetString(record.Line), FormatName, [.. path.Select(hash => Hash.Hex(hash))], record.Sequence, signed.Signature);
    }
}

[JsonSerializable(typeof(InclusionProof))]
internal sealed partial class ProofJson : JsonSerializerContext;
