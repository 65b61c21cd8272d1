using System.Text.Json;

namespace HaCluster.Cli.Tests.Processes;

/// <summary><c>ha schedule</c> as a person and a pipeline run it.</summary>
public sealed class ScheduleProcessTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ha-schedule-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Pods_without_room_are_named_and_the_answer_is_no()
    {
        Write("3");
        var result = Ha.Answer("schedule", _directory.FullName);
        Assert.Equal(4, result.ExitCode);
        Assert.Contains("Insufficient cpu", result.Output, StringComparison.Ordinal);
        Assert.Contains("1 of 1 pod stays Pending", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_file_the_document_goes_to_standard_output()
    {
        Write("1");
        var result = Ha.Answer("schedule", _directory.FullName, "--json");
        Assert.Equal(0, result.ExitCode);
        using var document = JsonDocument.Parse(result.Output);
        Assert.Equal("node-a", document.RootElement.GetProperty("pods")[0].GetProperty("node").GetString());
    }

    [Fact]
    public void A_directory_without_nodes_is_refused_with_what_to_do()
    {
        File.WriteAllText(Path.Combine(_directory.FullName, "pod.yaml"), "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a}]}\n");
        var result = Ha.Answer("schedule", _directory.FullName);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("kubectl get nodes", result.Error, StringComparison.Ordinal);
    }

    private void Write(string cpu) => File.WriteAllText(Path.Combine(_directory.FullName, "all.yaml"), """
        apiVersion: v1
        kind: Node
        metadata: {name: node-a, labels: {topology.kubernetes.io/zone: a}}
        status: {allocatable: {cpu: "2", memory: 8Gi, pods: "20"}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: a, resources: {requests: {cpu: "CPU"}}}]}
        """.Replace("CPU", cpu, StringComparison.Ordinal));
}
