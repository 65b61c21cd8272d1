using System.Collections.Immutable;
using System.Text.RegularExpressions;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Policies.Iam;

namespace HaCluster.Planning.Policies.Rules;

/// <remarks>
/// A resource counts as everything when its service is not fixed (<c>*</c>, <c>arn:aws:*</c>), and as a whole service when nothing after it is
/// (<c>arn:aws:s3:::*</c>). On these an action is too broad unless it only lists or describes, AWS has no resource for it, or a condition limits
/// the resources. Actions that return credentials are also too broad on all resources of a kind (<c>role/*</c>, <c>secret:*</c>).
/// </remarks>
internal sealed partial class IamNoWildcard : Policy
{
    public override string Id => "iam-no-wildcard";

    public override string Title => "no role may do more than list and describe on every resource";

    public override string Why => "Whoever gets hold of such a role owns the account or the service, not only what the role was made for.";

    public override Uri Source { get; } = new("https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege");

    public override string Fix =>
        "name the actions and the resources in the policy document, or limit the resources by aws:ResourceTag; pass a role by its ARN, "
        + "with a condition on iam:PassedToService";

    private const string PassRole = "iam:PassRole";
    private const int MaxNamed = 3;

    private static readonly ImmutableArray<string> Credentials =
    [
        "sts:AssumeRole", "secretsmanager:GetSecretValue", "ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "kms:Decrypt", "kms:CreateGrant",
    ];

    // Condition keys that limit the resources of an action. Keys of tags continue with the name of the tag.
    private static readonly ImmutableArray<string> ResourceKeys =
    [
        "aws:ResourceTag/", "aws:RequestTag/", "ec2:ResourceTag/", "autoscaling:ResourceTag/", "elasticloadbalancing:ResourceTag/", "ssm:resourceTag/",
        "secretsmanager:ResourceTag/", "secretsmanager:SecretId", "kms:ViaService", "kms:ResourceAliases", "kms:EncryptionContext:", "ec2:Vpc",
        "ecs:cluster", "iam:AWSServiceName", "iam:PolicyARN",
    ];

    internal override IEnumerable<Finding> Check(PolicyGraph graph)
    {
        var declared = graph.Of("aws:iam/policy:Policy").Select(policy => policy.Outputs.At("arn").Text() ?? policy.Id).ToHashSet();
        return graph.Documents.SelectMany(Check).Concat(graph.Resources.SelectMany(resource => CheckManaged(resource, declared)));
    }

    private static IEnumerable<Finding> Check(PolicyDocument document)
    {
        if (!document.IsUnderstood)
            yield return NotInspected("document", document.Subject);

        // A resource policy applies to its own resource only; whether it is public is the subject of another policy.
        foreach (var statement in (document.Statements ?? []).Where(statement => statement is { Allows: true, IsAboutOthers: false }))
        {
            foreach (var problem in (string?[])[OnEverything(statement), OnWholeKind(statement), .. OnPassing(statement)])
            {
                if (problem is not null)
                    yield return Violation(document.Resource, $"{document.Path}, {statement.Name} {problem}");
            }

            foreach (var action in Unknown(statement))
                yield return NotInspected("action", $"{action.Text} in {document.Subject}: whether it can name its resources");
        }
    }

    private static string? OnEverything(Statement statement)
    {
        if (ScopeOf(statement) is not { } scope)
            return null;
        if (statement.HasNotAction)
            return $"allows all but some actions (NotAction) on {scope}";
        return Named(statement.Actions.Where(action => IsTooMuch(action, statement))) is { } actions ? $"allows {actions} on {scope}" : null;
    }

    private static string? OnWholeKind(Statement statement) =>
        statement.Resources.FirstOrDefault(resource => resource.Breadth == ResourceBreadth.WholeKind) is { } kind && !IsLimited(statement)
        && Named(statement.Actions.Where(action => Credentials.Any(action.Includes))) is { } actions
            ? $"allows {actions} on {kind.Text}"
            : null;

    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    private static IEnumerable<string> OnPassing(Statement statement)
    {
        // AWS managed policies that allow everything, or all of IAM, by name.
        if (!statement.Actions.Any(action => action.Includes(PassRole) && (action.Breadth < ActionBreadth.WholeService || ScopeOf(statement) is null)))
            yield break;
        var broad = statement.Resources.FirstOrDefault(resource => resource.Breadth > ResourceBreadth.Named);
        if (broad is not null || statement.HasNotResource)
            yield return $"passes any role ({PassRole} on {broad?.Text ?? "all but some"})";
        if (!statement.Conditions.Any(condition =>
            condition.Is("iam:PassedToService") && condition.Pins(service => Wildcards.FixedStart(service).Contains('.', StringComparison.Ordinal))))
            yield return $"passes a role to any service: no condition requires a fixed iam:PassedToService of {PassRole}";
    }

    private static string? ScopeOf(Statement statement)
    {
        if (statement.HasNotResource)
            return "every resource but some (NotResource)";
        return statement.Resources.MaxBy(resource => resource.Breadth) switch
        {
            { Breadth: ResourceBreadth.Everything, Text: "*" } => "every resource",
            { Breadth: >= ResourceBreadth.WholeService } broad => $"every resource ({broad.Text})",
            _ => null,
        };
    }

    private static bool IsTooMuch(ActionPattern action, Statement statement) => action.Breadth switch
    {
        >= ActionBreadth.WholeService => true,
        _ when UnscopedActions.IsOverview(action) || IsLimited(statement) || action.Text.Equals(PassRole, StringComparison.OrdinalIgnoreCase) => false,
        ActionBreadth.Some => true,
        _ => UnscopedActions.HasNoResource(action) == false,
    };

    private static IEnumerable<ActionPattern> Unknown(Statement statement) => ScopeOf(statement) is null || IsLimited(statement)
        ? []
        : statement.Actions.Where(action =>
            action.Breadth == ActionBreadth.One && !UnscopedActions.IsOverview(action) && UnscopedActions.HasNoResource(action) is null);

    private static bool IsLimited(Statement statement) => statement.Conditions.Any(condition =>
        ResourceKeys.Any(key => key[^1] is '/' or ':' ? condition.Key.StartsWith(key, StringComparison.OrdinalIgnoreCase) : condition.Is(key))
        && condition.Pins(value => Wildcards.FixedStart(value).Length > 0));

    private static string? Named(IEnumerable<ActionPattern> actions)
    {
        var names = actions.Select(action => action.Text).ToList();
        return names.Count == 0 ? null
            : names.Count <= MaxNamed ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(MaxNamed))} and {names.Count - MaxNamed} more";
    }

    private static IEnumerable<Finding> CheckManaged(ResourceNode resource, HashSet<string?> declared)
    {
        if (!resource.Type.StartsWith("aws:iam/", StringComparison.Ordinal) && !resource.Type.StartsWith("aws:ssoadmin/", StringComparison.Ordinal))
            yield break;
        foreach (var property in new[] { "policyArn", "policyArns", "managedPolicyArn", "managedPolicyArns" })
        {
            if (!PolicyGraph.IsGiven(resource, property))
                continue;
            var value = resource.Inputs.At(property);
            var arns = value.Text() is { } single ? [single] : value.Texts().ToList();
            if (value is null || arns.Count < value.Items().Length)
                yield return NotInspected("attachment", $"{property} of {Policies.Violation.NameOf(resource)}");
            foreach (var arn in arns)
            {
                if (ByAws().Match(arn) is { Success: true } managed)
                {
                    if (Administrators().IsMatch(managed.Groups["name"].Value))
                        yield return Violation(resource, $"grants {managed.Groups["name"].Value}");
                }
                else if (!declared.Contains(arn))
                {
                    yield return NotInspected("attachment", $"{arn} of {Policies.Violation.NameOf(resource)}: it is not declared here");
                }
            }
        }
    }

    [GeneratedRegex("^arn:[a-z-]+:iam::aws:policy/([^/]+/)*(?<name>[^/]+)\\z", RegexOptions.CultureInvariant)]
    private static partial Regex ByAws();

    // Managed by AWS, and wildcards inside: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
    [GeneratedRegex(
        "^(AdministratorAccess.*|PowerUserAccess|SystemAdministrator|NetworkAdministrator|DatabaseAdministrator|DataScientist|SecretsManagerReadWrite"
            + "|.*FullAccess([_-]?[vV][0-9]+)?)\\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Administrators();
}
