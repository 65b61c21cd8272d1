using System.Text.RegularExpressions;

namespace HaCluster.Stack.Settings;

/// <summary>The patterns. Each ends with <c>\z</c>, and is understood by JSON Schema (ECMA-262) too once that is written <c>$</c>.</summary>
public static partial class Shapes
{
    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,37}[a-z0-9]\z")]
    private static partial Regex ClusterNamePattern();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex KubernetesNamePattern();

    [GeneratedRegex(@"^[a-z]([a-z0-9-]{0,38}[a-z0-9])?\z")]
    private static partial Regex SiteNamePattern();

    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,15}[a-z0-9]\z")]
    private static partial Regex EnvironmentNamePattern();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]*[a-z0-9])?/[a-z0-9]([a-z0-9.-]*[a-z0-9])?\z")]
    private static partial Regex WorkloadNamePattern();

    [GeneratedRegex(@"^[a-z][a-z0-9_]{0,62}\z")]
    private static partial Regex DatabaseNamePattern();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex EnvironmentVariablePattern();

    // Zs are spaces only; the whole of Z has line and paragraph separators too.
    [GeneratedRegex(@"^[\p{L}\p{Zs}\p{N}_.:/+@-]{1,128}\z")]
    private static partial Regex TagKeyPattern();

    [GeneratedRegex(@"^[\p{L}\p{Zs}\p{N}_.:/=+@-]{0,256}\z")]
    private static partial Regex TagValuePattern();

    [GeneratedRegex(@"^[a-z]{2,3}(-[a-z]+)+-[0-9]\z")]
    private static partial Regex RegionPattern();

    [GeneratedRegex(@"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+\z")]
    private static partial Regex RoleArnPattern();

    [GeneratedRegex(@"^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/[!-~]+\z")]
    private static partial Regex IdentityProviderArnPattern();

    [GeneratedRegex(@"^Z[A-Z0-9]{1,31}\z")]
    private static partial Regex HostedZoneIdPattern();

    [GeneratedRegex(@"^[A-Za-z0-9/_+=.@-]{1,512}\z")]
    private static partial Regex SecretNamePattern();

    [GeneratedRegex(@"^[a-z]+[0-9]+(?<options>[a-z]*)(-[a-z0-9]+)*\.(?<size>nano|micro|small|medium|large|xlarge|[0-9]{1,3}xlarge|metal(-[0-9]{1,3}xl)?)\z")]
    internal static partial Regex Ec2InstanceTypePattern();

    [GeneratedRegex(@"^db\.([rx][0-9][a-z]*|t4g)(-[a-z0-9]+)*\.(medium|large|xlarge|[0-9]{1,3}xlarge)\z")]
    private static partial Regex DatabaseClassPattern();

    [GeneratedRegex(@"^(?<family>[a-z]+)(?<generation>[0-9])(?<options>[a-z]*)\.(?<size>medium|large|xlarge|[0-9]{1,2}xlarge)\.search\z")]
    internal static partial Regex SearchInstanceTypePattern();

    [GeneratedRegex(@"^1\.[0-9]{2}\z")]
    private static partial Regex KubernetesVersionPattern();

    [GeneratedRegex(@"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])\z")]
    private static partial Regex DomainNamePattern();

    [GeneratedRegex(@"^[A-Za-z0-9._%+-]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}\z")]
    private static partial Regex EmailPattern();

    [GeneratedRegex(@"^https?://[A-Za-z0-9.:_-]+(/[!-""$->@-~]*)?\z")]
    private static partial Regex PageAddressPattern();

    [GeneratedRegex(@"^https?://[A-Za-z0-9.:_@%-]+([/?][!-""$-~]*)?\z")]
    private static partial Regex ProbeAddressPattern();

    [GeneratedRegex(@"^https://[A-Za-z0-9.:_-]+(/[!-""$->@-~]*)?\z")]
    private static partial Regex HttpsAddressPattern();

    [GeneratedRegex(@"^/[A-Za-z0-9._~/-]*\z")]
    private static partial Regex HttpPathPattern();

    [GeneratedRegex(@"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}\z")]
    private static partial Regex CidrPattern();

    [GeneratedRegex(@"^#[a-z0-9][a-z0-9_-]{0,78}\z")]
    private static partial Regex SlackChannelPattern();

    [GeneratedRegex(@"^0x[0-9a-fA-F]{40}\z")]
    private static partial Regex TokenAddressPattern();

    [GeneratedRegex(@"^(bitcoin|ethereum(/0x[0-9a-fA-F]{40})?)\z")]
    private static partial Regex AssetPattern();

    [GeneratedRegex(@"^(finalized|[0-9]+)(:[0-9]+)?(,(finalized|[0-9]+)(:[0-9]+)?)*\z")]
    private static partial Regex ConfirmationsPattern();

    [GeneratedRegex(@"^[1-9][0-9]{0,77}\z")]
    private static partial Regex BaseUnitsPattern();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,62}\z")]
    private static partial Regex LedgerStreamPattern();

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[a-f0-9]{64})?\z")]
    private static partial Regex ImagePattern();

    [GeneratedRegex(@"^[a-z0-9]+([._/-][a-z0-9]+)*\z")]
    private static partial Regex RepositoryPattern();

    [GeneratedRegex(@"^[A-Za-z0-9._/*-]+\z")]
    private static partial Regex GitRefPattern();

    [GeneratedRegex(@"^https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(/[A-Za-z0-9_-]+)*\z")]
    private static partial Regex GitLabAddressPattern();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)+\z")]
    private static partial Regex GitLabProjectPattern();

    [GeneratedRegex(@"^[0-9]{1,6}[smh]\z")]
    private static partial Regex DurationPattern();

    [GeneratedRegex(@"^[0-9*,/-]+ [0-9*,/-]+ [0-9*,/-]+ [0-9*,/A-Za-z-]+ [0-9*,/A-Za-z-]+\z")]
    private static partial Regex CronPattern();

    [GeneratedRegex(@"(^|[,-])7(\z|[,/-])")]
    private static partial Regex WeekdaySevenPattern();

    [GeneratedRegex(@"^0\.[0-9]{1,6}\z")]
    private static partial Regex ObjectivePattern();

    // https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/, without a sign: nothing here can be less than nothing.
    [GeneratedRegex(@"^([0-9]{1,18}(\.[0-9]{0,9})?|\.[0-9]{1,9})([eE][+-]?[0-9]{1,2}|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?\z")]
    private static partial Regex QuantityPattern();
}
