using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Rules;

internal sealed class EncryptionAtRest : Policy
{
    public override string Id => "encryption-at-rest";

    public override string Title => "all stored data is encrypted, and lasting data with a customer managed key";

    public override string Why =>
        "Volumes, snapshots and logs outlive what wrote them. You can restrict or revoke a key of your own, and then no copy can be read; you cannot revoke a key of AWS.";

    public override Uri Source { get; } = new("https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/protecting-data-at-rest.html");

    public override string Fix => "set the named property; if it takes a key, name a KMS key that the program declares";

    internal override IEnumerable<Finding> Check(PolicyGraph graph)
    {
        foreach (var fact in graph.Encryption)
        {
            if (fact.Owner is null && (fact.Required == KeyOwner.Customer || fact.Key is null))
                yield return NotInspected("key", $"{fact.Key ?? "not known yet"}, {fact.Property} of {Policies.Violation.NameOf(fact.Resource)}: it is not declared here");
            else if (fact.Owner < fact.Required)
                yield return Violation(fact.Resource, ProblemOf(fact));
        }
    }

    private static string ProblemOf(EncryptionFacts fact) => fact.Owner switch
    {
        KeyOwner.None => $"{fact.Property} is not set: it is not encrypted",
        _ when fact.Key is not null => $"{fact.Property} is {fact.Key}, a key that AWS manages",
        KeyOwner.Aws => $"{fact.Property} is not set: it is encrypted with an AWS owned key, which you cannot restrict or revoke",
        _ => $"{fact.Property} is not set: it is encrypted with a key that AWS manages",
    };
}
