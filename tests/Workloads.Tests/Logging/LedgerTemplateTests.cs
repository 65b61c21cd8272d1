extern alias ledger;

using System.Text.Json.Nodes;
using HaCluster.Stack.Logging.Setup;
using OpenSearchTemplate = ledger::HaCluster.Ledger.Indexing.OpenSearch.OpenSearchTemplate;

namespace HaCluster.Workloads.Tests.Logging;

/// <summary>
/// The stack prepares the ledger's indices with as many copies as the domain has zones; the ledger leaves a template of its own version alone. So both have to map
/// the same.
/// </summary>
public class LedgerTemplateTests
{
    [Fact]
    public void The_stack_maps_records_as_the_ledger_does()
    {
        var own = JsonNode.Parse(OpenSearchTemplate.Records)!;
        var prepared = JsonNode.Parse(SetupDocuments.Steps.Single(step => step.Path == $"/_index_template/{IndexTemplates.Ledger}").Document)!;

        Assert.True(JsonNode.DeepEquals(own["index_patterns"], prepared["index_patterns"]), $"{prepared["index_patterns"]}");
        Assert.True(JsonNode.DeepEquals(own["template"]!["mappings"], prepared["template"]!["mappings"]), $"{prepared["template"]!["mappings"]}");
        Assert.Equal(OpenSearchTemplate.Version, prepared["version"]!.GetValue<int>());
    }
}
