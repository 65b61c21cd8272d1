using System.Collections.Immutable;
using System.Text.Json.Serialization;
using HaCluster.Sentinel.Arguments;
using HaCluster.Sentinel.Decisions;

namespace HaCluster.Sentinel.Answers;

/// <summary>The body of <c>/ready</c> and <c>/live</c>, which siblings read too. New members may come; readers ignore what they do not know.</summary>
internal sealed record StatusDocument(
    bool Ok,
    string Reason,
    string Detail,
    string Pod,
    string Chain,
    string Network,
    string Client,
    string Version,
    DateTimeOffset? Observed,
    bool Syncing,
    bool FailOpen,
    HeadDocument? Head,
    ImmutableArray<BlockDocument> Recent,
    long? Finalized,
    ReferenceDocument? Reference,
    int? Peers,
    ConsensusDocument? Consensus)
{
    /// <summary>Of the product that runs here: <c>version</c> of the document.</summary>
    public static string ProductVersion { get; } = typeof(StatusDocument).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public static StatusDocument Of(Verdict verdict, Snapshot at, SentinelOptions options, DateTimeOffset? observed) => new(
        verdict.Ok,
        verdict.Reason,
        verdict.Detail,
        options.Pod,
        Networks.NameOf(options.Chain),
        options.Network,
        options.Client,
        ProductVersion,
        observed,
        LiveDecision.IsCatchingUp(at),
        ReadyDecision.Of(at).Reason == Reasons.FailOpen,
        at.Node is { } node ? new HeadDocument(node.Head.Height, node.Head.Hash, node.Head.Time) : null,
        [.. (at.Node?.Recent ?? []).Select(block => new BlockDocument(block.Height, block.Hash))],
        at.Node?.Finalized,
        at.Reference is { } reference ? new ReferenceDocument(reference.Height, reference.Sibling ?? options.Pod) : null,
        at.Node?.Peers,
        at.Consensus is { } consensus
            ? new ConsensusDocument(consensus.Distance, consensus.Syncing, consensus.Optimistic, consensus.ExecutionOffline, consensus.Peers)
            : null);
}

internal sealed record HeadDocument(long Height, string Hash, DateTimeOffset Time);

internal sealed record BlockDocument(long Height, string Hash);

/// <param name="Pod">Whose it is.</param>
internal sealed record ReferenceDocument(long Height, string Pod);

internal sealed record ConsensusDocument(long Distance, bool Syncing, bool Optimistic, bool ExecutionOffline, int? Peers);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StatusDocument))]
internal sealed partial class StatusJson : JsonSerializerContext;
