using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Policies.Iam;

namespace HaCluster.Planning.Policies.Rules;

internal sealed class IamNoWildcard : Policy
{
    public override string Id => "iam-no-wildcard";

    public override string Title => "no role may do everything, or everything of a service, on every resource";

    public override string Why => "Whoever gets hold of such a role owns the account or the service, not only what the role was made for.";

    public override Uri Source { get; } = new("https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege");

    public override string Fix =>
        "name the actions and the resources in the policy document; where AWS has no resource for an action, name the action";

    // Managed by AWS, and wildcards inside: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
    private static readonly string[] Administrators = ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"];

    internal override IEnumerable<Finding> Check(PolicyGraph graph) =>
        graph.Documents.SelectMany(Check).Concat(graph.Resources.SelectMany(CheckManaged));

    private static IEnumerable<Finding> Check(PolicyDocument document)
    {
        if (document.Statements is not { } statements)
        {
            yield return NotInspected("document", $"{document.Path} of {Policies.Violation.NameOf(document.Resource)}");
            yield break;
        }

        // A policy of a resource has no other resource to speak of: what it must not do is let everyone in, and that is a policy of its own.
        foreach (var statement in statements.Where(statement => statement is { Allows: true, IsAboutOthers: false, IsOnEverything: true }))
        {
            foreach (var action in statement.WholeServices)
                yield return Violation(document.Resource, $"{document.Path}, {statement.Name} allows {action} on every resource");
            if (statement.HasNotAction)
                yield return Violation(document.Resource, $"{document.Path}, {statement.Name} allows all but some actions (NotAction) on every resource");
        }
    }

    private static IEnumerable<Finding> CheckManaged(ResourceNode resource) =>
        resource.Inputs.At("policyArn").Text() is { } arn ? Named(resource, [arn])
            : resource.Type == "aws:iam/role:Role" ? Named(resource, resource.Inputs.At("managedPolicyArns").Texts())
            : [];

    private static IEnumerable<Finding> Named(ResourceNode resource, IEnumerable<string> arns) =>
        arns.Select(arn => arn[(arn.LastIndexOf('/') + 1)..])
            .Where(name => Administrators.Contains(name))
            .Select(name => Violation(resource, $"grants {name}"));
}
