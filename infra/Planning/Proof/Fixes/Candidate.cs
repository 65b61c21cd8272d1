using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Fixes;

/// <summary>A change that might remove a violation, with the changed cluster.</summary>
internal sealed record Candidate(Fix Fix, ClusterModel Model)
{
    public static Candidate Setting(ClusterModel model, params ReadOnlySpan<FixEdit?> edits) => new(new Fix(FixKind.Setting, Given(edits)), model);

    public static Candidate Accept(ClusterModel model, FixEdit edit) => new(new Fix(FixKind.Accept, [edit]), model);

    /// <param name="what">The object that the edits change, such as <c>Deployment shop/web</c>.</param>
    /// <param name="snippet">The change as YAML; null where the edits are sufficient.</param>
    public static Candidate Manifest(ClusterModel model, string what, string? snippet, params ReadOnlySpan<FixEdit?> edits) =>
        new(new Fix(FixKind.Manifest, Given(edits)) { Object = what, Snippet = snippet }, model);

    /// <param name="path">Names with dots between them.</param>
    public static FixEdit Edit(string path, string from, string to) => new([.. path.Split('.')], from, to);

    public static FixEdit Edit(string path, int from, int to) => Edit(path, Text(from), Text(to));

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static ImmutableArray<FixEdit> Given(ReadOnlySpan<FixEdit?> edits)
    {
        var given = ImmutableArray.CreateBuilder<FixEdit>();
        foreach (var edit in edits)
        {
            if (edit is not null)
                given.Add(edit);
        }

        return given.ToImmutable();
    }
}
