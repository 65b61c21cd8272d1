using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HaCluster.Payments.Amounts;

namespace HaCluster.Payments.Books;

/// <summary>What an audit found, and what it looked at.</summary>
/// <param name="Differences">In words; empty: none.</param>
/// <param name="IsFull">Every posting was read.</param>
/// <param name="Checkpoint">Whose sums were taken for the postings up to it; null: none were.</param>
/// <param name="Read">Postings that were read one by one, in their order.</param>
internal sealed record AuditReport(IReadOnlyList<string> Differences, bool IsFull, AuditCheckpoint? Checkpoint, IReadOnlyList<PostingRange> Read);

/// <param name="From">Sequence of the first; larger than <paramref name="To"/> when there is none.</param>
/// <param name="Postings">How many there are.</param>
/// <param name="Checkpoint">Number of the checkpoint that they were compared with; null: they are newer than all.</param>
internal sealed record PostingRange(long From, long To, long Postings, long? Checkpoint);

/// <summary>Where the books were read up to a posting.</summary>
internal sealed record AuditCheckpoint
{
    /// <summary>From 1.</summary>
    public long Number { get; init; }

    public long Sequence { get; init; }

    public long Postings { get; init; }

    public required string Digest { get; init; }

    public required string Sums { get; init; }

    public long CreatedAt { get; init; }
}

/// <summary>Postings as they are added up, and the digest of all of them in their order.</summary>
internal sealed class AuditSum
{
    private readonly SortedDictionary<string, SortedDictionary<string, BigInteger>> _sums = new(StringComparer.Ordinal);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <param name="after">That it continues; null: it begins with the first posting.</param>
    /// <exception cref="FormatException">Its sums were changed, and cannot be read.</exception>
    public AuditSum(AuditCheckpoint? after)
    {
        if (after is not null)
            Read(after);
        Write(after?.Digest ?? "");
    }

    public long Postings { get; private set; }

    public void Add(PostedEntry posting)
    {
        Postings++;
        Add(posting.Source, posting.Asset, -posting.Amount);
        Add(posting.Target, posting.Asset, posting.Amount);
        // As JSON: no text of one field can look like another field.
        Write(JsonSerializer.Serialize<string[]>([$"{posting.Sequence}", posting.Cause, $"{posting.At}", posting.Asset, posting.Source, posting.Target, Amount.Write(posting.Amount)]));
    }

    public BigInteger Of(string account, string asset) => _sums.TryGetValue(account, out var assets) ? assets.GetValueOrDefault(asset) : 0;

    public IEnumerable<(string Account, string Asset)> Keys => _sums.SelectMany(account => account.Value.Keys.Select(asset => (account.Key, asset)));

    /// <summary>Ends it.</summary>
    public AuditCheckpoint Close(long number, long sequence, long now)
    {
        var sums = JsonSerializer.Serialize(_sums.ToDictionary(account => account.Key, account => account.Value.ToDictionary(asset => asset.Key, asset => Amount.Write(asset.Value))));
        Write(sums);
        using (_hash)
            return new AuditCheckpoint { Number = number, Sequence = sequence, Postings = Postings, Sums = sums, Digest = Convert.ToHexStringLower(_hash.GetHashAndReset()), CreatedAt = now };
    }

    private void Read(AuditCheckpoint checkpoint)
    {
        try
        {
            foreach (var (account, assets) in JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string>>>(checkpoint.Sums)!)
            {
                foreach (var (asset, amount) in assets)
                    Add(account, asset, Amount.Read(amount));
            }
        }
        catch (Exception exception) when (exception is JsonException or FormatException or OverflowException or NullReferenceException)
        {
            throw new FormatException($"the sums of checkpoint {checkpoint.Number} are not those that were written", exception);
        }
    }

    private void Add(string account, string asset, BigInteger amount)
    {
        if (!_sums.TryGetValue(account, out var assets))
            _sums[account] = assets = new SortedDictionary<string, BigInteger>(StringComparer.Ordinal);
        assets[asset] = assets.GetValueOrDefault(asset) + amount;
    }

    private void Write(string line) => _hash.AppendData(Encoding.UTF8.GetBytes($"{line}\n"));
}
