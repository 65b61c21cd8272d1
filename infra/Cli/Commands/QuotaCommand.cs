using System.CommandLine;
using HaCluster.Account;
using HaCluster.Account.Wire;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Cli.Views;
using HaCluster.Engine;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.ServiceQuotas;
using HaCluster.Planning.Stacks;

namespace HaCluster.Cli.Commands;

/// <summary><c>ha quota</c>: whether AWS's service quotas are large enough for the declared cluster.</summary>
internal static class QuotaCommand
{
    private const string Description = """
        Compare the AWS resources that the cluster needs with the service quotas. Nodes are counted at their maximum and during an
        update; load balancers, volumes, databases and more are counted, too.
        Without --account the limits are AWS's defaults, and the account is assumed to be empty.
        With --account the limits come from Service Quotas, and the usage from the account; resources that this cluster already has are not
        counted twice. Credentials are found as by any AWS tool (environment, profile, SSO, instance); access is read-only. Permissions:
          servicequotas: ListServiceQuotas, GetServiceQuota, GetAWSDefaultServiceQuota
          ec2: DescribeAddresses, DescribeInstances, DescribeInstanceTypes, DescribeInternetGateways, DescribeNatGateways, DescribeNetworkInterfaces,
            DescribeSecurityGroups, DescribeSubnets, DescribeVolumes, DescribeVpcEndpoints, DescribeVpcs
          elasticloadbalancing: DescribeLoadBalancers, DescribeTags, DescribeTargetGroups
          eks: ListClusters; es: ListDomainNames; rds: DescribeDBClusters, DescribeDBInstances, DescribeDBProxies
          iam: ListOpenIDConnectProviders, ListPolicies, ListRoles; s3: ListAllMyBuckets
          and for --request servicequotas: ListRequestedServiceQuotaChangeHistoryByQuota, RequestServiceQuotaIncrease
        What cannot be read is shown as unknown, never as sufficient. Exit code 4: a quota is too small, or the account's
        service-linked role for OpenSearch does not fit the settings.
        """;

    public static Command Create(StackOptions options, Terminals terminals)
    {
        var account = new Option<bool>("--account") { Description = "Compare with your AWS account, using your current credentials, in the region of the settings." };
        var request = new Option<bool>("--request") { Description = "Compare with your AWS account, then request increases of the quotas that are too small. Asks first." };
        var yes = new Option<bool>("--yes", "-y") { Description = "With --request: do not ask, for scripts." };
        var explain = new Option<bool>("--explain") { Description = "Show how every need was counted." };
        var command = new Command("quota", Description);
        options.AddTo(command);
        var document = new DocumentOptions(command, "Write the comparison as JSON (hacluster.quota/1) to this file, or to standard output without one.");
        command.Options.Add(account);
        command.Options.Add(request);
        command.Options.Add(yes);
        command.Options.Add(explain);
        command.Require(yes, request);
        command.SetAction((parsed, token) => RunAsync(
            options.Read(parsed),
            new QuotaChoice(
                document.Read(parsed),
                parsed.GetValue(account) || parsed.GetValue(request),
                parsed.GetValue(request),
                parsed.GetValue(yes),
                parsed.GetValue(explain)),
            terminals,
            token));
        return command;
    }

    private static async Task<int> RunAsync(StackChoice stack, QuotaChoice choice, Terminals terminals, CancellationToken cancellationToken)
    {
        if (choice is { Requests: true, IsAgreed: false } && (Console.IsInputRedirected || !terminals.Error.Profile.Capabilities.Interactive))
            throw new UnreadableInputException("--request asks before it files anything, but standard input is not a terminal; add --yes to file without asking");
        var run = StackRun.Prepare(stack);
        var result = await RunProgress.WatchAsync(terminals.Error, run, cancellationToken);
        if (result.Outcome != ProgramOutcome.Succeeded)
            return FailureView.Show(terminals.Error, run, result);
        var needs = QuotaNeeds.Of(result.Graph, ClusterModelReader.Of(result.Graph, run.Settings));
        var region = run.Settings.Config.GetValueOrDefault("aws:region");
        if (!choice.AsksAccount)
            return Show(run, region, QuotaComparison.WithDefaults(needs), choice, terminals);
        try
        {
            using var account = AwsAccount.Open(region ?? throw new UnreadableInputException("aws:region is not set; --account needs a region"));
            var survey = new AccountSurvey(account, terminals.Error);
            var comparison = await survey.CompareAsync(result.Graph, needs, cancellationToken);
            var code = Show(run, region, comparison, choice, terminals);
            if (choice.Requests)
                await new IncreaseFiling(account, terminals).FileAsync(comparison, choice.IsAgreed, cancellationToken);
            return code;
        }
        catch (AwsCallException exception)
        {
            ErrorView.Show(terminals.Error, $"the account cannot be read: {exception.Message}");
            return exception.IsUnreachable ? ExitCode.Failed : ExitCode.WrongUsage;
        }
    }

    /// <returns>The exit code.</returns>
    private static int Show(StackRun run, string? region, QuotaComparison comparison, QuotaChoice choice, Terminals terminals)
    {
        terminals.StrictProblems.Warn(comparison.Notes);
        terminals.StrictProblems.NotUnderstood(comparison.Answers.Where(answer => answer.Verdict == QuotaVerdict.Unknown).Select(answer => $"{answer.Need.Quota.Name}: {answer.Unread}"));
        choice.Json.Write(terminals, stream => QuotaDocument.Write(stream, run.Request.Stack, region, comparison));
        if (!choice.Json.IsStandardOutput)
        {
            ServiceQuotaView.Show(terminals.Out, run.Request.Stack, region, comparison, choice);
            choice.Json.Mention(terminals.Out);
        }

        return comparison.Fits ? ExitCode.Success : ExitCode.CheckFailed;
    }
}
