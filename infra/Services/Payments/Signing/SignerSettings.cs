using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Signing;

/// <summary>What the signer knows by itself: its keys, and what each may pay. It comes from a file that the service cannot write.</summary>
internal sealed record SignerSettings(ImmutableArray<SignerKey> Keys)
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, RespectRequiredConstructorParameters = false, RespectNullableAnnotations = false };

    /// <exception cref="FormatException">The file is wrong; the message says all that is.</exception>
    public static SignerSettings Parse(string json, Networks networks)
    {
        SettingsFile? file;
        try
        {
            file = JsonSerializer.Deserialize<SettingsFile>(json, Strict);
        }
        catch (JsonException exception)
        {
            throw new FormatException($"line {exception.LineNumber + 1}, {exception.Path}: write {{\"keys\": [{{\"name\": ..., \"chain\": ..., \"file\": ... or \"kms\": ..., \"destinations\": [...], \"policy\": {{...}}}}]}}", exception);
        }

        var problems = new List<string>();
        var keys = ImmutableArray.CreateBuilder<SignerKey>();
        foreach (var (entry, index) in (file?.Keys ?? []).Select((entry, index) => (entry, index)))
        {
            var place = $"keys[{index}]";
            if (entry is null || entry.Name is not { Length: > 0 and <= 63 } || keys.Any(other => other.Name == entry.Name))
                problems.Add($"{place}.name: write a name that no other key has");
            if (entry?.Chain is not (Asset.Bitcoin or Asset.Ethereum))
                problems.Add($"{place}.chain: choose bitcoin or ethereum");
            if ((entry?.File is null) == (entry?.Kms is null))
                problems.Add($"{place}: write either file or kms");
            if (entry?.Kms is not null && entry.Chain == Asset.Bitcoin)
                problems.Add($"{place}.kms: a key of KMS has no addresses derived from it; bitcoin needs file");
            var destinations = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
            foreach (var text in entry?.Destinations ?? [])
            {
                if (networks.TryParseAddress(entry!.Chain ?? "", text, out var address, out var problem))
                    destinations.Add(address);
                else
                    problems.Add($"{place}.destinations: {text}: {problem}");
            }

            PolicyDocument? policy = null;
            try
            {
                policy = PolicyDocument.Parse(entry?.Policy?.GetRawText() ?? "{}");
            }
            catch (FormatException exception)
            {
                problems.Add($"{place}.policy: {exception.Message}");
            }

            if (problems.Count == 0)
                keys.Add(new SignerKey(entry!.Name!, entry.Chain!, entry.File, entry.Kms, destinations.ToImmutable(), policy!));
        }

        if (keys.Count == 0 && problems.Count == 0)
            problems.Add("keys is empty; add at least one key");
        return problems.Count == 0 ? new SignerSettings(keys.ToImmutable()) : throw new FormatException(string.Join("; ", problems));
    }

    private sealed record SettingsFile(IReadOnlyList<KeyEntry?>? Keys = null);

    private sealed record KeyEntry(string? Name = null, string? Chain = null, string? File = null, string? Kms = null, IReadOnlyList<string>? Destinations = null, JsonElement? Policy = null);
}

/// <summary>A key and what it may pay.</summary>
internal sealed record SignerKey(string Name, string Chain, string? File, string? Kms, ImmutableHashSet<string> Destinations, PolicyDocument Policy);
