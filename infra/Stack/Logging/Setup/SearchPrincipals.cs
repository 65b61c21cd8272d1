using System.Collections.Immutable;

namespace HaCluster.Stack.Logging.Setup;

/// <summary>ARNs of the IAM roles that OpenSearch knows.</summary>
/// <param name="Setup">Sets the domain up: its master user.</param>
/// <param name="Agent">Writes logs of containers.</param>
/// <param name="AuditPipeline">Writes audit records; empty when nobody does.</param>
/// <param name="Finance">Writes finance records and reads them again.</param>
/// <param name="Readers">People who may search.</param>
public sealed record SearchPrincipals(string Setup, string Agent, string AuditPipeline, string Finance, ImmutableArray<string> Readers);
