using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Policies.Iam;

namespace HaCluster.Planning.Policies.Rules;

internal sealed class IamNoPublicPrincipal : Policy
{
    public override string Id => "iam-no-public-principal";

    public override string Title => "nothing in the account is open to everyone on AWS";

    public override string Why =>
        "A principal of * allows every AWS account, and often anonymous callers; a condition helps only if it requires a fixed value.";

    public override Uri Source { get; } =
        new("https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status");

    public override string Fix =>
        "name the accounts, roles or services in the policy, or require a fixed value (StringEquals) of aws:PrincipalOrgID, aws:SourceAccount, aws:SourceVpce ...";

    // An endpoint policy limits what principals of the VPC can reach; their identity is checked by the target.
    // https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    private const string Endpoint = "aws:ec2/vpcEndpoint:VpcEndpoint";

    private static readonly string[] AccessPoints = ["aws:s3/accessPoint:AccessPoint", "aws:s3control/accessPointPolicy:AccessPointPolicy"];

    private static readonly string[] PublicAcls = ["public-read", "public-read-write", "authenticated-read"];

    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee-predefined-groups
    private static readonly string[] PublicGroups = ["/AllUsers", "/AuthenticatedUsers"];

    internal override IEnumerable<Finding> Check(PolicyGraph graph) =>
        [.. graph.Documents.Where(document => document.Resource.Type != Endpoint).SelectMany(Check), .. graph.Resources.SelectMany(CheckGrants)];

    private static IEnumerable<Finding> Check(PolicyDocument document)
    {
        if (!document.IsUnderstood)
            yield return NotInspected("document", document.Subject);
        foreach (var statement in document.Statements ?? [])
        {
            if (PublicAccess.Of(statement, AccessPoints.Contains(document.Resource.Type)) is { } problem)
                yield return Violation(document.Resource, $"{document.Path}, {statement.Name} {problem}");
        }
    }

    /// <summary>Access granted without a policy document.</summary>
    private static IEnumerable<Finding> CheckGrants(ResourceNode resource)
    {
        var problem = resource.Type switch
        {
            "aws:lambda/permission:Permission" => ProblemOfPermission(resource),
            "aws:lambda/functionUrl:FunctionUrl" when resource.Inputs.At("authorizationType").Text() == "NONE" =>
                "authorizationType is NONE: everyone on the internet may call it",
            "aws:ec2/amiLaunchPermission:AmiLaunchPermission" when resource.Inputs.At("group").Text() == "all" => "group is all: every account may start the image",
            "aws:s3/bucket:Bucket" or "aws:s3/bucketV2:BucketV2" => ProblemOfAcl(resource, resource.Inputs.At("grants").Items()),
            "aws:s3/bucketAcl:BucketAcl" or "aws:s3/bucketAclV2:BucketAclV2" =>
                ProblemOfAcl(resource, resource.Inputs.At("accessControlPolicy", "grants").Items()),
            _ => null,
        };
        return problem is null ? [] : [Violation(resource, problem)];
    }

    /// <summary>Judged as the statement that Lambda writes from it: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html.</summary>
    private static string? ProblemOfPermission(ResourceNode permission)
    {
        var conditions = new (string Property, string Key)[]
        {
            ("principalOrgId", "aws:PrincipalOrgID"), ("sourceAccount", "aws:SourceAccount"), ("sourceArn", "aws:SourceArn"),
        };
        return permission.Inputs.At("principal").Text() == "*"
            && !conditions.Any(one => permission.Inputs.At(one.Property).Text() is { } value && Wildcards.IsFixed(value))
                ? "principal is *, and neither principalOrgId nor sourceAccount nor sourceArn is a fixed value"
                : null;
    }

    private static string? ProblemOfAcl(ResourceNode resource, IEnumerable<PropertyValue> grants)
    {
        if (resource.Inputs.At("acl").Text() is { } acl && PublicAcls.Contains(acl))
            return $"acl is {acl}";
        var uris = grants.Select(grant => grant.At("uri").Text() ?? grant.At("grantee", "uri").Text() ?? "");
        return uris.Any(uri => PublicGroups.Any(group => uri.EndsWith(group, StringComparison.Ordinal))) ? "grants everyone access by its ACL" : null;
    }
}
