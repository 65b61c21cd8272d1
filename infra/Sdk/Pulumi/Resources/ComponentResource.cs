using System.Reflection;

namespace Pulumi;

/// <summary>
/// A group of resources under one name. Children name it as their <see cref="ResourceOptions.Parent"/>, and the constructor ends with
/// <see cref="RegisterOutputs()"/>.
/// </summary>
public class ComponentResource : Resource
{
    public ComponentResource(string type, string name, ComponentResourceOptions? options = null)
        : this(type, name, ResourceArgs.Empty, options)
    {
    }

    /// <param name="type">Type token, <c>pkg:module:Name</c>.</param>
    /// <param name="name">Unique among resources of the type.</param>
    /// <param name="args">Sent to the engine only if the component is remote.</param>
    /// <param name="options">How it is handled.</param>
    /// <param name="remote">Whether a provider makes the children, not this program.</param>
    public ComponentResource(
        string type, string name, ResourceArgs? args, ComponentResourceOptions? options = null, bool remote = false)
        : base(type, name, custom: false, args ?? ResourceArgs.Empty, options ?? new ComponentResourceOptions(), remote)
        => IsRemote = remote;

    internal bool IsRemote { get; }

    /// <summary>Ends the component with the values of its <see cref="OutputAttribute"/> properties as outputs.</summary>
    protected void RegisterOutputs()
    {
        var outputs = new Dictionary<string, object?>();
        foreach (var property in GetType().GetProperties())
        {
            if (property.Name != nameof(Urn) && property.GetCustomAttribute<OutputAttribute>() is { } attribute)
                outputs.Add(string.IsNullOrWhiteSpace(attribute.Name) ? property.Name : attribute.Name, property.GetValue(this));
        }

        RegisterOutputs(outputs);
    }

    /// <summary>Ends the component with outputs.</summary>
    protected void RegisterOutputs(IDictionary<string, object?> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        RegisterOutputs(Output.Create(outputs));
    }

    /// <summary>Ends the component with outputs that come later.</summary>
    protected void RegisterOutputs(Task<IDictionary<string, object?>> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        RegisterOutputs(Output.Create(outputs));
    }

    /// <summary>Ends the component with outputs that come later.</summary>
    protected void RegisterOutputs(Output<IDictionary<string, object?>> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        Deployment.Current.RegisterResourceOutputs(this, outputs);
    }
}
