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
            ReadLink(reader, "alertmanager", "Address of Alertmanager, for links in messages.", "http://localhost:9093"),
            ReadLink(reader, "prometheus", "Address of Prometheus, for links in messages.", "http://localhost:9090"),
            ReadLink(reader, "grafana", "Address of Grafana, for links in messages.", "http://localhost:3000"),
            ReadLink(reader, "runbooks", "URL of your repository below which examples/runbooks/alerts can be read. Empty: messages show the file name.", "") is { Length: > 0 } page ? page : RunbookFolder);
        reader.Close();
        return links;
    }

    private static string ReadLink(SettingsReader reader, string name, string about, string fallback) =>
        reader.Text(name, about, fallback, Shapes.PageAddress).TrimEnd('/');
}
