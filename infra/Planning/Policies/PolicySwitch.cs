using System.Collections.Immutable;
using System.IO.Enumeration;

namespace HaCluster.Planning.Policies;

/// <summary>A policy that the settings switch off, entirely or for some resources.</summary>
/// <param name="Resources">
/// Patterns with <c>*</c> and <c>?</c> for logical names, or for URNs when they begin with <c>urn:</c>; empty: for all resources.
/// </param>
public sealed record PolicySwitch(string Policy, string Reason, ImmutableArray<string> Resources)
{
    public bool IsOff => Resources.IsEmpty;

    internal static bool Matches(string pattern, string urn, string name) =>
        FileSystemName.MatchesSimpleExpression(pattern, pattern.StartsWith("urn:", StringComparison.Ordinal) ? urn : name, ignoreCase: false);
}
