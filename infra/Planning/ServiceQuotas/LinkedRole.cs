using HaCluster.Engine.Graph;

namespace HaCluster.Planning.ServiceQuotas;

/// <summary>
/// The role that OpenSearch Service needs in a VPC. It is not a quota, but like a quota it depends on the account:
/// an account has one such role or none, and the settings decide whether the stack creates it.
/// </summary>
/// <param name="IsDeclared">Whether the program creates it.</param>
/// <param name="DependsOnAccount">Whether the program checks the account first, and creates it only if it is missing.</param>
/// <param name="IsPresent">Whether the account has it; null when it was not checked or could not be read.</param>
public sealed record LinkedRole(bool IsDeclared, bool DependsOnAccount, bool? IsPresent = null)
{
    public const string Name = "AWSServiceRoleForAmazonOpenSearchService";

    /// <summary>The IAM path of this role only.</summary>
    public const string Path = "/aws-service-role/opensearchservice.amazonaws.com/";

    private const string Setting = "ha-cluster:logging.search.createServiceRole";

    /// <summary>Whether `pulumi up` would fail in this account.</summary>
    public bool IsWrong => !DependsOnAccount && IsPresent is { } present && present == IsDeclared;

    /// <summary>A readable summary.</summary>
    public string Summary => $"{Name}: " + (IsDeclared, DependsOnAccount, IsPresent) switch
    {
        (_, true, null) => "used if the account has it, otherwise created",
        (_, true, true) => "the account has it",
        (_, true, false) => "the account does not have it; pulumi up creates it",
        (true, _, true) => $"the account has it, and AWS refuses a second one: remove {Setting}",
        (true, _, false) => "the account does not have it; pulumi up creates it",
        (true, _, null) => $"created; AWS refuses a second one in an account that has it: then remove {Setting}",
        (false, _, true) => "the account has it",
        (false, _, false) => $"the account does not have it, and without it OpenSearch cannot enter the VPC: remove {Setting}",
        (false, _, null) => $"assumed to exist, because {Setting} is false",
    };

    /// <returns>Null when the cluster needs none.</returns>
    public static LinkedRole? Of(ResourceGraph graph) => graph.Resources.Any(resource => resource.Type == "aws:opensearch/domain:Domain")
        ? new LinkedRole(
            graph.Resources.Any(resource => resource.Type == "aws:iam/serviceLinkedRole:ServiceLinkedRole"),
            graph.Invokes.Any(invoke => invoke.Token == "aws:iam/getRoles:getRoles"))
        : null;
}
