using System.Text.Json.Nodes;

namespace HaCluster.Stack.Cluster;

/// <summary>Writes a kubeconfig without any secret: <c>aws eks get-token</c> makes a token of 15 minutes whenever one is needed.</summary>
public static class ExecKubeConfig
{
    /// <summary>Writes a kubeconfig.</summary>
    /// <param name="profile">Profile of the AWS CLI to use; null: the profile of the user of the file.</param>
    public static string Json(string cluster, string region, string endpoint, string certificateAuthority, string? profile = null) => new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Config",
        ["current-context"] = cluster,
        ["clusters"] = new JsonArray(Named(cluster, "cluster", new JsonObject
        {
            ["server"] = endpoint,
            ["certificate-authority-data"] = certificateAuthority,
        })),
        ["contexts"] = new JsonArray(Named(cluster, "context", new JsonObject { ["cluster"] = cluster, ["user"] = cluster })),
        ["users"] = new JsonArray(Named(cluster, "user", new JsonObject
        {
            ["exec"] = Exec(cluster, region, profile),
        })),
    }.ToJsonString();

    private static JsonObject Exec(string cluster, string region, string? profile)
    {
        var exec = new JsonObject
        {
            ["apiVersion"] = "client.authentication.k8s.io/v1beta1",
            ["command"] = "aws",
            ["args"] = new JsonArray("eks", "get-token", "--cluster-name", cluster, "--region", region, "--output", "json"),
            ["interactiveMode"] = "Never",
        };
        if (profile is not null)
            exec["env"] = new JsonArray(new JsonObject { ["name"] = "AWS_PROFILE", ["value"] = profile });
        return exec;
    }

    private static JsonObject Named(string name, string kind, JsonObject value) => new() { ["name"] = name, [kind] = value };
}
