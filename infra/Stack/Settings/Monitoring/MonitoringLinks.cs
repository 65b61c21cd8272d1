namespace HaCluster.Stack.Settings.Monitoring;

/// <summary>
/// Addresses under which people reach the pages that messages link to (<c>ha-cluster:monitoring.links</c>). Nothing of monitoring is open to
/// the internet: the defaults are those of <c>kubectl port-forward</c>; behind a VPN or a gateway with a login they are names.
/// </summary>
/// <param name="Runbooks">The page below which the runbooks are read; until it is set, their folder in the repository.</param>
public sealed record MonitoringLinks(string Alertmanager, string Prometheus, string Grafana, string Runbooks)
{
    /// <summary>Where the runbooks are in the repository.</summary>
    public const string RunbookFolder = "examples/runbooks/alerts";

    /// <summary>Whether messages can link to the runbooks, and not only name them.</summary>
    public bool LinksRunbooks => Runbooks != RunbookFolder;

    public static MonitoringLinks Read(SettingsReader reader)
    {
        var links = new MonitoringLinks(
            ReadLink(reader, "alertmanager", "http://localhost:9093"),
            ReadLink(reader, "prometheus", "http://localhost:9090"),
            ReadLink(reader, "grafana", "http://localhost:3000"),
            reader.Text("runbooks", "") is "" ? RunbookFolder : ReadLink(reader, "runbooks", RunbookFolder));
        reader.Close();
        return links;
    }

    private static string ReadLink(SettingsReader reader, string name, string fallback)
    {
        var text = reader.Text(name, fallback);
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri is { Query: "", Fragment: "" })
            return text.TrimEnd('/');

        reader.Problems.Add(reader.PathOf(name), $"\"{text}\"", "the address of a page is expected here, such as https://alertmanager.example.com");
        return fallback;
    }
}
