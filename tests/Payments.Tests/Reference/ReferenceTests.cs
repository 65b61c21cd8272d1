using System.Reflection;
using System.Text;
using HaCluster.Payments.Arguments;
using HaCluster.Payments.Metrics;
using HaCluster.Services;
using HaCluster.Tests.Shared.Reference;

namespace HaCluster.Payments.Tests.Reference;

/// <summary>REFERENCE.md has what the code has, and nothing else: options, exit codes, codes of refusals, metrics, events of the log.</summary>
public sealed class ReferenceTests
{
    private static readonly ReferencePage Page = new("infra/Services/Payments/REFERENCE.md");
    private static readonly SourceCode Source = new("infra/Services/Payments", "infra/Services/Shared");

    private static readonly Dictionary<string, string> UsualStatuses = new(StringComparer.Ordinal) { ["Verdict.Refused"] = "403", [SourceCode.Pairs] = "409" };

    [Fact]
    public async Task The_page_lists_every_option_and_exit_code_as_the_program_does()
    {
        var help = new CommandHelp("payments", (arguments, output) => CommandLine.RunAsync(arguments, output, TextWriter.Null));
        Page.HasBlock("options", await help.TablesAsync());
        Page.HasBlock("exit codes", await help.ExitCodesAsync());
        Assert.Equal(Constants(typeof(CommandLine)), (await help.CodesAsync()).Keys.Order());
    }

    [Fact]
    public async Task The_page_lists_every_metric_with_its_labels_type_and_unit()
    {
        var metrics = new PaymentsMetrics(new EventLog(TextWriter.Null, TimeProvider.System, "subject"), "0");
        using var exposition = new MemoryStream();
        await metrics.WriteAsync(exposition, default);
        Page.HasBlock("metrics", MetricTable.Of(Encoding.UTF8.GetString(exposition.ToArray()), metrics));
        Assert.Equal(Source.Metrics(), Page.NamesOf("Metrics").Select(name => name.Split('{')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_names_every_code_of_a_refusal_with_its_status_and_no_other()
    {
        // The client of the signer makes up one for an answer without a code.
        var codes = Source.Refusals(UsualStatuses).ToLookup(code => code.Kind == "SigningRefusedException" || code.Code == "refused");
        Assert.Equal(RefusalCode.Lines(codes[false]), Page.RefusalsOf("Refusals of the interface"));
        Assert.Equal(codes[true].Select(code => code.Code).Order(StringComparer.Ordinal), Page.NamesOf("Refusals of the signer"));
    }

    [Fact]
    public void The_page_names_every_event_of_the_log_and_no_other() => Assert.Equal(Source.Events(), Page.NamesOf("Events of the log"));

    [Fact]
    public void The_OpenAPI_document_says_of_each_property_what_it_is() => Assert.Empty(OpenApiProperties.WithoutDescription("infra/Services/Payments/OpenApi/openapi.json"));

    private static IEnumerable<int> Constants(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field is { IsLiteral: true }).Select(field => (int)field.GetRawConstantValue()!).Order();
}
