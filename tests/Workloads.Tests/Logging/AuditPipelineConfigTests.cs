using System.Globalization;
using System.Text.Json.Nodes;
using HaCluster.Stack.Logging.Audit;
using HaCluster.Stack.Logging.Setup;
using YamlDotNet.RepresentationModel;

namespace HaCluster.Workloads.Tests.Logging;

/// <summary>
/// Data Prepper is in none of the package feeds that are at hand (it comes as a container image), so these are no proof that it starts: they read
/// its configuration as YAML and hold every option against its sources.
/// </summary>
public class AuditPipelineConfigTests
{
    private static readonly AuditPipelineConfig Config = new(
        "https://sqs.eu-central-1.amazonaws.com/123456789012/audit", "audit-bucket", "arn:aws:iam::123456789012:role/audit-pipeline", "vpc-logs.example", "eu-central-1");

    private static readonly YamlMappingNode Root = Parse(Config.ToString());
    private static readonly YamlMappingNode Pipeline = (YamlMappingNode)Root[AuditPipelineConfig.Name];

    [Fact]
    public void It_is_one_pipeline_in_the_second_version_of_the_language()
    {
        Assert.Equal(["version", AuditPipelineConfig.Name], Keys(Root));
        Assert.Equal("2", Scalar(Root, "version"));
    }

    [Fact]
    public void Every_option_is_one_that_Data_Prepper_knows_and_AWS_takes() => Assert.All(Options("", Pipeline), option =>
    {
        Assert.True(DataPrepperKeys.ByPath.TryGetValue(option.Path, out var known), option.Path);
        Assert.True(known.Contains(option.Key), $"{option.Path}/{option.Key}");
        Assert.False(DataPrepperKeys.Refused.Contains(option.Key), option.Key);
    });

    // An object is done with when OpenSearch has taken its records, or the bucket has those that it refuses: never before.
    [Theory]
    [InlineData("source/s3/acknowledgments", "true")]
    [InlineData("source/s3/on_error", "retain_messages")]
    [InlineData("source/s3/compression", "gzip")]
    [InlineData("source/s3/sqs/visibility_duplication_protection", "true")]
    [InlineData("source/s3/sqs/maximum_messages", "1")]
    [InlineData("sink/opensearch/dlq/s3/bucket", "audit-bucket")]
    [InlineData("sink/opensearch/dlq/s3/region", "eu-central-1")]
    [InlineData("sink/opensearch/index_type", "management_disabled")]
    [InlineData("sink/opensearch/document_id", "${/auditID}-${/stage}")]
    [InlineData("sink/opensearch/aws/serverless", "false")]
    public void What_would_lose_or_double_records_is_set_otherwise(string path, string value)
    {
        YamlNode node = Pipeline;
        foreach (var step in path.Split('/'))
            node = Inside(node)[step];

        Assert.Equal(value, ((YamlScalarNode)node).Value);
    }

    [Fact]
    public void Retries_have_no_end() => Assert.DoesNotContain("max_retries", Keys(Inside(Pipeline["sink"])["opensearch"]));

    [Fact]
    public void Records_go_where_template_retention_and_role_await_them()
    {
        var sink = (YamlMappingNode)Inside(Pipeline["sink"])["opensearch"];
        var day = Scalar((YamlMappingNode)Inside(Pipeline["processor"])["date"], "destination");

        Assert.Equal($"{IndexTemplates.Audit}-${{/{day}}}", Scalar(sink, "index"));

        // The helper for the name of the index is no field of the record.
        Assert.Equal(day, ((YamlScalarNode)Assert.Single((YamlSequenceNode)sink["exclude_keys"])).Value);
        var role = JsonNode.Parse(SetupDocuments.Steps.Single(step => step.Path.EndsWith("/roles/audit-writer", StringComparison.Ordinal)).Document)!;
        Assert.Equal($"{IndexTemplates.Audit}-*", (string?)role["index_permissions"]![0]!["index_patterns"]![0]);
        var mapping = JsonNode.Parse(SetupDocuments.Steps.Single(step => step.Path.EndsWith("/rolesmapping/audit-writer", StringComparison.Ordinal)).Document)!;
        Assert.Equal("arn:audit", (string?)mapping["backend_roles"]![0]);
    }

    // Kubernetes writes microseconds, always six digits: https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/v1/micro_time.go
    [Fact]
    public void The_day_is_read_from_the_time_of_the_request()
    {
        var date = (YamlMappingNode)Inside(Pipeline["processor"])["date"];
        var match = (YamlMappingNode)Assert.Single((YamlSequenceNode)date["match"]);
        var pattern = ((YamlScalarNode)Assert.Single((YamlSequenceNode)match["patterns"])).Value!;
        var template = JsonNode.Parse(SetupDocuments.Steps.Single(step => step.Path == "/_index_template/audit").Document)!;

        Assert.NotNull(template["template"]!["mappings"]!["properties"]![Scalar(match, "key")]);

        // The letters mean the same in Java and here, but for fractions and zones.
        var format = pattern.Replace("SSSSSS", "ffffff", StringComparison.Ordinal).Replace("XXX", "K", StringComparison.Ordinal);
        var time = DateTime.ParseExact("2026-08-21T23:59:59.000001Z", format, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        Assert.Equal("2026.08.21", time.ToString(Scalar(date, "output_format"), CultureInfo.InvariantCulture));
        Assert.Equal("UTC", Scalar(date, "destination_timezone"));
    }

    private static YamlMappingNode Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (YamlMappingNode)Assert.Single(stream.Documents).RootNode;
    }

    /// <summary>A list of plugins holds one each.</summary>
    private static YamlMappingNode Inside(YamlNode node) => (YamlMappingNode)(node is YamlSequenceNode list ? Assert.Single(list) : node);

    private static IEnumerable<string> Keys(YamlNode node) => ((YamlMappingNode)node).Children.Keys.Select(key => ((YamlScalarNode)key).Value!);

    private static string Scalar(YamlMappingNode node, string key) => ((YamlScalarNode)node[key]).Value!;

    private static IEnumerable<(string Path, string Key)> Options(string path, YamlNode node) => node switch
    {
        YamlMappingNode map => map.Children.SelectMany(pair =>
        {
            var key = ((YamlScalarNode)pair.Key).Value!;
            return Options(path.Length == 0 ? key : $"{path}/{key}", pair.Value).Prepend((path, key));
        }),
        YamlSequenceNode list => list.SelectMany(item => Options(path, item)),
        _ => [],
    };
}
