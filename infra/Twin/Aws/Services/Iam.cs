using System.Globalization;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;
using HaCluster.Twin.Aws.Protocols;
using HaCluster.Twin.World;
using static HaCluster.Twin.Aws.Protocols.XmlAnswers;

namespace HaCluster.Twin.Aws.Services;

/// <summary>https://docs.aws.amazon.com/IAM/latest/APIReference/: the roles, policies and identity providers that the program declares.</summary>
internal sealed class Iam(Account account)
{
    private const int DefaultItems = 100;

    public IEnumerable<object?> Answer(AwsCall call) => call.Operation switch
    {
        "ListRoles" => Page(call, "Roles", [.. Roles().Where(role => role.Path.StartsWith(call.Find("PathPrefix") ?? "/", StringComparison.Ordinal)).Select(Describe)]),
        // Those of AWS itself are not counted by any quota, and the twin has none.
        "ListPolicies" => Page(call, "Policies", [.. account.All("aws:iam/policy:Policy").Select(DescribePolicy)]),
        "ListOpenIDConnectProviders" => [List("OpenIDConnectProviderList", "member", account.All("aws:iam/openIdConnectProvider:OpenIdConnectProvider").Select(one => new object?[] { El("Arn", ArnOf(one)) }))],
        _ => throw ServiceTable.Unknown(call),
    };

    private IEnumerable<(string Path, string Name)> Roles() =>
    [
        .. account.All("aws:iam/role:Role").Select(role => (role.Inputs.At("path").Text() ?? "/", NameOf(role))),
        .. account.All("aws:iam/serviceLinkedRole:ServiceLinkedRole").Select(role => role.Inputs.At("awsServiceName").Text() ?? "").Select(service => ($"/aws-service-role/{service}/", LinkedNameOf(service))),
    ];

    private object?[] Describe((string Path, string Name) role) =>
    [
        El("Path", role.Path), El("RoleName", role.Name), El("RoleId", $"AROA{Ids.Hex(role.Name, 17).ToUpperInvariant()}"), El("Arn", $"arn:aws:iam::{account.Id}:role{role.Path}{role.Name}"),
        El("CreateDate", Account.Iso(account.At(TimeSpan.Zero))), El("MaxSessionDuration", "3600"),
    ];

    private object?[] DescribePolicy(ResourceNode policy)
    {
        var path = policy.Inputs.At("path").Text() ?? "/";
        return
        [
            El("PolicyName", NameOf(policy)), El("PolicyId", $"ANPA{Ids.Hex(NameOf(policy), 17).ToUpperInvariant()}"), El("Arn", $"arn:aws:iam::{account.Id}:policy{path}{NameOf(policy)}"), El("Path", path),
            El("DefaultVersionId", "v1"), El("AttachmentCount", "1"), El("IsAttachable", "true"), El("CreateDate", Account.Iso(account.At(TimeSpan.Zero))),
        ];
    }

    private static IEnumerable<object?> Page(AwsCall call, string list, IReadOnlyList<object?[]> all)
    {
        var (page, next) = Paging.Of(all, call.Find("Marker"), call.Number("MaxItems") ?? DefaultItems);
        return [List(list, "member", page), El("IsTruncated", next is null ? "false" : "true"), next is null ? null : El("Marker", next)];
    }

    private static string ArnOf(ResourceNode resource) => resource.Outputs.At("arn").Text() ?? resource.Id ?? resource.Name;

    private static string NameOf(ResourceNode resource) => resource.Inputs.At("name").Text() ?? resource.Id ?? resource.Name;

    /// <summary><c>AWSServiceRoleForSpot</c> of <c>spot.amazonaws.com</c> (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html).</summary>
    private static string LinkedNameOf(string service) => $"AWSServiceRoleFor{(service == "spot.amazonaws.com" ? "EC2Spot" : CultureInfo.InvariantCulture.TextInfo.ToTitleCase(service.Split('.')[0]))}";
}
