using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.ServiceQuotas.Needs;

/// <summary>IAM and S3: quotas of the whole account.</summary>
internal static class IdentityNeeds
{
    public static IEnumerable<QuotaNeed> Of(ResourceGraph graph)
    {
        var roles = graph.OfType("aws:iam/role:Role").ToList();
        yield return QuotaNeed.Of("iam", "L-FE177D64", roles.Count, $"{Wording.Count(roles.Count, "role")} declared");
        var policies = graph.OfType("aws:iam/policy:Policy").Count();
        yield return QuotaNeed.Of("iam", "L-E95E4862", policies, $"{Wording.Count(policies, "managed policy", "managed policies")} declared");
        var providers = graph.OfType("aws:iam/openIdConnectProvider:OpenIdConnectProvider").Count();
        yield return QuotaNeed.Of("iam", "L-858F3967", providers, $"{Wording.Count(providers, "identity provider")} declared");
        if (roles.MaxBy(TrustLength) is { } longest)
            yield return QuotaNeed.Of(
                "iam", "L-C07B4B0D", TrustLength(longest), $"characters of the trust policy of {longest.Name}, the longest; white space does not count");
        var attached = graph.OfType("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
            .CountBy(attachment => attachment.Inputs.At("role").Text() ?? "")
            .Select(role => role.Value)
            .Concat(roles.Select(role => role.Inputs.At("managedPolicyArns").Items().Length))
            .DefaultIfEmpty()
            .Max();
        yield return QuotaNeed.Of("iam", "L-0DA4ABF3", attached, $"{Wording.Count(attached, "managed policy", "managed policies")} on the role with the most");
        var buckets = graph.OfType("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2").Count();
        yield return QuotaNeed.Of("s3", "L-DC2B2D3D", buckets, $"{Wording.Count(buckets, "bucket")} declared");
    }

    private static int TrustLength(ResourceNode role) => role.Inputs.At("assumeRolePolicy").Text()?.Count(character => !char.IsWhiteSpace(character)) ?? 0;
}
