using System.Collections.Immutable;
using System.Reflection;

namespace Pulumi.Serialization;

/// <summary>A property of a resource that the engine fills.</summary>
internal sealed class OutputProperty(Type resourceType, PropertyInfo property, string name)
{
    private static readonly MethodInfo CreateTypedSource =
        typeof(OutputProperty).GetMethod(nameof(CreateSourceOf), BindingFlags.NonPublic | BindingFlags.Static)!;

    private MethodInfo? _setter;
    private Func<ImmutableHashSet<Resource>, IOutputCompletionSource>? _createSource;

    public string Name => name;

    public Type? DeclaringType => property.DeclaringType;

    /// <summary>Makes sure, once, that the property can be filled.</summary>
    /// <exception cref="RunException">It is no output.</exception>
    /// <exception cref="InvalidOperationException">It cannot be set, or its type is none that the engine can fill.</exception>
    public void Check()
    {
        if (_createSource is not null)
            return;

        var fullName = $"[Output] {resourceType.FullName}.{property.Name}";
        var type = property.PropertyType;
        if (!type.IsConstructedGenericType || type.GetGenericTypeDefinition() != typeof(Output<>))
            throw RunException.OutputsHaveIncorrectType([name]);

        // The setter may be private, and then only the declaring type shows it.
        _setter = property.DeclaringType!.GetMethod(
            "set_" + property.Name, BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance)
            ?? throw new InvalidOperationException($"{fullName} did not have a 'set' method");

        var content = type.GenericTypeArguments[0];
        TargetType.Check(fullName, content);
        _createSource = CreateTypedSource.MakeGenericMethod(content)
            .CreateDelegate<Func<ImmutableHashSet<Resource>, IOutputCompletionSource>>();
    }

    public IOutputCompletionSource CreateSource(ImmutableHashSet<Resource> resources) => _createSource!(resources);

    public void Set(Resource resource, IOutput output) => _setter!.Invoke(resource, [output]);

    private static OutputCompletionSource<T> CreateSourceOf<T>(ImmutableHashSet<Resource> resources)
        => new OutputCompletionSource<T>(resources);
}
