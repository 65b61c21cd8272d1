using System.Text;
using System.Text.Json;
using HaCluster.Planning.Plans.Documents;
using HaCluster.Planning.Policies;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Policies;

public sealed class PolicyDocumentTests
{
    private static readonly PolicyResult Result = new()
    {
        Id = "imdsv2",
        Title = "title",
        Status = PolicyStatus.Violated,
        Reason = "moves in March",
        Why = "why",
        Source = "https://example.com/",
        Fix = "fix",
        Violations = [new Violation("urn:1", "LaunchTemplate general", "no token")],
        Exempted = [new Violation("urn:2", "LaunchTemplate legacy", "no token")],
        NotInspected = ["chart velero"],
    };

    [Fact]
    public void Policies_come_back_from_a_document()
    {
        var bytes = Write([Result, Result with { Status = PolicyStatus.Holds, Reason = null, Violations = [], Exempted = [], NotInspected = [] }, Result with { Status = PolicyStatus.Incomplete }]);
        var read = PlanDocumentReader.Read(new MemoryStream(bytes));
        Assert.Equal([PolicyStatus.Violated, PolicyStatus.Holds, PolicyStatus.Incomplete], read.Policies.Select(policy => policy.Status));
        var first = read.Policies[0];
        Assert.Equal((Result.Id, Result.Title, Result.Reason, Result.Why, Result.Source, Result.Fix), (first.Id, first.Title, first.Reason, first.Why, first.Source, first.Fix));
        Assert.Equal(
            (Result.Violations.Single(), Result.Exempted.Single(), Result.NotInspected.Single()),
            (first.Violations.Single(), first.Exempted.Single(), first.NotInspected.Single()));
        Assert.Equal(bytes, Write([.. read.Policies]));
    }

    [Fact]
    public void The_documented_form_is_what_is_written()
    {
        using var document = JsonDocument.Parse(Write([Result with { Reason = null, Exempted = [] }]));
        Assert.Equal(
            """
            [{"id":"imdsv2","title":"title","status":"violated","why":"why","source":"https://example.com/","fix":"fix","violations":[{"urn":"urn:1","resource":"LaunchTemplate general","problem":"no token"}],"notInspected":["chart velero"]}]
            """.Trim(),
            JsonSerializer.Serialize(document.RootElement.GetProperty("policies")));
    }

    [Fact]
    public void A_document_from_before_there_were_policies_has_none()
    {
        var bytes = Write([]);
        Assert.DoesNotContain("policies", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.Empty(PlanDocumentReader.Read(new MemoryStream(bytes)).Policies);
    }

    private static byte[] Write(PolicyResult[] policies)
    {
        using var stream = new MemoryStream();
        PlanDocumentWriter.Write(stream, new PlanDocument(new GraphBuilder().Build(), []) { Policies = [.. policies] });
        return stream.ToArray();
    }
}
