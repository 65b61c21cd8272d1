using System.IO.Enumeration;

namespace HaCluster.Planning.Policies.Iam;

/// <summary>Patterns of IAM: <c>*</c> is any text, <c>?</c> any letter, <c>${...}</c> a value of the request.</summary>
internal static class Wildcards
{
    /// <summary>Whether it is a fixed text without wildcards and variables.</summary>
    public static bool IsFixed(string text) => !text.AsSpan().ContainsAny('*', '?') && !text.Contains("${", StringComparison.Ordinal);

    /// <summary>The text before the first wildcard or variable.</summary>
    public static string FixedStart(string text)
    {
        var end = text.AsSpan().IndexOfAny('*', '?');
        var variable = text.IndexOf("${", StringComparison.Ordinal);
        end = variable >= 0 && (end < 0 || variable < end) ? variable : end;
        return end < 0 ? text : text[..end];
    }

    /// <summary>Whether nothing in it is fixed: wildcards, and the separators of ARNs between them.</summary>
    public static bool IsAnything(string text) => text.Contains('*', StringComparison.Ordinal) && text.All(letter => letter is '*' or '?' or '/' or ':');

    /// <summary>Whether a pattern of actions has the action in it; IAM ignores the case of both.</summary>
    public static bool Matches(string pattern, string action) => FileSystemName.MatchesSimpleExpression(pattern, action, ignoreCase: true);
}

/// <summary>The breadth of an action with its wildcards.</summary>
internal enum ActionBreadth
{
    One,
    Some,
    WholeService,
    Everything,
}

/// <summary>An entry of Action: <c>s3:GetObject</c>, <c>s3:Get*</c>, <c>s3:*</c>, <c>*</c>.</summary>
internal sealed record ActionPattern(string Text)
{
    public string Service { get; } = Text.Split(':', 2)[0].ToLowerInvariant();

    public string Name { get; } = Text.Split(':', 2) is [_, var name] ? name : "*";

    public ActionBreadth Breadth =>
        !Wildcards.IsFixed(Service) ? ActionBreadth.Everything
        : Wildcards.IsAnything(Name) ? ActionBreadth.WholeService
        : Wildcards.IsFixed(Name) ? ActionBreadth.One
        : ActionBreadth.Some;

    public bool Includes(string action) => Wildcards.Matches(Text, action);
}

/// <summary>The breadth of a resource with its wildcards.</summary>
internal enum ResourceBreadth
{
    Named,

    /// <summary>All resources of one kind in a service: <c>arn:aws:iam::123456789012:role/*</c>.</summary>
    WholeKind,

    /// <summary><c>arn:aws:s3:::*</c>.</summary>
    WholeService,

    /// <summary><c>*</c>, <c>arn:aws:*</c>.</summary>
    Everything,
}

/// <summary>An entry of Resource.</summary>
internal sealed record ResourcePattern(string Text)
{
    /// <remarks>arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE; a wildcard also matches colons, so the fixed part ends there.</remarks>
    public ResourceBreadth Breadth
    {
        get
        {
            var parts = Text.Split(':', 6);
            if (parts is not [_, _, var service, ..] || !Wildcards.IsFixed(service) || service.Length == 0)
                return Wildcards.IsFixed(Text) ? ResourceBreadth.Named : ResourceBreadth.Everything;
            var resource = parts.Length == 6 ? parts[5] : "*";
            if (Wildcards.IsAnything(resource))
                return ResourceBreadth.WholeService;
            // Such kinds are "role/", "secret:", "log-group:"; buckets have none, and a dash ends a name rather than a kind.
            var start = Wildcards.FixedStart(resource);
            return start.Length < resource.Length && start.Length > 0 && start[^1] is '/' or ':' && start.AsSpan(0, start.Length - 1).IndexOfAny('/', ':') < 0
                && service != "s3" && Wildcards.IsAnything(resource[start.Length..])
                    ? ResourceBreadth.WholeKind
                    : ResourceBreadth.Named;
        }
    }
}
