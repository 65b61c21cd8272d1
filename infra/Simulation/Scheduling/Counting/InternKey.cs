using System.Globalization;
using System.Text;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling.Counting;

/// <summary>
/// Builds a text key of a requirement, so that equal requirements have equal keys. Lengths separate adjacent parts.
/// </summary>
internal sealed class InternKey
{
    private readonly StringBuilder _text = new();

    public InternKey Add(string? part)
    {
        _text.Append(CultureInfo.InvariantCulture, $"{part?.Length ?? -1}:").Append(part);
        return this;
    }

    public InternKey Add(int number)
    {
        _text.Append(CultureInfo.InvariantCulture, $"{number};");
        return this;
    }

    public InternKey Add(IReadOnlyCollection<string> parts)
    {
        Add(parts.Count);
        foreach (var part in parts)
            Add(part);
        return this;
    }

    public InternKey Add(IReadOnlyCollection<LabelRequirement> requirements)
    {
        Add(requirements.Count);
        foreach (var requirement in requirements)
            Add(requirement.Key).Add((int)requirement.Operator).Add(requirement.Values);
        return this;
    }

    public InternKey Add(IReadOnlyCollection<NodeAffinityTerm> terms)
    {
        Add(terms.Count);
        foreach (var term in terms)
            Add(term.Labels).Add(term.Names);
        return this;
    }

    public InternKey Add(IReadOnlyCollection<Toleration> tolerations)
    {
        Add(tolerations.Count);
        foreach (var toleration in tolerations)
            Add(toleration.Key).Add(toleration.Exists ? 1 : 0).Add(toleration.Value)
                .Add(toleration.Effect is { } effect ? (int)effect : -1).Add(toleration.Comparison is { } comparison ? (int)comparison : -1);
        return this;
    }

    public override string ToString() => _text.ToString();
}
