using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using HaCluster.Payments.Amounts;

namespace HaCluster.Payments.Policies;

/// <summary>What may leave a wallet. Without one nothing does.</summary>
internal sealed record PolicyDocument
{
    /// <summary>Limits by asset. What is not named may not be sent.</summary>
    public IReadOnlyDictionary<string, AssetLimits> Assets { get; init; } = new Dictionary<string, AssetLimits>();

    /// <summary>People, other than the one who asked, who have to approve a transfer above <see cref="AssetLimits.ApproveAbove"/>.</summary>
    public int Approvals { get; init; } = 1;

    /// <summary>Between a change of destinations or of this policy and its effect: the time to notice one that a stolen key made.</summary>
    public int DelaySeconds { get; init; } = 86_400;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, RespectRequiredConstructorParameters = false };

    /// <exception cref="FormatException">It is not a policy; the message says where and what to write.</exception>
    public static PolicyDocument Parse(string json)
    {
        try
        {
            return Checked(JsonSerializer.Deserialize<PolicyDocument>(json, Strict) ?? throw new FormatException("write an object"));
        }
        catch (JsonException exception)
        {
            throw new FormatException($"{exception.Path}: write {{\"assets\": {{\"ethereum\": {{\"perTransfer\": \"...\", \"perDay\": \"...\", \"approveAbove\": \"...\", \"maxFee\": \"...\"}}}}, \"approvals\": 1, \"delaySeconds\": 86400}}", exception);
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, Strict);

    private static PolicyDocument Checked(PolicyDocument policy)
    {
        var problems = new List<string>();
        if (policy.Approvals is < 1 or > 10)
            problems.Add($"approvals is {policy.Approvals}; write 1 to 10");
        if (policy.DelaySeconds is < 0 or > 2_592_000)
            problems.Add($"delaySeconds is {policy.DelaySeconds}; write 0 to 2592000 (30 days)");
        foreach (var (name, limits) in policy.Assets)
        {
            if (!Asset.TryParse(name, out var asset) || asset.ToString() != name)
                problems.Add($"assets.{name}: write bitcoin, ethereum, or ethereum/0x... with the address of a token in lower case");
            foreach (var (field, text) in new[] { ("perTransfer", limits?.PerTransfer), ("perDay", limits?.PerDay), ("approveAbove", limits?.ApproveAbove), ("maxFee", limits?.MaxFee) })
            {
                if (!Amount.TryParse(text, out _) && !(field == "approveAbove" && text == "0"))
                    problems.Add($"assets.{name}.{field}: write {Amount.Rule}{(field == "approveAbove" ? ", or \"0\" for all transfers" : "")}");
            }
        }

        return problems.Count == 0 ? policy : throw new FormatException(string.Join("; ", problems));
    }
}

/// <summary>Limits of one asset, in its base units; those of fees in those of the chain's own coin.</summary>
internal sealed record AssetLimits
{
    public string? PerTransfer { get; init; }

    /// <summary>Of any 24 hours.</summary>
    public string? PerDay { get; init; }

    /// <summary>More than this needs approvals; "0": everything does.</summary>
    public string? ApproveAbove { get; init; }

    /// <summary>The most that one transfer may cost.</summary>
    public string? MaxFee { get; init; }

    [JsonIgnore]
    public BigInteger MostPerTransfer => Amount.Read(PerTransfer!);

    [JsonIgnore]
    public BigInteger MostPerDay => Amount.Read(PerDay!);

    [JsonIgnore]
    public BigInteger MostUnapproved => Amount.Read(ApproveAbove!);

    [JsonIgnore]
    public BigInteger MostFee => Amount.Read(MaxFee!);
}
