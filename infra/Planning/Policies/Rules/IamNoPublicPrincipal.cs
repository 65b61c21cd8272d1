using HaCluster.Planning.Policies.Iam;

namespace HaCluster.Planning.Policies.Rules;

internal sealed class IamNoPublicPrincipal : Policy
{
    public override string Id => "iam-no-public-principal";

    public override string Title => "nothing in the account is open to everyone on AWS";

    public override string Why => "A principal of * lets in every AWS account there is, and often whoever asks without one.";

    public override Uri Source { get; } = new("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html");

    public override string Fix => "name the accounts, roles or services in the policy, or add a condition that does";

    // It bounds what the principals of the VPC may reach through it; who they are is checked by what they reach.
    // https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    private const string Endpoint = "aws:ec2/vpcEndpoint:VpcEndpoint";

    internal override IEnumerable<Finding> Check(PolicyGraph graph) =>
        graph.Documents.Where(document => document.Resource.Type != Endpoint).SelectMany(Check);

    private static IEnumerable<Finding> Check(PolicyDocument document) => document.Statements is not { } statements
        ? [NotInspected("document", $"{document.Path} of {Policies.Violation.NameOf(document.Resource)}")]
        : statements.Where(statement => statement is { Allows: true, IsForEveryone: true, HasCondition: false })
            .Select(statement => Violation(document.Resource, $"{document.Path}, {statement.Name} lets everyone in, without a condition"));
}
