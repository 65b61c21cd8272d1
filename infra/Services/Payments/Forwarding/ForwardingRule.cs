using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Forwarding;

/// <summary>What a wallet sends on by itself, where to and when. Amounts are in base units of the chain's own coin.</summary>
internal sealed record ForwardingRule
{
    /// <summary>All of something, in basis points.</summary>
    public const int Whole = 10_000;

    private const int MostDestinations = 20;
    private const int LongestInterval = 30 * 86_400;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, RespectRequiredConstructorParameters = false };

    /// <summary>Their shares sum to <see cref="Whole"/>.</summary>
    public IReadOnlyList<ForwardingDestination> Destinations { get; init; } = [];

    /// <summary>Nothing is sent while less than this may be.</summary>
    public string? Threshold { get; init; }

    /// <summary>Stays in the wallet.</summary>
    public string Reserve { get; init; } = "0";

    /// <summary>Between the beginnings of two rounds.</summary>
    public int IntervalSeconds { get; init; } = 3600;

    /// <summary>Basis points of a part's amount that it may cost at most.</summary>
    public int MaxFeeShare { get; init; } = 100;

    [JsonIgnore]
    public BigInteger LeastAmount => Amount.Read(Threshold!);

    [JsonIgnore]
    public BigInteger ReservedAmount => Amount.Read(Reserve);

    /// <summary>What a client wrote, checked and with addresses in their one form.</summary>
    /// <exception cref="FormatException">It is not a rule; the message says where and what to write.</exception>
    public static ForwardingRule Parse(string json, string chain, Networks networks)
    {
        try
        {
            return (JsonSerializer.Deserialize<ForwardingRule>(json, Strict) ?? throw new FormatException("write an object")).Checked(chain, networks);
        }
        catch (JsonException exception)
        {
            throw new FormatException(
                $"{exception.Path}: write {{\"destinations\": [{{\"address\": \"...\", \"share\": 10000}}], \"threshold\": \"...\", \"reserve\": \"0\", \"intervalSeconds\": 3600, \"maxFeeShare\": 100}}", exception);
        }
    }

    /// <summary>What was checked before it was stored.</summary>
    public static ForwardingRule Read(string json) => JsonSerializer.Deserialize<ForwardingRule>(json, Strict)!;

    public string ToJson() => JsonSerializer.Serialize(this, Strict);

    private ForwardingRule Checked(string chain, Networks networks)
    {
        var problems = new List<string>();
        if (Destinations is not { Count: > 0 and <= MostDestinations } destinations || destinations.Any(destination => destination is null))
            throw new FormatException($"destinations: write 1 to {MostDestinations}, each with its address and its share");
        var addresses = new List<ForwardingDestination>();
        for (var index = 0; index < destinations.Count; index++)
        {
            if (networks.TryParseAddress(chain, destinations[index].Address, out var address, out var problem))
                addresses.Add(destinations[index] with { Address = address });
            else
                problems.Add($"destinations[{index}].address: {problem}");
            if (destinations[index].Share is < 1 or > Whole)
                problems.Add($"destinations[{index}].share is {destinations[index].Share}; write basis points, 1 to {Whole} (all)");
        }

        if (destinations.Sum(destination => (long)destination.Share) != Whole)
            problems.Add($"the shares of destinations sum to {destinations.Sum(destination => (long)destination.Share)}; write basis points that sum to {Whole}");
        if (addresses.Select(destination => destination.Address).Distinct(StringComparer.Ordinal).Count() < addresses.Count)
            problems.Add("destinations: an address is there twice");
        if (!Amount.TryParse(Threshold, out _))
            problems.Add($"threshold: write {Amount.Rule}");
        if (Reserve != "0" && !Amount.TryParse(Reserve, out _))
            problems.Add($"reserve: write 0 or {Amount.Rule}");
        if (IntervalSeconds is < 1 or > LongestInterval)
            problems.Add($"intervalSeconds is {IntervalSeconds}; write 1 to {LongestInterval} (30 days)");
        if (MaxFeeShare is < 1 or > 5000)
            problems.Add($"maxFeeShare is {MaxFeeShare}; write basis points, 1 to 5000 (half)");
        return problems.Count == 0 ? this with { Destinations = addresses } : throw new FormatException(string.Join("; ", problems));
    }
}

/// <param name="Share">Basis points.</param>
internal sealed record ForwardingDestination(string? Address = null, int Share = 0);
