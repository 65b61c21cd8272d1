using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Forwarding;

/// <summary>What a wallet sends on by itself, where to and when; or, for a sweep, when it is worth it. Amounts are in base units of the asset.</summary>
internal sealed record ForwardingRule
{
    /// <summary>All of something, in basis points.</summary>
    public const int Whole = 10_000;

    private const int MostDestinations = 20;
    private const int UsualFeeShare = 100;
    private const int LongestInterval = 30 * 86_400;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, RespectRequiredConstructorParameters = false };

    /// <summary>Their shares sum to <see cref="Whole"/>. A sweep has none.</summary>
    public IReadOnlyList<ForwardingDestination> Destinations { get; init; } = [];

    /// <summary>Nothing is sent while less than this may be.</summary>
    public string? Threshold { get; init; }

    /// <summary>Stays in the wallet.</summary>
    public string Reserve { get; init; } = "0";

    /// <summary>Between the beginnings of two rounds.</summary>
    public int IntervalSeconds { get; init; } = 3600;

    /// <summary>Basis points of a part's amount that it may cost at most, where the asset is the chain's own coin.</summary>
    public int? MaxFeeShare { get; init; }

    /// <summary>What a part may cost at most, in the chain's own coin, where the asset is a token: what a token is worth in the coin, no one here knows.</summary>
    public string? MaxFee { get; init; }

    /// <summary>Of a sweep: an address that has less waits until it has more.</summary>
    public string? Smallest { get; init; }

    [JsonIgnore]
    public BigInteger LeastAmount => Amount.Read(Threshold!);

    [JsonIgnore]
    public BigInteger ReservedAmount => Amount.Read(Reserve);

    [JsonIgnore]
    public BigInteger SmallestAmount => Smallest is null ? 1 : Amount.Read(Smallest);

    /// <summary>What a part of an amount may cost by this rule.</summary>
    public BigInteger MostFee(BigInteger amount) => MaxFee is null ? amount * MaxFeeShare!.Value / Whole : Amount.Read(MaxFee);

    /// <summary>For a person.</summary>
    [JsonIgnore]
    public string FeeRule => MaxFee is null ? $"{MaxFeeShare} basis points" : "maxFee";

    /// <summary>What a client wrote, checked and with addresses in their one form.</summary>
    /// <exception cref="FormatException">It is not a rule; the message says where and what to write.</exception>
    public static ForwardingRule Parse(string json, Asset asset, string kind, Networks networks)
    {
        try
        {
            return (JsonSerializer.Deserialize<ForwardingRule>(json, Strict) ?? throw new FormatException("write an object")).Checked(asset, kind, networks);
        }
        catch (JsonException exception)
        {
            throw new FormatException(
                kind == RuleKey.Sweep
                    ? $"{exception.Path}: write {{\"threshold\": \"...\", \"smallest\": \"1\", \"intervalSeconds\": 3600, \"maxFeeShare\": 100}}, for a token \"maxFee\" in place of \"maxFeeShare\""
                    : $"{exception.Path}: write {{\"destinations\": [{{\"address\": \"...\", \"share\": 10000}}], \"threshold\": \"...\", \"reserve\": \"0\", \"intervalSeconds\": 3600, \"maxFeeShare\": 100}}, for a token \"maxFee\" in place of \"maxFeeShare\"",
                exception);
        }
    }

    /// <summary>What was checked before it was stored.</summary>
    public static ForwardingRule Read(string json) => JsonSerializer.Deserialize<ForwardingRule>(json, Strict)!;

    public string ToJson() => JsonSerializer.Serialize(this, Strict);

    private ForwardingRule Checked(Asset asset, string kind, Networks networks)
    {
        var problems = new List<string>();
        var addresses = kind == RuleKey.Sweep ? CheckSweep(problems) : CheckDestinations(asset.Chain, networks, problems);
        if (!Amount.TryParse(Threshold, out _))
            problems.Add($"threshold: write {Amount.Rule}");
        if (Reserve != "0" && !Amount.TryParse(Reserve, out _))
            problems.Add($"reserve: write 0 or {Amount.Rule}");
        if (IntervalSeconds is < 1 or > LongestInterval)
            problems.Add($"intervalSeconds is {IntervalSeconds}; write 1 to {LongestInterval} (30 days)");
        if (asset.Token is null && MaxFee is not null)
            problems.Add($"maxFee: it is for tokens; for {asset} write maxFeeShare");
        if (asset.Token is not null && MaxFeeShare is not null)
            problems.Add($"maxFeeShare cannot be used for {asset}: its fees are paid in {asset.Fee}, and the service knows no exchange rate; set maxFee, the largest fee of a transfer in {asset.Fee}");
        if (asset.Token is not null && !Amount.TryParse(MaxFee, out _))
            problems.Add($"maxFee: write the largest fee of a transfer in {asset.Fee}: {Amount.Rule}");
        if (MaxFeeShare is < 1 or > 5000)
            problems.Add($"maxFeeShare is {MaxFeeShare}; write basis points, 1 to 5000 (half)");
        return problems.Count == 0
            ? this with { Destinations = addresses, MaxFeeShare = asset.Token is null ? MaxFeeShare ?? UsualFeeShare : null }
            : throw new FormatException(string.Join("; ", problems));
    }

    private List<ForwardingDestination> CheckSweep(List<string> problems)
    {
        if (Destinations is not { Count: 0 } || Reserve != "0")
            problems.Add("destinations, reserve: a sweep sends everything to the wallet's sender; leave them out");
        if (Smallest is not null && !Amount.TryParse(Smallest, out _))
            problems.Add($"smallest: write {Amount.Rule}");
        return [];
    }

    private List<ForwardingDestination> CheckDestinations(string chain, Networks networks, List<string> problems)
    {
        if (Smallest is not null)
            problems.Add("smallest: it is for sweeps; leave it out");
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
            problems.Add("destinations: an address is listed twice");
        return addresses;
    }
}

/// <param name="Share">Basis points.</param>
internal sealed record ForwardingDestination(string? Address = null, int Share = 0);
