using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Iam;

/// <summary>One statement of an IAM policy document.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html: an element is a text or a list of them.</remarks>
internal sealed class Statement(PropertyValue content, int index)
{
    /// <summary>Its <c>Sid</c>, or its place in the document.</summary>
    public string Name { get; } = content.At("Sid").Text() is { Length: > 0 } id ? $"statement {id}" : $"statement {index + 1}";

    public bool Allows { get; } = content.At("Effect").Text() == "Allow";

    public bool HasCondition { get; } = content.At("Condition").Entries().Any();

    /// <summary>Actions that are all of AWS or all of one service: <c>*</c>, <c>s3:*</c>.</summary>
    public IEnumerable<string> WholeServices =>
        Texts("Action").Where(action => IsAll(action[(action.IndexOf(':', StringComparison.Ordinal) + 1)..]));

    /// <summary>Allows all but some actions.</summary>
    public bool HasNotAction => content.At("NotAction") is not null;

    /// <summary>Every resource, or all but some.</summary>
    public bool IsOnEverything =>
        content.At("NotResource") is not null || Texts("Resource").Any(IsAll);

    /// <summary>Whether it says at all who may do it: only policies of resources and of roles' trust do.</summary>
    public bool IsAboutOthers => content.At("Principal") is not null || content.At("NotPrincipal") is not null;

    /// <summary>Everyone, or everyone but some: <c>"*"</c>, <c>{"AWS": "*"}</c>, an allowing <c>NotPrincipal</c>.</summary>
    public bool IsForEveryone =>
        content.At("NotPrincipal") is not null
        || content.At("Principal").Text() == "*"
        || content.At("Principal").Entries().Any(principal => OneOrMore(principal.Value).Contains("*"));

    /// <summary>Refuses everyone who comes without TLS: https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html.</summary>
    public bool DeniesClearTransport =>
        content.At("Effect").Text() == "Deny" && IsForEveryone && WholeServices.Any()
        && OneOrMore(content.At("Condition", "Bool", "aws:SecureTransport")).Contains("false");

    private ImmutableArray<string> Texts(string element) => OneOrMore(content.At(element));

    private static ImmutableArray<string> OneOrMore(PropertyValue? value) => value.Text() is { } text ? [text] : [.. value.Texts()];

    private static bool IsAll(string text) => text.Length > 0 && text.All(letter => letter == '*');
}
