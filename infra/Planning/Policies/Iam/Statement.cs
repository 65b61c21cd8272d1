using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Iam;

/// <summary>The principal of a statement: <c>AWS</c>, <c>Service</c>, <c>Federated</c> or <c>CanonicalUser</c>, and a name or pattern.</summary>
internal sealed record Principal(string Kind, string Name);

/// <summary>One statement of an IAM policy document.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html: an element is a text or a list of them.</remarks>
internal sealed class Statement(PropertyValue content, int index)
{
    private static readonly ImmutableHashSet<string> Elements =
        ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

    private static readonly ImmutableHashSet<string> PrincipalKinds = ["AWS", "Service", "Federated", "CanonicalUser"];

    /// <summary>Its <c>Sid</c>, or its place in the document.</summary>
    public string Name { get; } = content.At("Sid").Text() is { Length: > 0 } id ? $"statement {id}" : $"statement {index + 1}";

    public bool Allows { get; } = content.At("Effect").Text() == "Allow";

    public ImmutableArray<Condition> Conditions { get; } = Condition.Of(content.At("Condition"));

    public ImmutableArray<ActionPattern> Actions { get; } = [.. OneOrMore(content.At("Action")).Select(text => new ActionPattern(text))];

    public ImmutableArray<ResourcePattern> Resources { get; } = [.. OneOrMore(content.At("Resource")).Select(text => new ResourcePattern(text))];

    public ImmutableArray<Principal> Principals { get; } = PrincipalsOf(content.At("Principal"));

    /// <summary>Allows all but some actions.</summary>
    public bool HasNotAction => content.At("NotAction") is not null;

    /// <summary>On all but some resources.</summary>
    public bool HasNotResource => content.At("NotResource") is not null;

    /// <summary>For all but some principals.</summary>
    public bool HasNotPrincipal => content.At("NotPrincipal") is not null;

    /// <summary>Whether it names principals: only resource policies and trust policies do.</summary>
    public bool IsAboutOthers => content.At("Principal") is not null || HasNotPrincipal;

    /// <summary>
    /// Whether all of it is known to IAM's grammar. An unknown element may change the meaning, so only a violation is a reliable verdict then.
    /// </summary>
    public bool IsUnderstood =>
        content.Entries().All(entry => Elements.Contains(entry.Key))
        && content.At("Effect").Text() is "Allow" or "Deny"
        && (!Actions.IsEmpty || HasNotAction)
        && (content.At("Principal") is null or PropertyValue.Text or PropertyValue.Map)
        && Principals.All(principal => PrincipalKinds.Contains(principal.Kind))
        && (content.At("Condition") is null or PropertyValue.Map)
        && Conditions.All(condition => condition.IsKnown && !condition.Values.IsEmpty);

    /// <summary>
    /// Denies every action without TLS to everyone: a further condition, or fewer actions or principals, would leave gaps.
    /// https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
    /// </summary>
    public bool DeniesClearTransport =>
        content.At("Effect").Text() == "Deny"
        && Principals.Any(principal => principal is { Kind: "AWS", Name: "*" })
        && Actions.Any(action => action.Breadth >= ActionBreadth.WholeService)
        && Resources.Any(resource => resource.Text.EndsWith('*'))
        && Conditions is [var only] && only.Is("aws:SecureTransport") && only.Values is ["false"]
        && only.Operator.StartsWith("Bool", StringComparison.OrdinalIgnoreCase);

    private static ImmutableArray<Principal> PrincipalsOf(PropertyValue? value) => value.Text() is { } everyone
        ? [new Principal("AWS", everyone)]
        : [.. value.Entries().SelectMany(entry => OneOrMore(entry.Value).Select(name => new Principal(entry.Key, name)))];

    private static ImmutableArray<string> OneOrMore(PropertyValue? value) => value.Text() is { } text ? [text] : [.. value.Texts()];
}
