using System.Text;

namespace HaCluster.Twin.Kubernetes.Serving;

/// <summary>Writes kubeconfig files: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/</summary>
internal static class Kubeconfig
{
    /// <summary>Writes the file so that only its owner can read it: it holds a token.</summary>
    public static void Write(string path, string context, Uri server, string authorityPem, string token)
    {
        var authority = Convert.ToBase64String(Encoding.ASCII.GetBytes(authorityPem));
        var text = $$"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: {{context}}
              cluster:
                server: {{server.GetLeftPart(UriPartial.Authority)}}
                certificate-authority-data: {{authority}}
            users:
            - name: {{context}}
              user:
                token: {{token}}
            contexts:
            - name: {{context}}
              context:
                cluster: {{context}}
                user: {{context}}
                namespace: default
            current-context: {{context}}

            """;
        // A new file beside it and a rename: an existing file keeps its mode when it is written, and a reader never sees half of one.
        var draft = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var writer = new StreamWriter(draft, options))
                writer.Write(text.ReplaceLineEndings("\n"));
            File.Move(draft, path, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }
}
