using System.Text;
using HaCluster.Engine.Graph;

namespace HaCluster.Conformance.Emit;

/// <summary>Gives each resource of a program a variable: its name, made an identifier and unique.</summary>
internal sealed class Identifiers
{
    private readonly Dictionary<string, string> _byUrn = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public string this[string urn] => _byUrn.TryGetValue(urn, out var name)
        ? name
        : throw new KeyNotFoundException($"{urn} is used before it is registered, or is not in the graph");

    public bool Knows(string urn) => _byUrn.ContainsKey(urn);

    public string Add(ResourceNode resource)
    {
        var stem = Sanitize(resource.Name + "-" + resource.Type[(resource.Type.LastIndexOf(':') + 1)..]);
        var name = stem;
        for (var number = 2; !_taken.Add(name); number++)
            name = stem + number;
        _byUrn.Add(resource.Urn, name);
        return name;
    }

    /// <summary><c>prod-vpc-Vpc</c> becomes <c>prodVpc_Vpc</c>: never a keyword, an import or a helper of the prelude.</summary>
    private static string Sanitize(string text)
    {
        var name = new StringBuilder("_");
        var upper = false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                upper = true;
                continue;
            }
            name.Append(upper ? char.ToUpperInvariant(c) : c);
            upper = false;
        }
        return name.ToString();
    }
}
