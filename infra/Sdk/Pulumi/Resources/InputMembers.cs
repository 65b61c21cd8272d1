using System.Collections.Concurrent;
using System.Reflection;

namespace Pulumi;

/// <summary>The <see cref="InputAttribute"/> members of an argument type, looked up once per type.</summary>
internal sealed class InputMembers
{
    private const BindingFlags Members = BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance;

    private static readonly ConcurrentDictionary<Type, InputMember[]> Known = new();

    public static InputMember[] Of(Type type) => Known.GetOrAdd(type, Discover);

    private static InputMember[] Discover(Type type)
    {
        var fields =
            from field in type.GetFields(Members)
            let attribute = field.GetCustomAttribute<InputAttribute>()
            where attribute is not null
            select new InputMember(attribute, field.Name, field.GetValue);
        var properties =
            from property in type.GetProperties(Members)
            let attribute = property.GetCustomAttribute<InputAttribute>()
            where attribute is not null
            select new InputMember(attribute, property.Name, property.GetValue);
        return [.. fields.Concat(properties)];
    }
}

/// <summary>A field or property that is sent to the engine.</summary>
internal sealed record InputMember(InputAttribute Attribute, string Name, Func<object, object?> GetValue);
