using System.Reflection;
using System.Text;
using System.Xml.Linq;

namespace HaCluster.Help;

/// <summary>An example of a cmdlet.</summary>
internal sealed record Example(string Title, string Code);

/// <summary>The documentation comments of an assembly.</summary>
internal sealed class Comments(string path)
{
    private readonly Dictionary<string, XElement> _members = XDocument.Load(path).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);

    public string Summary(Type type) => Text(_members.GetValueOrDefault($"T:{type.FullName}")?.Element("summary"));

    public IReadOnlyList<string> Remarks(Type type) =>
        [.. (_members.GetValueOrDefault($"T:{type.FullName}")?.Element("remarks")?.Elements("para") ?? []).Select(Text)];

    public IReadOnlyList<Example> Examples(Type type) =>
        [.. (_members.GetValueOrDefault($"T:{type.FullName}")?.Elements("example") ?? []).Select(example => new Example(Text(example.Element("para")), Code(example.Element("code"))))];

    /// <summary>Of the class that declares it, which may be a base class.</summary>
    public string Summary(PropertyInfo property) => Text(_members.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}")?.Element("summary"));

    private static string Text(XElement? element)
    {
        var text = new StringBuilder();
        foreach (var node in element?.Nodes() ?? [])
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "see" } see => see.Attribute("cref")?.Value.Split('.')[^1] ?? see.Value,
                XElement other => other.Value,
                _ => "",
            });
        }

        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Code(XElement? element) => string.Join('\n', (element?.Value ?? "").Split('\n').Select(line => line.Trim())).Trim();
}
