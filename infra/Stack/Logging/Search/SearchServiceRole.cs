using HaCluster.Stack.Naming;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Logging.Search;

/// <summary>
/// The service-linked role with which OpenSearch Service creates network interfaces in VPCs ("you must enable a service-linked role to give
/// Amazon OpenSearch Service permissions to access your VPC"). An account has one or none, and a second one is refused. It stays when the stack is destroyed, because other domains of the account use it.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/opensearch-service/latest/developerguide/slr-aos.html</remarks>
internal static class SearchServiceRole
{
    public const string Name = "AWSServiceRoleForAmazonOpenSearchService";

    private const string Service = "opensearchservice.amazonaws.com";
    private const string Path = $"/aws-service-role/{Service}/";

    // Tags that identify this stack's role. They stay with the role when the stack is destroyed.
    private static readonly string[] Marks = ["Project", "Stack", "Cluster"];

    /// <summary>Declares the role, unless the account has one that this stack did not make.</summary>
    /// <param name="isCreated">Whether this stack creates it; null: whether it does depends on what the account has.</param>
    /// <returns>What the domain waits for; null when nothing is declared.</returns>
    /// <remarks>
    /// A role of this stack must be declared in every later run too, otherwise Pulumi would remove it again. One that an earlier life of
    /// the stack left behind is not in the state any more, and is imported; for one that is, the import does nothing
    /// (https://www.pulumi.com/docs/iac/concepts/options/import/).
    /// </remarks>
    public static Aws.Iam.ServiceLinkedRole? Declare(bool? isCreated, StackScope scope, Resource parent)
    {
        if (isCreated == false)
            return null;

        var options = new CustomResourceOptions { Parent = parent, RetainOnDelete = true };
        if (isCreated is null && Find() is { } found)
        {
            if (!IsOwn(found, scope))
                return null;

            options.ImportId = found.Arn;
            // Tags that have changed since would make Pulumi refuse the import.
            options.IgnoreChanges = ["description", "tags"];
        }

        return new Aws.Iam.ServiceLinkedRole(
            "opensearch", new Aws.Iam.ServiceLinkedRoleArgs { AwsServiceName = Service, Tags = scope.Tags.Named(Name) }, options);
    }

    // As ZoneLookup, it waits: whether a resource is declared at all cannot depend on an output.
    private static Aws.Iam.GetRoleResult? Find() => FindAsync().GetAwaiter().GetResult();

    private static async Task<Aws.Iam.GetRoleResult?> FindAsync()
    {
        try
        {
            // A role that is not there is an error to GetRole, and an empty list here.
            var roles = await Aws.Iam.GetRoles.InvokeAsync(new Aws.Iam.GetRolesArgs { PathPrefix = Path, NameRegex = $"^{Name}$" });
            return roles.Names.IsEmpty ? null : await Aws.Iam.GetRole.InvokeAsync(new Aws.Iam.GetRoleArgs { Name = Name });
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new RunException(
                $"ha-cluster:logging.search.createServiceRole is not set, and the role {Name} could not be looked up: allow iam:ListRoles and iam:GetRole, "
                + $"or set it to false if the account has that role, or to true if it does not: {failure.Message}");
        }
    }

    private static bool IsOwn(Aws.Iam.GetRoleResult found, StackScope scope)
    {
        var own = scope.Tags.Plain(Name);
        return Marks.All(mark => found.Tags.GetValueOrDefault(mark) == own[mark]);
    }
}
