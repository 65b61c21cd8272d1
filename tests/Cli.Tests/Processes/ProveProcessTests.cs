using System.Text.Json;

namespace HaCluster.Cli.Tests.Processes;

/// <summary><c>ha prove</c> as a person, a pipeline and a mistaken person run it.</summary>
public sealed class ProveProcessTests
{
    [Fact]
    public void Prod_holds_and_says_so_in_a_document()
    {
        var result = Ha.Run("prove", "--json", "-");
        Assert.Equal(0, result.ExitCode);
        using var proof = JsonDocument.Parse(result.Output);
        Assert.Equal("hacluster.proof/1", proof.RootElement.GetProperty("format").GetString());
        Assert.Equal("holds", proof.RootElement.GetProperty("verdict").GetString());
        Assert.Equal(0, proof.RootElement.GetProperty("violations").GetArrayLength());
    }

    [Fact]
    public void Dev_fails_with_reasons_and_what_mends_them()
    {
        var result = Ha.Run("prove", "--stack", "dev");
        Assert.Equal(4, result.ExitCode);
        Assert.Contains("change nat from single to perZone (proved again: holds)", result.Output, StringComparison.Ordinal);
        Assert.Contains("examples/runbooks/proof/routes.md", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Manifests_are_proved_on_the_cluster()
    {
        var directory = Directory.CreateTempSubdirectory("ha-manifests-");
        try
        {
            File.WriteAllText(Path.Combine(directory.FullName, "lonely.yaml"), """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: lonely, namespace: payments}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: lonely}}
                  template:
                    metadata: {labels: {app: lonely}}
                    spec:
                      containers:
                      - {name: app, image: "docker.io/library/nginx:1.29"}
                """);
            var result = Ha.Run("prove", "--manifests", directory.FullName);
            Assert.Equal(4, result.ExitCode);
            Assert.Contains("payments/lonely", result.Output, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_directory_that_is_not_there_is_named() =>
        Assert.Equal(2, Ha.Run("prove", "--manifests", "no-such-directory").ExitCode);
}
