using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Rules;

internal sealed class KmsKeys : Policy
{
    public override string Id => "kms-keys";

    public override string Title => "encryption keys rotate every year and have a deletion window of 14 days or more";

    public override string Why => "Data is lost with the key that encrypted it; the deletion window is the only time to notice that the key is still in use.";

    public override Uri Source { get; } = new("https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html");

    public override string Fix =>
        "set enableKeyRotation to true, leave rotationPeriodInDays and bypassPolicyLockoutSafetyCheck out, and deletionWindowInDays too or at 14 or more";

    // AWS allows 7 to 30 days, with 30 as the default: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html.
    // Two weeks are our choice: one week can pass before the person who knows the key is back from a holiday.
    private const int MinDays = 14;
    private const int DefaultDays = 30;
    private const int LongestRotation = 365;

    internal override IEnumerable<Finding> Check(PolicyGraph graph) =>
        graph.Of("aws:kms/key:Key", "aws:kms/externalKey:ExternalKey").SelectMany(key => Problems(key).Select(problem => Violation(key, problem)));

    private static IEnumerable<string> Problems(ResourceNode key)
    {
        if (Rotates(key) && !key.Inputs.At("enableKeyRotation").IsTrue())
            yield return "enableKeyRotation is not true";
        if (key.Inputs.At("rotationPeriodInDays").Integer() is > LongestRotation and var period)
            yield return $"rotationPeriodInDays is {period}, above {LongestRotation}";
        if ((key.Inputs.At("deletionWindowInDays").Integer() ?? DefaultDays) is < MinDays and var days)
            yield return $"deletionWindowInDays is {days}, below {MinDays}";
        if (PolicyGraph.IsGiven(key, "isEnabled") && !key.Inputs.At("isEnabled").IsTrue())
            yield return "isEnabled is not true: what it has encrypted cannot be read";
        if (key.Inputs.At("bypassPolicyLockoutSafetyCheck").IsTrue())
            yield return "bypassPolicyLockoutSafetyCheck is true: its policy may lock out everyone who could change it";
    }

    /// <summary>Only symmetric keys with key material from AWS rotate automatically.</summary>
    private static bool Rotates(ResourceNode key) =>
        key.Type == "aws:kms/key:Key"
        && key.Inputs.At("keyUsage").Text() is null or "ENCRYPT_DECRYPT"
        && key.Inputs.At("customerMasterKeySpec").Text() is null or "SYMMETRIC_DEFAULT"
        && key.Inputs.At("customKeyStoreId").Text() is null;
}
