using System.Management.Automation;
using HaCluster.Operations.Stacks;

namespace HaCluster.Cmdlets.Stacks;

/// <summary>Tests a stack before it is deployed: settings, policies, proof, service quotas, credentials.</summary>
/// <remarks>
/// <para>Service quotas are compared with AWS's defaults, or with -Account with your account; then the credentials are tested as well. A check whose predecessor failed is skipped.</para>
/// </remarks>
/// <example>
/// <para>Test a stack without an account.</para>
/// <code>Test-HaStack prod</code>
/// </example>
/// <example>
/// <para>In a pipeline, with the account.</para>
/// <code>if (-not (Test-HaStack prod -Account -Quiet)) { exit 1 }</code>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "HaStack")]
[OutputType(typeof(StackCheck))]
[OutputType(typeof(bool))]
public sealed class TestHaStackCommand : StackCmdlet
{
    private const string Passed = "Passed";
    private const string Failed = "Failed";
    private const string Incomplete = "Incomplete";

    /// <summary>Compare with your AWS account, using your current credentials. Read only.</summary>
    [Parameter]
    public SwitchParameter Account { get; set; }

    /// <summary>Only true or false: whether every check passed.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override async Task ProcessAsync()
    {
        var passed = true;
        var isRefused = false;
        await foreach (var check in ChecksAsync())
        {
            passed &= check.Status == Passed;
            isRefused |= check.Check == "settings" && check.Status == Failed;
            if (!Quiet)
                WriteObject(check);
            if (isRefused)
                break;
        }

        foreach (var skipped in isRefused && !Quiet ? ["policies", "proof", "quotas"] : Array.Empty<string>())
            WriteObject(new StackCheck(Stack, skipped, "Skipped", "the settings are refused", []));
        if (Quiet)
            WriteObject(passed);
    }

    private async IAsyncEnumerable<StackCheck> ChecksAsync()
    {
        ShowProgress($"Test-HaStack {Stack}", "settings");
        var problems = await Beside(token => Tool().ValidateAsync(Stack, token));
        yield return new StackCheck(Stack, "settings", problems.Count == 0 ? Passed : Failed, problems.Count == 0 ? "the settings are valid" : "the settings are refused", problems);
        if (problems.Count > 0)
            yield break;
        yield return await CheckAsync("policies", async () => Policies(await ReadAsync("policies", StackDocuments.Plan, StackDocuments.ReadPlan, "plan")));
        yield return await CheckAsync("proof", async () => Proof(await ReadAsync("proof", StackDocuments.Proof, StackDocuments.ReadProof, "prove", "--fix-seconds", "0")));
        StackCheck? credentials = null;
        var quotas = await CheckAsync("quotas", async () =>
        {
            var read = await ReadAsync("service quotas", StackDocuments.Quota, StackDocuments.ReadQuotas, Account ? ["quota", "--account"] : ["quota"]);
            if (Account)
                credentials = new StackCheck(Stack, "credentials", Passed, $"account {(read is [var first, ..] ? first.Account : "")}", []);
            return Quotas(read);
        });
        yield return quotas;
        if (Account)
            yield return credentials ?? new StackCheck(Stack, "credentials", Failed, "the account cannot be read", quotas.Findings);
    }

    /// <summary>A check that cannot be made has failed, and says why.</summary>
    private async Task<StackCheck> CheckAsync(string name, Func<Task<StackCheck>> check)
    {
        try
        {
            return await check();
        }
        catch (HaClusterException exception)
        {
            return new StackCheck(Stack, name, Failed, "it could not be checked", [exception.Message]);
        }
    }

    private StackCheck Policies(StackPlan plan)
    {
        var violated = plan.Policies.Where(policy => policy.Status == "violated").ToList();
        var incomplete = plan.Policies.Where(policy => policy.Status == "incomplete").ToList();
        return new StackCheck(
            Stack, "policies", violated.Count > 0 ? Failed : Passed,
            violated.Count > 0 ? $"{violated.Count} are violated" : incomplete.Count > 0 ? $"none is violated, {incomplete.Count} could not look into everything" : "all hold",
            [.. violated.Concat(incomplete).SelectMany(policy => policy.Problems.Select(problem => $"{policy.Id}: {problem}"))]);
    }

    private StackCheck Proof(StackProof proof) => new(
        Stack, "proof", proof.Verdict switch { "holds" => Passed, "incomplete" => Incomplete, _ => Failed },
        proof.Holds ? $"holds, {proof.Scenarios} scenarios tried" : $"{proof.Verdict}, {proof.ScenariosFailed} of {proof.Scenarios} scenarios failed",
        [.. proof.Violations.Select(violation => $"{violation.Subject}: {violation.Problem}"), .. proof.Incomplete]);

    private StackCheck Quotas(IReadOnlyList<ServiceQuota> quotas)
    {
        var small = quotas.Where(quota => quota.Verdict == "short").ToList();
        var unknown = quotas.Where(quota => quota.Verdict == "unknown").ToList();
        var with = Account ? "your account" : "AWS's defaults for a new account";
        return new StackCheck(
            Stack, "quotas", small.Count > 0 ? Failed : unknown.Count > 0 ? Incomplete : Passed,
            small.Count > 0 ? $"{small.Count} are too small, compared with {with}" : unknown.Count > 0 ? $"{unknown.Count} are unknown" : $"all fit {with}",
            [.. small.Select(quota => $"{quota.Name}: {quota.NeedAtMost} are needed, the limit is {quota.Limit}"), .. unknown.Select(quota => $"{quota.Name}: {quota.Unread}")]);
    }
}
