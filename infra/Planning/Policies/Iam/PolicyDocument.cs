using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Iam;

/// <summary>
/// An IAM policy document somewhere in a resource: permissions or trust of a role, or the resource policy of a bucket, key, topic or domain.
/// </summary>
/// <param name="Path">The property that holds it.</param>
/// <param name="Statements">Null when it cannot be read: a secret, known only after a deployment, or not JSON.</param>
internal sealed record PolicyDocument(ResourceNode Resource, string Path, ImmutableArray<Statement>? Statements)
{
    // Names of the properties that hold documents, in the resources of the provider.
    private static readonly string[] Names =
        ["policy", "assumeRolePolicy", "accessPolicies", "accessPolicy", "policyDocument", "resourcePolicy", "inlinePolicy", "inlinePolicies"];

    /// <summary>Whether all of it was read and is known to IAM's grammar.</summary>
    public bool IsUnderstood => Statements is { } statements && statements.All(statement => statement.IsUnderstood);

    /// <summary>Its name in findings.</summary>
    public string Subject => $"{Path} of {Violation.NameOf(Resource)}";

    public static IEnumerable<PolicyDocument> Of(IEnumerable<ResourceNode> resources) =>
        resources.Where(resource => resource.Type.StartsWith("aws:", StringComparison.Ordinal)).SelectMany(Of);

    private static IEnumerable<PolicyDocument> Of(ResourceNode resource) =>
        from name in Names
        where resource.Inputs.ContainsKey(name)
        let value = resource.Inputs[name]
        from document in value.At() is PropertyValue.List list
            ? list.Items.Select((item, index) => Read(resource, $"{name}[{index}]", item.At("policy")))
            : [Read(resource, name, value)]
        where document is not null
        select document;

    private static PolicyDocument? Read(ResourceNode resource, string path, PropertyValue? value)
    {
        if (value is null or PropertyValue.Null)
            return null;
        var content = value.Text() is { } text ? JsonText.TryParse(text) : value.At();
        // Other documents have the same property name, for example image lifecycle policies.
        return content is PropertyValue.Map && content.At("Statement") is null ? null : new PolicyDocument(resource, path, StatementsOf(content));
    }

    private static ImmutableArray<Statement>? StatementsOf(PropertyValue? document) => document.At("Statement") switch
    {
        PropertyValue.List list => [.. list.Items.Select((item, index) => new Statement(item, index))],
        PropertyValue.Map single => [new Statement(single, 0)],
        _ => null,
    };
}
