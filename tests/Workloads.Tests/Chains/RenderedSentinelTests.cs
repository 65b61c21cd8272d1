using System.Net;
using System.Text.Json;
using HaCluster.Stack.Settings.Chains;
using HaCluster.Stack.Software;
using HaCluster.Workloads.Tests.Rendered;
using YamlDotNet.RepresentationModel;

namespace HaCluster.Workloads.Tests.Chains;

/// <summary>The real sentinel with the arguments that the stack renders for it. Only addresses and the folders of mounted files are changed.</summary>
public sealed class RenderedSentinelTests
{
    private const string Listen = "--listen=0.0.0.0:9800";

    public static TheoryData<string> Sets => new(RenderedSentinel.Sets);

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task It_starts_with_the_arguments_of_each_set_and_answers_every_probe_of_the_pod(string set)
    {
        using var mounts = new Scratch();
        var pod = await RenderedSentinel.PodAsync(set);
        await using var sentinel = await StartAsync(mounts, $"{set}-0", await RenderedSentinel.ArgumentsAsync(set));

        var status = await sentinel.StatusAsync();
        Assert.Equal(
            ("starting", $"{set}-0", set.Split('-')[0], "mainnet"),
            (Text(status, "reason"), Text(status, "pod"), Text(status, "chain"), Text(status, "network")));
        var probes = Containers(pod).SelectMany(Probes).ToList();
        Assert.All(probes, probe => Assert.Equal("9800", probe.Port));
        Assert.Superset(new HashSet<string> { "/ready", "/metrics" }, probes.Select(probe => probe.Path).ToHashSet());
        foreach (var (path, _) in probes)
        {
            // Its metrics are there from the first moment; of the node it says that it has not answered. 400 and 404 are no answers.
            var (code, _) = await sentinel.GetAsync(path);
            Assert.Equal((path, path == "/metrics" ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable), (path, code));
        }

        Assert.Equal(0, (await sentinel.StopAsync()).ExitCode);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Each_pod_is_one_of_the_nodes_that_it_is_given(string set)
    {
        var hosts = (await RenderedSentinel.ArgumentsAsync(set)).Where(argument => argument.StartsWith("--node=", StringComparison.Ordinal))
            .Select(argument => new Uri(argument.Split('=', 2)[1]).Host.Split('.')[0]).ToList();

        Assert.Equal(3, hosts.Distinct().Count());
        for (var ordinal = 0; ordinal < await RenderedSentinel.ReplicasAsync(set); ordinal++)
            Assert.Contains($"{set}-{ordinal}", hosts);
    }

    [Fact]
    public async Task An_argument_that_it_does_not_have_would_be_noticed()
    {
        var arguments = (await RenderedSentinel.ArgumentsAsync("bitcoin")).Select(argument => argument.Replace("--lag=", "--lags=", StringComparison.Ordinal));

        var ended = await SentinelProcess.RunAsync(arguments);

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("--lags=2", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_has_every_network_that_the_settings_offer()
    {
        foreach (var (chain, network) in BitcoinNetwork.ByName.Keys.Select(name => ("bitcoin", name)).Concat(EthereumNetwork.ByName.Keys.Select(name => ("ethereum", name))))
        {
            // The folder is missing on purpose: arguments are read in order, and what it complains about comes after the network.
            var ended = await SentinelProcess.RunAsync(
                $"--chain={chain}", $"--network={network}", "--client=any", "--rpc=http://127.0.0.1:1", "--data=/no/such/folder");
            Assert.Equal((2, "sentinel: --data: the directory /no/such/folder does not exist\n"), (ended.ExitCode, ended.Error));
        }
    }

    [Fact]
    public async Task The_image_has_the_version_of_the_program()
    {
        Assert.Equal(Pins.SentinelVersion, (await SentinelProcess.RunAsync("--version")).Output.Trim().Split('+')[0]);
        foreach (var set in RenderedSentinel.Sets)
            Assert.EndsWith($"/sentinel:{Pins.SentinelVersion}", Value(RenderedSentinel.In(await RenderedSentinel.PodAsync(set)), "image"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bitcoin")]
    [InlineData("ethereum")]
    public async Task The_front_and_Prometheus_ask_it_where_it_listens(string chain)
    {
        var prod = await RenderedStack.Prod;
        var front = prod.Files[$"configs/chains-{chain}-front/haproxy.cfg"].Split('\n').Select(line => line.Trim()).ToList();

        Assert.Contains("http-check send meth GET uri /ready", front);
        Assert.Contains("http-check expect status 200", front);
        Assert.Single(front, line => line.StartsWith("default-server check port 9800 no-check-ssl ", StringComparison.Ordinal));
        foreach (var set in RenderedSentinel.Sets.Where(set => set.StartsWith(chain, StringComparison.Ordinal)))
        {
            var monitor = RenderedSentinel.Load(prod.Files[$"90-podmonitor-chains-{set}.yaml"]);
            var port = Assert.Single((YamlSequenceNode)RenderedSentinel.In(await RenderedSentinel.PodAsync(set))["ports"]);
            Assert.Equal("9800", Value(port, "containerPort"));
            Assert.Single((YamlSequenceNode)monitor["spec"]["podMetricsEndpoints"], endpoint => Value(endpoint, "port") == Value(port, "name") && Value(endpoint, "path") == "/metrics");
        }
    }

    private static Task<SentinelProcess> StartAsync(Scratch mounts, string pod, IEnumerable<string> arguments) => SentinelProcess.StartAsync(
        new IPEndPoint(IPAddress.Loopback, Waiting.FreePort()), pod, arguments.Where(argument => argument != Listen).Select(argument => Mounted(mounts, argument)));

    private static string Pem
    {
        get
        {
            using var authority = new Authority();
            return authority.Pem;
        }
    }

    /// <summary>An argument that names a file or folder of a volume names one of the test.</summary>
    private static string Mounted(Scratch mounts, string argument)
    {
        if (argument.Split('=', 2) is not [var name, ['/', ..] path])
            return argument;
        var file = mounts.Write(path[1..] + (name == "--data" ? "/keep" : ""), path.EndsWith(".crt", StringComparison.Ordinal) ? Pem : "test\n");
        return $"{name}={(name == "--data" ? Path.GetDirectoryName(file) : file)}";
    }

    private static IEnumerable<YamlNode> Containers(YamlNode pod) => ((YamlSequenceNode)pod["containers"]).Append(RenderedSentinel.In(pod));

    private static IEnumerable<(string Path, string Port)> Probes(YamlNode container) =>
        from probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" }
        where ((YamlMappingNode)container).Children.ContainsKey(probe)
        select (Value(container[probe]["httpGet"], "path"), Value(container[probe]["httpGet"], "port"));

    private static string Value(YamlNode node, string key) => ((YamlScalarNode)node[key]).Value!;

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
