using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace HaCluster.Operations.Pulumi;

/// <summary>The <c>pulumi</c> program, run beside this one. Its environment goes to it and is never logged.</summary>
public interface IPulumi
{
    /// <exception cref="HaClusterException"><see cref="FailureKind.PulumiMissing"/> with the install link.</exception>
    Task<string> ReadVersionAsync(CancellationToken cancellationToken);

    Task<PulumiResult> PreviewAsync(string stack, PulumiOptions options, IProgress<PulumiProgress>? progress, CancellationToken cancellationToken);

    Task<PulumiResult> UpAsync(string stack, PulumiOptions options, IProgress<PulumiProgress>? progress, CancellationToken cancellationToken);

    Task<PulumiResult> RefreshAsync(string stack, PulumiOptions options, IProgress<PulumiProgress>? progress, CancellationToken cancellationToken);

    Task<PulumiResult> DestroyAsync(string stack, PulumiOptions options, IProgress<PulumiProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Outputs without secrets: their values are <c>[secret]</c>.</summary>
    Task<JsonObject> ReadOutputsAsync(string stack, CancellationToken cancellationToken);

    /// <summary>The deployment as Pulumi exports it; secrets stay encrypted.</summary>
    Task<JsonObject> ExportAsync(string stack, CancellationToken cancellationToken);
}

/// <param name="PreviewOnly">Of refresh and destroy: show only.</param>
/// <param name="Targets">URNs; empty: everything.</param>
/// <param name="Parallel">Null: Pulumi's default.</param>
/// <param name="Message">Of the update.</param>
public sealed record PulumiOptions(bool PreviewOnly = false, IReadOnlyList<string>? Targets = null, int? Parallel = null, string? Message = null);

/// <param name="Operation"><c>create</c>, <c>update</c>, <c>delete</c>, <c>replace</c>, <c>same</c>, <c>refresh</c>, <c>read</c> ...</param>
/// <param name="IsDone">The step ended; otherwise it began.</param>
/// <param name="Message">Of a diagnostic; empty otherwise.</param>
/// <param name="Severity">Of a diagnostic: <c>info</c>, <c>warning</c>, <c>error</c>; empty otherwise.</param>
public sealed record PulumiProgress(int Done, int? Total, string Operation, string Urn, string Type, string Name, bool IsDone, bool IsFailed, string Severity, string Message);

/// <param name="Changes">Resources by operation, from the summary.</param>
/// <param name="Steps">One per resource that does not stay the same.</param>
/// <param name="Errors">Diagnostics of severity error.</param>
public sealed record PulumiResult(
    string Stack, string Command, ImmutableSortedDictionary<string, int> Changes, ImmutableArray<PulumiStep> Steps, ImmutableArray<string> Warnings, ImmutableArray<string> Errors,
    TimeSpan Duration)
{
    /// <summary>Someone cancelled it before its end.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>A provider does not know what became of a change: a refresh finds out.</summary>
    public bool IsStateUncertain { get; init; }

    /// <summary>Steps that began and are not known to have ended.</summary>
    public ImmutableArray<PulumiStep> Unfinished { get; init; } = [];
}

/// <param name="ChangedProperties">Top-level properties that differ.</param>
public sealed record PulumiStep(string Operation, string Urn, string Type, string Name, ImmutableArray<string> ChangedProperties, bool IsFailed);
