using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Cli.Views;
using HaCluster.Planning.ServiceQuotas;
using Spectre.Console;
using Spectre.Console.Testing;

namespace HaCluster.Cli.Tests.Views;

public sealed class ServiceQuotaViewTests
{
    private static readonly QuotaChoice Plain = new(new OutputFile(null), AsksAccount: true, Requests: false, IsAgreed: false, Explains: false);

    [Fact]
    public void At_80_columns()
    {
        using var console = new TestConsole { Profile = { Width = 80 } };
        ServiceQuotaView.Show(console, "test", "eu-central-1", Example(), Plain);
        Shown.Match(console.Output.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd()));
    }

    [Fact]
    public void Red_is_short_yellow_tight_and_grey_unknown()
    {
        using var console = new TestConsole { Profile = { Width = 100 } }.EmitAnsiSequences();
        console.Profile.Capabilities.ColorSystem = ColorSystem.EightBit;
        ServiceQuotaView.Show(console, "test", null, Example(), Plain);
        Assert.Contains("\u001b[38;5;9mL-0263D0A3", console.Output, StringComparison.Ordinal);
        Assert.Contains("\u001b[38;5;11mL-7A658B76", console.Output, StringComparison.Ordinal);
        Assert.Contains("\u001b[38;5;8mL-7B6409FD", console.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch("\u001b\\[[0-9;]*mL-6D54EA21", console.Output);
    }

    [Fact]
    public void All_needs_are_explained_when_asked_for()
    {
        using var console = new TestConsole { Profile = { Width = 80 } };
        ServiceQuotaView.Show(console, "test", null, Example(), Plain with { Explains = true });
        Assert.Contains("L-6D54EA21  groups", console.Output, StringComparison.Ordinal);
    }

    private static QuotaComparison Example()
    {
        var needs = new QuotaNeeds(
            [
                Need("ec2", "L-0263D0A3", 3, 3, "addresses"), Need("rds", "L-7B6409FD", 6, 6, "databases"), Need("eks", "L-1194D53C", 1, 1, "clusters"),
                Need("ebs", "L-7A658B76", 2, 8.25m, "volumes"), Need("eks", "L-6D54EA21", 6, 6, "groups"),
            ],
            ["a type is not known"]);
        return QuotaComparison.Of(
            "123456789012",
            needs,
            quota => quota.Service switch
            {
                "ec2" => new QuotaReading(4),
                "rds" => QuotaReading.Missing("not permitted: RDS DescribeDBInstances"),
                _ => new QuotaReading(0),
            },
            quota => quota.Code switch
            {
                "L-1194D53C" => QuotaReading.Missing("no answer"),
                "L-7A658B76" => new QuotaReading(10),
                _ => new QuotaReading(quota.Default),
            });
    }

    private static QuotaNeed Need(string service, string code, decimal atRest, decimal atMost, string how) =>
        new(ServiceQuotaCatalog.Find(service, code)!, atRest, atMost, how);
}
