using System.Collections.Immutable;
using HaCluster.Planning.Policies.Rules;

namespace HaCluster.Planning.Policies;

/// <summary>All policies. A new one is a file in <c>Rules</c> and a line here.</summary>
public static class PolicyCatalog
{
    /// <summary>In the order in which they are shown.</summary>
    public static readonly ImmutableArray<Policy> All =
    [
        // Data
        new NoPublicDatabase(),
        new NoPublicAdministration(),
        new EncryptionAtRest(),
        new EncryptionInTransit(),
        new KmsKeys(),
        new DatabaseBackups(),
        new DeletionProtection(),
        new NoClearSecrets(),

        // Permissions
        new IamNoWildcard(),
        new IamNoPublicPrincipal(),
        new IamConfusedDeputy(),
        new RbacNoWildcard(),
        new ImdsV2(),

        // Workloads
        new ReplicasSpread(),
        new DisruptionBudgets(),
        new RequestsAndLimits(),
        new PinnedVersions(),
    ];

    /// <summary>Null for an unknown id.</summary>
    public static Policy? Find(string id) => All.FirstOrDefault(policy => policy.Id == id);
}
