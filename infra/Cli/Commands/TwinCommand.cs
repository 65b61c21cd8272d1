using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Cli.Views;
using HaCluster.Engine;
using HaCluster.Planning;
using HaCluster.Planning.Modelling.Settings;
using HaCluster.Planning.Proof;
using HaCluster.Planning.Proof.Report;
using HaCluster.Planning.Stacks;
using HaCluster.Twin;
using HaCluster.Twin.World;

namespace HaCluster.Cli.Commands;

/// <summary><c>ha twin</c>: a local cluster that behaves as the declared one would, behind the APIs of Kubernetes and AWS.</summary>
internal static class TwinCommand
{
    private const string Json = "json", Text = "text";

    /// <summary>In its place in a program without the twin.</summary>
    public static Command Missing
    {
        get
        {
            var command = new Command("twin", "Run a local twin of the declared cluster: not in this program, which is compiled ahead of time.") { TreatUnmatchedTokensAsErrors = false };
            command.SetAction(int (ParseResult _) => throw new UnreadableInputException(
                "this program is compiled ahead of time and has no twin; run the .NET tool, or in a checkout: dotnet run --project infra/Cli -- twin"));
            return command;
        }
    }

    public static Command Create(StackOptions options, Terminals terminals)
    {
        var name = new Option<string?>("--name") { Description = "Name of the twin, and of the directory of its files. [default: the stack]", HelpName = "NAME" };
        var manifests = new Option<string?>("--manifests") { Description = "Also run the workloads of these Kubernetes manifests: a file, or a directory as kubectl apply -f reads it.", HelpName = "DIR" };
        var recursive = new Option<bool>("--recursive", "-R") { Description = "Also read the subdirectories of --manifests, as kubectl apply -R does." };
        var @namespace = NamespaceOption.Create();
        var speed = new Option<string?>("--speed") { Description = "Speed-up factor: 1 is real time, 60 simulates an hour per minute. [default: 1]", HelpName = "N" };
        var seed = new Option<int>("--seed") { Description = "Seed of everything random: the same seed gives the same names, ids and placements." };
        var output = new Option<string?>("--output", "-o") { Description = "json: one line of JSON when the twin is ready. text: readable text, the default.", HelpName = $"{Json}|{Text}" };
        var command = new Command("twin", "Run a local twin of the declared cluster: its Kubernetes and AWS APIs on this machine, simulated. Runs until Ctrl+C.");
        options.AddTo(command);
        foreach (var option in new Option[] { name, manifests, recursive, @namespace, speed, seed, output })
            command.Options.Add(option);
        command.Require(recursive, manifests);
        command.Require(@namespace, manifests);
        command.SetAction((parsed, token) => new TwinRun(
            options.Read(parsed), parsed.GetValue(name), new Manifests(parsed.GetValue(manifests), NamespaceOption.Read(parsed, @namespace), parsed.GetValue(recursive)),
            ReadSpeed(parsed.GetValue(speed)), parsed.GetValue(seed), WritesJson(parsed.GetValue(output)), terminals).RunAsync(token));
        return command;
    }

    private static double ReadSpeed(string? text) => text is null ? 1
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var speed) && speed is > 0 and <= 10_000 ? speed
        : throw new UnreadableInputException($"--speed takes a number above 0 and up to 10000, not '{text}'");

    private static bool WritesJson(string? format) => format switch
    {
        null or Text => false,
        Json => true,
        var other => throw new UnreadableInputException($"-o {other} is not an output format; use json or text"),
    };

    /// <summary>One run of the command with its options.</summary>
    private sealed record TwinRun(StackChoice Choice, string? Name, Manifests Manifests, double Speed, int Seed, bool WritesJson, Terminals Terminals)
    {
        public async Task<int> RunAsync(CancellationToken cancellationToken)
        {
            var run = StackRun.Prepare(Choice);
            var name = Name ?? run.Request.Stack;
            // Its files are in a directory of this name, of which Windows drops dots at the end.
            if (!StackFile.IsStackName(name) || name.EndsWith('.'))
                throw new UnreadableInputException($"'{name}' cannot be the name of a twin: letters, digits, '-', '_' and '.' only, at most 100, and no '.' at the end");
            using var directory = TwinDirectory.Open(name);
            var result = await RunProgress.WatchAsync(Terminals.Error, run, cancellationToken);
            if (result.Outcome != ProgramOutcome.Succeeded)
                return FailureView.Show(Terminals.Error, run, result);
            var plan = WorldPlan.Of(result.Graph, run.Settings);
            if (Manifests.Path is { } path)
                plan = plan.With(path, Manifests.Namespace, Manifests.IsRecursive);
            // Neither of the two outputs lists them.
            Terminals.StrictProblems.AreHidden = true;
            Terminals.StrictProblems.NotUnderstood(plan.Model.Unknown.Select(unknown => $"{unknown.Subject}: {unknown.Reason}"));
            var report = await ProveCommand.ProveAsync(plan.Model, new ProofOptions { FixTime = TimeSpan.Zero }, Terminals, cancellationToken);
            var twin = await RunProgress.WatchAsync(
                Terminals.Error, "starting the twin",
                _ => LocalTwin.StartAsync(plan, WorldClock.Running(TimeProvider.System, Speed), new WorldOptions { Seed = Seed }).GetAwaiter().GetResult(), cancellationToken);
            await using (twin)
            {
                var description = Describe(run, twin, name, directory);
                directory.Fill(() =>
                {
                    twin.Kubernetes.WriteKubeconfig(directory.Kubeconfig, $"ha-twin-{name}");
                    directory.WriteEnvironment(twin.Environment);
                    directory.WriteDescription(description);
                });
                Show(twin, name, directory, report, description);
                return await WaitAsync(twin, name, cancellationToken);
            }
        }

        private async Task<int> WaitAsync(LocalTwin twin, string name, CancellationToken cancellationToken)
        {
            try
            {
                await twin.World.Completion.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                if (!WritesJson)
                    Terminals.Out.Profile.Out.Writer.WriteLine($"twin {name} ended");
                return ExitCode.Success;
            }
            catch (Exception exception)
            {
                ErrorView.Show(Terminals.Error, $"the world of twin {name} stopped: {exception.Message}; this is a defect of the twin");
            }

            return ExitCode.Failed;
        }

        private JsonObject Describe(StackRun run, LocalTwin twin, string name, TwinDirectory directory) => new()
        {
            ["format"] = "hacluster.twin/1",
            ["name"] = name,
            ["stack"] = run.Request.Stack,
            ["process"] = Environment.ProcessId,
            ["speed"] = Speed,
            ["seed"] = Seed,
            ["kubernetes"] = twin.Kubernetes.Url.GetLeftPart(UriPartial.Authority),
            ["aws"] = twin.Aws.Url.GetLeftPart(UriPartial.Authority),
            ["region"] = twin.Aws.Region,
            ["cluster"] = twin.Aws.ClusterName,
            ["objectives"] = run.Settings.Config.GetValueOrDefault(DeclaredObjectives.Key) is { } declared ? JsonNode.Parse(declared) : null,
            ["kubeconfig"] = directory.Kubeconfig,
            ["environment"] = directory.EnvironmentFile,
        };

        private void Show(LocalTwin twin, string name, TwinDirectory directory, ProofReport report, JsonObject description)
        {
            if (WritesJson)
            {
                using var stream = Terminals.OpenOutput();
                stream.Write(Encoding.UTF8.GetBytes(description.ToJsonString() + "\n"));
                stream.Flush();
                return;
            }

            var console = Terminals.Out;
            var unready = twin.Unready();
            void Line(string text) => console.Profile.Out.Writer.WriteLine(text);
            Line($"twin {name} runs{(Speed == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" at {Speed} times real time"))}: simulated, on this machine only; no AWS account is touched");
            Line(report.Holds ? "  proof        holds: it survives every loss that 'ha prove' tries" : "  proof        DOES NOT HOLD: see 'ha prove'; the twin shows what happens then");
            Line(unready.Count == 0
                ? "  health       all pods are ready"
                : $"  health       {Wording.Count(unready.Count, "pod")} not ready: {string.Join("; ", unready.Take(3))}");
            Line($"  kubernetes   {twin.Kubernetes.Url.GetLeftPart(UriPartial.Authority)}   kubeconfig {directory.Kubeconfig}");
            Line($"  aws          {twin.Aws.Url.GetLeftPart(UriPartial.Authority)}   environment {directory.EnvironmentFile}");
            Line("");
            Line("Try, in another terminal:");
            Line($"  export KUBECONFIG={ShellWord.Of(directory.Kubeconfig)}; . {ShellWord.Of(directory.EnvironmentFile)}");
            Line("  kubectl get nodes; kubectl get pods -A -o wide");
            Line("  aws ec2 describe-instances --query 'Reservations[].Instances[].[InstanceId,Placement.AvailabilityZone,State.Name]' --output text");
            Line("  aws ec2 terminate-instances --instance-ids ID     its node becomes NotReady after 50 s, its pods move");
            Line("Ctrl+C ends it.");
            console.Profile.Out.Writer.Flush();
        }
    }
}
