using System.Reflection;
using System.Text;
using HaCluster.Ledger.Arguments;
using HaCluster.Ledger.Metrics;
using HaCluster.Ledger.Tests.Peers;
using HaCluster.Services;
using HaCluster.Tests.Shared.Reference;

namespace HaCluster.Ledger.Tests.Reference;

/// <summary>REFERENCE.md has what the code has, and nothing else: options, exit codes, codes of refusals, metrics, events of the log.</summary>
public sealed class ReferenceTests
{
    private static readonly ReferencePage Page = new("infra/Services/Ledger/REFERENCE.md");
    private static readonly SourceCode Source = new("infra/Services/Ledger", "infra/Services/Shared");

    private static readonly Dictionary<string, string> UsualStatuses = new(StringComparer.Ordinal) { ["RejectedException"] = "422" };

    [Fact]
    public async Task The_page_lists_every_option_and_exit_code_as_the_program_does()
    {
        var help = new CommandHelp("ledger", (arguments, output) => CommandLine.RunAsync(arguments, output, TextWriter.Null));
        Page.HasBlock("options", await help.TablesAsync());
        Page.HasBlock("exit codes", await help.ExitCodesAsync());
        Assert.Equal(Constants(typeof(CommandLine)), (await help.CodesAsync()).Keys.Order());
    }

    [Fact]
    public async Task The_page_lists_every_metric_with_its_labels_type_and_unit()
    {
        var log = new EventLog(TextWriter.Null, TimeProvider.System, "stream");
        var metrics = new LedgerMetrics(log, "0");
        var ofIndex = new IndexMetrics(log, metrics.Registry);
        using var scratch = new Scratch();
        using var authority = new Authority("reference", issuer: null);
        var (certificate, key) = authority.WriteTo(scratch.Path, "reference");
        metrics.Watch(Reloaded<ServerCertificate>.Fixed(ServerCertificate.Read(certificate, key)), TimeProvider.System);
        using var exposition = new MemoryStream();
        await metrics.WriteAsync(exposition, default);
        Page.HasBlock("metrics", MetricTable.Of(Encoding.UTF8.GetString(exposition.ToArray()), metrics, ofIndex));
        Assert.Equal(Source.Metrics(), Page.NamesOf("Metrics").Select(name => name.Split('{')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_names_every_code_of_a_refusal_with_its_status_and_no_other() => Assert.Equal(RefusalCode.Lines(Source.Refusals(UsualStatuses)), Page.RefusalsOf("Refusals"));

    [Fact]
    public void The_page_names_every_event_of_the_log_and_no_other() => Assert.Equal(Source.Events(), Page.NamesOf("Events of the log"));

    [Fact]
    public void The_OpenAPI_document_says_of_each_property_what_it_is() => Assert.Empty(OpenApiProperties.WithoutDescription("infra/Services/Ledger/OpenApi/openapi.json"));

    private static IEnumerable<int> Constants(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field is { IsLiteral: true }).Select(field => (int)field.GetRawConstantValue()!).Order();
}
