using System.Globalization;
using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Backups;

/// <summary>Restores namespaces of a Velero backup. Objects that exist are left as they are.</summary>
/// <param name="Namespace">Null: all of the backup.</param>
/// <param name="IntoNamespace">Another namespace to restore <paramref name="Namespace"/> into; null: the same.</param>
public sealed record RestoreBackup(string Backup, string? Namespace, string? IntoNamespace, TimeSpan Timeout) : OperationRequest
{
    public override string Command => "Restore-HaBackup";

    public override string Target => $"backup {Backup}";

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (IntoNamespace is not null && Namespace is null)
        {
            return Draft.Refused(new Refusal
            {
                Code = "NamespaceMissing",
                Kind = FailureKind.InvalidInput,
                Reason = $"-IntoNamespace {IntoNamespace} needs -Namespace",
                Advice = "Give -Namespace as well",
            });
        }
        var backups = await context.Kubernetes.ListServedAsync(Kinds.Backups, ListScope.All, cancellationToken);
        if (backups.FirstOrDefault(backup => StartBackup.NameOf(backup) == Backup) is not { } found)
        {
            var newest = backups.Select(StartBackup.NameOf).OrderDescending(StringComparer.Ordinal).Take(5).ToList();
            return Draft.Refused(new Refusal
            {
                Code = "BackupUnknown",
                Kind = FailureKind.NotFound,
                Reason = $"there is no backup {Backup}",
                Advice = newest.Count == 0 ? "No backup exists yet; take one with Start-HaBackup" : $"The newest are {string.Join(", ", newest)}",
            });
        }
        var phase = found["status"]?["phase"]?.GetValue<string>() ?? "New";
        var restore = $"{Backup}-{context.Time.GetUtcNow().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}";
        return new Draft(
            $"Restore {Namespace ?? "all namespaces"} of {Backup}{(IntoNamespace is null ? "" : $" into {IntoNamespace}")}",
            [new VeleroRestoreStep(found["metadata"]!["namespace"]!.GetValue<string>(), Backup, restore, Namespace, IntoNamespace, Timeout)])
        {
            Refusals = Namespace is not null && !Has(found, Namespace)
                ? [new Refusal
                {
                    Code = "NamespaceNotInBackup",
                    Kind = FailureKind.NotFound,
                    Reason = $"backup {Backup} does not have namespace {Namespace}: Velero would restore nothing, and report success",
                    Advice = $"It has {string.Join(", ", Names(found, "includedNamespaces"))}{(Names(found, "excludedNamespaces") is { Count: > 0 } excluded ? $" without {string.Join(", ", excluded)}" : "")}",
                }]
                : phase is "Completed" ? [] : phase == "PartiallyFailed"
                ? [new Refusal { Code = "BackupIncomplete", Reason = $"backup {Backup} is PartiallyFailed: some of it is missing", Advice = "Choose another, or -Force to restore what is there", Forceable = true }]
                : [new Refusal { Code = "BackupNotUsable", Reason = $"backup {Backup} is {phase}", Advice = "Choose one that is Completed" }],
            Warnings = ["existing objects are not changed"],
        };
    }

    private static bool Has(JsonObject backup, string name)
    {
        var included = Names(backup, "includedNamespaces");
        return (included.Count == 0 || included.Contains("*") || included.Contains(name)) && !Names(backup, "excludedNamespaces").Contains(name);
    }

    private static IReadOnlyList<string> Names(JsonObject backup, string list) => [.. (backup["spec"]?[list] as JsonArray ?? []).Select(name => name!.GetValue<string>())];
}
