using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using HaCluster.Engine.Peer;
using HaCluster.Wire;

// What the program does is its first argument; the engine's tests say what must come of it.
var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 0;
if (args[0] == "exit")
    return count;

var deployment = new Deployment();
switch (args[0])
{
    case "succeed":
        await deployment.RegisterStackAsync();
        await deployment.RegisterVpcAsync("main");
        await deployment.RegisterOutputsAsync(
            ("directory", Environment.CurrentDirectory),
            ("variables", string.Join(' ', Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => name.StartsWith("PULUMI_", StringComparison.Ordinal)).Order(StringComparer.Ordinal))),
            ("dryRun", Deployment.Variable("PULUMI_DRY_RUN")),
            ("config", Deployment.Variable("PULUMI_CONFIG")),
            ("secretKeys", Deployment.Variable("PULUMI_CONFIG_SECRET_KEYS")),
            ("arguments", string.Join(' ', args)));
        Console.WriteLine("on standard output");
        Console.Error.WriteLine("on standard error");
        await deployment.SignalAsync();
        return 0;

    case "crash":
        await deployment.RegisterStackAsync();
        throw new InvalidOperationException("the peer fell over");

    case "be-killed":
        await deployment.RegisterStackAsync();
        Process.GetCurrentProcess().Kill();
        return 0;

    case "exit-after-log":
        await deployment.LogAsync(LogSeverity.Info, "nothing to declare");
        return count;

    case "exit-after-stack":
        await deployment.RegisterStackAsync();
        return count;

    case "leave-before-signal":
        await deployment.RegisterStackAsync();
        await deployment.RegisterOutputsAsync();
        return 0;

    case "leave-without-outputs":
        await deployment.RegisterStackAsync();
        await deployment.SignalAsync();
        return 0;

    case "log-error":
        await deployment.RegisterStackAsync();
        await deployment.LogAsync(LogSeverity.Error, "settings are wrong");
        return count;

    case "hang":
        await deployment.RegisterStackAsync();
        await deployment.RegisterVpcAsync("last");
        // A child that would outlive the program unless the whole tree is ended. It inherits standard output and holds the engine's pipe open; with CliWrap,
        // which tests use elsewhere, it would have a pipe of its own, which ends with this program (PipeTarget.ToStream only copies from it).
#pragma warning disable RS0030
        using (var child = Process.Start("sleep", "1000"))
#pragma warning restore RS0030
        {
            Console.WriteLine(child.Id);
            await Task.Delay(Timeout.Infinite);
        }
        return 0;

    case "flood-output":
        await deployment.RegisterStackAsync();
        Console.Write(new string('x', 10_000_000));
        for (var i = 0; i < count; i++)
            Console.WriteLine($"line {i}");
        await deployment.RegisterOutputsAsync();
        await deployment.SignalAsync();
        return 0;

    case "flood-logs":
        await deployment.RegisterStackAsync();
        await Task.WhenAll(Enumerable.Range(0, count).Select(i => deployment.LogAsync(LogSeverity.Info, $"message {i}")));
        await deployment.LogAsync(LogSeverity.Debug, "Prepared resource");
        await deployment.RegisterOutputsAsync();
        await deployment.SignalAsync();
        return 0;

    case "flood-resources":
        await deployment.RegisterStackAsync();
        await Task.WhenAll(Enumerable.Range(0, count).Select(i => deployment.RegisterVpcAsync($"vpc-{i}")));
        await deployment.RegisterOutputsAsync();
        await deployment.SignalAsync();
        return 0;

    case "misspell":
        await deployment.RegisterStackAsync();
        try
        {
            await deployment.RegisterVpcAsync("main", "cidrBlok");
        }
        catch (RpcException refused)
        {
            // As runtimes report it: with the answer inside a message of their own.
            await deployment.LogAsync(LogSeverity.Error, $"unhandled: {refused.Message}");
            return 32;
        }
        return 0;

    case "misspell-twice":
        await deployment.RegisterStackAsync();
        await deployment.RegisterAsync(Misspelt("one"));
        await deployment.RegisterAsync(Misspelt("two"));
        await deployment.RegisterOutputsAsync();
        await deployment.SignalAsync();
        return 0;

    default:
        throw new ArgumentException($"unknown behaviour '{args[0]}'");
}

static RegisterResourceRequest Misspelt(string name) => new()
{
    Type = "aws:ec2/vpc:Vpc",
    Name = name,
    Parent = Deployment.StackUrn,
    Custom = true,
    SupportsResultReporting = true,
    Object = new() { Fields = { ["cidrBlok"] = Google.Protobuf.WellKnownTypes.Value.ForString("10.0.0.0/16") } },
};
