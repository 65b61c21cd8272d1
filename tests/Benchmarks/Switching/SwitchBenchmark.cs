using System.Globalization;
using HaCluster.Conformance.Emit;
using HaCluster.Operations.Connecting;

namespace HaCluster.Benchmarks.Switching;

/// <summary>
/// How long it takes from Enter until the traffic has left a zone of the local twin (the stack prod, in real time): all zonal shifts are active. Once with
/// <c>Switch-HaZone</c> at the prompt of a connected session that has done nothing else yet, once with a script of the same steps in kubectl and the AWS CLI.
/// In turns; what follows the shifts (cordon, writers, drain) is stopped and undone.
/// </summary>
internal sealed record SwitchBenchmark(int Shifts, IReadOnlyList<Moved> Cmdlet, IReadOnlyList<Moved> Script)
{
    private const string Name = "benchmark";

    /// <summary>Null when it can be held.</summary>
    public static string? Missing =>
        PowerShell.Missing is { } command ? command
        : Programs.Find("kubectl") is null || Programs.Find("aws") is null ? "kubectl and aws on the PATH (bash tests/all unpacks them: tests/README.md)"
        : null;

    public static async Task<SwitchBenchmark> HoldAsync(int rounds)
    {
        var state = Directory.CreateTempSubdirectory("ha-switch-");
        try
        {
            // Read by the session of this process, too.
            Environment.SetEnvironmentVariable("XDG_STATE_HOME", state.FullName);
            Environment.SetEnvironmentVariable("XDG_DATA_HOME", state.FullName);
            await using var twin = RunningProgram.Start("dotnet", [Starting.StartBenchmark.Tool, "twin", "--stack", "prod", "--name", Name, "-o", "json"], Checkout.Root);
            await Waiting.UntilAsync("the twin is ready", () => twin.Text.Contains("hacluster.twin/1", StringComparison.Ordinal) || twin.HasEnded, () => twin.Text);
            using var session = await new SessionConnector().ConnectAsync(ConnectionRequest.ToTwin(Name), CancellationToken.None);
            var contest = await ZoneContest.PrepareAsync(session, Path.Combine(state.FullName, "ha-cluster", "twins", Name));
            var (cmdlet, script) = (new List<Moved>(), new List<Moved>());
            for (var round = 0; round <= rounds; round++)
            {
                var (ours, theirs) = (await contest.RunCmdletAsync(), await contest.RunScriptAsync());
                // The first round reads the files of all programs into memory.
                if (round == 0)
                    continue;
                cmdlet.Add(ours);
                script.Add(theirs);
            }

            await twin.SignalAsync("INT");
            await twin.EndAsync();
            return new SwitchBenchmark(contest.Shifts, cmdlet, script);
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    public string ToTable()
    {
        var (cmdlet, script) = (Spread.Of(Cmdlet.Select(run => run.Seconds)), Spread.Of(Script.Select(run => run.Seconds)));
        var (busy, scriptBusy) = (Spread.Of(Cmdlet.Select(run => run.ProcessorSeconds)), Spread.Of(Script.Select(run => run.ProcessorSeconds)));
        var ratio = Spread.Of(Cmdlet.Zip(Script, (ours, theirs) => ours.Seconds / theirs.Seconds));
        var target = new Target("from Enter to traffic moved in s (median)", cmdlet.Median, 3);
        return string.Create(CultureInfo.InvariantCulture, $"""
              {Shifts} zonal shifts, {Cmdlet.Count} rounds                min   median      max
              Switch-HaZone, s                      {cmdlet.Min,9:0.00}{cmdlet.Median,9:0.00}{cmdlet.Max,9:0.00}
                its processor time, s               {busy.Min,9:0.00}{busy.Median,9:0.00}{busy.Max,9:0.00}
              kubectl and aws in a script, s        {script.Min,9:0.00}{script.Median,9:0.00}{script.Max,9:0.00}
                its processor time, s               {scriptBusy.Min,9:0.00}{scriptBusy.Median,9:0.00}{scriptBusy.Max,9:0.00}
                cmdlet / script                     {ratio.Min,9:0.00}{ratio.Median,9:0.00}{ratio.Max,9:0.00}
            {(target.IsMet ? "met   " : "MISSED")}  {target.What}: {target.Value:0.00}, target {target.Limit:0}

            """);
    }
}
