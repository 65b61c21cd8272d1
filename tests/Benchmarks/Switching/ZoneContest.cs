using System.Diagnostics;
using System.Globalization;
using HaCluster.Conformance.Emit;
using HaCluster.Operations.Aws;
using HaCluster.Operations.Connecting;
using HaCluster.Operations.Proving;
using HaCluster.Operations.Running;
using HaCluster.Operations.Zones;

namespace HaCluster.Benchmarks.Switching;

/// <summary>
/// A zone of the twin, left and returned to: one that a database writes in, since its failover comes between the shifts and the drain, and takes so long that no
/// pod is evicted before the cmdlet is stopped. It is not moved back, which takes as long again: the next round leaves the zone that it went to.
/// </summary>
/// <param name="Files">Of the twin: what kubectl and the AWS CLI need.</param>
/// <param name="Shifts">How many there are once the traffic has moved: of the cluster and each load balancer.</param>
internal sealed record ZoneContest(ClusterSession Session, string Files, int Shifts)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>What somebody types, or has in a runbook, who has no module: look, find what can be shifted, shift it. The AWS CLI of Debian does not know AWS_ENDPOINT_URL.</summary>
    private const string Script = """
        set -e
        . "$FILES/environment"
        aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }
        kubectl get nodes -L topology.kubernetes.io/zone
        kubectl get pods -A -o wide
        kubectl get poddisruptionbudgets -A
        id=$(aws ec2 describe-availability-zones --query "AvailabilityZones[?ZoneName=='$ZONE'].ZoneId" --output text)
        aws arc-zonal-shift list-zonal-shifts --status ACTIVE
        for arn in $(aws arc-zonal-shift list-managed-resources --query 'items[].arn' --output text); do
            aws arc-zonal-shift start-zonal-shift --resource-identifier "$arn" --away-from "$id" --expires-in 24h --comment "evacuation of $ZONE"
        done
        """;

    private OperationRunner Runner => new(Session, new LiveProver(Session));

    private IZonalShifts Service => Session.RequireAws("the benchmark").ZonalShifts;

    public static async Task<ZoneContest> PrepareAsync(ClusterSession session, string files)
    {
        var contest = new ZoneContest(session, files, 0);
        var zone = await contest.ChooseAsync();
        var plan = await contest.Runner.PlanAsync(new SwitchZone(zone.Name, TimeSpan.FromHours(24)), CancellationToken.None);
        if (plan.Refusals.Count > 0)
            throw new InvalidOperationException($"the twin's zone cannot be left: {string.Join("; ", plan.Refusals.Select(refusal => refusal.Reason))}");
        return contest with { Shifts = plan.Steps.Count(step => step.Id.StartsWith("shift/", StringComparison.Ordinal)) };
    }

    public async Task<Moved> RunCmdletAsync()
    {
        var zone = await ChooseAsync();
        var script = $"{PowerShell.Import}; $null = Connect-HaCluster -Local; [Console]::WriteLine(\"Enter {{0}}\", [Diagnostics.Stopwatch]::GetTimestamp()); Switch-HaZone {zone.Name} -Confirm:$false";
        await using var shell = RunningProgram.Start("dotnet", PowerShell.Arguments(script), Checkout.Root, PowerShell.Quiet);
        using var watch = new ProcessWatch(shell.Id);
        await Waiting.UntilAsync("the session is connected", () => Enter(shell) is not null || shell.HasEnded, () => shell.Text);
        var before = watch.ProcessorSeconds;
        var moved = await MovedAsync(shell, zone);
        var busy = watch.ProcessorSeconds - before;
        await shell.SignalAsync("INT");
        await shell.EndAsync();
        await Runner.RunAsync(new RestoreZone(zone.Name), new RunOptions { Force = true, TakeLease = true }, CancellationToken.None);
        // Both processes read the same clock.
        return new Moved(Stopwatch.GetElapsedTime(Enter(shell)!.Value, moved).TotalSeconds, busy);
    }

    public async Task<Moved> RunScriptAsync()
    {
        var zone = await ChooseAsync();
        var enter = Stopwatch.GetTimestamp();
        await using var shell = RunningProgram.Start("bash", ["-c", Script], Checkout.Root, new Dictionary<string, string?>
        {
            ["FILES"] = Files,
            ["KUBECONFIG"] = Path.Combine(Files, "kubeconfig"),
            ["ZONE"] = zone.Name,
            ["AWS_PAGER"] = "",
        });
        using var watch = new ProcessWatch(shell.Id);
        var moved = await MovedAsync(shell, zone);
        var ended = await shell.EndAsync();
        if (!ended.Succeeded)
            throw new InvalidOperationException($"the script ended with {ended.ExitCode}: {ended.Text}");
        await StayAsync();
        return new Moved(Stopwatch.GetElapsedTime(enter, moved).TotalSeconds, watch.ProcessorSeconds);
    }

    /// <summary>Waits until every database is available, and takes the zone that the first of them writes in.</summary>
    private async Task<Zone> ChooseAsync()
    {
        var aws = Session.RequireAws("the benchmark");
        DatabaseCluster? first = null;
        await Waiting.UntilAsync("the databases of the twin are available", async () =>
        {
            var databases = await aws.Databases.ListAsync(Session.ClusterName, Session.Outputs?.DatabaseClusters ?? [], CancellationToken.None);
            first = databases.MinBy(database => database.Identifier, StringComparer.Ordinal);
            return first is not null && databases.All(database => database is { Status: "available", Writer: not null });
        });
        return (await aws.Ec2.ListZonesAsync(CancellationToken.None)).First(zone => zone.Name == first!.Writer!.Zone);
    }

    private static long? Enter(RunningProgram shell)
    {
        const string label = "Enter ";
        var line = shell.Text.Split('\n').FirstOrDefault(line => line.StartsWith(label, StringComparison.Ordinal));
        return line is null ? null : long.Parse(line[label.Length..], CultureInfo.InvariantCulture);
    }

    /// <returns>When all shifts were active.</returns>
    private async Task<long> MovedAsync(RunningProgram shell, Zone zone)
    {
        while (true)
        {
            var active = await Service.ListActiveAsync(null, CancellationToken.None);
            if (active.Count(shift => shift.ZoneId == zone.Id && shift.Status == "ACTIVE") >= Shifts)
                return Stopwatch.GetTimestamp();
            if (shell.HasEnded)
                throw new InvalidOperationException($"it ended before the traffic had moved: {shell.Text}");
            await Task.Delay(Poll);
        }
    }

    /// <summary>Ends the shifts that are left.</summary>
    private async Task StayAsync()
    {
        foreach (var shift in await Service.ListActiveAsync(null, CancellationToken.None))
            await Service.CancelAsync(shift.Id, CancellationToken.None);
    }
}

/// <summary>The traffic has left.</summary>
/// <param name="ProcessorSeconds">Of the process and all that it started and waited for.</param>
internal sealed record Moved(double Seconds, double ProcessorSeconds);
