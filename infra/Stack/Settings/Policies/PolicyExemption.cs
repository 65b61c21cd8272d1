using System.Collections.Immutable;

namespace HaCluster.Stack.Settings.Policies;

/// <summary>Why a policy is off.</summary>
/// <param name="Resources">Patterns for logical names, or for URNs when they begin with <c>urn:</c>; empty: off for all resources.</param>
public sealed record PolicyExemption(string Reason, ImmutableArray<string> Resources);
