using System.Xml.Linq;

namespace HaCluster.Account.Wire;

/// <summary>Reading AWS's XML by local names: the namespaces differ by service and version and mean nothing.</summary>
internal static class XmlReading
{
    public static XElement? Child(this XElement element, string name) => element.Elements().FirstOrDefault(child => child.Name.LocalName == name);

    public static string? Text(this XElement element, params ReadOnlySpan<string> path)
    {
        XElement? current = element;
        foreach (var name in path)
            current = current?.Child(name);
        return current?.Value;
    }

    /// <summary>The entries of a list: EC2 calls them <c>item</c>, the others <c>member</c> or after the type.</summary>
    public static IEnumerable<XElement> List(this XElement element, string name) => element.Child(name)?.Elements() ?? [];

    /// <summary>Tags as <c>key</c>/<c>value</c> (EC2) or <c>Key</c>/<c>Value</c> (all others).</summary>
    public static IReadOnlyDictionary<string, string> Tags(this XElement element, string list)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in element.List(list))
        {
            if ((tag.Text("key") ?? tag.Text("Key")) is { } key)
                tags[key] = tag.Text("value") ?? tag.Text("Value") ?? "";
        }

        return tags;
    }
}
