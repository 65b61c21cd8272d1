using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Schemas;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Simulation;

/// <summary>A resource while its state is made up.</summary>
internal sealed class SimulatedResource
{
    private readonly ImmutableSortedDictionary<string, PropertyValue>.Builder _outputs = PropertyMap.CreateBuilder();

    public required ResourceNode Node { get; init; }

    /// <summary>Null for objects of custom resource definitions and for provider resources.</summary>
    public required ResourceSpec? Spec { get; init; }

    public required PackageSchema? Package { get; init; }

    public required bool IsPreview { get; init; }

    /// <summary>The AWS region; null if none is set.</summary>
    public string? Region { get; init; }

    /// <summary>Where the provider puts Kubernetes objects that name no namespace.</summary>
    public string DefaultNamespace { get; init; } = "default";

    /// <summary>Tags the AWS provider puts on everything.</summary>
    public ImmutableSortedDictionary<string, PropertyValue> DefaultTags { get; init; } = PropertyMap.Empty;

    /// <summary>Finds other resources of the run by the id they were answered with.</summary>
    public required Func<string, ResourceNode?> ById { get; init; }

    /// <summary>Null while unknown.</summary>
    public string? Id { get; set; }

    public ImmutableSortedDictionary<string, PropertyValue> Outputs => _outputs.ToImmutable();

    public string Seed => Node.Urn;

    public ResourceNode? FindById(string? id) => id is null ? null : ById(id);

    /// <summary>Gives every input back, as providers do, if it is also an output.</summary>
    public void Echo()
    {
        foreach (var (name, value) in Node.Inputs)
        {
            if (Spec is null || Spec.Outputs.Properties.ContainsKey(name))
                _outputs[name] = value.Flatten();
        }
    }

    /// <summary>The id of a new resource. An imported or read one already has its id; in a preview it is unknown.</summary>
    public void AssignId(string id)
    {
        if (!IsPreview)
            Id ??= id;
    }

    /// <summary>The text of a known output.</summary>
    public string? Text(string name) => _outputs.GetValueOrDefault(name).AsText();

    public PropertyValue? Get(string name) => _outputs.GetValueOrDefault(name);

    public bool Has(string name) => _outputs.ContainsKey(name);

    /// <summary>Sets an output the program did not give, if the type has it.</summary>
    public void Default(string name, PropertyValue value)
    {
        if (!_outputs.ContainsKey(name) && (Spec is null || Spec.Outputs.Properties.ContainsKey(name)))
            _outputs[name] = value;
    }

    public void Default(string name, string value) => Default(name, new PropertyValue.Text(value));

    public void Set(string name, PropertyValue value) => _outputs[name] = value;

    /// <summary>What only the provider knows: as <see cref="Default(string, string)"/> in a simulation, unknown in a preview.</summary>
    public void Computed(string name, string value) => Computed(name, new PropertyValue.Text(value));

    public void Computed(string name, PropertyValue value) => Default(name, IsPreview ? PropertyValue.Unknown.Instance : value);

    /// <summary>As <see cref="Computed(string, PropertyValue)"/>, for a property of an object that was given as an input.</summary>
    public void ComputedInside(string name, string inner, PropertyValue value)
    {
        if (_outputs.GetValueOrDefault(name) is not { } outer || outer.AsMap() is not { } entries || entries.ContainsKey(inner))
            return;
        var completed = new PropertyValue.Map(entries.SetItem(inner, IsPreview ? PropertyValue.Unknown.Instance : value));
        _outputs[name] = outer.IsSecret() ? completed.AsSecret() : completed;
    }
}
